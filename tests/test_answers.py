"""What an answer offers: opinions, sharing with the operator, alerts, links, languages, limits – through the conversation, without Telegram."""

from dataclasses import replace
from datetime import date
from functools import partial

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import texts_de, texts_en
from bot.alerts import texts_de as alert_texts
from bot.alerts.commands import AlertDesk
from bot.alerts.matcher import AlertMatcher
from bot.alerts.store import AlertStore
from bot.alerts.theme_store import RuleThemes
from bot.conversation import ArticleOverview, Conversation
from bot.deep_links import QUESTION, RULE, encode_link
from bot.feedback import FeedbackDesk
from bot.inline import MAX_HITS, InlineSearch
from bot.languages import language_feature
from bot.replies import Reply, Style, telegram_length
from bot.settings import read_settings
from bot.talk_store import SharedQuestion, TalkStore
from bot.telegram_text import FOLDED_UNITS, MAX_MESSAGE_UNITS, render_messages
from bot.terminal_text import MARK_OFF, MARK_ON, render
from bot.visitors import Visitor
from index.alerting.themes import encode_theme
from index.errors import ConfigurationError
from index.ingest import Ingester
from index.language.sentences import split_sentences
from index.lexical import LexicalIndex
from index.quote_limits import QuoteLimits
from index.reading.inputs import DEMO_SOURCE
from index.retrieval.abstention import Calibration
from index.retrieval.candidates import Indexes
from index.retrieval.engine import Engine
from index.retrieval.reasons import NO_WORD, NOTHING_RELIABLE, unknown_names
from index.storage.store import Store
from index.vectors import VectorIndex
from tests.botapi.entities import finish
from tests.botapi.markup import parse_html
from tests.fakes import ANSWER_ALWAYS, ANSWER_NEVER, DIMENSION, HASH_THEMES, HashEncoder, article, new_store

TODAY = date(2026, 3, 2)
QUESTION_TEXT = "Wer übernimmt den Vorsitz im IT-Planungsrat?"
TOWNS = ("Bremen", "Essen", "Bonn", "Kiel", "Mainz", "Ulm")
PERSON, OTHER = Visitor(7, person=7), Visitor(8, person=8)


def towns() -> list:
    made = [article(f"{town} übernimmt den Vorsitz im IT-Planungsrat mit {town}er Plan {town}.", town, f"{town} leitet") for town in TOWNS]
    return [replace(one, url=f"https://example.org/{one.key}", source="Kommune21", published=date(2025, 1, 28)) for one in made]


class World:
    """A conversation on real stores in one file."""

    def __init__(self, path, *articles, limits: QuoteLimits = QuoteLimits(), calibration: Calibration = ANSWER_ALWAYS) -> None:
        self.store = new_store(path, *articles)
        self.talk, self.alerts = TalkStore(path), AlertStore(path)
        indexes = Indexes(VectorIndex(self.store, DIMENSION), LexicalIndex(self.store))
        self.engine = Engine(self.store, HashEncoder(), indexes, calibration=calibration, limits=limits)
        self.start()

    def start(self) -> None:
        """A new process: nothing in memory."""
        themes = RuleThemes(self.alerts.themes, HashEncoder, partial(encode_theme, calibration=HASH_THEMES))
        desk = AlertDesk(self.alerts, self.store, themes, lambda: 0.0, lambda: TODAY)
        feedback = FeedbackDesk(self.talk, lambda: TODAY)
        overview = lambda: ArticleOverview(self.store.count_articles(), None, False)  # noqa: E731
        self.conversation = Conversation(
            self.engine,
            overview,
            desk,
            (language_feature(self.talk),),
            feedback=feedback,
            language_of=lambda v: self.talk.language(v.chat_id) or v.language,
        )

    def say(self, text: str, visitor: Visitor = PERSON) -> Reply:
        (reply,) = self.conversation.reply_to(text, visitor)
        return reply

    def press(self, reply: Reply, label: str, visitor: Visitor = PERSON, asked: str = "") -> Reply:
        action = next(button.action for row in reply.buttons for button in row if button.label == label)
        assert 0 < len(action.encode()) <= 64
        (pressed,) = self.conversation.press(action, asked, visitor)
        return pressed


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path / "a.db", *towns())
    yield made
    for store in (made.store, made.talk, made.alerts):
        store.close()


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


# opinions


def test_thumbs_are_counted_once_a_person_and_minds_may_change(world):
    reply = world.say(QUESTION_TEXT)
    assert world.press(reply, "👍").text == texts_de.RATED_UP
    world.press(reply, "👍")
    world.press(reply, "👍", OTHER)
    assert world.talk.opinions() == (1, 2, 0)
    world.press(reply, "👎")
    assert world.talk.opinions() == (1, 1, 1)
    world.press(world.say(QUESTION_TEXT), "👎")
    assert world.talk.opinions() == (2, 1, 2)


@pytest.fixture
def refusing(tmp_path):
    """A world in which nothing is answered."""
    made = World(tmp_path / "a.db", *towns(), calibration=ANSWER_NEVER)
    yield made
    for store in (made.store, made.talk, made.alerts):
        store.close()


def test_an_abstention_can_be_right_or_wrong_and_is_counted_apart(refusing):
    reply = refusing.say(QUESTION_TEXT)
    assert refusing.press(reply, texts_de.RIGHTLY_NOTHING).text == texts_de.RATED_UP
    assert refusing.talk.opinions(is_abstention=True) == (1, 1, 0)
    asked = refusing.press(reply, texts_de.SHOULD_KNOW)
    assert asked.text == texts_de.RATED_SHOULD_KNOW
    refusing.press(reply, texts_de.SHOULD_KNOW, OTHER)
    assert refusing.talk.opinions(is_abstention=True) == (1, 0, 2) and refusing.talk.opinions() == (0, 0, 0)
    assert refusing.talk.shared() == []
    refusing.start()  # a new process: the question stands above the button
    refusing.press(asked, texts_de.SHARE_WITH_OPERATOR, asked=QUESTION_TEXT)
    assert [(one.question, one.places) for one in refusing.talk.shared()] == [(QUESTION_TEXT, ())]


def test_unknown_words_are_named_briefly():
    from bot.answers import reason_text

    text = reason_text(unknown_names(("x" * 500, *(f"Wort{number}" for number in range(9)))))
    assert len(text) < 200 and "Wort3“, … steht" in text and "Wort4" not in text


def test_no_thumbs_where_nothing_was_searched(refusing):
    labels = {button.label for row in refusing.say("und was ist das?").buttons for button in row}
    assert not labels & {texts_de.RIGHTLY_NOTHING, texts_de.SHOULD_KNOW}


def test_vergessen_forgets_who_gave_an_opinion_and_keeps_the_count(world):
    reply = world.say(QUESTION_TEXT)
    world.press(reply, "👍")
    world.say("/vergessen")
    world.press(reply, "👍")
    assert world.talk.opinions() == (1, 2, 0)


def test_an_opinion_keeps_neither_question_nor_chat(world, tmp_path):
    world.press(world.say(QUESTION_TEXT), "👎", Visitor(987654321, person=123456789))
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("a.db*"))
    assert QUESTION_TEXT.encode() not in stored
    assert not any(world.alerts.own_data(987654321).values()) and world.talk.shared() == []


def test_a_question_reaches_the_operator_only_when_shared_and_can_be_deleted(world, tmp_path):
    reply = world.say(QUESTION_TEXT)
    asked = world.press(reply, "👎")
    assert world.talk.shared() == []
    shared = world.press(asked, texts_de.SHARE_WITH_OPERATOR)
    (kept,) = world.talk.shared()
    assert (kept.question, kept.day, len(kept.places)) == (QUESTION_TEXT, "2026-03-02", 3)
    assert kept.question in shared.text and all(place.partition(":")[0] in TOWNS for place in kept.places)
    assert world.press(shared, texts_de.UNSHARE_BUTTON).text == texts_de.UNSHARED
    assert world.talk.shared() == []
    assert world.press(shared, texts_de.UNSHARE_BUTTON).text == texts_de.UNSHARED_BEFORE


def test_buttons_work_after_a_restart_by_the_question_above_them(world):
    reply = world.say(QUESTION_TEXT)
    asked = world.press(reply, "👎")
    world.start()
    assert world.press(asked, texts_de.SHARE_WITH_OPERATOR, asked="").text == texts_de.FORGOTTEN
    world.press(asked, texts_de.SHARE_WITH_OPERATOR, asked=QUESTION_TEXT)
    assert [one.question for one in world.talk.shared()] == [QUESTION_TEXT]
    link = f"/start {encode_link(QUESTION, QUESTION_TEXT)}"
    assert world.press(reply, texts_de.MORE_BUTTON, asked=link).text.startswith(world.press(reply, texts_de.MORE_BUTTON, asked=QUESTION_TEXT).text[:40])
    assert "Alarm-Vorschau" in world.press(reply, texts_de.ALERT_BUTTON, asked=link).text
    assert world.press(reply, texts_de.ALERT_BUTTON, asked="/hilfe").text == texts_de.FORGOTTEN


@pytest.mark.parametrize("action", ["rate:x", "rate:x:sideways", "rate:" + "x" * 30 + ":up", "rate:ü:up", "share:", "unshare:'; DROP TABLE opinion", "al:from:", "al:from", "lang:"])
def test_strange_buttons_count_nothing(world, action):
    (reply,) = world.conversation.press(action, "", PERSON)
    assert reply.text in (texts_de.FORGOTTEN, texts_de.LANGUAGE_ASK, alert_texts.GONE)
    assert world.talk.opinions() == (0, 0, 0) and world.talk.shared() == []


def test_a_database_of_a_newer_program_is_left_alone(tmp_path):
    store = TalkStore(tmp_path / "a.db")
    store._write("INSERT INTO talk_migration VALUES (?)", (99,))
    store.close()
    with pytest.raises(Exception, match="neueren Version"):
        TalkStore(tmp_path / "a.db")


# alerts and links


def test_alert_from_a_question_is_a_preview_and_saves_nothing(world):
    preview = world.press(world.say(QUESTION_TEXT), texts_de.ALERT_BUTTON)
    assert preview.text.startswith("Alarm-Vorschau: Vorsitz IT-Planungsrat")
    assert world.alerts.subscriptions(7) == []
    assert world.press(world.say(QUESTION_TEXT), texts_de.ALERT_BUTTON, replace(PERSON, may_subscribe=False)).text == alert_texts.ONLY_ADMINS


def test_a_link_to_a_question_is_answered_and_says_what_was_asked(world):
    reply = world.say(f"/start {encode_link(QUESTION, QUESTION_TEXT)}")
    assert reply.text.startswith(texts_de.LINK_QUESTION.format(question=QUESTION_TEXT)) and "Bremen" in world.say(QUESTION_TEXT).text
    assert [segment.style for segment in reply.segments].count(Style.STRONG_QUOTE) > 2


def test_a_link_to_a_rule_shows_the_preview_and_saves_nothing(world):
    reply = world.say(f"/start {encode_link(RULE, 'Vorsitz -Essen')}")
    assert reply.text.startswith("Alarm-Vorschau: Vorsitz -Essen") and world.alerts.subscriptions(7) == []
    assert world.say(f"/start {encode_link(RULE, 'titel:')}").buttons == ()  # a rule that cannot be understood


def test_a_saved_alert_is_passed_on_as_a_link_to_its_preview(world):
    saved = world.press(world.say("/alarm Vorsitz -Essen"), alert_texts.SAVE)
    link = next(button.share for button in saved.buttons[0] if button.label == alert_texts.SHARE_RULE)
    assert world.say(f"/start {link}", OTHER).text.startswith("Alarm-Vorschau: Vorsitz -Essen") and world.alerts.subscriptions(8) == []


def test_alerts_come_in_the_language_that_the_chat_has_chosen(world, tmp_path):
    from bot.alerts.delivering import Deliverer

    store = Store(tmp_path / "a.db", on_change=AlertMatcher(lambda: 0.0).on_change)
    world.press(world.say("/alarm Gipfel"), alert_texts.SAVE)
    Ingester(store, HashEncoder()).run([replace(article("Der Gipfel tagt.", "neu", "Gipfel"), published=TODAY)])
    deliverer = Deliverer(world.alerts, store, None, tmp_path / "lock", lambda: 10.0, language_of=lambda chat_id: "en" if chat_id == 7 else "de")
    outgoing = deliverer._start(7)
    assert "because: " in outgoing.reply.text and "2 March 2026" in outgoing.reply.text and "Der Gipfel tagt." in outgoing.reply.text
    store.close()


@pytest.mark.parametrize("payload", ["jetzt", "qt-!!", "qz-AAAA", "x" * 4000, "<b>", "'; DROP TABLE article"])
def test_a_damaged_link_gets_a_kind_sentence(world, payload):
    text = world.say(f"/start {payload}").text
    assert text.startswith("Guten Tag!") and text.endswith(texts_de.LINK_UNREADABLE)


def test_a_plain_start_is_a_greeting(world):
    assert texts_de.LINK_UNREADABLE not in world.say("/start").text + world.say("/start hallo").text


# languages


def test_the_interface_speaks_the_visitors_language_and_quotes_stay(world):
    german, english = world.say(QUESTION_TEXT), world.say(QUESTION_TEXT, replace(OTHER, language="en"))
    assert [button.label for button in english.buttons[1]] == [texts_en.MORE_BUTTON, texts_en.ALERT_BUTTON]
    assert "28 January 2025" in english.text and "28.01.2025" in german.text
    quoted = [[s.text for s in reply.segments if s.style in (Style.QUOTE, Style.STRONG_QUOTE)] for reply in (german, english)]
    assert quoted[0] == quoted[1]


def test_a_chosen_language_is_kept_shown_and_forgotten(world):
    assert world.say("/sprache").buttons[0][1].action == "lang:en"
    assert world.press(world.say("/sprache"), "English").text == texts_en.LANGUAGE_CHOSEN
    assert world.say("/wetter").text.startswith("I do not know") and world.say("/wetter", OTHER).text.startswith("Den Befehl")
    assert '"language": "en"' in world.say("/meinedaten").file.content
    world.press(world.say("/vergessen"), "Delete everything")
    assert world.talk.language(7) is None and world.say("/meinedaten").text == alert_texts.OWN_NOTHING


@pytest.mark.parametrize(("typed", "answer"), [("de", texts_de), ("EN", texts_en), ("englisch", texts_en), ("German", texts_de)])
def test_languages_by_name(world, typed, answer):
    assert world.say(f"/language {typed}").text == answer.LANGUAGE_CHOSEN


def test_an_unknown_language_is_asked_for_again_and_only_admins_choose_for_a_group(world):
    assert world.say("/sprache klingonisch").text == texts_de.LANGUAGE_ASK
    assert world.say("/sprache en", Visitor(-5, may_subscribe=False, person=7)).text == texts_de.LANGUAGE_ONLY_ADMINS
    assert world.talk.language(-5) is None


def test_the_language_moves_with_a_group(world):
    world.say("/sprache en", Visitor(-5, person=7))
    world.talk.move_chat(-5, -100500)
    assert (world.talk.language(-5), world.talk.language(-100500)) == (None, "en")


def test_reasons_in_both_languages(tmp_path):
    from bot import texts
    from bot.answers import reason_text

    for reason in (NO_WORD, NOTHING_RELIABLE, unknown_names(("Mars", "Venus"))):
        assert reason_text(reason) == reason
        with texts.speaking("en"):
            assert reason_text(reason) != reason and ("Mars" in reason_text(reason)) == ("Mars" in reason)
    assert reason_text("Ein anderer Grund {x}.".replace(" {x}", "")) == "Ein anderer Grund."


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


@settings(max_examples=25, deadline=None)
@given(TEXTS, TEXTS, st.sampled_from([1, 20, 4096, 20_000]))
def test_every_reply_is_valid_markup_within_the_limits(tmp_path_factory, body, question, length):
    text = (body * (length // len(body) + 1))[: max(length, len(body))]
    world = World(tmp_path_factory.mktemp("w") / "a.db", replace(article(f"Vorsitz. {text}", "a", text[:200]), url="https://example.org/a?b=1&c=<2>"))
    asked = (question * (length // len(question) + 1))[:length]
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
    for store in (world.store, world.talk, world.alerts):
        store.close()


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


def test_the_operators_report(tmp_path):
    from bot.feedback_report import feedback_to_json, feedback_to_text

    shared = [SharedQuestion(3, "2026-03-02", "Was ist <b>?", ("a:0-5",))]
    found = feedback_to_json((2, 1, 1), (5, 3, 2), shared)
    assert found["shared_questions"] == [{"id": 3, "day": "2026-03-02", "question": "Was ist <b>?", "places": ["a:0-5"]}]
    assert "#3 · 2026-03-02\n  Was ist <b>?\n  a:0-5" in feedback_to_text((2, 1, 1), (5, 3, 2), shared)
    assert (found["up"], found["rated_abstentions"], found["abstentions_up"], found["abstentions_down"]) == (1, 5, 3, 2)
    lines = feedback_to_text((2, 1, 1), (5, 3, 2), [SharedQuestion(4, "2026-03-02", "Was?", ())]).splitlines()
    assert lines[0] == "2 Antworten bewertet: 1 👍, 1 👎." and lines[1].startswith("5-mal „keine Antwort“ bewertet: 3 👍") and "  (ohne Antwort)" in lines


def test_marks_in_the_terminal_keep_the_quote_in_one_block(world):
    reply = world.say(QUESTION_TEXT)
    plain_text, coloured = render([reply], colour=False), render([reply], colour=True)
    assert plain_text.splitlines()[0].endswith("er Plan " + plain_text.split()[1] + ".") and "\x1b" not in plain_text
    assert click.style("Vorsitz", fg="cyan", bold=True) in coloured and not any(mark in plain_text + coloured for mark in (MARK_ON, MARK_OFF))
    assert texts_de.SHARE_BUTTON not in plain_text and "(7) 👎" in plain_text
