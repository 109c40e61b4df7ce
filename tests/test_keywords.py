"""Messages that ask nothing: which they are, and what they get."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import texts_de
from bot.alerts.actions import WANT
from bot.conversation import ArticleOverview, Conversation
from bot.keywords import KeywordDesk
from bot.replies import Style
from index.lexical import LexicalIndex
from index.retrieval.keywords import subject_of
from index.topics import Topics
from tests.answer_world import TODAY, TOWNS, World, towns
from tests.fakes import ANSWER_ALWAYS, ANSWER_NEVER, article


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("NOOTS", "NOOTS"),
        ("die FITKO", "FITKO"),
        ("E-Akte?", "E-Akte"),
        ("digitale brieftasche", "digitale brieftasche"),
        ("OZG und BundID", "OZG und BundID"),
        ("Neues zur E-Akte", "E-Akte"),
        ("Was gibt es Neues zur E-Akte?", "E-Akte"),
        ("neueste Meldungen zu NOOTS", "NOOTS"),
        ("Wie ist der Stand der Dinge beim OZG?", "OZG"),
        ("letzte Beschlüsse des IT-Planungsrats", "Beschlüsse des IT-Planungsrats"),
        ("Was macht die FITKO im Moment?", "FITKO"),
    ],
)
def test_a_subject(text, subject):
    assert subject_of(text, TODAY) == subject


@pytest.mark.parametrize("text", ["Was gibt es Neues?", "Neuigkeiten?", "aktuelle Nachrichten", "gibt es was neues", "Stand der Dinge?"])
def test_news_of_everything(text):
    assert subject_of(text, TODAY) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Wer leitet die FITKO?", "Wer leitet derzeit die FITKO?", "Was kostet die E-Akte?", "Ist die E-Akte sicher?", "Funktioniert BundID in Hessen?",
        "perso online beantragen", "Wer ist Vorsitzender des IT-Planungsrats derzeit", "Wo steht die E-Akte aktuell?", "NOOTS 2025",
        "Was gab es letzte Woche zum OZG?", "What is NOOTS?", "Baden-Württemberg KI F13 Aleph Alpha Landesverwaltung", "Warum?", "Was ist das?", "letzte Woche", "", "?!", "<b>&</b>", "der die das", f"OZG{' ' * 20_000}",
    ],
)  # fmt: skip
def test_questions_and_times_are_no_keywords(text):
    assert subject_of(text, TODAY) is None


@given(st.text(max_size=80), st.dates(date(2000, 1, 1), date(2040, 1, 1)))
def test_a_subject_stands_in_the_message(text, today):
    subject = subject_of(text, today)
    assert subject is None or subject in text


def talk(world: World) -> Conversation:
    keywords = KeywordDesk(world.store, lambda: Topics(world.store, LexicalIndex(world.store)), lambda: TODAY)
    return Conversation(world.engine, lambda: ArticleOverview(0, None, False), keywords=keywords)


@pytest.fixture
def silent(tmp_path):
    """A world whose engine finds no answer to anything."""
    with World(tmp_path / "a.db", *towns(), calibration=ANSWER_NEVER) as made:
        yield made


@pytest.mark.parametrize("text", ["IT-Planungsrat", "Neues zum IT-Planungsrat", "Stand der Dinge beim IT-Planungsrat?"])
def test_a_subject_without_an_answer_gets_its_latest_quotes(silent, text):
    (reply,) = talk(silent).reply_to(text)
    assert reply.text.startswith(f"{texts_de.KEYWORD}\n\nIT-Planungsrat")
    quotes = [segment.text for segment in reply.segments if segment.style is Style.QUOTE]
    assert quotes and all(any(quote in one.text for one in towns()) for quote in quotes)
    assert f"{WANT}:IT-Planungsrat" in [button.action for row in reply.buttons for button in row]


def test_an_answer_comes_before_the_subject(tmp_path):
    with World(tmp_path / "a.db", *towns(), calibration=ANSWER_ALWAYS) as world:
        (reply,) = talk(world).reply_to("IT-Planungsrat")
    assert texts_de.KEYWORD not in reply.text and any(segment.style is Style.QUOTE for segment in reply.segments)


@pytest.mark.parametrize("text", ["Xanten", "Wer bezahlt den IT-Planungsrat?", "Neues zu Xanten"])
def test_what_no_article_names_and_what_is_asked_stay_without_an_answer(silent, text):
    (reply,) = talk(silent).reply_to(text)
    assert reply.text.startswith(texts_de.ABSTAINED)
    assert not any(segment.style is Style.QUOTE for segment in reply.segments)


def test_a_wish_for_news_gets_the_latest_articles(tmp_path):
    newest = replace(article("Ganz frisch ist das.", "frisch", "Frisches"), published=date(2026, 3, 1))
    with World(tmp_path / "a.db", *towns(), newest, calibration=ANSWER_ALWAYS) as world:
        (reply,) = talk(world).reply_to("Was gibt es Neues?")
    assert reply.text.startswith(texts_de.LATEST) and reply.text.index("Frisches") < min(reply.text.index(f"{town} leitet") for town in TOWNS[:3] if town in reply.text)


def test_the_subject_of_a_keyword_is_what_the_next_message_refers_to(silent):
    conversation = talk(silent)
    conversation.reply_to("IT-Planungsrat")
    (reply,) = conversation.reply_to("und seit wann?")
    assert "IT-Planungsrat" in reply.text and texts_de.KEYWORD not in reply.text
