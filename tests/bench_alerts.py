"""Speed and memory of the index over alert rules. Prints figures; asserts nothing but parity.

    python -m tests.bench_alerts [DATA_FOLDER [--previews KEPT_FOLDER]]

Rules of one to four words drawn from the corpus (the press articles where they are, else the shipped ones), each joined in one of
the ways that people write; the article is one of about 5 kB. With ``--previews``, also rules against all press articles, in a store
without the language model that is kept (about ten minutes to fill).
"""

import argparse
import gzip
import itertools
import json
import random
import resource
import statistics
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot.alerts.matcher import AlertMatcher
from bot.alerts.preview import make_preview
from bot.alerts.store import AlertStore
from index.alerting.analysis import analyse_article
from index.alerting.archive import Archive
from index.alerting.matching import matches
from index.alerting.rule_index import RuleIndex
from index.alerting.rule_tree import All, Alternative, Rule
from index.alerting.rules import parse_rule
from index.alerting.terms import Term, phrase_term, word_term
from index.alerting.themes import encode_theme
from index.articles import Article
from index.ingest import Ingester
from index.language.words import find_words
from index.reading.inputs import read_inputs
from index.shipped import shipped_file
from index.storage.store import Store
from tests.fakes import DIMENSION, HASH_THEMES, HashEncoder

SIZES = (100_000, 1_000_000)
PREVIEWED = (
    "OZG", "Berlin", "„digitale Souveränität“", "Senat, Bezirk", "titel:Senat", "„Land Berlin“", "OZG Bremen", "Kita -Spandau", "Zwergkaninchenzucht",
    "KI", "thema:Wohnen",
)  # fmt: skip
PARITY_RULES, PARITY_ARTICLES, ROUNDS = 10_000, 3, 15


def read_corpus(data: Path | None, most: int = 2000) -> list[Article]:
    path = data / "berlin-press" / "articles.jsonl.gz" if data else None
    if path is None or not path.exists():
        return [item for item in read_inputs([str(shipped_file("articles"))]) if isinstance(item, Article)]
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in itertools.islice(lines, most)]
    return [Article(item["_id"], item["title"], item["text"]) for item in found]


def draw_terms(articles: list[Article]) -> list[Term]:
    """A term for every word of the corpus, and for as many phrases."""
    words = sorted({word.surface for article in articles for word in find_words(article.text)})
    dice = random.Random(1)
    singles = [term for word in words if (term := word_term(word)) is not None]
    pairs = [phrase_term(f"{a} {b}") for a, b in zip(words, dice.sample(words, len(words)), strict=True)]
    return [*singles, *(term for term in pairs if term is not None)]


def draw_rule(terms: list[Term], dice: random.Random) -> Rule:
    """One word, several, a choice, or an exclusion."""
    kind, (a, b, c) = dice.random(), dice.choices(terms, k=3)
    if kind < 0.4:
        alternatives = (Alternative(frozenset({a}), frozenset()),)
    elif kind < 0.7:
        alternatives = (Alternative(frozenset({a, b}), frozenset()),)
    elif kind < 0.85:
        alternatives = (Alternative(frozenset({a}), frozenset()), Alternative(frozenset({b, c}), frozenset()))
    else:
        alternatives = (Alternative(frozenset({a}), frozenset({b}) - {a}),)
    return Rule("", All(()), alternatives)


def filled_store(data: Path, path: Path) -> Store:
    """All press articles; what is there already is kept."""
    path.parent.mkdir(parents=True, exist_ok=True)
    AlertStore(path).close()
    store = Store(path, on_change=AlertMatcher(time.time).on_change)
    store.bind_model(HashEncoder.model_id, DIMENSION)
    if not store.count_articles():
        Ingester(store, HashEncoder()).run(read_press(data))
    return store


def read_press(data: Path) -> Iterator[Article]:
    with gzip.open(data / "berlin-press" / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        for item in map(json.loads, lines):
            about = item["metadata"]
            day = date.fromisoformat(about["date"][:10]) if about.get("date") else None
            yield Article(item["_id"], item["title"], item["text"], day, about.get("url") or "", about.get("publisher") or "", origin=item["_id"])


def bench_previews(data: Path, keep: Path) -> None:
    path = keep / "alerts-51k" / "store.sqlite"
    store, alerts = filled_store(data, path), AlertStore(path)
    archive, today = Archive(store, alerts.keys), max(day for _row, day in store.dated_rows() if day)
    archive.count(parse_rule("Warmlaufen"), (), today)
    print(f"previews over {store.count_articles()} articles:")
    for text in PREVIEWED:
        rule = parse_rule(text)
        themes = [encode_theme(label.key, label.text, HashEncoder(), HASH_THEMES) for label in rule.themes]
        started = time.perf_counter()
        preview = make_preview(archive, rule, themes, today)
        about = "about " if preview.counts.is_estimated else ""
        print(f"  {text:30} {time.perf_counter() - started:.2f} s, {about}{preview.counts.by_window[365]} in a year, {len(preview.latest)} shown")


def memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("data", nargs="?", type=Path)
    options.add_argument("--previews", type=Path)
    chosen = options.parse_args()
    if chosen.previews and chosen.data and (chosen.data / "berlin-press").exists():
        bench_previews(chosen.data, chosen.previews)
    bench_matching(read_corpus(chosen.data))


def bench_matching(articles: list[Article]) -> None:
    terms, dice = draw_terms(articles), random.Random(2)
    joined = "\n".join(article.text for article in articles[:40])
    article = Article("5kB", "Artikel", joined[:5000])
    before = memory_mb()
    print(f"{len(articles)} articles, {len(terms)} different terms, {before:.0f} MB before any rule")
    index, count = RuleIndex(), 0
    for size in SIZES:
        while count < size:
            index.add(count, draw_rule(terms, dice))
            count += 1
        times = []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            found = index.match(analyse_article(article))
            times.append(1000 * (time.perf_counter() - started))
        print(f"{size} rules: median {statistics.median(times):.1f} ms an article (analysis included), {len(found)} match, {memory_mb():.0f} MB")
    small = [draw_rule(terms, dice) for _ in range(PARITY_RULES)]
    parity = RuleIndex()
    for number, rule in enumerate(small):
        parity.add(number, rule)
    analysed = [analyse_article(Article("p", a.title, a.text)) for a in [article, *articles[-PARITY_ARTICLES:]]]
    same = all(parity.match(a) == [n for n, rule in enumerate(small) if matches(rule, a)] for a in analysed)
    print(f"parity with a plain scan of {PARITY_RULES} rules over {len(analysed)} articles: {'yes' if same else 'NO'}")
    started = time.perf_counter()
    parse_rule("OZG Bremen, „digitale Souveränität“ -Hessen")
    print(f"reading a rule: {1000 * (time.perf_counter() - started):.1f} ms")


if __name__ == "__main__":
    main()
