"""The first promise: every quote is a verbatim slice of a stored article, however odd the article and whoever changes it."""

import tempfile
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot import texts_de as texts
from bot.conversation import ArticleOverview, Conversation
from index.articles import Article, Span, StoredArticle
from index.encoding.encoder import EncodedQuestion
from index.ingest import Ingester
from index.language.glossary import Glossary
from index.language.sentences import split_sentences
from index.lexical import LexicalIndex
from index.retrieval.candidates import Indexes
from index.retrieval.engine import MAX_QUOTES, NOTHING_RELIABLE, SHOWN_QUOTES, Engine
from index.retrieval.quoting import MAX_QUOTE_CHARS, Quote, is_verbatim
from index.storage.records import StoredPassage
from index.storage.store import Store
from index.vectors import VectorIndex
from tests.fakes import ANSWER_ALWAYS, DIMENSION, HashEncoder, article, new_store

NO_GLOSSARY = Glossary([])


def engine_of(store: Store, encoder: HashEncoder | None = None) -> Engine:
    return Engine(store, encoder or HashEncoder(), Indexes(VectorIndex(store, DIMENSION), LexicalIndex(store)), NO_GLOSSARY, ANSWER_ALWAYS)


@contextmanager
def engine_with(*articles: Article):
    """An engine on a real store in a folder of its own (hypothesis runs many examples in one test)."""
    with tempfile.TemporaryDirectory() as folder:
        store = new_store(Path(folder) / "amtsfunk.db", *articles)
        try:
            yield engine_of(store), store
        finally:
            store.close()


def check_quotes(engine: Engine, store: Store, question: str) -> tuple[Quote, ...]:
    quotes = engine.answer(question).quotes
    assert len(quotes) <= MAX_QUOTES
    for quote in quotes:
        stored = store.articles([quote.article.row])[quote.article.row].article.text
        assert stored[quote.span.start : quote.span.end] == quote.text
        assert 0 < len(quote.text) <= MAX_QUOTE_CHARS
        assert quote.text == quote.text.strip()
        assert quote.is_cut_before or quote.is_cut_after or is_made_of_sentences(quote.span, stored)
    for number, quote in enumerate(quotes):
        for other in quotes[:number]:
            assert quote.article.row != other.article.row or quote.span.end <= other.span.start or other.span.end <= quote.span.start
    return quotes


def is_made_of_sentences(span: Span, text: str) -> bool:
    sentences = split_sentences(text)
    return span.start in {sentence.start for sentence in sentences} and span.end in {sentence.end for sentence in sentences}


ODD = st.sampled_from(
    [
        "Bremen übernimmt den Vorsitz im IT-Planungsrat. ",
        "Der Bund zahlt z. B. 3,5 Mio. Euro. ",
        "Ver\u00adwal\u00adtung\u00a0digital. ",
        "Bu\u0308rger u\u0301nd Länder\u200b. ",
        "👩‍💻🇩🇪 Emoji! ",
        "שלום עולם, مرحبا. ",
        "\u202everkehrt\u202c. ",
        "• Liste\n– ohne Punkt\n1. Januar\n",
        "wort" * 200,
        "Bremen, " * 80,
        "𝔅𝔯𝔢𝔪𝔢𝔫 ｂｒｅｍｅｎ ﬁn\ufeff. ",
        "\x00\x07 <b>&amp;</b> \" ' \\ %s {0}. ",
        "日本語のテキスト。",
        " \n\u2028\u2029\u3000 ",
    ]
)
ODD_TEXTS = st.lists(ODD, min_size=1, max_size=12).map("".join) | st.text(min_size=1, max_size=200)


@settings(max_examples=60)
@given(
    st.lists(ODD_TEXTS, min_size=1, max_size=4),
    st.sampled_from(["Bremen Vorsitz", "Was zahlt der Bund?", "wort", "שלום", "🙂 Emoji"]) | st.text(max_size=30),
)
@example(["Bremen ist a\u19b0b."], "Was ist a\u19b0b?")  # a letter of a newer Unicode than many libraries know
@example(["Es sind " + "1" * 5000 + " Stück."], "9" * 5000)
@example(["Bremen " * 300], "Bremen")
@example(["Bremen."], "")
def test_every_quote_is_verbatim(bodies, question):
    with engine_with(*(article(text, f"a{number}", "Bremen") for number, text in enumerate(bodies))) as (engine, store):
        check_quotes(engine, store, question)


def test_lone_surrogates_never_reach_the_model():
    with engine_with(article("Bremen zahlt.")) as (engine, _store):
        answer = engine.answer("Bremen \udcff")
        assert answer.question == "Bremen ?" and answer.quotes[0].text == "Bremen zahlt."


def test_quotes_are_found_at_all():
    with engine_with(article("Bremen übernimmt den Vorsitz. Der Bund zahlt. " * 3, "a"), article("Essen hat einen CDO.", "b")) as (
        engine,
        store,
    ):
        quotes = check_quotes(engine, store, "Wer ist CDO in Essen?")
        assert quotes[0].text == "Essen hat einen CDO."
        assert "Bremen übernimmt den Vorsitz." in check_quotes(engine, store, "Wer übernimmt den Vorsitz?")[0].text


def test_long_sentence_is_cut_where_the_question_is_answered():
    filler = "eine lange Aufzählung von Dingen ohne Belang, " * 12
    with engine_with(article(f"Es folgt {filler}Bremen übernimmt den Vorsitz, {filler}und Schluss.")) as (engine, store):
        quote = check_quotes(engine, store, "Wer übernimmt den Vorsitz?")[0]
        assert quote.is_cut_before and quote.is_cut_after and "Bremen übernimmt den Vorsitz" in quote.text


def test_articles_of_a_later_day_are_not_quoted():
    early, late = article("Bremen übernimmt 2019.", "a"), article("Bremen übernimmt 2021.", "b")
    early, late = replace(early, published=date(2019, 1, 28)), replace(late, published=date(2021, 1, 28))
    with engine_with(early, late, article("Bremen übernimmt ohne Datum.", "c")) as (engine, _store):
        answer = engine.answer("Was übernimmt Bremen?", until=date(2020, 1, 1))
        assert {quote.article.article.key for quote in answer.quotes} == {"a"}


def quote(text: str, start: int, end: int) -> Quote:
    return Quote(StoredArticle(1, 1, article(text)), Span(start, end), 1.0)


def test_newest_first_where_it_is_asked_for():
    old, new = article("Der Vorsitz liegt bei Bremen.", "a"), article("Der Vorsitz liegt bei Essen, heißt es.", "b")
    old, new = replace(old, published=date(2019, 1, 28)), replace(new, published=date(2021, 1, 28))
    with engine_with(old, new) as (engine, _store):
        plain = [quote.article.article.key for quote in engine.answer("Der Vorsitz liegt bei wem?").quotes]
        newest = [quote.article.article.key for quote in engine.answer("Der Vorsitz liegt zuletzt bei wem?").quotes]
        assert sorted(plain) == ["a", "b"] and newest == ["b", "a"]


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ("Bremen übernimmt.", True),
        ("Bremen übernimmt. Und mehr.", True),
        ("Bremen übernahm.", False),
        (" Bremen übernimmt.", False),
        ("Bremen u\u0308bernimmt.", False),  # looks the same, is not the same
        ("", False),
    ],
)
def test_is_verbatim(stored, expected):
    assert is_verbatim(quote("Bremen übernimmt.", 0, 17), stored) == expected


def test_empty_quote_is_never_verbatim():
    assert not is_verbatim(quote("Bremen", 3, 3), "Bremen")
    assert not is_verbatim(quote("Bremen", 10, 20), "Bremen")


OLD, NEW = article("Alt. Bremen übernimmt den Vorsitz."), article("Ein neuer Anfang ist gemacht. Essen übernimmt den Vorsitz.")


def store_elsewhere(path: Path, *articles: Article) -> None:
    """Ingest as another process would: with its own connections."""
    other = Store(path)
    Ingester(other, HashEncoder()).run(articles)
    other.close()


class MeanwhileEncoder(HashEncoder):
    """While the question is being encoded, another process stores articles."""

    def __init__(self, path: Path, *articles: Article) -> None:
        self._path, self._articles = path, articles

    def encode_question(self, text: str) -> EncodedQuestion:
        store_elsewhere(self._path, *self._articles)
        return super().encode_question(text)


class EditedAfterPassages(Store):
    """Right after passages have been read, another process stores a new version of the article."""

    def passages(self, ids) -> dict[int, StoredPassage]:
        found = super().passages(ids)
        store_elsewhere(self.path, NEW)
        return found


class EditedAfterArticles(Store):
    """Right after articles have been read, another process stores a new version."""

    def articles(self, rows) -> dict[int, StoredArticle]:
        found = super().articles(rows)
        store_elsewhere(self.path, NEW)
        return found


@pytest.mark.parametrize("kind", [EditedAfterPassages, EditedAfterArticles])
def test_quotes_of_an_article_that_changes_while_it_is_asked_are_not_returned(tmp_path, kind):
    new_store(tmp_path / "a.db", OLD).close()
    answer = engine_of(kind(tmp_path / "a.db")).answer("Wer übernimmt den Vorsitz?")
    assert answer.quotes == () and answer.reason == NOTHING_RELIABLE


def test_articles_stored_while_a_question_is_asked_are_no_error(tmp_path):
    store = new_store(tmp_path / "a.db", article("Bremen übernimmt den Vorsitz.", "a"))
    engine = engine_of(store, MeanwhileEncoder(tmp_path / "a.db", article("Essen übernimmt den Vorsitz.", "b")))
    first = [quote.article.article.key for quote in engine.answer("Wer übernimmt den Vorsitz?").quotes]
    second = {quote.article.article.key for quote in engine.answer("Wer übernimmt den Vorsitz?").quotes}
    assert first == ["a"] and second == {"a", "b"}


def test_an_edited_article_is_quoted_as_it_now_reads(tmp_path):
    store = new_store(tmp_path / "a.db", OLD)
    engine = engine_of(store)
    before = engine.answer("Wer übernimmt den Vorsitz?").quotes
    store_elsewhere(tmp_path / "a.db", NEW)
    after = engine.answer("Wer übernimmt den Vorsitz?").quotes
    assert "Bremen" in before[0].text and not engine.is_current(before[0])
    assert "Essen" in after[0].text and engine.is_current(after[0])
    store.remove(["a"])
    assert not engine.is_current(after[0])


def test_more_does_not_show_quotes_of_an_article_that_has_changed(tmp_path):
    towns = ["Bremen", "Essen", "Bonn", "Kiel", "Mainz", "Ulm"]
    store = new_store(tmp_path / "a.db", *(article(f"{town} übernimmt den Vorsitz mit {town}er Plan {town}.", town) for town in towns))
    conversation = Conversation(engine_of(store), lambda: ArticleOverview(len(towns), None, False))
    (reply,) = conversation.reply_to("Wer übernimmt den Vorsitz?")
    shown = [town for town in towns if town in reply.text]
    assert len(shown) == SHOWN_QUOTES
    action = next(button.action for row in reply.buttons for button in row if button.label == texts.MORE_BUTTON)
    changed, *rest = [town for town in towns if town not in shown]
    store_elsewhere(tmp_path / "a.db", article("Hier steht nun etwas anderes.", changed))
    (more,) = conversation.press(action)
    assert changed not in more.text and all(town in more.text for town in rest)
    store.remove(rest)
    assert conversation.press(action)[0].text == texts.NO_MORE
