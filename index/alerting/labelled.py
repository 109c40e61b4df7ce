"""How well rules match, on labelled sentences, next to substring and stem matching.

    python -m index.alerting.labelled [FILE]

Every second line of the file is held out: rules of the language are changed on the other half only.
"""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.alerting.analysis import analyse_article
from index.alerting.matching import fulfilled, is_said, matches
from index.alerting.rule_tree import Rule
from index.alerting.rules import parse_rule
from index.alerting.terms import Label, Term
from index.articles import Article
from index.language.words import find_words
from index.shipped import shipped_file


@dataclass(frozen=True, slots=True)
class Labelled:
    """A rule, an article (mostly of one sentence), and whether a person would want to be told. ``number``: line in the file, from 1."""

    number: int
    rule: str
    article: Article
    should_match: bool
    kind: str

    @property
    def is_held_out(self) -> bool:
        return self.number % 2 == 0


@dataclass(frozen=True, slots=True)
class Figures:
    """Precision, recall, and what was decided wrongly."""

    count: int
    precision: float
    recall: float
    wrong: tuple[Labelled, ...]


def read_labelled(path: Path | None = None) -> list[Labelled]:
    """The labelled set that ships with the project, or another file of the same form."""
    lines = (path or shipped_file("alerts/labelled.jsonl")).read_text("utf-8").splitlines()
    return [_labelled(number, json.loads(line)) for number, line in enumerate(lines, 1)]


def _labelled(number: int, line: dict) -> Labelled:
    article = Article(str(number), line.get("title", ""), line["sentence"], source=line.get("source", ""), tags=tuple(line.get("tags", ())))
    return Labelled(number, line["rule"], article, line["match"], line["kind"])


Matcher = Callable[[Rule, Article], bool]


def by_language(rule: Rule, article: Article) -> bool:
    """The matching of this project."""
    return matches(rule, analyse_article(article))


def by_substring(rule: Rule, article: Article) -> bool:
    """What simple alert services do: the letters occur somewhere, whatever their case."""
    return bool(fulfilled(rule, lambda term: _occurs(term, article, lambda words, text: words.lower() in text.lower())))


def by_stem(rule: Rule, article: Article) -> bool:
    """Snowball stems of the words, in order."""
    return bool(fulfilled(rule, lambda term: _occurs(term, article, _stems_occur)))


def _occurs(term: Term | Label, article: Article, is_in: Callable[[str, str], bool]) -> bool:
    if isinstance(term, Label):
        return is_said(term, analyse_article(article))
    return is_in(term.text, article.title if term.where == "titel" else f"{article.title}\n{article.text}")


def _stems_occur(words: str, text: str) -> bool:
    return f" {' '.join(_stems(words))} " in f" {' '.join(_stems(text))} "


def _stems(text: str) -> list[str]:
    return [_stemmer().stemWord(part) for word in find_words(text) for part in word.surface.lower().split("-")]


@lru_cache(maxsize=1)
def _stemmer():
    import Stemmer

    return Stemmer.Stemmer("german")


MATCHERS: dict[str, Matcher] = {"Amtsfunk": by_language, "substring": by_substring, "stems": by_stem}


def measure(labelled: Sequence[Labelled], matcher: Matcher) -> Figures:
    """Precision and recall of a matcher."""
    said = {item.number: matcher(parse_rule(item.rule), item.article) for item in labelled}
    hits = sum(said[item.number] and item.should_match for item in labelled)
    wrong = tuple(item for item in labelled if said[item.number] != item.should_match)
    positive = sum(item.should_match for item in labelled)
    return Figures(len(labelled), hits / max(1, sum(said.values())), hits / max(1, positive), wrong)


def report(labelled: Sequence[Labelled]) -> Iterable[str]:
    """Lines for a person: the table, then the misses of our own matching."""
    halves = {
        "all": labelled,
        "development half": [item for item in labelled if not item.is_held_out],
        "held-out half": [item for item in labelled if item.is_held_out],
    }
    yield f"{len(labelled)} triples, {sum(not item.should_match for item in labelled)} of them negative"
    for half, items in halves.items():
        for name, matcher in MATCHERS.items():
            figures = measure(items, matcher)
            yield f"{half:17} {name:10} precision {figures.precision:.3f}  recall {figures.recall:.3f}  wrong {len(figures.wrong)}"
    for item in measure(labelled, by_language).wrong:
        what = "missed" if item.should_match else "false"
        yield f"{what}: line {item.number} ({item.kind}{', held out' if item.is_held_out else ''}) {item.rule} | {item.article.text}"


if __name__ == "__main__":
    for line in report(read_labelled(Path(sys.argv[1]) if len(sys.argv) > 1 else None)):
        print(line)
