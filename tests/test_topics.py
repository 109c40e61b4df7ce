"""A word as a subject of the news: articles that name it, verbatim sentences, milestones, counts."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.actions import WANT
from bot.latest import PAGE, latest_page
from bot.privacy import privacy_reply
from bot.replies import Reply
from bot.terminal import talk
from bot.topic_commands import MAX_ACTION_BYTES, topic_feature
from bot.visitors import Visitor
from index.alerting.rules import parse_rule
from index.articles import Article
from index.lexical import LexicalIndex
from index.topics import Topics, count_over_time, months_per_point, named_day, split_evenly
from tests.fakes import new_store

LONG = "Der Fluxkompensator, " + "von dem viele Ämter sprechen, " * 20 + "kam am 3. Mai 2021 nach Bonn."
ARTICLES = (
    Article("law", "OZG gilt", "Am 18. August 2017 ist das OZG in Kraft getreten. Das Wetter war gut.", date(2017, 8, 18), tags=("OZG", "Recht")),
    Article("end", "Frist vorbei", "Das Onlinezugangsgesetz hatte eine Frist. Sie ist vorbei.", date(2023, 1, 2), source="Blatt", tags=("Frist",)),
    Article("new", "OZG 2.0", "Der Bundestag hat das OZG geändert, sagte er. Es war gestern.", date(2024, 2, 23), source="Blatt", tags=("Recht", "OZG")),
    Article("tag", "Andere Nachricht", "Am 1. März 2020 wurde ein Radweg eröffnet.", date(2020, 3, 2), tags=("Verkehr",)),
    Article("long", "Fluxkompensator", LONG, date(2021, 5, 4), tags=("x" * 200,)),
    Article("undated", "OZG ohne Datum", "Das OZG steht auch hier."),
)  # fmt: skip


@pytest.fixture
def store(tmp_path):
    store = new_store(tmp_path / "news.sqlite", *(replace(article, origin=article.key) for article in ARTICLES))
    yield store
    store.close()


@pytest.fixture
def topics(store):
    return Topics(store, LexicalIndex(store))


def keys(store, rows):
    articles = store.articles(rows)
    return [articles[row].article.key for row in rows]


@pytest.mark.parametrize("word", ["OZG", "ozg", "Onlinezugangsgesetz", "onlinezugangsgesetz"])
def test_a_topic_is_found_under_all_its_names(store, topics, word):
    topic = topics.find(word)
    assert keys(store, list(topic.dates)) == ["new", "end", "law"]
    assert "Onlinezugangsgesetz" in topic.entries[0].long


def test_all_words_of_a_topic_must_be_there(store, topics):
    assert keys(store, list(topics.find("Radweg März").dates)) == ["tag"]
    assert not topics.find("Radweg Fluxkompensator").dates and not topics.find("Quatsch").dates and not topics.find("der").dates


def test_quotes_are_verbatim_and_newest_first(store, topics):
    quotes = topics.quotes(topics.find("OZG"), 5)
    assert [quote.text for quote in quotes] == [
        "Der Bundestag hat das OZG geändert, sagte er.",
        "Das Onlinezugangsgesetz hatte eine Frist.",
        "Am 18. August 2017 ist das OZG in Kraft getreten.",
    ]
    for quote in quotes:
        assert quote.text in store.find_article(quote.article.article.key).article.text


def test_milestones_name_their_day_or_say_when_it_was_reported(topics):
    found = [(milestone.when, milestone.names_day) for milestone in topics.milestones(topics.find("OZG"), 8)]
    assert found == [(date(2017, 8, 18), True), (date(2023, 1, 2), False), (date(2024, 2, 23), False)]


def test_of_a_long_sentence_a_piece_that_names_the_topic_is_quoted(topics):
    (quote,) = topics.quotes(topics.find("Fluxkompensator"), 5)
    assert "Fluxkompensator" in quote.text and len(quote.text) <= 320 and quote.is_cut_after


def test_related_words_are_the_tags_without_its_own_names(topics):
    assert topics.related(topics.find("OZG"), 5) == ["Recht", "Frist"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Am 3. Mai 2021 begann es.", date(2021, 5, 3)),
        ("Seit dem 3.5.2021 gilt es.", None),
        ("Am 3. Mai begann es.", None),
        ("Im Mai 2021 begann es.", None),
        ("Gestern begann es.", None),
    ],
)
def test_named_day(text, day):
    assert named_day(text, date(2024, 1, 1)) == day


@given(st.lists(st.dates(date(2000, 1, 1), date(2030, 12, 31)), min_size=1, max_size=40), st.sampled_from([1, 3, 12]))
def test_counts_lose_no_article(dates, months):
    counts = count_over_time(dates, min(dates), max(dates), months)
    assert sum(count for _day, count in counts) == len(dates)
    assert [day for day, _count in counts] == sorted({day for day, _count in counts}) and all(day.day == 1 for day, _count in counts)


@given(st.lists(st.integers(), max_size=40), st.integers(1, 12))
def test_even_stretches_lose_nothing(items, groups):
    parts = split_evenly(items, groups)
    assert [item for part in parts for item in part] == items and all(parts) and len(parts) <= groups


def test_long_times_are_counted_by_quarter():
    assert (months_per_point(date(2024, 1, 1), date(2024, 12, 1)), months_per_point(date(2017, 1, 1), date(2024, 1, 1))) == (1, 3)


def all_actions(replies: list[Reply]) -> list[str]:
    return [button.action for reply in replies for row in reply.buttons for button in row]


@pytest.mark.parametrize("command", ["/thema", "/zeitstrahl", "/trend"])
@pytest.mark.parametrize(
    "words", ["", "OZG", "😀", "x" * 5000, "a,b,c,d,e,f,g,OZG", ":;:", "<b>&", "Fluxkompensator", "Quatsch", "שלום", "ä" * 60]
)
def test_a_command_always_answers(topics, command, words):
    replies = topic_feature(lambda: topics).commands[command](words, Visitor())
    assert replies and all(reply.text.strip() for reply in replies)
    assert all(len(action.encode()) <= MAX_ACTION_BYTES for action in all_actions(replies))


@pytest.mark.parametrize(("word", "shorts"), [("Einer für Alle", ["EfA"]), ("die", []), ("<b>&", []), ("E-Akte", ["E-Akte"]), ("---", [])])
def test_what_the_glossary_says_of_a_word(topics, word, shorts):
    assert [entry.short[0] for entry in topics.find(word).entries] == shorts


def test_buttons_of_a_topic_lead_on(topics):
    feature = topic_feature(lambda: topics)
    for action in all_actions(feature.commands["/thema"]("OZG", Visitor())):
        kind, *values = action.split(":")
        if action.startswith(f"{WANT}:"):  # the alerts answer it
            assert parse_rule(":".join(values[1:])).text
        else:
            assert feature.buttons[kind](values, Visitor())[0].text.strip()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("", ["new", "end", "long", "tag", "law"]),
        ("recht", ["new", "law"]),
        ("BLATT", ["new", "end"]),
        ("Verk", ["tag"]),
        ("xxx", ["long"]),
        ("nichts", []),
        ("  ", ["new", "end", "long", "tag", "law"]),
    ],
)
def test_latest_articles_by_tag_or_source(store, wanted, found):
    reply = latest_page(store, wanted.strip(), 0)
    titles = {article.key: article.title for article in ARTICLES}
    assert [segment.text for segment in reply.segments if segment.text in titles.values()] == [titles[key] for key in found]
    assert all(len(action.encode()) <= MAX_ACTION_BYTES for action in all_actions([reply]))


def test_pages_show_every_article_once(store):
    shown, offset = [], 0
    while "ohne" not in (page := latest_page(store, "", offset)).text or not shown:
        shown.append(page.text)
        offset += PAGE
    shown.append(page.text)
    assert all(sum(article.title + " ·" in text for text in shown) == 1 for article in ARTICLES)


class TopicTalk:
    """The conversation's place in the terminal: commands on topics only."""

    def __init__(self, topics: Topics) -> None:
        self._feature = topic_feature(lambda: topics)

    def reply_to(self, text: str) -> list[Reply]:
        command, words = text.split(maxsplit=1)
        return self._feature.commands[command](words, Visitor())

    def press(self, action: str) -> list[Reply]:
        kind, *values = action.split(":")
        return self._feature.buttons[kind](values, Visitor())


def test_the_terminal_saves_pictures_and_names_them(topics, tmp_path):
    written = []
    talk(TopicTalk(topics), ["/trend OZG, Fluxkompensator", "/thema OZG", "2"], False, written.append, tmp_path / "bilder")
    saved = sorted(path.name for path in (tmp_path / "bilder").iterdir())
    assert saved == ["trend-ozg-fluxkompensator.png", "trend-ozg.png", "zeitstrahl-ozg.png"]
    assert all(sum(f"Bild: {tmp_path / 'bilder' / name}\n" in text for text in written) == 1 for name in saved)
    assert all((tmp_path / "bilder" / name).read_bytes().startswith(b"\x89PNG") for name in saved)


def test_a_picture_that_cannot_be_saved_is_no_crash(topics, tmp_path):
    (tmp_path / "bilder").write_text("a file")
    written = []
    talk(TopicTalk(topics), ["/trend OZG"], False, written.append, tmp_path / "bilder")
    assert "ließ sich nicht speichern" in written[-1] and "OZG: 3 Artikel" in written[-1]


def test_privacy_names_telegram_and_the_contact():
    named, unnamed = privacy_reply("amt@example.org").text, privacy_reply("").text
    assert "amt@example.org" in named and "nicht Ende-zu-Ende" in named and "Betreiber" in unnamed and "@" not in unnamed
