"""Replies to messages: split and rendered so that nothing is lost, broken or injected."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.replies import Button, Reply, Segment, Style, plain, split_reply, telegram_length
from bot.telegram_text import MAX_MESSAGE_UNITS, render_html, render_messages
from tests.botapi.entities import utf16_length
from tests.botapi.markup import parse_html

ALLOWED_TAGS = {"b", "i", "a", "blockquote"}
BUTTONS = ((Button("Mehr", "more:x:3"),),)


@dataclass
class ReadHtml(HTMLParser):
    """What a browser's parser makes of a message: text, links and blockquotes; fails on anything unbalanced."""

    text: str = ""
    links: list[str] = field(default_factory=list)
    quotes: list[str] = field(default_factory=list)
    open_tags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def read(self, html: str) -> "ReadHtml":
        self.feed(html)
        self.close()
        assert self.open_tags == []
        return self

    def handle_starttag(self, tag, attrs) -> None:
        assert tag in ALLOWED_TAGS and tag not in self.open_tags
        names = [name for name, _value in attrs]
        assert names == (["href"] if tag == "a" else []) or (tag == "blockquote" and names == ["expandable"])
        self.open_tags.append(tag)
        self.links += [value for _name, value in attrs if tag == "a"]
        self.quotes += [""] if tag == "blockquote" else []

    def handle_endtag(self, tag) -> None:
        assert self.open_tags.pop() == tag

    def handle_data(self, data) -> None:
        self.text += data
        if "blockquote" in self.open_tags:
            self.quotes[-1] += data

    def handle_comment(self, data) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def visible(text: str) -> str:
    return "".join(text.split())


BODIES = st.text(max_size=60) | st.sampled_from(
    [
        "",
        " ",
        "\n\n",
        "Der Bund zahlt, die Länder nicht. ",
        "  vorn und hinten  ",
        "<b>fett</b> & &amp; \"zitiert\" </blockquote><a href='x'>",
        "<!-- kein Kommentar -->",
        "👩‍💻🇩🇪" * 9,
        "wort" * 30,
        "ein langer Satz ohne Ende " * 12,
        "viel Platz" + " " * 150 + "dazwischen",
        " " * 200,
    ]
)
URLS = st.sampled_from(
    ["", "https://www.bremen.de/a", "http://example.org/?a=1", "javascript:alert(1)", "tg://user?id=1", "ftp://a.de", "/oben"]
)
SEGMENTS = st.lists(st.builds(Segment, BODIES, st.sampled_from(Style), URLS), max_size=8).map(tuple)


@settings(max_examples=400)
@given(SEGMENTS, st.integers(2, 150))
@example((Segment("Wort " * 21),), 100)
@example((Segment("Titel"), Segment("\n\n" + "Wort " * 30)), 100)
@example((Segment("🙂" * 101),), 7)
def test_split_keeps_the_limit_and_loses_only_white_space_at_cuts(segments, limit):
    reply = Reply(segments, BUTTONS)
    messages = split_reply(reply, limit)
    assert all(0 < telegram_length(message.text) <= limit for message in messages)
    assert all(message.text == message.text.strip() for message in messages)
    assert visible("".join(message.text for message in messages)) == visible(reply.text)
    assert [bool(message.buttons) for message in messages] == [False] * (len(messages) - 1) + [True] * bool(messages)
    rest = reply.text
    for message in messages:  # each message is an unbroken stretch of the text, but for runs of white space longer than a message
        rest = rest.lstrip()
        if telegram_length(reply.text) == len(reply.text) and " " * limit not in reply.text:
            assert rest.startswith(message.text)
            rest = rest.removeprefix(message.text)


@settings(max_examples=200)
@given(SEGMENTS, st.integers(2, 150))
def test_split_keeps_styles_and_links(segments, limit):
    def looks(parts) -> list[tuple]:
        runs = [(char, segment.style, segment.url) for segment in parts for char in segment.text if not char.isspace()]
        return runs

    messages = split_reply(Reply(segments), limit)
    assert looks(segment for message in messages for segment in message.segments) == looks(segments)


def test_text_that_fits_is_one_message():
    assert split_reply(plain("a" * 100), 100) == [plain("a" * 100)]
    assert len(split_reply(plain("a" * 101), 100)) > 1
    assert len(split_reply(plain("🙂" * 51), 100)) > 1


@pytest.mark.parametrize("segments", [(), (Segment(""),), (Segment(" \n"), Segment("\u00a0", Style.QUOTE))])
def test_nothing_to_say_is_no_message(segments):
    assert split_reply(Reply(segments, BUTTONS), 100) == []


def test_words_are_not_run_together_where_pieces_meet_in_one_message():
    text = "Satz eins ist kurz, " * 7
    assert " ".join(message.text for message in split_reply(plain(text), 100)) == text.strip()


def test_cut_is_at_a_clause_where_there_is_one():
    first, *_rest = split_reply(plain("Der Bund zahlt alles, " + "die Länder zahlen nichts " * 3), 60)
    assert first.text.startswith("Der Bund zahlt alles,") and first.text.split()[-1] in {"alles,", "Länder", "zahlen", "nichts", "die"}


@settings(max_examples=300)
@given(SEGMENTS)
@example((Segment("x", url='https://a.de/"><b>'),))
def test_rendered_markup_is_balanced_and_escaped(segments):
    read = ReadHtml().read(render_html(Reply(segments)))
    assert read.text.replace("\r", "\n") == "".join(segment.text for segment in segments).replace("\r", "\n")
    assert read.links == [s.url for s in segments if s.url.startswith(("http://", "https://")) and s.text.strip()]


@settings(max_examples=300)
@given(SEGMENTS, st.integers(20, 150))
def test_telegram_takes_every_part(segments, limit):
    for message in split_reply(Reply(segments), limit):
        formatted = parse_html(render_html(message))
        assert visible(formatted.text.replace("\r", "")) == visible(
            "".join(" " if ord(c) < 32 else c for c in message.text.replace("\r", ""))
        )
        assert 0 < utf16_length(formatted.text) <= limit
        assert all(entity.extra[0][1].startswith(("http://", "https://")) for entity in formatted.entities if entity.type == "text_link")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "tg://user?id=1",
        "tg://resolve?domain=x",
        "data:text/html,x",
        "HTTP//a.de",
        "www.bremen.de",
        " https://a.de",
        "",
    ],
)
def test_only_web_addresses_become_links(url):
    assert render_html(Reply((Segment("Titel", url=url),))) == "Titel"


@pytest.mark.parametrize("url", ["https://www.bremen.de/a?b=1&c=2", "http://a.de/\"onclick='x'", "https://a.de/<b>"])
def test_address_cannot_leave_its_attribute(url):
    read = ReadHtml().read(render_html(Reply((Segment("Titel", url=url),))))
    assert (read.links, read.text) == ([url], "Titel")


def test_blank_text_is_no_link():
    assert render_html(Reply((Segment(" ", url="https://a.de"),))) == " "


def test_styles():
    segments = (Segment("a<", Style.BOLD), Segment("b&", Style.ITALIC), Segment("c", Style.BOLD, "https://a.de"), Segment("d>"))
    assert render_html(Reply(segments)) == '<b>a&lt;</b><i>b&amp;</i><a href="https://a.de"><b>c</b></a>d&gt;'


def test_neighbouring_quote_segments_are_one_blockquote():
    segments = [
        Segment("vorher ", Style.QUOTE),
        Segment("Zitat", Style.STRONG_QUOTE),
        Segment(" nachher", Style.QUOTE),
        Segment("\n"),
        Segment("zwei", Style.QUOTE),
    ]
    html = render_html(Reply(tuple(segments)))
    assert html == "<blockquote>vorher <b>Zitat</b> nachher</blockquote>\n<blockquote>zwei</blockquote>"
    assert ReadHtml().read(html).quotes == ["vorher Zitat nachher", "zwei"]


def test_every_message_of_a_long_quote_is_complete_in_itself():
    quote = "Der Bund und die Länder bauen gemeinsam den Portalverbund & mehr. " * 300
    messages = render_messages(
        Reply((Segment("Im Zusammenhang: "), Segment(quote, Style.QUOTE), Segment("\n[1] "), Segment("Titel", url="https://a.de")), BUTTONS)
    )
    assert len(messages) > 3
    texts = [ReadHtml().read(html).text for html, _part in messages]
    assert all(telegram_length(text) <= MAX_MESSAGE_UNITS for text in texts)
    assert visible("".join(texts)) == visible(f"Im Zusammenhang: {quote}[1] Titel")
    assert all(len(ReadHtml().read(html).quotes) == 1 for html, _part in messages)
    assert [bool(part.buttons) for _html, part in messages] == [False] * (len(messages) - 1) + [True]
    for one, other in pairwise(texts):  # no word is torn
        assert one.split()[-1] in f"{quote} Zusammenhang:".split() and other.split()[0] in f"{quote} [1]".split()


@given(st.text())
def test_length_is_counted_in_utf16(text):
    assert telegram_length(text) == utf16_length(text)
