"""A rule against the stored articles: what it would have found."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from index.alerting.analysis import analyse_article, word_units
from index.alerting.matching import Explanation, explain
from index.alerting.rule_index import anchors
from index.alerting.rules import Rule
from index.articles import Article, StoredArticle
from index.language.words import find_words
from index.storage.store import Store

WINDOWS_DAYS = (7, 30, 365)
CHUNK = 500  # articles read at a time


@dataclass(frozen=True, slots=True)
class Found:
    """A stored article that a rule matches, and why."""

    stored: StoredArticle
    explanation: Explanation

    @property
    def sentence(self) -> str:
        """The sentence that says most of the rule, verbatim; the title where only that matches."""
        article = self.stored.article
        return self.explanation.sentence.cut(article.text) if self.explanation.sentence else article.title


def search_archive(store: Store, rule: Rule, since: date | None = None) -> Iterator[Found]:
    """Articles that the rule matches, newest first; from ``since`` on, or all, undated ones last."""
    keys = frozenset(key for alternative in rule.alternatives for term in alternative.wanted for key, _sure in anchors(term))
    rows = store.newest_rows(-1)
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        articles = store.articles(chunk)
        for stored in (articles[row] for row in chunk if row in articles):
            published = stored.article.published
            if since is not None and (published is None or published < since):
                return
            if may_match(keys, stored.article) and (explanation := explain(rule, analyse_article(stored.article))) is not None:
                yield Found(stored, explanation)


def may_match(keys: frozenset[str], article: Article) -> bool:
    """A quick look at single words: False only if no rule with these anchor keys can match."""
    if any(key.startswith(("quelle:", "tag:")) for key in keys) or "- " in article.text or " -" in article.text:
        return True  # labels, and compounds whose parts are set apart (Melde- und Passwesen)
    surfaces = {word.surface for text in (article.title, article.text) for word in find_words(text)}
    return any(not keys.isdisjoint(found.whole) or not keys.isdisjoint(found.inside) for s in surfaces for found in word_units(s).keys)


def count_windows(days: list[date], today: date) -> dict[int, int]:
    """How many of the publication days lie in the last 7, 30 and 365 days, today included."""
    return {span: sum(today - timedelta(days=span) < day <= today for day in days) for span in WINDOWS_DAYS}
