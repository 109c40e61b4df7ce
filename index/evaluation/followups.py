"""Follow-up questions against the same questions written out in full (``make followups``).

A follow-up is asked as in the chat: the rules decide whether it refers to the question before, and understand it. Beside that it is asked
as it stands, and written out by hand. ``data/training/followups`` holds the questions; odd numbers were looked at while the rules were made.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.encoding.encoder import SentenceTransformerEncoder
from index.evaluation.folder import Query, read_folder
from index.evaluation.labelled import training_folder
from index.evaluation.run import Observer, indexed_folder
from index.retrieval.engine import SHOWN_QUOTES, Engine
from index.retrieval.followups import understand
from index.retrieval.references import find_reference
from index.shipped import shipped_file

WAYS = ("in context", "alone", "written out")


@dataclass(frozen=True, slots=True)
class Pair:
    """A follow-up with the questions asked before it in one chat, in order, the same written out, and gold answer strings."""

    id: str
    before: tuple[str, ...]
    text: str
    written_out: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hits:
    """Of one pair in one way: whether the first quote, and whether one of those shown, contains a gold answer."""

    first: bool
    shown: bool


def read_pairs() -> list[Pair]:
    """The pairs written on press releases of the training articles."""
    rows = _read_lines("pairs.jsonl")
    return [Pair(row["_id"], tuple(row["before"]), row["text"], row["written_out"], tuple(row["answers"])) for row in rows]


def berlin_pairs(queries: Sequence[Query]) -> list[Pair]:
    """The follow-ups of berlin-qa, with what this project wrote out for them."""
    written = {row["_id"]: row["written_out"] for row in _read_lines("berlin-qa.jsonl")}
    return [Pair(q.id, (q.before,), q.text, written[q.id], q.answers) for q in queries if q.id in written]


def _read_lines(name: str) -> list[dict]:
    text = (shipped_file("training") / "followups" / name).read_text("utf-8")
    return [json.loads(line) for line in text.split("\n") if line]


def measure(engine: Engine, pair: Pair) -> dict[str, Hits]:
    """Hits of a pair in each of WAYS."""
    return {
        "in context": _hits(engine, pair, pair.text, context_of(pair)),
        "alone": _hits(engine, pair, pair.text, ""),
        "written out": _hits(engine, pair, pair.written_out, ""),
    }


def context_of(pair: Pair) -> str:
    """What the follow-up is asked after in a chat: the question before as it was understood; "" if it is not taken for a follow-up."""
    if find_reference(pair.text) is None:
        return ""
    before, *later = pair.before
    for text in later:
        before = understand(text, before).searched if find_reference(text) else text
    return before


def _hits(engine: Engine, pair: Pair, text: str, before: str) -> Hits:
    quotes = [quote.text for quote in engine.find(text, before).quotes[:SHOWN_QUOTES]]
    found = [any(answer in quote for answer in pair.answers) for quote in quotes]
    return Hits(found[:1] == [True], any(found))


def share(measured: Sequence[dict[str, Hits]], way: str) -> tuple[float, float]:
    """quote_hit@1 and quote_hit@3 of a way."""
    count = max(1, len(measured))
    return sum(hits[way].first for hits in measured) / count, sum(hits[way].shown for hits in measured) / count


def describe(name: str, measured: Sequence[dict[str, Hits]]) -> Iterator[str]:
    """The figures of a set as lines."""
    for way in WAYS:
        first, shown = share(measured, way)
        yield f"{name:32} {way:12} quote_hit@1 {first:.3f}  quote_hit@3 {shown:.3f}"
    full = share(measured, "written out")[1]
    yield f"{name:32} in context / written out at 3: {share(measured, 'in context')[1] / full if full else 0:.2f} ({len(measured)} questions)"


def recognised(queries: Sequence[Query]) -> str:
    """How many follow-ups the rules recognise, and how many other questions they take for one."""
    follow = [query for query in queries if query.before]
    other = [query for query in queries if not query.before]
    found, wrong = (sum(find_reference(query.text) is not None for query in some) for some in (follow, other))
    return f"recognised {found} of {len(follow)} follow-ups, taken for one {wrong} of {len(other)} other questions"


def main(data: Path, keep: Path) -> None:
    """Print the figures. ``data``: holds berlin-qa and berlin-press; ``keep``: for the model and the stores."""
    encoder = SentenceTransformerEncoder("", keep)
    with tempfile.TemporaryDirectory() as temporary:
        training = training_folder(data, Path(temporary) / "training")
        held_out = training_folder(data, Path(temporary) / "held-out", shipped_file("training") / "held-out")
        berlin = read_folder(data / "berlin-qa")
        for name, folder in (("training", training), ("held-out", held_out), ("berlin-qa", berlin)):
            print(f"{name:32} {recognised(folder.queries)}")
        with indexed_folder(training, encoder, keep, Observer()) as (engine, _store):
            measured = {pair.id: measure(engine, pair) for pair in read_pairs()}
        with indexed_folder(berlin, encoder, keep, Observer()) as (engine, _store):
            of_berlin = [measure(engine, pair) for pair in berlin_pairs(berlin.queries)]
    for name, parity in (("written pairs, looked at", 1), ("written pairs, untouched half", 0)):
        print("\n".join(describe(name, [hits for number, hits in measured.items() if int(number[1:]) % 2 == parity])))
    print("\n".join(describe("berlin-qa", of_berlin)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
