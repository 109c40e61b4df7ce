"""Conversations of several turns, with the encoder that knows words only: what is referred to, and what is forgotten."""

from datetime import date

import pytest

from bot import texts_de as texts
from bot import texts_en
from bot.conversation import ArticleOverview, Conversation
from bot.message_parts import Link, Replied
from bot.turns import KEPT_S, Turn, Turns
from bot.visitors import Visitor
from index.articles import Article, Span
from index.lexical import LexicalIndex
from index.retrieval.candidates import Indexes
from index.retrieval.engine import Engine
from index.vectors import VectorIndex
from tests.fakes import ANSWER_ALWAYS, HashEncoder, new_store

ARTICLES = (
    Article("a", "Portal Bremen", "Das Portal in Bremen leitet Anna Kurz. Es startete am 3. Mai 2019 mit elf Diensten.", date(2019, 5, 4), "https://example.org/a"),
    Article(
        *("b", "Portal Hessen", "Das Portal in Hessen leitet Bernd Lang. Es startete am 7. Juni 2021 mit neun Diensten.", date(2021, 6, 8)),
        "https://example.org/b",
    ),
    Article("c", "Hundesteuer", "Die Hundesteuer beträgt 120 Euro im Jahr. Der Rat hat sie beschlossen.", date(2023, 1, 2)),
    Article("d", "Hundesteuer steigt", "Die Hundesteuer steigt auf 150 Euro im Jahr. Der Rat will das so.", date(2024, 5, 2)),
)
ANNA, BERND = Visitor(-7, 0, person=1), Visitor(-7, 0, person=2)


class Clock:
    """A monotonic clock that a test turns."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def talk(tmp_path, clock):
    store = new_store(tmp_path / "a.db", *ARTICLES)
    indexes = Indexes(VectorIndex(store, HashEncoder.dimension), LexicalIndex(store))
    engine = Engine(store, HashEncoder(), indexes, calibration=ANSWER_ALWAYS, today=lambda: date(2024, 6, 1))
    yield Conversation(engine, lambda: ArticleOverview(4, date(2024, 5, 2), False), turns=Turns(clock))
    store.close()


def say(talk: Conversation, text: str, visitor: Visitor = Visitor(), **fields) -> str:
    (reply,) = talk.reply_to(text, visitor, **fields)
    return reply.text


def actions(talk: Conversation, text: str, visitor: Visitor = Visitor()) -> dict[str, str]:
    (reply,) = talk.reply_to(text, visitor)
    return {button.label: button.action for row in reply.buttons for button in row}


def test_a_place_is_swapped_and_said(talk):
    assert "verstanden" not in say(talk, "Wer leitet das Portal in Bremen?")
    reply = say(talk, "und in Hessen?")
    assert reply.startswith("verstanden als: Wer leitet das Portal in Hessen?\n\n") and "Bernd Lang" in reply


def test_the_subject_is_carried_and_the_understood_form_counts_for_the_next(talk):
    say(talk, "Wer leitet das Portal in Bremen?")
    say(talk, "und in Hessen?")
    reply = say(talk, "seit wann?")
    assert reply.startswith("verstanden als: Seit wann? – zu: Portal in Hessen\n\n") and "7. Juni 2021" in reply.split("\n[1]")[0]


def test_a_question_with_its_own_subject_stands_alone(talk):
    say(talk, "Wer leitet das Portal in Bremen?")
    assert "verstanden" not in say(talk, "Wie hoch ist die Hundesteuer in Hessen?")


def test_without_reference_by_button(talk):
    say(talk, "Wer leitet das Portal in Bremen?")
    pressed = actions(talk, "und wer hat sie beschlossen?")[texts.ALONE_BUTTON]
    (reply,) = talk.press(pressed)
    assert "verstanden" not in reply.text and "Rat hat sie beschlossen" in reply.text
    assert "verstanden als: Seit wann? – zu: und wer hat sie beschlossen" in say(talk, "seit wann?")


@pytest.mark.parametrize("word", ["Neue Frage", "neue frage!", "/neuefrage", "Neues Thema", "button"])
def test_a_new_question_forgets(talk, word):
    say(talk, "Wer leitet das Portal in Bremen?")
    if word == "button":
        (reply,) = talk.press(actions(talk, "seit wann?")[texts.NEW_QUESTION_BUTTON])
        assert reply.text == texts.NEW_QUESTION
    else:
        assert say(talk, word) == texts.NEW_QUESTION
    assert "verstanden" not in say(talk, "und in Hessen?") and say(talk, "mehr dazu") != texts.FORGOTTEN


def test_a_new_question_may_follow_at_once(talk):
    say(talk, "Wer leitet das Portal in Bremen?")
    reply = say(talk, "Neue Frage: und wer hat sie beschlossen?")
    assert "verstanden" not in reply and "beschlossen" in reply
    assert "verstanden" not in say(talk, "Neue Fragen zur Hundesteuer im Jahr?")


def test_vergessen_forgets_questions_and_answers_of_the_chat_only(talk):
    pressed = {number: actions(talk, "Wer leitet das Portal in Bremen?", Visitor(number)) for number in (1, 2)}
    pressed = {number: actions(talk, "und in Hessen?", Visitor(number))[texts.ALONE_BUTTON] for number in pressed}
    talk.reply_to("/vergessen", Visitor(1))
    assert [talk.press(action)[0].text == texts.FORGOTTEN for action in pressed.values()] == [True, False]
    assert "verstanden" not in say(talk, "und in Hessen?", Visitor(1))
    assert "verstanden" in say(talk, "und in Hessen?", Visitor(2))


def test_two_people_in_one_group_do_not_mix(talk):
    say(talk, "Wer leitet das Portal in Bremen?", ANNA)
    say(talk, "Wie hoch ist die Hundesteuer?", BERND)
    assert "zu: Portal in Bremen" in say(talk, "seit wann?", ANNA)
    assert "zu: Hundesteuer" in say(talk, "seit wann?", BERND)
    assert "verstanden" not in say(talk, "seit wann?", Visitor(-7, 5, person=1))  # another topic of the group


def test_half_an_hour_later_nothing_is_referred_to(talk, clock):
    say(talk, "Wer leitet das Portal in Bremen?")
    clock.now += KEPT_S + 1
    assert "verstanden" not in say(talk, "und in Hessen?")


def test_commands_and_abstentions_in_between_change_nothing(talk):
    say(talk, "Wer leitet das Portal in Bremen?")
    say(talk, "/hilfe")
    say(talk, "…")
    assert "in Hessen?" in say(talk, "und in Hessen?")
    talk.reply_to("/thema Hundesteuer")
    assert "zu: Hundesteuer" in say(talk, "seit wann?")


def test_more_gives_the_next_quotes_and_then_says_that_there_are_none(talk):
    assert say(talk, "mehr dazu") == texts.FORGOTTEN
    say(talk, "Hundesteuer Portal Rat")
    seen = [say(talk, "mehr dazu") for _ in range(6)]
    assert seen[-1] == texts.NO_MORE and all(text.startswith("[") or text == texts.NO_MORE or "\n[" in text for text in seen)


def test_reply_to_a_quote_asks_about_its_article(talk):
    action = next(action for action in actions(talk, "Wer leitet das Portal in Hessen?").values() if action.startswith("ctx:"))
    say(talk, "Wie hoch ist die Hundesteuer?")
    reply = say(talk, "und wann startete das?", replied_to=Replied((action,)))
    assert "zu: Portal Hessen\n" in reply and "7. Juni 2021" in reply and "2019" not in reply


def test_reply_to_a_quote_of_a_removed_article_is_an_ordinary_question(talk):
    reply = say(
        talk, "Wer leitet das Portal in Bremen?", replied_to=Replied(("ctx:999:1:0:5", "more:x:3", "ctx:x", "ctx:99999999999999999999:1:1:2"))
    )
    assert "Anna Kurz" in reply and not reply.startswith("zu:")


def test_reply_to_one_of_several_quotes_asks_about_its_article(talk):
    pressed = [action for action in actions(talk, "Wer leitet das Portal in Bremen und Hessen?").values() if action.startswith("ctx:")]
    bremen, hessen = (next(one for one in pressed if one.startswith(f"ctx:{row}:")) for row in (1, 2))
    assert len(pressed) > 1
    assert "7. Juni 2021" in say(talk, "und wann startete das?", replied_to=Replied((hessen,), is_part=True))
    reply = say(talk, "mehr dazu", replied_to=Replied((bremen,), is_part=True))
    assert reply.startswith("Im Zusammenhang: Portal Bremen") and "elf Diensten" in reply
    assert "Bremen\n" in say(talk, "seit wann?").split("\n\n")[0] + "\n"


def test_more_of_a_message_gives_more_of_that_answer(talk):
    thumb = actions(talk, "Wie hoch ist die Hundesteuer?")["👍"]
    say(talk, "Wer leitet das Portal in Bremen?")
    further = say(talk, "mehr dazu", replied_to=Replied((thumb.replace("rate", "more").replace("up", "0"), thumb)))
    assert "150 Euro" in further and "Bremen" not in further
    assert say(talk, "mehr dazu", replied_to=Replied((thumb,))) == texts.NO_MORE


def test_reply_to_an_older_answer_or_another_persons_refers_to_its_question(talk):
    older = tuple(actions(talk, "Seit wann gibt es das Portal in Hessen und das in Bremen?", ANNA).values())
    say(talk, "Wie hoch ist die Hundesteuer?", BERND)
    for visitor in (ANNA, BERND, Visitor(-7, 0, person=3)):
        reply = say(talk, "wer leitet es?", visitor, replied_to=Replied(older))
        assert "Portal in Hessen" in reply.split("\n")[0] and "Hundesteuer" not in reply.split("\n")[0]
    forgotten = tuple(action for action in older if action.startswith("ctx:"))  # after a restart, nobody's question is known
    assert "zu: Hessen Bremen" in say(talk, "wer leitet es?", Visitor(9), replied_to=Replied(forgotten)).split("\n")[0]


def test_what_a_reply_refers_to_is_said_once(talk):
    action = next(action for action in actions(talk, "Wer leitet das Portal in Hessen?").values() if action.startswith("ctx:2"))
    reply = say(talk, "und wann startete das?", replied_to=Replied((action,), is_part=True))
    assert reply.startswith("verstanden als: Wann startete das? – zu: Portal Hessen\n\n") and reply.count("zu: ") == 1


def test_reply_to_a_headline_asks_about_its_article(talk):
    hessen = Link(Span(0, 13), "Portal Hessen", "https://example.org/b")
    reply = say(talk, "wann startete das?", replied_to=Replied(links=(hessen,), is_part=True))
    assert "zu: Portal Hessen\n" in reply and "7. Juni 2021" in reply and "2019" not in reply
    assert "Das Portal in Hessen leitet" in say(talk, "mehr dazu", replied_to=Replied(links=(hessen,), is_part=True))
    bremen = Link(Span(0, 13), "Portal Bremen", "https://example.org/a")
    both = Replied(links=(hessen, bremen))
    assert "zu: Portal Hessen; Portal Bremen" not in say(talk, "Wer leitet das Portal in Bremen?", replied_to=both)


def test_small_talk_is_no_turn_and_brings_no_quotes(talk):
    say(talk, "Wer leitet das Portal in Bremen?")
    assert say(talk, "Danke!") == texts.SMALL_TALK["thanks"]
    assert "in Hessen?" in say(talk, "und in Hessen?").split("\n")[0]


def test_english_follow_ups(talk):
    english = Visitor(8, language="en")
    say(talk, "Who leads the Portal in Bremen?", english)
    reply = say(talk, "and since when?", english)
    assert reply.startswith("understood as: Since when? – on: Portal Bremen\n") and "3. Mai 2019" in reply
    assert say(talk, "more", english) == texts_en.NO_MORE
    assert "understood" not in say(talk, "Who decided on the Hundesteuer?", english)


def test_a_thousand_follow_ups_stay_short_and_keep_the_beginning(talk):
    say(talk, "Wer leitet das Portal in Bremen?")
    for number in range(1000):
        if number % 100 == 0:
            reply = say(talk, f"und wer hat dazu Dienst Nummer{number} gesehen?")
    assert "zu: Portal in Bremen" in reply and len(reply.split("\n")[0]) < 500


def test_time_of_news_filters_and_can_be_lifted(talk):
    (reply,) = talk.reply_to("Was gab es im Mai 2024 zur Hundesteuer?")
    assert reply.text.startswith("Zeitraum: 01.05.2024–31.05.2024\n\n") and "150 Euro" in reply.text and "120 Euro" not in reply.text
    lift = next(button.action for row in reply.buttons for button in row if button.label == texts.ANY_TIME_BUTTON)
    (lifted,) = talk.press(lift)
    (again,) = talk.press("anytime:qgone", "Was gab es im Mai 2024 zur Hundesteuer?")  # after a restart
    for reply in (lifted, again):
        labels = {button.label for row in reply.buttons for button in row}
        assert "Euro" in reply.text and "Zeitraum" not in reply.text and texts.ANY_TIME_BUTTON not in labels


def test_an_empty_time_is_given_up_and_said(talk):
    reply = say(talk, "Was gab es im März 2018 zur Hundesteuer?")
    assert reply.startswith("Im Zeitraum 01.03.2018–31.03.2018 steht dazu nichts") and "Euro" in reply


def test_old_and_overtaken_quotes_are_marked(talk):
    assert "Neueste Fundstelle: 04.05.2019" in say(talk, "Wer leitet das Portal in Bremen mit elf Diensten?")
    reply = say(talk, "Wie hoch ist die Hundesteuer aktuell?")
    assert reply.index("150 Euro") < reply.index("120 Euro") and "Früherer Stand: [2]" in reply
    assert "Früherer Stand" not in say(talk, "Wie hoch ist die Hundesteuer im Jahr?")


def test_after_a_restart_buttons_in_context_say_that_they_forgot(talk):
    for action in ("more:fgone:3", "anytime:fgone", "alone:fgone", "more:qgone:0"):
        (reply,) = talk.press(action)
        assert reply.text == texts.FORGOTTEN
    (reply,) = talk.press("more:fgone:3", "und in Hessen?")
    assert reply.text == texts.FORGOTTEN
    (reply,) = talk.press("alone:fgone", "Wer leitet das Portal in Bremen?")
    assert "Anna Kurz" in reply.text


def test_turns_are_bounded(clock):
    turns = Turns(clock, max_persons=3)
    for number in range(10):
        turns.add(Visitor(number), Turn(f"q{number}"))
    assert len(turns) == 3 and turns.last(Visitor(0)) is None and turns.last(Visitor(9)) == Turn("q9")
    clock.now += KEPT_S + 1
    assert turns.last(Visitor(9)) is None and len(turns) == 0
