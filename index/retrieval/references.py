"""Does a message refer to the question before it, and by what? Rules over its words; nothing is looked up in a corpus.

message ── asks for more? ── nothing but a time, a place? ── no subject of its own? ── a word that points back? ── begins with "und"?
        └─ none of these: it stands alone
"""

import re
from dataclasses import dataclass
from enum import Enum

from index.language.lexicon import is_common_word, lemma
from index.language.nouns import noun_places
from index.language.places import is_place
from index.language.time_patterns import PATTERNS
from index.language.which import language_of
from index.language.words import Word, find_words
from index.retrieval.english_references import ENGLISH, asks_for_more, refers_back


class Reference(Enum):
    """What makes a message refer to the one before it."""

    MORE = "asks for more of the same"
    SWAP = "brings only another time, place or name"
    NO_SUBJECT = "has no subject of its own"
    PRONOUN = "has a word that points back"
    VAGUE = "names only things that need something to belong to"
    CONJUNCTION = "begins with und, aber, auch"
    ENGLISH = "an English message that names nothing itself"


MIN_CAPITALS = 2  # of a name such as FITKO or BundID
MAX_SWAP_WORDS = 6  # "und in der Stadt Bremen 2021?"; what is longer says something
_MORE = re.compile(
    r"\W*(?:(?:und|zeig(?:e)? mir|ich möchte|gib mir|hast du|haben sie|gibt es|bitte|noch|dazu|davon)\s+)*"
    r"(?:mehr(?:\s+(?:dazu|davon|darüber|hierzu|bitte|infos?|informationen|quellen|zitate|fundstellen|dazu bitte))*|weitere(?:s)?"
    r"(?:\s+(?:dazu|davon|zitate|fundstellen|infos?|quellen|stellen|treffer|bitte))*|weiter|noch\s*(?:et)?was(?:\s+dazu)?|nächste|erzähl(?:e)?"
    r" (?:mir )?mehr(?:\s+(?:dazu|davon|darüber))?)\W*",
    re.IGNORECASE,
)
_CONJUNCTION = re.compile(r"\W*(?:und|aber|auch|oder|sowie|ebenso|dann|also|ok|okay|achso|ach so|gut|danke)\b[\s,]*", re.IGNORECASE)
_BEGINS_WITH_CONJUNCTION = re.compile(r"\W*(?:und|aber|auch|oder|ebenso)\b", re.IGNORECASE)
# "Und was ist das OZG?" asks anew.
_DEFINITION = re.compile(r"\W*(?:und|aber|auch|also)?\W*(?:was|wer)\s+(?:ist|sind|war|waren|bedeutet|heißt|heisst|macht)\b", re.IGNORECASE)
_QUESTION = re.compile(
    r"\b(?:w(?:er|en|em|essen|as|ann|o|ie|arum|ieso|eshalb|eswegen|ozu|ohin|oher|odurch|ofür|omit|oran|orauf|oraus|orin|orüber|orum|ovon"
    r"|elche[rsmn]?|elch|ieviele?)|ob)\b",
    re.IGNORECASE,
)
_SWAP_LEAD = re.compile(
    r"\W*(?:und|aber|auch|oder|was ist mit|was war mit|wie ist es|wie sieht es|wie war es|wie steht es|aus)\b", re.IGNORECASE
)
_SHORTENED_ES = re.compile(r"\b(war|ist|gibt|geht|hat|läuft|wer|was|wo|wann|wie)['’]s\b", re.IGNORECASE)
_EVENT = re.compile(r"wahl(?:en)?\b", re.IGNORECASE)
_BEFORE_EVENT = re.compile(r"\b(?:vor|nach|seit|bis|zu|zur|bei|während|im)\b[^,?!.]*\Z", re.IGNORECASE)
_PRONOUNS = frozenset("er ihn ihm ihnen deren dessen derselbe dieselbe dasselbe denselben demselben".split())
_SIE_ES = frozenset({"sie", "es"})
# "es" that stands for nothing, and "Sie" that speaks to the bot.
_EMPTY_ES = re.compile(
    r"\b(?:g[ia]bt?|gäbe|gegeben|geht|ging|handelt|handelte|kommt|kam|hei(?:ß|ss)t|braucht|bedarf|fehlt|fehlen|existier\w+|sind|waren|regnet"
    r"|steht|stand|stehen|lohnt)\s+(?:\w+\s+)?es\b|\bes\s+(?:\w+\s+){0,6}(?:g[ia]bt?|geben|gegeben|gäbe|geht|ging|handelt|steht)\b",
    re.IGNORECASE,
)
_POSSESSIVES = re.compile(r"(?:ihr|sein)(?:e|en|em|er|es)?", re.IGNORECASE)
_ADVERBS = frozenset(
    """davon dafür dafuer damit daran dazu dabei danach davor dadurch darin darüber darueber darum darauf daraus dagegen dahinter
    dort dorthin dorther da hierzu hiervon hierfür hierbei hieran vorher zuvor nachher anschließend daneben daraufhin seitdem seither
    dran drin drauf drum dahin drumherum""".split()
)
_POINTING = re.compile(r"(?:dies(?:e|er|es|em|en)|jene(?:r|s|m|n)?|solche(?:r|s|m|n)?|solch|so)", re.IGNORECASE)
_ARTICLES = frozenset("der die das den dem".split())
# A message that names this much of its own needs none of the weak words to point anywhere.
_OWN_SUBJECTS = 2
_STRONG = frozenset(
    """er ihn ihm davon dafür dafuer damit daran danach davor dadurch dort darüber darueber derselbe dieselbe dasselbe""".split()
)
_CLAUSE_BORDER = re.compile(
    r"[,;:.!?]|\b(?:und|oder|seit|nachdem|bevor|als|dass|weil|wenn|ob|w(?:er|en|em|as|ann|o|ie|arum|ieso|eshalb|ofür|ozu|elche[rsmn]?|ieviele?))\b",
    re.IGNORECASE,
)
# "aktueller Stand?", "derzeit?"
_STATE = re.compile(r"\W*(?:(?:der|zum)\s+)?(?:(?:aktuelle|derzeitige|jetzige|heutige|letzte|neue?ste)[rn]?\s+)?stand(?:\s+der\s+dinge)?\W*", re.IGNORECASE)
_NOW = re.compile(r"\W*(?:aktuell|derzeit|momentan|zurzeit|mittlerweile|inzwischen|jetzt|zuletzt)\W*", re.IGNORECASE)
_TIME_NOUN = re.compile(
    r"(?:woche|jahr|monat|tag|quartal|halbjahr|sommer|winter|herbst|frühjahr|frühling|legislatur|mal)\w*", re.IGNORECASE
)
# Nouns that say nothing unless one knows of what: the project, its costs, the first meeting.
_VAGUE = frozenset(
    """ablauf abschluss adresse amt angaben anfang angebot ansprechpartner ansprechpartnerin antrag anzahl anteil arbeit art aufgabe
    aufgaben ausnahme ausnahmen ausgaben autor autorin beginn begründung behörde beispiel beispiele beitrag betrag beteiligte beteiligten bezirk
    budget bürgermeister chef chefin datum dauer details dinge einnahmen eintritt ende ergebnis ergebnisse euro experte experten feier fehler firma firmen
    folgen förderung form frage frist funktion gäste gebühr gebühren geld gericht gesetz gremium grund gründe gruppe größe höhe hintergrund
    inhalt jahr jahre jahren jury jahres karte kontakt konzept kosten kritik land länder laufzeit leiter leiterin leitung leute link liste
    maßnahme maßnahmen menge menschen mitglied mitglieder mitarbeiter monat monate motto nachfolger nachfolgerin name namen nummer
    ort orte partner partei parteien person personen plan plätze preis preise problem probleme projekt projekte programm prozent quelle quellen
    rest risiken rolle ansprechperson stellvertreter stellvertreterin schule sieger siegerin gewinner gewinnerin sitz sitzung sitzungen sprecher
    sprecherin staat stadt stand standort standorte start stelle stellen stimmen strafe straße summe system tage teilnahme teilnehmer
    telefonnummer termin termine teil teile thema themen titel träger umfang unterlagen unternehmen unterschied ursache veranstaltung veranstalter
    verein verfahren verantwortliche vertrag vorgänger vorgängerin vorhaben vorsitz vorsitzende vorsitzender vorstand vorteil vorteile
    nachteil nachteile weg werk woche wochen wort zahl zahlen zeit zeitraum ziel ziele zuständigkeit zweck idee bewerbung anmeldung
    moderation keynote abend lösung kunden nutzer besucher bürger frauen männer kinder stunden minuten meter fotos bilder
    sprachen fächer felder feld runde phase stufe schritt schritte bau eröffnung gründung ankündigung entscheidung beschluss abstimmung""".split()
)


@dataclass(frozen=True, slots=True)
class _Message:
    """A message taken apart once: its ``words``, and the ``nouns`` among them outside expressions of time (places in ``words``)."""

    text: str
    words: list[Word]
    nouns: list[int]

    @property
    def subjects(self) -> list[str]:
        """Nouns that say what it is about without help."""
        surfaces = [self.words[place].surface for place in self.nouns]
        return [surface for surface in surfaces if not is_vague(surface)]


def find_reference(text: str) -> Reference | None:
    """What makes ``text`` refer to the question before it; None if it stands alone."""
    text = _SHORTENED_ES.sub(r"\1 es", text)
    words = find_words(text)
    if not words:
        return None
    if _MORE.fullmatch(text) or asks_for_more(text):
        return Reference.MORE
    if language_of(text) == ENGLISH:
        return Reference.ENGLISH if refers_back(text) else None
    times = [span for span in time_spans(text) if not _is_event(text, *span)]
    nouns = [place for place in noun_places(words, text) if not any(start <= words[place].start < end for start, end in times)]
    message = _Message(text, words, nouns)
    return _find_reference(message, bool(times))


def _is_event(text: str, start: int, end: int) -> bool:
    """Whether an expression of time is what is asked about: "wann ist die nächste Bundestagswahl?", not "vor der Bundestagswahl"."""
    return bool(_EVENT.search(text[start:end])) and not _BEFORE_EVENT.search(text[:end])


def _find_reference(message: _Message, has_time: bool) -> Reference | None:
    if is_swap(message.text):
        return Reference.SWAP
    if _points_back(message):
        return Reference.PRONOUN
    if not message.nouns and (_QUESTION.search(message.text) or has_time or _NOW.fullmatch(message.text) or _BEGINS_WITH_CONJUNCTION.match(message.text)):
        return Reference.NO_SUBJECT
    if message.nouns and not message.subjects and (_QUESTION.search(message.text) or _STATE.fullmatch(message.text)):
        return Reference.VAGUE
    if _BEGINS_WITH_CONJUNCTION.match(message.text) and not _asks_anew(message):
        return Reference.CONJUNCTION
    return None


def _asks_anew(message: _Message) -> bool:
    """Whether it asks what something is, or a whole question about a name in capitals: "und seit wann gibt es die FITKO?"."""
    is_about_name = any(sum(char.isupper() for char in surface) >= MIN_CAPITALS for surface in message.subjects)
    return bool(message.subjects and _DEFINITION.match(message.text)) or (is_about_name and has_question_word(message.text))


def is_swap(text: str) -> bool:
    """Whether ``text`` brings only another time, place or name: "und in Hessen?", "2021?", "und beim 30.?"."""
    words = find_words(text)
    if len(words) > MAX_SWAP_WORDS or re.search(r"\bmehr\b", text, re.IGNORECASE):
        return False
    lead = _SWAP_LEAD.match(text)
    rest = text[lead.end() :] if lead else text
    if not find_words(rest) or _QUESTION.search(rest) or has_verb(find_words(rest), rest):
        return False
    return bool(lead and _names_something(rest)) or (not lead and _is_only_time_or_place(rest))


def _names_something(text: str) -> bool:
    return bool(noun_places(find_words(text), text) or time_spans(text))


def has_verb(words: list[Word], text: str) -> bool:
    """Whether one of ``words`` (of ``text``), written small, is a verb and cannot be a noun."""
    nouns = set(noun_places(words, text))
    return any(_is_verb(word.surface) for place, word in enumerate(words) if word.surface[:1].islower() and place not in nouns)


def has_question_word(text: str) -> bool:
    """Whether a word such as wer, wann or welche stands in ``text``."""
    return _QUESTION.search(text) is not None


def _is_verb(surface: str) -> bool:
    found = lemma(surface) or ""
    return surface not in _SMALL_WORDS and is_common_word(surface) and found.endswith(("en", "ern", "eln", "sein"))


_SMALL_WORDS = frozenset(
    "in im an am bei beim von vom zu zum zur für mit den denen dem einen seinen ihren neben gegen unten oben wegen".split()
)


def _is_only_time_or_place(text: str) -> bool:
    """Without "und", only what cannot be a new subject: a time, or a place behind a preposition or with a question mark."""
    times = time_spans(text)
    left = [word for word in find_words(text) if not any(start <= word.start < end for start, end in times)]
    left = [
        word for word in left if word.surface.lower() not in {"in", "im", "aus", "für", "bei", "nur", "auch", "der", "dem", "und", "jahr"}
    ]
    if not left:
        return bool(times)
    all_places = all(is_place(word.surface) for word in left)
    return all_places and (text.rstrip().endswith("?") or text.lower().lstrip().startswith(("in ", "im ", "für ", "bei ")))


def time_spans(text: str) -> list[tuple[int, int]]:
    """Where expressions of time stand; what they mean does not matter here."""
    found = [match.span() for pattern in PATTERNS for match in pattern.regex.finditer(text)]
    return [span for span in found if span[1] > span[0]]


def is_vague(surface: str) -> bool:
    """Whether a noun needs something that it belongs to."""
    return surface.lower() in _VAGUE


def _points_back(message: _Message) -> bool:
    return any(_word_points_back(message, place) for place in range(len(message.words)))


def _word_points_back(message: _Message, place: int) -> bool:
    word, text = message.words[place], message.text
    lowered = word.surface.lower()
    if _POSSESSIVES.fullmatch(lowered) and word.surface[:1].islower():
        return not _stands_well(message) and not any(noun < place for noun in message.nouns)
    if not _is_pointing_word(message, place, lowered):
        return False
    if lowered in _ADVERBS | _SIE_ES and "," in text[word.end :]:
        return False  # it announces what comes: "dafür, dass …", "dauert es, bis …"
    if lowered not in _STRONG and _stands_well(message):
        return False
    return not _has_antecedent(message, place)


def _stands_well(message: _Message) -> bool:
    return len(message.subjects) >= _OWN_SUBJECTS and not _BEGINS_WITH_CONJUNCTION.match(message.text)


def _is_pointing_word(message: _Message, place: int, lowered: str) -> bool:
    word, text = message.words[place], message.text
    if lowered in _PRONOUNS:
        return True
    if lowered in _SIE_ES:
        polite = word.surface == "Sie" and place > 0
        return not polite and not (lowered == "es" and _EMPTY_ES.search(text))
    if lowered in _ADVERBS:
        return not (place == 0 and lowered == "da") and not text[: word.start].rstrip().endswith(",")
    following = message.words[place + 1].surface if place + 1 < len(message.words) else ""
    if lowered == "so":
        return following.lower() in {"ein", "eine", "einem", "einen", "einer", "etwas", "was", "jemand"}
    if _POINTING.fullmatch(lowered):
        return not _TIME_NOUN.fullmatch(following)
    return lowered in _ARTICLES and _stands_for_noun(message, place)


def _stands_for_noun(message: _Message, place: int) -> bool:
    """Whether der, die, das has no noun of its own and begins no relative clause."""
    word, text = message.words[place], message.text
    following = message.words[place + 1].surface.lower() if place + 1 < len(message.words) else ""
    if text[: word.start].rstrip().endswith(",") or following in {"oder", "und", "bzw"}:
        return False
    gap_end = len(text)
    for later in range(place + 1, min(place + 5, len(message.words))):
        if re.search(r"[,;:.!?]", text[message.words[later - 1].end : message.words[later].start]):
            return True
        if _is_own_noun(message, later):
            return not _may_belong(message, place, later)
        gap_end = message.words[later].end
    return gap_end > word.end or place + 1 == len(message.words)


def _is_own_noun(message: _Message, place: int) -> bool:
    return place in message.nouns or any(char.isdigit() for char in message.words[place].surface)


def _may_belong(message: _Message, article: int, noun: int) -> bool:
    """Whether all between an article and a noun may stand there: adjectives and numbers, no verbs, adverbs or other articles."""
    return all(
        between.surface.endswith(("e", "en", "er", "es", "em", "te", "ten")) and between.surface.lower() not in _NO_ADJECTIVES
        for between in message.words[article + 1 : noun]
    )


_NO_ADJECTIVES = frozenset(
    """eigentlich eine einen einer eines einem die der den dem alle alles denn gerade heute immer oder wegen neben gegen hinter unter
    über für werden wurde wurden haben hatte hatten sollen sollte können konnte waren wieder lange viele ihre seine wenn beide seit""".split()
)


def _has_antecedent(message: _Message, place: int) -> bool:
    """Whether a subject of the message's own, in a clause before, may be what the word points to."""
    start = message.words[place].start
    lead = _CONJUNCTION.match(message.text)
    for noun in message.nouns:
        word = message.words[noun]
        if (
            word.start < start
            and not is_vague(word.surface)
            and _CLAUSE_BORDER.search(message.text, max(word.end, lead.end() if lead else 0), start)
        ):
            return True
    return False
