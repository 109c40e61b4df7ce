"""``make duplicates``: what is decided about nearly equal articles of a corpus, and how that agrees with the verdicts of a person.

    python -m tests.near_duplicates DATA_FOLDER [--pairs]

With ``--pairs``: all pairs from similarity 0.6 on that may be one, as lines "number number similarity decision", for judging.
"""

import argparse
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from index.articles import Article
from index.reading.inputs import read_inputs
from index.similarity import MAX_DAYS_APART, MIN_SHARED, is_same_news, plain, similarity, sketch
from tests.conftest import ROOT

SHOWN_FROM = 0.6
VERDICTS = ROOT / "docs" / "near-duplicates.md"
_ROW = re.compile(r"^\| (\d+) \| (\d+) \| [\d.]+ \| \d+ \| (one|two)\b", re.MULTILINE)


def read_corpus(data: Path) -> list[Article]:
    return [item for item in read_inputs([str(data / "berlin-press" / "articles.jsonl.gz")]) if isinstance(item, Article)]


def find_pairs(articles: list[Article]) -> Iterator[tuple[Article, Article]]:
    """Pairs near in time that share enough of their sketches, as the store finds them, and whose texts are not the same."""
    by_hash: defaultdict[int, list[int]] = defaultdict(list)
    for number, article in enumerate(articles):
        for value in sketch(article):
            by_hash[value].append(number)
    days = [article.published.toordinal() if article.published else 0 for article in articles]
    pairs = (pair for numbers in by_hash.values() for pair in itertools.combinations(numbers, 2))
    shared = Counter((a, b) for a, b in pairs if abs(days[a] - days[b]) <= MAX_DAYS_APART)
    found = ((articles[a], articles[b]) for (a, b), count in shared.items() if count >= MIN_SHARED)
    return (pair for pair in found if plain(pair[0].text) != plain(pair[1].text))


def report_verdicts(articles: list[Article]) -> None:
    """Of the pairs judged in docs/near-duplicates.md: how many are decided so."""
    by_key = {article.key: article for article in articles}
    judged = [(by_key[one], by_key[other], verdict == "one") for one, other, verdict in _ROW.findall(VERDICTS.read_text("utf-8"))]
    outcomes = Counter((is_same_news(one, other), is_one) for one, other, is_one in judged)
    print(
        f"{len(judged)} judged pairs: one and so decided {outcomes[True, True]}, wrongly decided one {outcomes[True, False]}, "
        f"missed {outcomes[False, True]}, two and so decided {outcomes[False, False]}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--pairs", action="store_true")
    options = parser.parse_args()
    if not (options.data / "berlin-press").is_dir():
        print(f"{options.data / 'berlin-press'} is not here: nothing was measured.")
        return
    articles = read_corpus(options.data)
    counts: Counter[str] = Counter()
    for one, other in find_pairs(articles):
        decision = "one" if is_same_news(one, other) else "two"
        counts[decision] += 1
        if options.pairs and (value := similarity(one.text, other.text)) >= SHOWN_FROM:
            print(one.key, other.key, f"{value:.3f}", decision)
    print(f"{len(articles)} articles; pairs compared by their texts: {dict(counts)}")
    report_verdicts(articles)


if __name__ == "__main__":
    main()
