"""The way from a question to an answer, top to bottom.

question | understand (what of the question before) | analyse (concepts, acronyms, corpus words)
         | candidates (lexical + vectors, filter first) | rank windows of sentences
         | enough evidence? | quotes, each checked against the store once more      … else an abstention with suggestions
A filter (time, article) that leaves no answer is given up, and the answer says so.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from index.articles import StoredArticle
from index.encoding.encoder import EncodedQuestion, Encoder
from index.language.glossary import Glossary, shipped_glossary
from index.language.timespans import find_time
from index.language.which import GERMAN
from index.quote_limits import QuoteLimits
from index.retrieval.abstention import Calibration, answer_probability, foreign_calibration, read_signs, shipped_calibration
from index.retrieval.candidates import Candidate, Indexes, find_candidates
from index.retrieval.currency import earlier_rows, stale_since
from index.retrieval.defined_terms import DefinedTerms
from index.retrieval.followups import Understood, understand
from index.retrieval.question import Concept, Correction, Question, Vocabulary, analyse_question
from index.retrieval.quoting import Quote, is_verbatim, newest_first, quote_windows, shorten, worth_showing
from index.retrieval.ranking import Ranking, rank
from index.retrieval.reasons import NO_ARTICLES, NO_WORD, NOTHING_RELIABLE, unknown_names
from index.retrieval.scope import EVERYTHING, Scope, article_passages, passages_within
from index.retrieval.scoring import Scorer, shipped_scorer
from index.retrieval.time_scope import Period, TimeUse, find_period, is_changed, is_within, prefer_period, without_newest, without_times
from index.retrieval.views import KeptViews
from index.retrieval.vocabulary import corpus_vocabulary
from index.storage.kept import KeptReads
from index.storage.records import StoredPassage
from index.storage.store import Store

SHOWN_QUOTES = QuoteLimits().quotes
MORE_PAGES = 4  # how far "more" reaches, the answer included
MAX_QUOTES = SHOWN_QUOTES * MORE_PAGES
SUGGESTIONS = 3
PREPARED_PASSAGES = 300  # about a second, once
MAX_QUESTION_CHARS = 1000  # about the model's window; the rest of a longer message is not read


@dataclass(frozen=True, slots=True)
class Answer:
    """``quotes``: best first, the first ``shown`` are the answer, the rest is for "more". Without an answer, ``quotes``
    is empty, ``reason`` a German sentence, and ``suggestions`` are near articles that are not claimed to answer.
    ``corrections``: misspelt words and what was searched for instead. ``before``, ``scope``: what it was asked after, and where it was
    searched; ``understood``: the question in the light of the one before, if there was one; ``period``: the time it names, where that
    did something; ``about``: articles it was restricted to, and ``left_about``: nothing there answered, so all were searched.
    ``stale_since``: date of the newest quote shown when that is over a year ago; ``earlier``: rows of articles whose quotes a newer one
    shown has overtaken.
    ``concepts``: what was understood of the question."""

    question: str
    quotes: tuple[Quote, ...]
    reason: str | None
    suggestions: tuple[StoredArticle, ...]
    elapsed_ms: float
    corrections: tuple[Correction, ...] = ()
    before: str = ""
    scope: Scope = EVERYTHING
    understood: Understood | None = None
    period: Period | None = None
    about: tuple[StoredArticle, ...] = ()
    left_about: bool = False
    stale_since: date | None = None
    earlier: frozenset[int] = frozenset()
    concepts: tuple[Concept, ...] = ()
    shown: int = SHOWN_QUOTES

    @property
    def is_answered(self) -> bool:
        return self.reason is None


@dataclass(frozen=True, slots=True)
class Material:
    """What a ranking is made from."""

    question: Question
    encoded: EncodedQuestion
    candidates: tuple[Candidate, ...]
    passages: dict[int, StoredPassage]
    articles: dict[int, StoredArticle]


@dataclass(frozen=True, slots=True)
class Findings:
    """All that was found for a question, before it is decided whether that is an answer."""

    question: Question
    ranking: Ranking
    quotes: tuple[Quote, ...]
    articles: dict[int, StoredArticle]
    probability: float
    period: Period | None = None  # what the time in the question did to them, if anything
    left_about: bool = False


class Engine:
    """Answers questions from one store with one encoder."""

    def __init__(
        self,
        store: Store,
        encoder: Encoder,
        indexes: Indexes,
        glossary: Glossary | None = None,
        calibration: Calibration | None = None,
        scorer: Scorer | None = None,
        today: Callable[[], date] = date.today,
        limits: QuoteLimits = QuoteLimits(),
        analyse: Callable[[str, Glossary, Vocabulary, str], Question] = analyse_question,
    ) -> None:
        self._store = store
        self._kept = KeptReads(store)
        self._views = KeptViews()
        self._encoder = encoder
        self._indexes = indexes
        self._defined_terms = DefinedTerms(glossary or shipped_glossary())
        self._glossary = glossary or shipped_glossary()
        self._calibration = calibration or shipped_calibration()
        self._foreign_calibration = calibration or foreign_calibration()
        self._scorer = scorer or shipped_scorer()
        self._today = today
        self._limits = limits
        self._analyse = analyse
        self._vocabulary: Vocabulary | None = None
        self._vocabulary_generation = -1

    def prepare(self, passages: int = PREPARED_PASSAGES) -> None:
        """Read and analyse the latest passages now; otherwise the first questions that find them do, three milliseconds for each."""
        with self._store.snapshot():
            articles = self._kept.articles(self._store.newest_rows(passages))
            wanted = self._store.passage_ids_of_articles(articles)[-passages:]
            for stored in self._kept.passages(wanted).values():
                if stored.passage.sentences:
                    self._views.view(articles[stored.article_row].article, stored)

    def answer(self, text: str, before: str = "", until: date | None = None, scope: Scope = EVERYTHING) -> Answer:
        """Answer ``text``; ``before`` is the question it refers to, ``until`` the last day whose articles count."""
        started = time.perf_counter()
        text = text.encode("utf-8", "replace").decode("utf-8")  # lone surrogates (bytes of a wrong encoding) are no text to any model
        findings = self.find(text, before, until, scope)
        quotes = self._current(worth_showing(findings.quotes))
        wants_newest = self._asks_for_newest(text)
        if wants_newest:
            quotes = newest_first(quotes, self._limits.quotes)
        reason = self.reason_to_abstain(findings) if quotes else NOTHING_RELIABLE
        shown, suggestions = (quotes, ()) if reason is None else ((), tuple(_nearest_articles(findings)))
        allowed = tuple(shorten(findings.question, quote, self._limits.chars) for quote in shown[: self._limits.quotes * MORE_PAGES])
        question, elapsed = findings.question, (time.perf_counter() - started) * 1000
        answer = Answer(text, allowed, reason, suggestions, elapsed, question.corrections, concepts=question.concepts, shown=self._limits.quotes)
        return self._with_origins(answer, findings, before, scope, wants_newest)

    def _with_origins(self, answer: Answer, findings: Findings, before: str, scope: Scope, wants_newest: bool) -> Answer:
        """With what the person should know about how it came about."""
        shown = answer.quotes[: answer.shown]
        return replace(
            answer,
            before=before,
            scope=scope,
            understood=understand(answer.question[:MAX_QUESTION_CHARS], before[:MAX_QUESTION_CHARS]) if before else None,
            period=findings.period,
            about=tuple(self._store.articles(scope.articles).values()),
            left_about=findings.left_about,
            stale_since=stale_since(shown, self._today()),
            earlier=earlier_rows(findings.question, shown) if wants_newest else frozenset(),
        )

    def _asks_for_newest(self, text: str) -> bool:
        """Whether "zuletzt", "aktuell" and the like are asked for, and no stretch of time is named."""
        time_asked = find_time(text, self._today())
        return time_asked is not None and time_asked.wants_newest and not time_asked.has_range

    def find(self, text: str, before: str = "", until: date | None = None, scope: Scope = EVERYTHING) -> Findings:
        """Search and rank without deciding whether it is an answer (also what evaluation measures)."""
        text, before = text[:MAX_QUESTION_CHARS], before[:MAX_QUESTION_CHARS]
        with self._store.snapshot():  # vectors, terms, passages and articles of one moment, though another process may ingest
            understood = understand(text, before) if before else Understood(text)
            period = None if scope.any_time else find_period(understood.question, self._today())
            understood = replace(understood, question=without_newest(understood.question, self._today()))
            asked = understood
            if period and period.use is TimeUse.FILTERED:
                asked = replace(understood, question=without_times(understood.question, self._today()))
            found = self._find(asked, until, replace(scope, period=period))
            if period and period.use is TimeUse.FILTERED and not self._answers(found):
                found = self._find(understood, until, scope)
                begins_within = self._answers(found) and is_within(period, found.quotes[0].article.article.published)
                found = replace(found, period=None if begins_within else replace(period, use=TimeUse.NOTHING_FOUND))
            if scope.articles and not self._answers(found):
                found = replace(self._find(understood, until, replace(scope, articles=())), left_about=True, period=found.period)
            return found

    def _answers(self, findings: Findings) -> bool:
        question = findings.question
        return bool(findings.quotes) and _is_heard_of(question) and findings.probability >= self._calibration_for(question).threshold

    def _find(self, understood: Understood, until: date | None, scope: Scope) -> Findings:
        found = self._gather(understood, until, scope)
        question, articles, candidates = found.question, found.articles, found.candidates
        if scope.articles:
            candidates = tuple(one for one in candidates if found.passages[one.passage_id].article_row in scope.articles)
        ranking = rank(question, found.encoded, candidates, found.passages, articles, self._scorer, self._views.view)
        # Whether an article answers shows beside all others, also when it alone is quoted.
        ranking = replace(ranking, dense=tuple(candidate.dense for candidate in found.candidates)) if scope.articles else ranking
        period = scope.period
        if period and period.use is TimeUse.PREFERRED:
            plain, ranking = ranking, prefer_period(ranking, articles, period)
            period = period if is_changed(plain, ranking, SHOWN_QUOTES) else None
        quotes = quote_windows(question, ranking.windows, articles, MAX_QUOTES)
        probability = answer_probability(read_signs(question, ranking), self._calibration_for(question)) if ranking.windows else 0.0
        return Findings(question, ranking, tuple(quotes), articles, probability, period)

    def gather(self, text: str, before: str = "", until: date | None = None) -> Material:
        """The question analysed and encoded, with its candidates, before any ranking."""
        return self._gather(understand(text, before) if before else Understood(text), until, EVERYTHING)

    def read_question(self, text: str, before: str = "") -> Question:
        """The question analysed, nothing searched."""
        return self._read(understand(text, before) if before else Understood(text))

    def _read(self, understood: Understood) -> Question:
        self._indexes.refresh()
        vocabulary = self._current_vocabulary()  # also brings the glossary up to date
        return self._analyse(understood.question, self._glossary, vocabulary, understood.subject)

    def _gather(self, understood: Understood, until: date | None, scope: Scope) -> Material:
        question = self._read(understood)
        encode = self._encoder.encode_question if question.language == GERMAN else self._encoder.encode_unadapted
        encoded = encode(question.searched_text)
        candidates = find_candidates(question, encoded, self._indexes, passages_within(self._store, until, scope.period))
        if scope.articles:
            known = {candidate.passage_id for candidate in candidates}
            own = article_passages(self._store, scope.articles)
            candidates += [one for one in find_candidates(question, encoded, self._indexes, own) if one.passage_id not in known]
        passages = self._kept.passages(candidate.passage_id for candidate in candidates)
        candidates = [candidate for candidate in candidates if candidate.passage_id in passages]
        articles = self._kept.articles(passage.article_row for passage in passages.values())
        return Material(question, encoded, tuple(candidates), passages, articles)

    def article(self, row: int) -> StoredArticle | None:
        """The article in a row of the store, None if it is gone."""
        return self._store.articles([row]).get(row)

    def linked_article(self, title: str, url: str) -> StoredArticle | None:
        """The article of which this is the headline, or its beginning, at this address; None if there is none (any more)."""
        rows = self._store.rows_at(url) or self._store.rows_at(url.rstrip("/"))  # Telegram ends the address of a host with a slash
        found = self._store.articles(rows).values()
        return next((stored for stored in found if title and (stored.article.title or stored.article.key).startswith(title)), None)

    def _current_vocabulary(self) -> Vocabulary:
        lexical = self._indexes.lexical
        generation = lexical.generation
        if self._vocabulary is None or self._vocabulary_generation != generation:
            self._glossary = self._defined_terms.glossary(self._store)
            self._vocabulary = corpus_vocabulary(lexical, self._store)
            self._vocabulary_generation = generation
        return self._vocabulary

    def is_current(self, quote: Quote) -> bool:
        """Whether the store still holds the quote's article, and it still reads so at the quote's place."""
        stored = self.article(quote.article.row)
        return stored is not None and is_verbatim(quote, stored.article.text)

    def _current(self, quotes: tuple[Quote, ...]) -> tuple[Quote, ...]:
        """Those of the quotes that are current; read from the store itself, not from what is kept of it."""
        texts = self._store.texts(quote.article.row for quote in quotes)
        return tuple(quote for quote in quotes if is_verbatim(quote, texts.get(quote.article.row, "")))

    def _calibration_for(self, question: Question) -> Calibration:
        return self._calibration if question.language == GERMAN else self._foreign_calibration

    def reason_to_abstain(self, findings: Findings) -> str | None:
        """Why what was found is no answer, as a German sentence; None if it is one."""
        if not self._store.count_articles():
            return NO_ARTICLES
        question = findings.question
        if not question.concepts and question.language == GERMAN:
            return NO_WORD
        if self._answers(findings):
            return None
        unknown = [concept.surface for concept in question.concepts if not concept.is_known and concept.is_name]
        if not unknown:
            return NOTHING_RELIABLE
        return unknown_names(tuple(dict.fromkeys(unknown)))


def _is_heard_of(question: Question) -> bool:
    """Whether any article has one of the question's words. What vectors alone find near "Was ist FIDO2?" is no answer where nobody writes of
    FIDO2. Questions in other languages have other words."""
    return question.language != GERMAN or any(concept.is_known for concept in question.concepts)


def _nearest_articles(findings: Findings) -> list[StoredArticle]:
    rows = dict.fromkeys(passage.stored.article_row for passage in findings.ranking.passages)
    return [findings.articles[row] for row in rows][:SUGGESTIONS]
