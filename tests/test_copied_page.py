"""Pages copied from a browser: the main article and the teasers beside it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import InputError
from index.reading.cleaning import clean_text
from index.reading.copied_page import parse_copied_page
from tests.conftest import SEED_PAGE
from tests.reading import ANY_TEXT, TODAY, read

NEVER_TEXT = ("mehr...", "Kick-off", "turbo", "Essen-CDO", "Vergabe", "Bildquelle", "Druckversion", "Ceyoniq", "[", "http")


@pytest.mark.skipif(not SEED_PAGE.exists(), reason="the seed page lies outside the repository and is not here")
def test_seed_page() -> None:
    (main, *teasers), failures = read(SEED_PAGE)
    assert not failures
    assert main.key == "2019-01-28-it-planungsrat-bremen-uebernimmt-vorsitz"
    assert main.title == "IT-Planungsrat: Bremen übernimmt Vorsitz"
    assert (main.published, main.source, main.url, main.is_teaser) == (date(2019, 1, 28), "Kommune21", "", False)
    assert main.tags == ("Politik", "Bremen", "IT-Planungsrat", "OZG", "FITKO", "ELFE")
    assert main.origin == str(SEED_PAGE.resolve())
    assert main.text.startswith("Mit dem neuen Jahr hat Bremen") and main.text.endswith("Initiativen beitragen.“")
    paragraphs = main.text.split("\n\n")
    assert len(paragraphs) == 3 and all(paragraph in SEED_PAGE.read_text() for paragraph in paragraphs)
    assert [(teaser.published, teaser.title) for teaser in teasers] == [
        (date(2024, 8, 8), "Markt Postbauer-Heng: Digitalisierung ist kein Privileg der Metropolen"),
        (date(2024, 8, 2), "Petershagen: Mit OWL-IT in die digitale Zukunft"),
        (date(2024, 7, 16), "Bayern: Land unterstützt Digitalisierung der Kommunen"),
        (date(2024, 7, 15), "Interview: Wir brauchen eine Dachmarke"),
        (date(2024, 7, 8), "eGovernment Benchmark 2024: Nutzerzentrierung ist der Schlüssel"),
    ]
    common = {(teaser.is_teaser, teaser.tags, teaser.source, teaser.origin) for teaser in teasers}
    assert common == {(True, ("Politik",), "Kommune21", "")}
    everything = "\n".join(article.text for article in (main, *teasers))
    assert not [word for word in NEVER_TEXT if word in everything]


OTHER_RESSORT = """Startseite   Abo\tKontakt

Registermodernisierung:
Länder einigen sich auf Fahrplan


[2.12.2020] Bund und Länder haben einen Fahrplan beschlossen.

Der Beschluss nennt drei Stufen. Die erste beginnt 2021.

Nächste Schritte

Anzeige

„Jetzt wird gebaut“, sagt die Ministerin.
Danach folgen Pilotkommunen. (sib/ve)

https://www.bund.example (Deep Link)

Bildquelle: PantherMedia/foto

Druckversion PDF Link mailen

Weitere FirmennewsAnzeige
Vergabe: Jetzt buchen
[3.12.2020] Ein Angebot. mehr...
Weitere Meldungen und Beiträge aus dem Bereich Infrastruktur
Ulm:
Rechenzentrum zieht um
[1.12.2020]
Die Stadt Ulm verlegt ihr Rechenzentrum.
Sie spart Strom. mehr…
Das neue Haus in Ulm.
Bonn: Glasfaser für Schulen Bonn
[30. November 2020] Bonn verlegt Kabel. mehr ...
"""

ONE_LINE_NO_TEASERS = """https://www.kommune21.example/meldung_1.html
IT-Planungsrat: Hessen übernimmt Vorsitz
[1.1.2024] Hessen führt das Gremium.
Das Land nennt Schwerpunkte.
www.it-planungsrat.example

Stichwörter:
Politik, Hessen

Suchen...
Aboverwaltung
IT-Guide PlusFirma GmbH
33613 Bielefeld
"""

NO_LABELS = """Kaiserslautern:
Erste App der Stadt
[5.5.2023] Kaiserslautern hat eine App.

Sie zeigt Busse an.
Die Stadt im Bild (Bildquelle: Stadt Kaiserslautern)
Sie meldet Schäden.

Suchen...

 Anzeige

Aboverwaltung
IT-Guide PlusFirma GmbH
33613 Bielefeld
Aktuelle Meldungen
"""


def test_page_of_another_ressort() -> None:
    main, ulm, bonn = parse_copied_page(OTHER_RESSORT, "/p.txt", TODAY)
    assert main.title == "Registermodernisierung: Länder einigen sich auf Fahrplan"
    assert (main.published, main.tags, main.origin) == (date(2020, 12, 2), (), "/p.txt")
    assert main.text.split("\n\n") == [
        "Bund und Länder haben einen Fahrplan beschlossen.",
        "Der Beschluss nennt drei Stufen. Die erste beginnt 2021.",
        "Nächste Schritte",
        "„Jetzt wird gebaut“, sagt die Ministerin.",
        "Danach folgen Pilotkommunen.",
    ]
    assert (ulm.title, ulm.text) == ("Ulm: Rechenzentrum zieht um", "Die Stadt Ulm verlegt ihr Rechenzentrum. Sie spart Strom.")
    assert (bonn.title, bonn.text, bonn.published) == ("Bonn: Glasfaser für Schulen", "Bonn verlegt Kabel.", date(2020, 11, 30))
    assert ulm.tags == bonn.tags == ("Infrastruktur",)


def test_page_with_headline_on_one_line_and_no_teasers() -> None:
    (main,) = parse_copied_page(ONE_LINE_NO_TEASERS, today=TODAY)
    assert main.title == "IT-Planungsrat: Hessen übernimmt Vorsitz" and main.url == "https://www.kommune21.example/meldung_1.html"
    assert main.text == "Hessen führt das Gremium.\n\nDas Land nennt Schwerpunkte." and main.tags == ("Politik", "Hessen")


def test_page_without_labels_links_or_initials() -> None:
    (main,) = parse_copied_page(NO_LABELS, today=TODAY)
    assert main.text == "Kaiserslautern hat eine App.\n\nSie zeigt Busse an.\n\nSie meldet Schäden."


def test_main_article_repeated_as_teaser_is_read_once() -> None:
    page = NO_LABELS + "Weitere Meldungen aus dem Bereich Apps\nKaiserslautern: Erste App der Stadt\n[5.5.2023] Kurz. mehr...\n"
    (main,) = parse_copied_page(page, today=TODAY)
    assert not main.is_teaser


def test_page_with_an_impossible_date_goes_on() -> None:
    (main,) = parse_copied_page("Bund: Titel\n[31.2.2020] Text.", today=TODAY)
    assert main.published is None and main.key == "bund-titel"


@pytest.mark.parametrize(
    "page",
    ["Einfach nur Text.\nOhne Datum.", "[28.1.2019] Ohne Überschrift.", "Weitere FirmennewsAnzeige\nA: B\n[1.1.2020] C. mehr..."],
)
def test_other_text_is_no_copied_page(page: str) -> None:
    with pytest.raises(InputError, match="sieht nicht wie"):
        parse_copied_page(page, today=TODAY)


PAGE_LINES = [*OTHER_RESSORT.split("\n"), *NO_LABELS.split("\n"), "[1.1.2020]", "[99.99.9999] x", "mehr...", ":", "Anzeige", " "]


@given(st.lists(st.one_of(st.sampled_from(PAGE_LINES), ANY_TEXT), max_size=30).map("\n".join))
def test_no_page_raises_anything_else(page: str) -> None:
    try:
        articles = parse_copied_page(page, today=TODAY)
    except InputError:
        return
    assert all(article.title and article.text == clean_text(article.text) for article in articles)
