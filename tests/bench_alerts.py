"""Speed and memory of the index over alert rules. Prints figures; asserts nothing but parity.

    python -m tests.bench_alerts [DATA_FOLDER]

Rules of one to four words drawn from the corpus (the press articles where they are, else the shipped ones), each joined in one of
the ways that people write; the article is one of about 5 kB.
"""

import gzip
import itertools
import json
import random
import resource
import statistics
import sys
import time
from pathlib import Path

from index.alerting.analysis import analyse_article
from index.alerting.matching import matches
from index.alerting.rule_index import RuleIndex
from index.alerting.rules import All, Alternative, Rule, parse_rule
from index.alerting.terms import Term, phrase_term, word_term
from index.articles import Article
from index.language.words import find_words
from index.reading.inputs import read_inputs
from index.shipped import shipped_file

SIZES = (100_000, 1_000_000)
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


def memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    articles = read_corpus(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
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
