"""German news texts from a seeded grammar, written for this project: number → article, always the same, each one distinct."""

import random
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

ARTICLES = 500
FIRST_DAY = date(2019, 1, 7)
DAYS_APART = 5  # 500 articles reach to November 2025

CITIES = tuple(
    "Aschersleben Bergkirchen Cloppenburg Dinkelsbühl Eberswalde Freudenstadt Gifhorn Havelberg Ibbenbüren Jüterbog Kaufbeuren Lüdenscheid Memmingen Nordhausen "
    "Oldesloe Pirmasens Quedlinburg Radebeul Schweinfurt Torgau Uelzen Villingen Wernigerode Xanten Zwickau".split()
)
# Kicker, headline (with {city}), a sentence on what it is; each with a vocabulary of its own.
PROJECTS = (
    ("Bauantrag", "{city} nimmt Bauanträge nur noch digital an", "Pläne, Statik und Baubeschreibung laufen über ein gemeinsames Portal der unteren Bauaufsicht."),
    ("Kita-Platz", "{city} vergibt Kita-Plätze über ein Portal", "Eltern sehen freie Gruppen, merken drei Einrichtungen vor und bekommen den Bescheid in ihr Postfach."),
    ("E-Akte", "{city} schließt die Einführung der E-Akte ab", "Posteingang, Vermerke und Verfügungen der Ämter liegen seither in einem Dokumentenmanagement."),
    ("Breitband", "{city} verlegt Glasfaser in die Ortsteile", "Leerrohre liegen künftig in jeder Straße, die ohnehin aufgegraben wird."),
    ("Chatbot", "{city} lässt einen Chatbot Auskunft geben", "Das Programm kennt Öffnungszeiten, Gebühren und Zuständigkeiten und gibt Schwieriges an Menschen weiter."),
    ("Open Data", "{city} öffnet seine Datensätze", "Haushaltszahlen, Baumkataster und Verkehrszählungen stehen maschinenlesbar zum Herunterladen bereit."),
    ("IT-Sicherheit", "{city} übt den Ernstfall eines Cyberangriffs", "Ein nachgestellter Verschlüsselungstrojaner legte Fachverfahren still, und der Krisenstab arbeitete mit Papier."),
    ("Parken", "{city} stellt auf Handyparken um", "Parkscheine verlängern sich per App, und Kontrolleure lesen Kennzeichen mit einem Scanner."),
    ("Schul-IT", "{city} stattet Schulen mit Tablets aus", "Klassensätze, Ladewagen und ein Administrator je Schulzentrum gehören zur Ausstattung."),
    ("Meldewesen", "{city} bietet die Ummeldung im Netz an", "Wer den Online-Ausweis freigeschaltet hat, meldet den Umzug vom Sofa aus und klebt die Adresse selbst auf."),
    ("Energie", "{city} steuert Straßenlampen nach Bedarf", "Sensoren dimmen Leuchten in leeren Straßen und melden defekte Lampen von allein."),
    ("Geodaten", "{city} zeigt sich als digitaler Zwilling", "Ein dreidimensionales Stadtmodell rechnet Schatten, Lärm und Starkregen für jedes Grundstück aus."),
    ("Kfz-Zulassung", "{city} lässt Autos online zu", "Plaketten kommen mit der Post, und wer umzieht, behält sein Kennzeichen ohne Behördengang."),
    ("Personal", "{city} sucht Informatiker mit Quereinstieg", "Ein Traineejahr führt Fachfremde an Netze, Datenbanken und Vergaberecht heran."),
    ("Rechnungswesen", "{city} bezahlt Rechnungen ohne Papier", "XRechnungen laufen vom Eingang über die Prüfung bis zur Kasse, und Skonto verfällt nicht mehr."),
    ("Beteiligung", "{city} fragt Einwohner auf einer Plattform", "Vorschläge zu Spielplätzen und Radwegen lassen sich auf einer Karte eintragen und bewerten."),
    ("Archiv", "{city} bewahrt Ratsprotokolle digital", "Urkunden seit 1748 wurden durchleuchtet, verschlagwortet und in ein Langzeitarchiv übernommen."),
    ("Friedhof", "{city} führt ein digitales Gräberverzeichnis", "Angehörige finden Grabstellen, Laufzeiten und freie Urnenplätze auf einem Lageplan."),
    ("Gewerbe", "{city} meldet Gewerbe in einem Zug an", "Finanzamt, Kammer und Berufsgenossenschaft erfahren von der Anmeldung ohne eigenes Formular."),
    ("Abfall", "{city} leert Container nach Füllstand", "Messfühler unter den Deckeln bestimmen, welche Tour der Bauhof am Morgen fährt."),
)
OPENINGS = (
    "In {city} hat die Verwaltung am {weekday} vorgestellt, was {months} Monate lang vorbereitet wurde.",
    "Nach {months} Monaten Vorarbeit ist es in {city} so weit.",
    "Der Stadtrat von {city} hat mit {yes} zu {no} Stimmen zugestimmt.",
    "Was in {city} als Versuch mit {few} Freiwilligen begann, gilt jetzt für alle.",
    "{city} geht einen Schritt, über den {years} Jahre gestritten wurde.",
    "Bis zuletzt war offen, ob {city} rechtzeitig fertig wird.",
    "Die Stadt {city} und der Nachbarkreis tun sich dafür zusammen.",
    "Mit einer Feierstunde im Rathaus von {city} hat der Betrieb begonnen.",
)
FACTS = (
    "Die Kosten gibt die Kämmerei mit {money} Euro an, davon {share} Prozent Fördermittel.",
    "Im ersten Vierteljahr gingen {count} Vorgänge ein, {fewer} davon mussten nachgefragt werden.",
    "Die Bearbeitung dauert im Mittel {days} Tage; zuvor waren es {more_days}.",
    "{name}, verantwortlich für die Digitalisierung, nennt den Datenschutz die schwierigste Aufgabe.",
    "Der Personalrat setzte durch, dass {count} Stunden Schulung in die Dienstzeit fallen.",
    "Betrieben wird alles im Rechenzentrum eines kommunalen Dienstleisters, {km} Kilometer entfernt.",
    "Ein Gutachten der Hochschule hatte {few} Mängel benannt, von denen {done} behoben sind.",
    "Für Menschen ohne Internet bleibt Schalter {few} im Erdgeschoss geöffnet.",
    "Die Ausschreibung gewann ein Mittelständler mit {staff} Beschäftigten.",
    "Der Quelltext liegt offen, damit andere Kommunen ihn nachnutzen können.",
    "Schnittstellen zu {few} Fachverfahren wurden neu geschrieben, weil die alten niemand mehr pflegte.",
    "Im Rathaus wurden dafür {count} Meter Aktenregale abgebaut.",
    "An {few} Abenden konnten Einwohner die Anwendung ausprobieren und Fehler ankreuzen.",
    "Die Barrierefreiheit prüfte ein Verein blinder Menschen; {done} Beanstandungen blieben übrig.",
    "Ausfälle sollen höchstens {few} Stunden im Jahr ausmachen, so steht es im Vertrag.",
    "Der Landkreis hatte {money} Euro zugesagt, zahlte bislang aber nur {share} Prozent.",
    "Wer Hilfe braucht, erreicht {name} und {few} Kolleginnen montags bis freitags am Telefon.",
    "Eine Umfrage unter {count} Haushalten ergab, dass {share} Prozent den neuen Weg bevorzugen.",
    "Vorbild war eine Gemeinde in Dänemark, die {name} vor {years} Jahren besucht hatte.",
    "Die alte Lösung aus dem Jahr {old_year} wird Ende {month} abgeschaltet.",
    "Auf Anregung der Gleichstellungsbeauftragten gibt es die Oberfläche in {few} Sprachen.",
    "Das Rechnungsprüfungsamt hält die Ersparnis von {money} Euro jährlich für plausibel.",
    "Kritik kam aus der Opposition: {few} Anträge auf Aufschub wurden abgelehnt.",
    "Feuerwehr und Ordnungsamt wollen im {month} mit {done} weiteren Anwendungen folgen.",
)
OUTLOOKS = (
    "Im {month} soll ein Bericht zeigen, ob sich der Aufwand gelohnt hat.",
    "„Wir fangen klein an und werden besser“, sagte {name} zum Abschluss.",
    "Als nächstes prüft {city}, was sich für die Ortsverwaltungen übernehmen lässt.",
    "Die Erfahrungen will {city} auf dem Städtetag im {month} vorstellen.",
    "Sollte das Land mitziehen, könnten {few} weitere Städte folgen.",
    "„Ohne die Geduld der Kolleginnen wäre das nichts geworden“, so {name}.",
)
FIRST_NAMES = "Almut Bernd Carla Detlef Edda Fritjof Gesine Holger Imke Jannis Katrin Lothar Mareike Norbert Ottilie Peer Renate Sönke Traute Ulf".split()
LAST_NAMES = "Ackermann Brodersen Czerny Dornbusch Ehlers Faßbender Grashoff Hülsmann Irmer Jessen Kaltwasser Lindholz Mittag Nothdurft Ohlendorf Prager".split()
MONTHS = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
WEEKDAYS = "Montag Dienstag Mittwoch Donnerstag Freitag".split()
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class News:
    """One article of the site; ``paragraphs`` is its text, ``modified`` counts corrections."""

    number: int
    kicker: str
    title: str
    published: date
    paragraphs: tuple[str, ...]
    author: str
    modified: int = 0

    @property
    def slug(self) -> str:
        """Last part of its address."""
        return f"{self.number:03d}-" + re.sub(r"[^a-z0-9]+", "-", self.title.lower().translate(_UMLAUTS)).strip("-")

    @property
    def path(self) -> str:
        """Its address on the site."""
        return f"/meldungen/{self.slug}"

    @property
    def text(self) -> str:
        """What a reader reads below the headline."""
        return "\n\n".join(self.paragraphs)


def write_news(number: int) -> News:
    """The article with this number: city and project of each pair once (0 to 499), the rest from a generator with its own seed.
    Further ones are of today: alerts do not tell of old news."""
    dice = random.Random(f"Amtsfunk {number}")
    city, (kicker, headline, subject) = CITIES[number % len(CITIES)], PROJECTS[number // len(CITIES) % len(PROJECTS)]
    facts = dice.sample(FACTS, 7)
    plan = ([dice.choice(OPENINGS), subject], facts[:3], facts[3:6], [facts[6], dice.choice(OUTLOOKS)])
    paragraphs = tuple(" ".join(_fill(sentence, city, dice) for sentence in sentences) for sentences in plan)
    published = FIRST_DAY + timedelta(days=DAYS_APART * number) if number < ARTICLES else datetime.now(UTC).date()
    return News(number, kicker, headline.format(city=city), published, paragraphs, dice.choice(LAST_NAMES)[:3].lower())


def _fill(sentence: str, city: str, dice: random.Random) -> str:
    """A sentence with its blanks filled in."""
    days, yes = dice.randint(2, 19), dice.randint(22, 47)
    return sentence.format(
        city=city,
        name=f"{dice.choice(FIRST_NAMES)} {dice.choice(LAST_NAMES)}",
        month=dice.choice(MONTHS),
        weekday=dice.choice(WEEKDAYS),
        months=dice.randint(4, 31),
        years=dice.randint(2, 9),
        old_year=dice.randint(1994, 2012),
        yes=yes,
        no=dice.randint(1, yes - 5),
        few=dice.randint(3, 12),
        done=dice.randint(2, 9),
        days=days,
        more_days=days + dice.randint(6, 60),
        share=dice.randint(11, 89),
        count=dice.randint(130, 9_900),
        fewer=dice.randint(12, 99),
        staff=dice.randint(14, 480),
        km=dice.randint(7, 290),
        money=f"{dice.randint(21, 980)}.000",
    )
