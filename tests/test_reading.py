"""Reading article files: cleaning, dates, Markdown, JSON lines, pages copied from a browser, folders."""

import dataclasses
import gzip
import json
import os
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.articles import Article
from index.errors import InputError
from index.reading.cleaning import MAX_KEY_CHARS, clean_line, clean_text, clean_url, decode, make_key, split_tags
from index.reading.copied_page import parse_copied_page
from index.reading.dates import parse_date
from index.reading.inputs import DEMO_SOURCE, ReadFailure, count_expected, read_inputs
from index.reading.jsonlines import GIVE_UP_AFTER, parse_json_line
from index.reading.markdown import MarkdownFile, parse_markdown, to_plain_text
from index.shipped import shipped_file

TODAY = date(2026, 1, 15)
SEED = Path(__file__).resolve().parent.parent / "../shared/seed/kommune21-2019-01-28.txt"
FILE = MarkdownFile("/a/ozg.md", "ozg")
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)


def write(path: Path, content: str | bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def read(*paths: str | Path) -> tuple[list[Article], list[ReadFailure]]:
    items = list(read_inputs([str(path) for path in paths], today=TODAY))
    return [item for item in items if isinstance(item, Article)], [item for item in items if isinstance(item, ReadFailure)]


# cleaning


@pytest.mark.parametrize(
    ("given_text", "cleaned"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("u\u0308ber", "über"),
        ("u\x00\u0308ber", "über"),
        ("½ „so“ ﬁ", "½ „so“ ﬁ"),
        ("Ver\u00adwaltung 10\u00a0000", "Ver\u00adwaltung 10\u00a0000"),
        ("\ufeffa\tb\ud800\x07c \n", "a bc"),
        ("a  \n \n\n\n\nb", "a\n\nb"),
        ("\n\n \u00a0", ""),
    ],
)
def test_clean_text(given_text: str, cleaned: str) -> None:
    assert clean_text(given_text) == cleaned


@given(ANY_TEXT)
def test_cleaned_text_is_stable_and_storable(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned == unicodedata.normalize("NFC", cleaned)
    assert "\n\n\n" not in cleaned and "\r" not in cleaned
    assert cleaned.encode().decode() == cleaned
    line = clean_line(text)
    assert clean_line(line) == line and "\n" not in line and "  " not in line


def test_small_cleaners() -> None:
    assert clean_url(" https://www.fitko.de/a?b=c ") == "https://www.fitko.de/a?b=c"
    assert [clean_url(text) for text in ("javascript:alert(1)", "www.fitko.de", "https://a b")] == ["", "", ""]
    assert split_tags("OZG, FITKO; OZG,") == split_tags(["OZG", None, " FITKO ", 3]) == ("OZG", "FITKO")
    assert split_tags(None) == ()


def test_make_key() -> None:
    key = make_key(date(2019, 1, 28), "IT-Planungsrat: Bremen übernimmt Vorsitz")
    assert key == "2019-01-28-it-planungsrat-bremen-uebernimmt-vorsitz"
    assert make_key(None, "Größe, Café & Co.") == "groesse-cafe-co"
    assert make_key(None, "x" * 200) == "x" * MAX_KEY_CHARS


@given(ANY_TEXT)
def test_keys_are_short_ascii(title: str) -> None:
    key = make_key(TODAY, title)
    assert key.isascii() and len(key) <= MAX_KEY_CHARS and not key.endswith("-")


def test_decode_finds_the_encoding() -> None:
    assert decode("Grüße".encode()) == decode("Grüße".encode("utf-8-sig")) == decode("Grüße".encode("cp1252")) == "Grüße"
    for data in (b"\x89PNG\r\n\x1a\n\0\0", b"%PDF-1.7 abc", "Grüße".encode("utf-16"), b"\x01\x02\x03abc", b"a\x81b"):
        with pytest.raises(InputError, match="bitte"):
            decode(data)


# dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019-01-28", date(2019, 1, 28)),
        ("2019-01-28T10:15:00+01:00", date(2019, 1, 28)),
        ("2019-01-28 10:15", date(2019, 1, 28)),
        ("28.1.2019", date(2019, 1, 28)),
        (" 28.01.2019 ", date(2019, 1, 28)),
        ("[28.1.2019]", date(2019, 1, 28)),
        ("28. Januar 2019", date(2019, 1, 28)),
        ("3. März 2020", date(2020, 3, 3)),
        ("3. Ma\u0308rz 2020", date(2020, 3, 3)),
        ("3. Sept. 2020", date(2020, 9, 3)),
        ("1.1.1995", date(1995, 1, 1)),
        ("17.1.2026", date(2026, 1, 17)),
        ("18.1.2026", None),
        ("31.12.1994", None),
        ("31.2.2019", None),
        ("2019-13-01", None),
        ("2019", None),
        ("28.1.19", None),
        ("gestern", None),
        ("", None),
    ],
)
def test_parse_date(text: str, expected: date | None) -> None:
    assert parse_date(text, TODAY) == expected


# Markdown


def test_markdown_with_front_matter() -> None:
    article = parse_markdown(
        '---\ntitle: "OZG: „Neu“"\ndate: 2019-01-28\nurl: https://www.fitko.de/\nsource: Amt\ntags: [OZG, 115]\nid: 007\n---\n'
        "Eins\nzwei.\n\nDrei.\n",
        FILE,
        TODAY,
    )
    assert article == Article(
        "007", "OZG: „Neu“", "Eins zwei.\n\nDrei.", date(2019, 1, 28), "https://www.fitko.de/", "Amt", ("OZG", "115"), "/a/ozg.md"
    )


def test_markdown_without_front_matter_takes_heading_and_stem() -> None:
    article = parse_markdown("# Das *OZG*\n\nText.\n", dataclasses.replace(FILE, default_source="Demo"), TODAY)
    assert article == Article("ozg", "Das OZG", "Text.", source="Demo", origin="/a/ozg.md")


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        ("title: IT-Planungsrat: Bremen übernimmt", "title", "IT-Planungsrat: Bremen übernimmt"),
        ("title: Bund: Bayern's „Weg“\ntags: [a, b]", "tags", ("a", "b")),
        ("title: T\ndate: 2019-02-31", "published", None),
        ("title: T\ndate: irgendwann", "published", None),
        ("title: T\ndate: 28. Januar 2019", "published", date(2019, 1, 28)),
        ("title: T\nurl: javascript:alert(1)", "url", ""),
        ("title: T\nid: null", "key", "ozg"),
        ("Title: T\ntags: OZG, FITKO", "tags", ("OZG", "FITKO")),
        ("title: No", "title", "No"),
    ],
)
def test_front_matter_values(head: str, field: str, value: object) -> None:
    assert getattr(parse_markdown(f"---\r\n{head}\r\n---\r\nText.", FILE, TODAY), field) == value


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("Nur Text.", "Titel fehlt"),
        ("---\ntitle: T\n---\n", "keinen Text"),
        ("---\ntitle: T\nText.", "nicht abgeschlossen"),
        ("---\ntitle: [T\n---\nText.", "YAML"),
        ("---\n- a\n---\nText.", "title: …"),
        ("# Nur ein Titel", "keinen Text"),
    ],
)
def test_broken_markdown(content: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_markdown(content, FILE, TODAY)


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("Ein\nAbsatz.\n\nNoch **einer** mit `Code` und _Wort_.", "Ein Absatz.\n\nNoch einer mit Code und Wort."),
        ('Ein [Link](https://a.de "t") und ![Bild](b.png)<https://c.de>.', "Ein Link und https://c.de."),
        ("Vor\n\n## Titel\n\nNach", "Vor\n\nTitel\n\nNach"),
        ("Liste:\n\n- eins\n- zwei\n  weiter\n  - drei\n\nEnde", "Liste:\n\n- eins\n- zwei weiter\n- drei\n\nEnde"),
        ("3. drei\n4. vier", "3. drei\n4. vier"),
        ("-\n\nText", "Text"),
        ("> Zitat\n> weiter", "Zitat weiter"),
        ("Zeile  \nneu<br>noch", "Zeile\nneu\nnoch"),
        ("<div>\n<p>Im <b>Kasten</b></p><script>x()</script>\n</div>\n\nDanach <em>hier</em>", "Im Kasten\n\nDanach hier"),
        ("<!-- nichts -->\n\nText &amp; mehr", "Text & mehr"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n1 | 2"),
        ("```\ncode\n```\n\n---\n\nText", "code\n\nText"),
        ("5 * 3 und a_b_c", "5 * 3 und a_b_c"),
    ],
)
def test_markdown_to_plain_text(markdown: str, plain: str) -> None:
    assert to_plain_text(markdown) == plain


ODD_MARKDOWN = st.text("-#:[]{}&*!|>'\"\n abt`<", max_size=80).map(lambda text: f"---\n{text}\n---\n# T\n\n{text}")


@given(st.one_of(ANY_TEXT, ODD_MARKDOWN))
@example("---\na: &a [*a]\n---\nText")
@example("---\n? {a: b}\n: c\n---\nText")
def test_no_markdown_raises_anything_else(content: str) -> None:
    try:
        article = parse_markdown(content, FILE, TODAY)
    except InputError:
        return
    assert article.title and article.text == clean_text(article.text)


# JSON lines


def line(**record: object) -> str:
    return json.dumps(record)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (
            {"_id": "7", "title": "T", "text": "X", "metadata": {"date": "2019-01-28", "publisher": "P", "keywords": ["k"]}},
            Article("7", "T", "X", date(2019, 1, 28), "", "P", ("k",)),
        ),
        (
            {"id": 7, "title": "T", "text": "X", "published": "28.1.2019", "url": "https://a.de", "source": "P", "tags": "k, l"},
            Article("7", "T", "X", date(2019, 1, 28), "https://a.de", "P", ("k", "l")),
        ),
        ({"_id": 0, "title": None, "text": "X", "metadata": None, "date": None}, Article("0", "", "X")),
        ({"_id": "7", "title": "T", "text": None, "metadata": {"tags": ["k"]}}, Article("7", "T", "T", tags=("k",))),
        ({"_id": " \ud800 a ", "text": "u\u0308"}, Article("a", "", "ü")),
    ],
)
def test_json_line(record: dict, expected: Article) -> None:
    assert parse_json_line(json.dumps(record), TODAY) == expected


def test_keys_are_derived_for_lines_without_one() -> None:
    first, second = (parse_json_line(line(title="Meldung", text=text)) for text in ("Eins.", "Zwei."))
    assert first.key.startswith("meldung-") and first.key != second.key
    same = [parse_json_line(line(title="Meldung", text=text, url="https://a.de/1")).key for text in ("Eins.", "Zwei.")]
    assert same[0] == same[1]


RECORD_NAMES = ["_id", "title", "text", "metadata", "date", "tags"]
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(RECORD_NAMES), inner),
    max_leaves=8,
)


@settings(max_examples=60)
@given(st.one_of(ANY_TEXT, JSON_VALUES.map(json.dumps)))
@example("[" * 100_000)
@example("9" * 5_000)
def test_no_json_line_raises_anything_else(content: str) -> None:
    try:
        article = parse_json_line(content, TODAY)
    except InputError:
        return
    assert article.key and article.text


def test_broken_lines_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    lines = [line(_id=1, text="Eins"), "{kaputt", "", "[]", line(_id=2), line(_id=3, text="Drei")]
    articles, failures = read(write(tmp_path / "c.jsonl", "\n".join(lines)))
    assert [article.key for article in articles] == ["1", "3"]
    assert [failure.error[:19] for failure in failures] == [f"Zeile {number} in c.jsonl " for number in (2, 4, 5)]
    assert all(failure.input.endswith("c.jsonl") and "bitte" in failure.error for failure in failures)


def test_gzip_and_encodings(tmp_path: Path) -> None:
    content = (line(_id=1, text="ü") + "\n").encode("utf-8-sig") + '{"_id": "2", "text": "Grüße"}'.encode("cp1252")
    packed = write(tmp_path / "c.jsonl.gz", gzip.compress(content))
    misnamed = write(tmp_path / "plain.jsonl.gz", content)
    for path in (packed, misnamed):
        articles, failures = read(path)
        assert [article.text for article in articles] == ["ü", "Grüße"] and not failures
        assert count_expected([path]) == 2


def test_damaged_gzip_fails_after_the_good_lines(tmp_path: Path) -> None:
    lines = "\n".join(line(_id=number, text=os.urandom(40).hex()) for number in range(2_000)).encode() + b"\n"
    packed = gzip.compress(lines)
    articles, failures = read(write(tmp_path / "cut.jsonl.gz", packed[: len(packed) // 2]))
    assert 500 < len(articles) < 1_500 and len(failures) == 1 and "unvollständig" in failures[0].error
    articles, failures = read(write(tmp_path / "tail.jsonl.gz", packed + b"garbage"))
    assert len(articles) == 2_000 and len(failures) == 1
    assert count_expected([str(tmp_path / "cut.jsonl.gz")]) > 500


def test_a_file_that_is_no_json_lines_is_said_to_be_so_once(tmp_path: Path) -> None:
    _, failures = read(write(tmp_path / "a.jsonl", "Text\n" * 10_000))
    assert len(failures) == GIVE_UP_AFTER + 1 and "keine JSON-Zeilen" in failures[-1].error


def test_overlong_lines_are_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.reading.jsonlines.MAX_LINE_BYTES", 100)
    articles, failures = read(write(tmp_path / "a.jsonl", "\n".join([line(_id=1, text="x" * 350), line(_id=2, text="Zwei")])))
    assert [article.key for article in articles] == ["2"] and "Zeile 1" in failures[0].error


# pages copied from a browser


NEVER_TEXT = ("mehr...", "Kick-off", "turbo", "Essen-CDO", "Vergabe", "Bildquelle", "Druckversion", "Ceyoniq", "[", "http")


@pytest.mark.skipif(not SEED.exists(), reason="the seed page lies outside the repository and is not here")
def test_seed_page() -> None:
    (main, *teasers), failures = read(SEED)
    assert not failures
    assert main.key == "2019-01-28-it-planungsrat-bremen-uebernimmt-vorsitz"
    assert main.title == "IT-Planungsrat: Bremen übernimmt Vorsitz"
    assert (main.published, main.source, main.url, main.is_teaser) == (date(2019, 1, 28), "Kommune21", "", False)
    assert main.tags == ("Politik", "Bremen", "IT-Planungsrat", "OZG", "FITKO", "ELFE")
    assert main.origin == str(SEED.resolve())
    assert main.text.startswith("Mit dem neuen Jahr hat Bremen") and main.text.endswith("Initiativen beitragen.“")
    paragraphs = main.text.split("\n\n")
    assert len(paragraphs) == 3 and all(paragraph in SEED.read_text() for paragraph in paragraphs)
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


# files and folders


def test_folder_is_read_sorted_without_what_is_no_article(tmp_path: Path) -> None:
    for name in ("b.md", "a/z.MARKDOWN", "README.md", "LICENSE.txt", "CHANGES.md", ".hidden.md", ".git/x.md", "bild.png"):
        write(tmp_path / name, f"# {name}\n\nText.")
    articles, failures = read(tmp_path)
    assert [article.title for article in articles] == ["a/z.MARKDOWN", "b.md"] and not failures
    assert articles[1].origin == str((tmp_path / "b.md").resolve())
    assert count_expected([str(tmp_path)]) == 2


def test_questions_beside_a_corpus_are_no_articles(tmp_path: Path) -> None:
    write(tmp_path / "corpus.jsonl", line(_id=1, text="Eins"))
    write(tmp_path / "queries.jsonl", line(_id="q", text="Was ist das OZG?"))
    articles, failures = read(tmp_path)
    assert [article.key for article in articles] == ["1"] and not failures


def bad_inputs(folder: Path) -> dict[str, str]:
    (folder / "leer").mkdir()
    os.mkfifo(folder / "rohr.md")
    (folder / "ziel.md").symlink_to(folder / "fehlt.md")
    return {
        "https://www.kommune21.de/": "Das ist eine Webadresse, keine Datei",
        "www.kommune21.de/meldung": "Webadresse",
        str(folder / "fehlt.md"): "nicht gefunden",
        str(folder / "ziel.md"): "nicht gefunden",
        "": "nicht gelesen",
        "a\0b.md": "gültiger Pfad",
        str(folder / "leer"): "keine Artikel",
        str(folder / "rohr.md"): "nicht gelesen",
        write(folder / "leer.md", ""): "leer",
        write(folder / "leer.txt", "\ufeff \n"): "leer",
        write(folder / "leer.jsonl", "\n\n"): "leer",
        write(folder / "leer.jsonl.gz", gzip.compress(b"")): "leer",
        write(folder / "bild.md", b"\x89PNG\r\n\x1a\n\0\0\0"): "keine Textdatei",
        write(folder / "bild.jsonl", b"\x89PNG\0\n\0\0"): "keine Textdatei",
        write(folder / "kodierung.txt", b"a\x81\x8d"): "Zeichenkodierung",
        write(folder / "brief.docx", "x"): "nicht gelesen",
        write(folder / "gross.md", b"a" * (5 << 20)): "größer als 4 MB",
        write(folder / "notiz.txt", "Milch kaufen."): "sieht nicht wie",
        str(folder / ("x" * 300)): "nicht lesen",
    }


def test_every_bad_input_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    expected = bad_inputs(tmp_path)
    good = write(tmp_path / "gut.md", "# Gut\n\nText.")
    articles, failures = read(*expected, good)
    assert [article.title for article in articles] == ["Gut"]
    assert [failure.input for failure in failures] == [name for name in expected]
    for failure, words in zip(failures, expected.values(), strict=True):
        assert words in failure.error and failure.error.endswith(".") and "\n" not in failure.error
    assert count_expected([*expected, good]) >= 1


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_missing_rights(tmp_path: Path) -> None:
    locked, file = tmp_path / "zu", Path(write(tmp_path / "zu.md", "# T\n\nText."))
    locked.mkdir(mode=0)
    file.chmod(0)
    _, failures = read(locked, file)
    assert [("Leserechte" in failure.error) for failure in failures] == [True, True]


def test_names_in_no_encoding_can_be_stored(tmp_path: Path) -> None:
    write(tmp_path / os.fsdecode(b"\xff") / os.fsdecode(b"\xfe.md"), "# T\n\nText.")
    (article,), _ = read(tmp_path)
    assert article.origin.encode() and article.key == "t"


def test_reading_stops_when_cancelled(tmp_path: Path) -> None:
    path = write(tmp_path / "c.jsonl", "\n".join(line(_id=number, text="x") for number in range(100)))
    read_so_far: list[object] = []
    for item in read_inputs([path, path], is_cancelled=lambda: len(read_so_far) >= 3):
        read_so_far.append(item)
    assert len(read_so_far) == 3


def test_shipped_articles_are_named_as_demo_texts() -> None:
    if not shipped_file("articles").is_dir():
        pytest.skip("the shipped articles are not here")
    articles, failures = read(shipped_file("articles"))
    assert not failures and {article.source for article in articles} == {DEMO_SOURCE}


@settings(max_examples=60)
@given(st.binary(max_size=300), st.sampled_from([".md", ".txt", ".jsonl", ".jsonl.gz"]), st.booleans())
def test_no_file_raises(tmp_path_factory: pytest.TempPathFactory, data: bytes, ending: str, packed: bool) -> None:
    path = tmp_path_factory.getbasetemp() / f"odd{ending}"
    articles, failures = read(write(path, gzip.compress(data)[: len(data)] if packed else data))
    assert articles or failures
