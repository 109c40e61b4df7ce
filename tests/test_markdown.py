"""Markdown files to articles: front matter, headings, plain text."""

import dataclasses
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.articles import Article
from index.errors import InputError
from index.reading.cleaning import clean_text
from index.reading.markdown import MarkdownFile, parse_markdown, to_plain_text
from tests.reading import ANY_TEXT, TODAY

FILE = MarkdownFile("/a/ozg.md", "ozg")

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
