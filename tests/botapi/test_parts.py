"""Parts of the server in-process: markup, rate limits and the ids of updates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .entities import finish, utf16_length
from .errors import ApiError
from .limits import Limits, LimitSettings
from .markup import parse_html
from .updates import UpdateQueue


def pairs(html: str) -> tuple[str, list[tuple[str, int, int]]]:
    raw = parse_html(html)
    done = finish(raw.text, raw.entities)
    return done.text, [(e.type, e.offset, e.length) for e in done.entities]


MARKUP = {
    "plain": ("a b", "a b", []),
    "styles": ("<b>a</b><EM>b</EM><u>c</u><del>d</del>", "abcd",
               [("bold", 0, 1), ("italic", 1, 1), ("underline", 2, 1), ("strikethrough", 3, 1)]),
    "utf16": ("😀<b>ä</b>", "😀ä", [("bold", 2, 1)]),
    "nested": ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
    "touching runs merge": ("<b>a</b><strong>b</strong>", "ab", [("bold", 0, 2)]),
    "named references": ("&lt;b&gt; &amp;amp; &quot;", '<b> &amp; "', []),
    "numeric references": ("&#65;&#x42;", "AB", []),
    "other references stay": ("&nbsp;&copy;&#0;", "&nbsp;&copy;&#0;", []),
    "trimmed": (" \n<b> a </b>\n ", "a", [("bold", 0, 1)]),
    "code stays plain": ("<b>a<code>b</code></b>", "ab", [("bold", 0, 1), ("code", 1, 1)]),
    "language": ('<pre><code class="language-py">x</code></pre>', "x", [("pre", 0, 1)]),
    "quotes": ("<blockquote expandable>a</blockquote><blockquote>b</blockquote>", "ab",
               [("expandable_blockquote", 0, 1), ("blockquote", 1, 1)]),
    "spoilers": ("<tg-spoiler>a</tg-spoiler> <span class='tg-spoiler'>b</span>", "a b", [("spoiler", 0, 1), ("spoiler", 2, 1)]),
    "link": ("<a href='https://a.de/x?y=1'>t</a>", "t", [("text_link", 0, 1)]),
    "link without a usable address": ('<a href="nothing here">t</a>', "t", []),
    "emoji": ('<tg-emoji emoji-id="53681">👍</tg-emoji>', "👍", [("custom_emoji", 0, 2)]),
    "empty end tag": ("<b>a</>", "a", [("bold", 0, 1)]),
    "detected": ("/start@test_bot #Ort @someone", "/start@test_bot #Ort @someone",
                 [("bot_command", 0, 15), ("hashtag", 16, 4), ("mention", 21, 8)]),
}  # fmt: skip


@pytest.mark.parametrize("name", MARKUP)
def test_html_becomes_text_and_entities(name: str) -> None:
    html, text, entities = MARKUP[name]
    assert pairs(html) == (text, entities)


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ("ä<p>x</p>", 'Unsupported start tag "p" at byte offset 2'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("a<br/>", 'Unsupported start tag "br/" at byte offset 1'),
        ("x<b", "Unclosed start tag at byte offset 1"),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href=http://a.de>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<a ='x'>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", 'Nested tag "blockquote" at byte offset 13'),
        ("<tg-emoji>x</tg-emoji>", "Invalid custom emoji identifier specified"),
    ],
)
def test_broken_html_is_refused(html: str, problem: str) -> None:
    with pytest.raises(ApiError) as caught:
        parse_html(html)
    assert caught.value.description == f"Bad Request: can't parse entities: {problem}"


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ('"https://a.de/?a=1&amp;b=2"', "https://a.de/?a=1&b=2"),
        ("'https://a.de/?q=&quot;x&#39;&lt;y&gt;'", "https://a.de/?q=\"x'<y>"),
        ('"https://a.de/?a=1&b=2&copy=3&#0;"', "https://a.de/?a=1&b=2&copy=3&#0;"),
    ],
)
def test_references_in_an_address_are_decoded_once(href: str, url: str) -> None:
    (entity,) = parse_html(f"<a href={href}>x</a>").entities
    assert (entity.type, entity.extra) == ("text_link", (("url", url),))
    assert parse_html('<a href="https://a.de/?a=&amp;amp;b">x</a>').entities[0].extra == (("url", "https://a.de/?a=&amp;b"),)


@given(st.text(st.sampled_from("a😀 \n<>/b&;=\"'"), max_size=30))
def test_any_text_is_parsed_or_refused(html: str) -> None:
    try:
        text, entities = pairs(html)
    except ApiError:
        return
    assert text == text.strip(" \n") and all(0 <= at < at + length <= utf16_length(text) for _, at, length in entities)


@pytest.mark.parametrize(
    ("chat_id", "settings", "passes", "retry_after"),
    [(5, LimitSettings(), 5, 1), (-5, LimitSettings(), 20, 60), (5, LimitSettings(private_burst=99), 30, 1)],
)
def test_limits_by_kind_of_chat(chat_id: int, settings: LimitSettings, passes: int, retry_after: int) -> None:
    now = [100.0]
    limits = Limits(settings, clock=lambda: now[0])
    for _ in range(passes):
        limits.charge(chat_id)
    with pytest.raises(ApiError) as caught:
        limits.charge(chat_id)
    assert (caught.value.code, caught.value.parameters) == (429, {"retry_after": retry_after})
    now[0] += retry_after
    limits.charge(chat_id)


def test_ids_grow_over_a_reset() -> None:
    queue = UpdateQueue()
    first = queue.push("message", {})
    queue.clear()
    assert first is not None and queue.push("message", {}) == first + 1 and len(queue.pending) == 1
