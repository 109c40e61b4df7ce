"""Articles read from news pages: what German sites mix in stays out, and nothing of the article is lost."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import InputError
from index.reading.page import find_feeds, find_links, parse_page
from index.reading.page_body import clean_lines
from index.reading.page_head import page_date, split_glued_kicker
from tests.conftest import SHARED

URL = "https://www.blatt.example/meldungen/fitko-startet?utm_source=rss"
TODAY = date(2026, 11, 1)
FIRST = "Die Föderale IT-Kooperation (FITKO) hat in Frankfurt am Main ihre Arbeit aufgenommen, wie das Land Hessen mitteilte."
SECOND = "Sie unterstützt den IT-Planungsrat bei der Umsetzung des Onlinezugangsgesetzes und koordiniert gemeinsame Vorhaben von Bund und Ländern."
THIRD = "Zu den ersten Aufgaben gehören der Portalverbund, ein Verzeichnis der Leistungen und eine Plattform für den Austausch von Anträgen."

PAGE = f"""<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>FITKO startet in Frankfurt | Das Blatt</title>
<meta property="og:site_name" content="Das Blatt"><meta property="og:title" content="FITKO startet in Frankfurt">
<meta name="keywords" content="FITKO, IT-Planungsrat"><meta name="date" content="2024-05-05">
<link rel="canonical" href="https://www.blatt.example/meldungen/fitko-startet">
<link rel="alternate" type="application/rss+xml" href="/feed/"></head><body>
<header><a href="/">Das Blatt</a><nav><ul><li><a href="/abo">Abo</a></li><li><a href="/suche">Suche</a></li></ul></nav></header>
<div class="datum-heute">Samstag, 1. Juni 2024</div>
<main><article><span class="kicker">Föderalismus</span><h1>FITKO startet in Frankfurt</h1>
<div class="share-bar"><a href="#">Teilen</a> <a href="#">Drucken</a></div>
<figure><img src="a.jpg"><figcaption>Das Haus in Frankfurt. (Bildquelle: Land Hessen)</figcaption></figure>
<p class="teaser">[02.01.2020] {FIRST}</p>
<div class="anzeige">Anzeige<p>Kaufen Sie jetzt das beste Dokumentenmanagement der Welt, es lohnt sich für Ihre Verwaltung ganz besonders!</p></div>
<p>{SECOND} (Foto: privat)</p><p>Lesen Sie auch: Der IT-Planungsrat tagt in Berlin</p>
<p>{THIRD} (ve)</p><p>Stichwörter: FITKO, Hessen</p><p>Bildquelle: Land Hessen</p></article>
<aside><h2>Weitere Meldungen</h2><article><h3><a href="/x">Petershagen digital</a></h3><p>[08.08.2024] Petershagen hat gemeinsam mit seinem
Dienstleister eine Strategie für die digitale Verwaltung der kommenden Jahre entwickelt und stellt sie jetzt der Öffentlichkeit vor.</p></article></aside>
</main><footer>Impressum</footer></body></html>"""


def read(html: str, url: str = URL, **more):
    return parse_page(html.encode(), url, today=TODAY, **more)


def test_an_article_comes_out_clean():
    article = read(PAGE)
    assert article.title == "Föderalismus: FITKO startet in Frankfurt"
    assert article.text == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"
    assert (article.published, article.source, article.tags) == (date(2020, 1, 2), "Das Blatt", ("FITKO", "IT-Planungsrat"))
    assert (article.url, article.origin) == ("https://www.blatt.example/meldungen/fitko-startet", "blatt.example/meldungen/fitko-startet")
    assert not article.is_teaser


@pytest.mark.parametrize("charset", ["utf-8", "cp1252"])
def test_the_same_in_another_encoding(charset):
    html = PAGE.replace("utf-8", "iso-8859-1")
    assert parse_page(html.encode(charset), URL, "text/html", TODAY).text == read(PAGE).text


def test_an_article_in_several_sections_is_read_whole():
    def paragraph(section: int, number: int) -> str:
        return "<p>" + " ".join(f"Wort{section}x{number}x{place}" for place in range(20)) + ".</p>"

    parts = (f'<section class="modul"><div class="text">{"".join(paragraph(s, n) for n in range(3))}</div></section>' for s in range(4))
    sections = "".join(parts)
    article = read(f"<html><body><div role=main><h1>FITKO</h1>{sections}</div><footer>Impressum und Kontakt</footer></body></html>")
    assert article.text.count("\n\n") == 11 and all(f"Wort{section}x2x19." in article.text for section in range(4))


@pytest.mark.parametrize(
    ("head", "above", "expected"),
    [
        ('<meta property="article:published_time" content="2025-03-12T23:30:00Z">', "", date(2025, 3, 13)),
        ('<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "datePublished": "2025-03-12"}]}</script>', "", date(2025, 3, 12)),
        ('<meta name="dcterms.date" content="2025-03-15"><meta name="dcterms.submitted" content="2025-03-12">', "", date(2025, 3, 12)),
        ("", "<p>Pressemitteilung Nr. 7 vom 12.03.2025</p>", date(2025, 3, 12)),
        ("", "<p>Mittwoch, 12. März 2025</p>", date(2025, 3, 12)),
        ("", '<time datetime="2025-03-12">gestern</time>', date(2025, 3, 12)),
        ('<meta name="date" content="2025-06-01">', "<p>[12.3.2025] Berlin.</p>", date(2025, 3, 12)),
        ('<meta property="article:published_time" content="2035-03-12">', "<p>12.03.2025</p>", date(2025, 3, 12)),
        ('<meta name="date" content="1970-01-01">', "", None),
        ("<script type='application/ld+json'>{kaputt</script>", "", None),
    ],
)
def test_the_date_of_publication_wins(head, above, expected):
    html = f"<html><head>{head}</head><body><main><h1>FITKO startet</h1>{above}<p>{FIRST}</p><p>{SECOND}</p></main></body></html>"
    assert read(html).published == expected


def test_a_date_in_the_address_is_the_last_resort():
    html = f"<html><body><h1>FITKO startet</h1><p>{FIRST}</p></body></html>"
    assert read(html, "https://blatt.example/2025/03/12/fitko").published == date(2025, 3, 12)


@pytest.mark.parametrize(
    ("notice", "is_teaser"),
    [
        ("Dieser Artikel ist nur für Abonnenten lesbar.", True),
        ("Jetzt weiterlesen mit unserem Probeabo!", True),
        ("Das Portal ist für registrierte Nutzer kostenlos, sagte die Ministerin bei der Vorstellung des Vorhabens in Wiesbaden am Montag.", False),
    ],
)
def test_a_paywall_makes_a_teaser(notice, is_teaser):
    article = read(f"<html><body><article><h1>FITKO startet</h1><p>{FIRST}</p><p>{notice}</p><p>{SECOND}</p></article></body></html>")
    assert article.is_teaser == is_teaser
    assert (SECOND in article.text) != is_teaser


def test_a_page_that_says_it_is_paid_is_a_teaser():
    facts = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "FITKO startet", "isAccessibleForFree": false}</script>'
    assert read(f"<html><head>{facts}</head><body><h1>FITKO startet</h1><p>{FIRST}</p></body></html>").is_teaser


@pytest.mark.parametrize(
    ("title", "page", "expected"),
    [
        ("RegistermodernisierungOperative Phase startet", "Die Registermodernisierung geht in die Phase.", "Registermodernisierung: Operative Phase startet"),
        ("IT-PlanungsratBremen übernimmt Vorsitz", "Der IT-Planungsrat tagt.", "IT-Planungsrat: Bremen übernimmt Vorsitz"),
        ("BundID wird zur DeutschlandID", "Die BundID.", "BundID wird zur DeutschlandID"),
        ("OpenDesk kommt nach Berlin", "Das Paket OpenDesk.", "OpenDesk kommt nach Berlin"),
    ],
)
def test_a_glued_kicker_is_split(title, page, expected):
    assert split_glued_kicker(title, f"{title} {page}") == expected


def test_a_kicker_inside_the_heading():
    html = f'<html><body><h1><span class="dachzeile">Bremen</span><span>ELFE kommt</span></h1><p>{FIRST}</p></body></html>'
    assert read(html).title == "Bremen: ELFE kommt"


@pytest.mark.parametrize("html", ["", "<html></html>", "<h1>Nur eine Überschrift</h1>", "<p>Nur Text.</p>", "\0\1\2"])
def test_a_page_without_an_article_is_refused(html):
    with pytest.raises(InputError):
        read(html)


@given(st.text(alphabet="<>/=\"' abdivphr1[]().:ä\n&;", max_size=200))
def test_no_page_breaks_the_reader(html):
    try:
        article = read(f"<html><body><h1>Titel</h1>{html}</body></html>")
    except InputError:
        return
    assert article.title and article.text


def test_a_page_of_deep_nesting_is_read_or_refused():
    with contextlib.suppress(InputError):
        assert read("<h1>Tief</h1>" + "<div>" * 20000 + FIRST).text


def test_lines_of_noise_leave():
    body = clean_lines(["Anzeige", FIRST, "Teilen | Drucken", "Bild: Stadt Bremen", "Mehr zum Thema FITKO", SECOND, "", "Schlagworte: a, b", "Danach"], "T")
    assert (body.text, body.tags) == (f"{FIRST}\n\n{SECOND}", ("a", "b"))


def test_page_dates():
    assert page_date("2025-03-12T23:30:00+00:00", TODAY) == date(2025, 3, 13)
    assert page_date("12. März 2025", TODAY) == date(2025, 3, 12)
    assert page_date("9999-12-31T23:59:59Z", TODAY) is None


def test_links_and_feeds_of_a_page():
    links = find_links(PAGE.encode(), URL)
    assert ("https://www.blatt.example/abo", "Abo") in links and len(dict(links)) == len(links)
    assert find_feeds(PAGE.encode(), URL) == ["https://www.blatt.example/feed/"]


@pytest.mark.skipif(not (SHARED / "data" / "pages").exists(), reason="the pages are not here: ../shared is absent")
def test_real_pages_are_read_as_well_as_measured():
    from tests.extraction import measure_pages

    results = measure_pages(SHARED / "data")
    pages = len(results)
    assert pages > 700
    assert sum(r.has_title for r in results) / pages >= 0.99
    assert sum(r.has_date for r in results) / pages >= 0.99
    assert sum(r.f1 for r in results) / pages >= 0.97
