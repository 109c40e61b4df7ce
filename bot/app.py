"""Puts the parts together: settings → store, encoder, vector index, engine, conversation."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from time import time

from bot import source_texts_de as source_texts
from bot import texts
from bot.alerts.commands import AlertDesk
from bot.alerts.delivering import take_for_terminal
from bot.alerts.matcher import AlertMatcher
from bot.alerts.store import AlertStore
from bot.alerts.theme_store import RuleThemes
from bot.conversation import ArticleOverview, Conversation
from bot.feedback import FeedbackDesk
from bot.keywords import KeywordDesk
from bot.languages import language_feature
from bot.latest import latest_feature
from bot.operating.broadcast_commands import opt_out_feature
from bot.operating.commands import Desk, operator_feature
from bot.operating.error_log import ErrorLog
from bot.operating.state import State, StateReader
from bot.operating.store import OperatorStore
from bot.pages_progress import PagesProgress
from bot.privacy import privacy_feature
from bot.progress import IngestProgress
from bot.reading import SourceDesk
from bot.replies import Reply
from bot.settings import Settings
from bot.talk_store import TalkStore
from bot.topic_commands import topic_feature
from bot.visitors import TERMINAL_CHAT, Visitor
from index.articles import Article
from index.encoding.cores import numpy_on_one_core, one_core
from index.encoding.encoder import SentenceTransformerEncoder
from index.encoding.waiting import WaitingQuestions
from index.errors import StoreError
from index.ingest import Ingester, IngestReport
from index.lexical import LexicalIndex
from index.reading.inputs import ReadFailure, count_expected, read_inputs
from index.removal import remove_published
from index.retrieval.candidates import Indexes
from index.retrieval.engine import Engine
from index.shipped import shipped_file
from index.sources.nouns import Source
from index.sources.runner import Watch
from index.sources.ways import Visit
from index.storage.store import Store
from index.topics import Topics
from index.vectors import VectorIndex


class App:
    """Everything that one process needs; each part is made on first use. ``report`` gets one-line messages for the person."""

    def __init__(self, settings: Settings, report: Callable[[str], None]) -> None:
        self.settings = settings
        self._report = report
        self._started = self.now()

    @cached_property
    def store(self) -> Store:
        _tables = self.alerts  # made before the first change of an article asks for them
        return Store(self.settings.database, AlertMatcher(self.now).on_change, self.now)

    @cached_property
    def operator_store(self) -> OperatorStore:
        return OperatorStore(self.settings.database)

    @cached_property
    def errors(self) -> ErrorLog:
        return ErrorLog(self.now)

    def state(self) -> State:
        """What ``/status`` tells."""
        reader = StateReader(self.store, self.alerts, self.talk, self.errors, self.encoder.model_id, self._started)
        return reader.read(len(self.operator_store.blocked()))

    @cached_property
    def alerts(self) -> AlertStore:
        return AlertStore(self.settings.database)

    @cached_property
    def rule_themes(self) -> RuleThemes:
        return RuleThemes(self.alerts.themes, lambda: self.encoder)

    @cached_property
    def talk(self) -> TalkStore:
        return TalkStore(self.settings.database)

    def language_of(self, visitor: Visitor) -> str:
        """What the chat has chosen, else the language that the visitor brings (also while the database cannot be read)."""
        try:
            return self.talk.language(visitor.chat_id) or visitor.language
        except StoreError:
            return visitor.language

    def now(self) -> float:
        """Seconds since 1970, or the fixed time of the settings."""
        return self.settings.now.timestamp() if self.settings.now else time()

    def pending_replies(self) -> list[Reply]:
        """Alerts that are due for the terminal; they count as read."""
        with texts.speaking(self.language_of(Visitor())):
            return take_for_terminal(self.alerts, self.store, TERMINAL_CHAT, self.now())

    @cached_property
    def encoder(self) -> SentenceTransformerEncoder:
        return SentenceTransformerEncoder(self.settings.model, self.settings.cache, self._report)

    @cached_property
    def vectors(self) -> VectorIndex:
        self._bind_model()
        return VectorIndex(self.store, self.encoder.dimension, self.settings.cache / f"{self.settings.database.stem}.faiss")

    @cached_property
    def questions(self) -> WaitingQuestions:
        return WaitingQuestions(self.encoder, on_one_core=one_core)

    @cached_property
    def engine(self) -> Engine:
        numpy_on_one_core()
        indexes = Indexes(self.vectors, self.lexical)
        return Engine(self.store, self.questions, indexes, today=self.settings.today, limits=self.settings.limits)

    @cached_property
    def lexical(self) -> LexicalIndex:
        return LexicalIndex(self.store)

    @cached_property
    def conversation(self) -> Conversation:
        desk = AlertDesk(self.alerts, self.store, self.rule_themes, self.now, self.settings.today)
        topics = partial(Topics, self.store, self.lexical)
        features = (
            latest_feature(self.store),
            topic_feature(topics),
            privacy_feature(self.settings.contact),
            operator_feature(Desk(self.operator_store, self.alerts, self.store, self.state, self.now)),
            opt_out_feature(self.operator_store),
            language_feature(self.talk),
        )
        feedback = FeedbackDesk(self.talk, self.settings.today)
        return Conversation(
            self.engine,
            self.overview,
            desk,
            features,
            feedback=feedback,
            language_of=self.language_of,
            keywords=KeywordDesk(self.store, topics, self.settings.today),
        )

    def ingest(self, paths: list[str]) -> IngestReport:
        """Read files and folders into the store, with progress on stderr."""
        self._bind_model()
        with IngestProgress(count_expected(paths)) as progress:
            report = Ingester(self.store, self.encoder, progress).run(read_inputs(paths))
        self.vectors.refresh()
        self.vectors.save()
        return report

    @cached_property
    def desk(self) -> SourceDesk:
        """The sources."""
        return SourceDesk(self.settings, self.store, self._store_articles, self._remove_published, self.now)

    def _store_articles(self, articles: Iterable[Article | ReadFailure]) -> IngestReport:
        self._bind_model()
        return Ingester(self.store, self.encoder).run(articles)

    def _remove_published(self, keys: Sequence[str]) -> int:
        """For sources, which may be read in a thread of their own: the indexes catch up with the next question."""
        self._bind_model()
        return remove_published(self.store, self.encoder, keys)

    def read_sources(self, sources: Sequence[Source]) -> Visit:
        """Visit sources now, with progress on stderr."""
        with PagesProgress() as progress:
            watch = Watch(
                lambda: self._report(source_texts.WAITING), lambda source, done, waiting: progress(source.name or source.address, done, waiting)
            )
            visit = self.desk.read(sources, watch)
        if visit.report.passages:
            self.vectors.refresh()
            self.vectors.save()
        return visit

    def ensure_articles(self) -> None:
        """Load the shipped articles into an empty store, and only then."""
        if self.store.count_articles() == 0:
            self._report("Noch keine Artikel gespeichert: Die mitgelieferten Demotexte werden eingelesen (etwa 30 Sekunden) …")
            self.add_demo()

    def add_demo(self) -> IngestReport:
        return self.ingest([str(shipped_file("articles"))])

    def remove_demo(self) -> int:
        """Delete the shipped articles; returns how many there were."""
        return self.remove(path.stem for path in shipped_file("articles").glob("*.md"))

    def remove(self, keys: Iterable[str]) -> int:
        """Delete articles and further places that are no longer published; returns how many there were."""
        removed = self._remove_published(list(keys))
        self.vectors.refresh()
        self.vectors.save()
        return removed

    def overview(self) -> ArticleOverview:
        newest = self.store.articles(self.store.newest_rows(1))
        dates = [stored.article.published for stored in newest.values()]
        demo = next(iter(shipped_file("articles").glob("*.md")), None)
        has_demo = demo is not None and self.store.find_article(demo.stem) is not None
        return ArticleOverview(self.store.count_articles(), dates[0] if dates else None, has_demo)

    def close(self) -> None:
        if "desk" in self.__dict__:
            self.desk.close()
        if "store" in self.__dict__:
            self.store.close()
        if "alerts" in self.__dict__:
            self.alerts.close()
        if "operator_store" in self.__dict__:
            self.operator_store.close()
        if "talk" in self.__dict__:
            self.talk.close()

    def _bind_model(self) -> None:
        self.store.bind_model(self.encoder.model_id, self.encoder.dimension)
        self.rule_themes.refresh()
