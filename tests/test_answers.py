"""What an answer shows, through the conversation, without Telegram: buttons, links, marks, limits, inline results, valid markup."""

from dataclasses import replace

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import texts_de
from bot.deep_links import QUESTION, encode_link
from bot.inline import MAX_HITS, InlineSearch
from bot.replies import Reply, Style, telegram_length
from bot.settings import read_settings
from bot.telegram_text import FOLDED_UNITS, MAX_MESSAGE_UNITS, render_messages
from bot.terminal_text import MARK_OFF, MARK_ON, render
from index.errors import ConfigurationError
from index.language.sentences import split_sentences
from index.quote_limits import QuoteLimits
from index.reading.inputs import DEMO_SOURCE
from index.retrieval.reasons import NO_WORD, NOTHING_RELIABLE, unknown_names
from tests.answer_world import PERSON, QUESTION_TEXT, TOWNS, World, towns
from tests.botapi.entities import finish
from tests.botapi.markup import parse_html
from tests.fakes import ANSWER_NEVER, article


def test_an_answer_in_three_rows_of_buttons(world):
    reply = world.say(QUESTION_TEXT)
    assert [[button.label for button in row] for row in reply.buttons] == [
        ["Im Zusammenhang: 1", "2", "3"],
        [texts_de.MORE_BUTTON, texts_de.ALERT_BUTTON],
        ["👍", "👎", texts_de.SHARE_BUTTON],
    ]
    assert [button.share for row in reply.buttons for button in row][-1] == encode_link(QUESTION, QUESTION_TEXT)


def test_title_leads_to_the_page_and_a_line_below_to_the_sentence(world):
    reply = world.say(QUESTION_TEXT)
    linked = [(segment.text, segment.url) for segment in reply.segments if segment.url]
    titles, places = linked[::2], linked[1::2]
    assert {url for _text, url in titles} <= {f"https://example.org/{town}" for town in TOWNS}
    assert [url.partition("#")[0] for _text, url in places] == [url for _text, url in titles]
    assert all(text == texts_de.TO_PLACE and "#:~:text=" in url for text, url in places)


def test_words_of_the_question_are_marked(world):
    marked = {segment.text for segment in world.say(QUESTION_TEXT).segments if segment.style is Style.STRONG_QUOTE}
    assert marked == {"übernimmt", "Vorsitz", "IT-Planungsrat"}


def test_demo_texts_have_no_link_to_a_place_that_is_not_on_the_page(tmp_path):
    world = World(tmp_path / "a.db", replace(towns()[0], source=DEMO_SOURCE))
    reply = world.say(QUESTION_TEXT)
    assert texts_de.TO_PLACE not in reply.text
    (button,) = world.press(reply, texts_de.CONTEXT_BUTTON).buttons[0]
    assert (button.label, button.url) == (texts_de.OFFICIAL_PAGE_BUTTON, "https://example.org/Bremen")


def test_the_context_has_a_button_to_the_whole_article(world):
    context = world.press(world.say(QUESTION_TEXT), "2")
    (button,) = context.buttons[0]
    assert button.label == texts_de.ARTICLE_BUTTON and button.url.startswith("https://example.org/") and not button.action


def test_long_context_is_folded_and_an_answer_is_not(tmp_path):
    filler = " ".join(f"Dies ist der Satz Nummer {number} ohne Belang." for number in range(40))
    world = World(tmp_path / "a.db", article(f"Bremen übernimmt den Vorsitz im IT-Planungsrat. {filler}", "a"))
    reply = world.say(QUESTION_TEXT)
    context = world.press(reply, next(button.label for button in reply.buttons[0]))
    assert "<blockquote>" in render_messages(reply)[0][0] and "expandable" not in render_messages(reply)[0][0]
    assert len(context.text) > FOLDED_UNITS and "<blockquote expandable>" in render_messages(context)[0][0]


def test_unknown_words_are_named_briefly():
    from bot.answers import reason_text

    text = reason_text(unknown_names(("x" * 500, *(f"Wort{number}" for number in range(9)))))
    assert len(text) < 200 and "Wort3“, … steht" in text and "Wort4" not in text


def test_reasons_in_both_languages(tmp_path):
    from bot import texts
    from bot.answers import reason_text

    for reason in (NO_WORD, NOTHING_RELIABLE, unknown_names(("Mars", "Venus"))):
        assert reason_text(reason) == reason
        with texts.speaking("en"):
            assert reason_text(reason) != reason and ("Mars" in reason_text(reason)) == ("Mars" in reason)
    assert reason_text("Ein anderer Grund {x}.".replace(" {x}", "")) == "Ein anderer Grund."


def test_marks_in_the_terminal_keep_the_quote_in_one_block(world):
    reply = world.say(QUESTION_TEXT)
    plain_text, coloured = render([reply], colour=False), render([reply], colour=True)
    assert plain_text.splitlines()[0].endswith("er Plan " + plain_text.split()[1] + ".") and "\x1b" not in plain_text
    assert click.style("Vorsitz", fg="cyan", bold=True) in coloured and not any(mark in plain_text + coloured for mark in (MARK_ON, MARK_OFF))
    assert texts_de.SHARE_BUTTON not in plain_text and "(7) 👎" in plain_text


# limits for the rights of the press


@pytest.mark.parametrize("limits", [QuoteLimits(1, 320), QuoteLimits(2, 80), QuoteLimits(3, 100)])
def test_limits_hold_for_every_quote_and_page(tmp_path, limits):
    long = "Bremen übernimmt den Vorsitz im IT-Planungsrat, weil die Länder sich abwechseln, wie es der Vertrag seit langem vorsieht. Es folgt Essen."
    world = World(tmp_path / "a.db", *towns(), article(long, "lang"), article(long.replace("Bremen", "Hamm ") * 3, "länger"), limits=limits)
    answer = world.engine.answer(QUESTION_TEXT)
    assert answer.shown == limits.quotes and 0 < len(answer.quotes) <= limits.quotes * 4
    for quote in answer.quotes:
        text = quote.article.article.text
        assert 0 < len(quote.text) <= limits.chars and text[quote.span.start : quote.span.end] == quote.text
        borders = {border for span in split_sentences(text) for border in (span.start, span.end)}
        assert quote.span.start in borders or quote.is_cut_before
        assert quote.span.end in borders or quote.is_cut_after
    shown = [button for button in world.say(QUESTION_TEXT).buttons[0] if button.action.startswith("ctx:")]
    assert len(shown) == limits.quotes


def test_limits_are_settings(tmp_path):
    assert read_settings({"AMTSFUNK_HOME": str(tmp_path)}, tmp_path).limits == QuoteLimits(3, 320)
    environment = {"AMTSFUNK_HOME": str(tmp_path), "AMTSFUNK_MAX_QUOTES": "1", "AMTSFUNK_MAX_QUOTE_CHARS": "160"}
    assert read_settings(environment, tmp_path).limits == QuoteLimits(1, 160)
    (tmp_path / "amtsfunk.toml").write_text("max_quotes = 2\n", "utf-8")
    assert read_settings({"AMTSFUNK_HOME": str(tmp_path)}, tmp_path).limits == QuoteLimits(2, 320)


@pytest.mark.parametrize(("name", "value"), [("QUOTES", "0"), ("QUOTES", "4"), ("QUOTES", "viele"), ("QUOTE_CHARS", "321"), ("QUOTE_CHARS", "10"), ("QUOTE_CHARS", "-80")])
def test_limits_above_what_is_promised_are_refused(tmp_path, name, value):
    with pytest.raises(ConfigurationError, match=f"AMTSFUNK_MAX_{name}"):
        read_settings({"AMTSFUNK_HOME": str(tmp_path), f"AMTSFUNK_MAX_{name}": value}, tmp_path)


# inline


def test_inline_hits_are_quotes_with_stable_ids(world):
    search = InlineSearch(world.engine, world.store)
    one, other = search.answer(QUESTION_TEXT), search.answer(QUESTION_TEXT)
    assert [hit.id for hit in one.hits] == [hit.id for hit in other.hits] and 3 < len(one.hits) <= MAX_HITS
    for hit in one.hits:
        row, version, start, end = map(int, hit.id.split("-"))
        stored = world.store.articles([row])[row]
        assert stored.version == version and hit.reply.text.startswith(stored.article.text[start:end])
        assert "28.01.2025" in hit.reply.text and "Kommune21" in hit.reply.text and hit.description.startswith("28.01.2025 · ")
    assert one.payload == encode_link(QUESTION, QUESTION_TEXT) and one.label == texts_de.INLINE_MORE


@pytest.mark.parametrize("empty", ["", "  ", "?!", "\u202e"])
def test_without_words_the_latest_articles(world, empty):
    answer = InlineSearch(world.engine, world.store).answer(empty)
    assert len(answer.hits) == len(TOWNS) and answer.payload == "hallo"


@pytest.mark.parametrize("question", ["Was ist FIDO2?", "Tanzen blaue Bananen rückwärts?", "Wer ist das?"])
def test_what_no_article_has_a_word_of_is_not_answered(world, question):
    """However sure the measure of abstention is: here it always answers."""
    assert world.engine.answer(QUESTION_TEXT).is_answered
    assert not world.engine.answer(question).is_answered
    assert not any(segment.style is Style.QUOTE for segment in world.say(question).segments)


def test_no_answer_gives_near_headlines_that_say_so(world):
    world.engine._calibration = ANSWER_NEVER
    answer = InlineSearch(world.engine, world.store).answer(QUESTION_TEXT)
    assert answer.label == texts_de.INLINE_NONE
    assert answer.hits and all(texts_de.INLINE_NEAR in hit.description for hit in answer.hits)


# markup: whatever is asked and whatever the articles hold

PIECES = st.sampled_from(
    ["Vorsitz", " IT-Planungsrat ", "<b>", "</blockquote>", "&amp;", "& ", "_*[]()~`>#+-=|{}.!", "😀👩‍💻🇩🇪", "מה זה OZG? ", "\u202eما هو\u202c ", "\n\n", ". ", "x" * 500, "𝔅𝔯𝔢𝔪𝔢𝔫 "]
)
TEXTS = st.lists(PIECES, min_size=1, max_size=40).map("".join) | st.text(min_size=1, max_size=300)


@settings(max_examples=25)
@given(TEXTS, TEXTS, st.sampled_from([1, 20, 4096, 20_000]))
def test_every_reply_is_valid_markup_within_the_limits(tmp_path_factory, body, question, length):
    text = (body * (length // len(body) + 1))[: max(length, len(body))]
    own = replace(article(f"Vorsitz. {text}", "a", text[:200]), url="https://example.org/a?b=1&c=<2>")
    asked = (question * (length // len(question) + 1))[:length]
    with World(tmp_path_factory.mktemp("w") / "a.db", own) as world:
        replies = world.conversation.reply_to(asked, PERSON) + world.conversation.reply_to("Vorsitz", PERSON)
        actions = [button.action for reply in replies for row in reply.buttons for button in row if button.action]
        for action in actions:
            replies += world.conversation.press(action, "", PERSON)
        replies += [hit.reply for hit in InlineSearch(world.engine, world.store).answer(asked).hits]
    for reply in replies:
        for html, _part in render_messages(reply):
            read = parse_html(html)
            shown = finish(read.text, read.entities)
            assert 0 < telegram_length(shown.text) <= MAX_MESSAGE_UNITS and len(read.entities) <= 100


@pytest.mark.parametrize("units", [FOLDED_UNITS, FOLDED_UNITS + 1, 4095, 4096, 4097, 8193])
def test_marked_and_folded_quotes_at_the_borders_of_a_message(units):
    from bot.quote_text import marked_segments
    from index.articles import Span

    text = ("Vorsitz und 😀 " * units)[:units].rstrip() + "."
    marks = [Span(start, start + 7) for start in range(len(text) - 8) if text.startswith("Vorsitz", start)][:90]
    messages = render_messages(Reply(tuple(marked_segments(text, marks))))
    read = [parse_html(html) for html, _part in messages]
    assert "".join("".join(one.text.split()) for one in read) == "".join(text.split())
    for one in read:
        assert 0 < telegram_length(one.text) <= MAX_MESSAGE_UNITS
        (quote,) = [entity.type for entity in one.entities if "blockquote" in entity.type]
        assert (quote == "expandable_blockquote") == (telegram_length(one.text) > FOLDED_UNITS)
