"""Fits the threshold of ``thema:`` on labelled pairs, and says how well it does.

    python -m index.alerting.fit_themes CACHE

Pairs (``data/alerts/themes.jsonl``): words, a text, does it belong? Topics in odd places are fitted on, those in even places held out.
Near negatives are the labelled ones (other meanings of the same words, neighbours); far ones are the texts of all other topics but those
named in ``also``. The threshold is the lowest with a precision of MIN_PRECISION among texts and near negatives, at which at most MAX_FAR
of the far negatives are told.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.alerting.themes import FRAMES, theme_functional, vectors_digest
from index.articles import Article
from index.encoding.encoder import PassageText, SentenceTransformerEncoder
from index.ingest import passage_text
from index.language.sentences import split_sentences
from index.passages import cut_passages
from index.reading.inputs import read_inputs
from index.shipped import shipped_file

MIN_PRECISION = 0.92  # a little above what is asked for, as the other half is never as good
MAX_FAR = 0.002  # far texts are what arrives all day
CURVE = np.arange(2.0, 6.01, 0.5)


@dataclass(frozen=True, slots=True)
class Pair:
    """``kind``: belongs, near or far."""

    topic: int
    kind: str
    nearness: float


@dataclass(frozen=True, slots=True)
class ThemeFigures:
    """At a threshold: precision against near negatives, recall, share of far negatives told."""

    threshold: float
    precision: float
    recall: float
    far: float


def read_pairs(path: Path | None = None) -> list[dict]:
    """The labelled pairs in order: ``topic``, ``text``, ``match``, perhaps ``also``."""
    return [json.loads(line) for line in (path or shipped_file("alerts/themes.jsonl")).read_text("utf-8").splitlines()]


def score_pairs(lines: Sequence[dict], encoder: SentenceTransformerEncoder, passages: np.ndarray) -> list[Pair]:
    """Every topic against its own texts, and against those that belong to other topics."""
    encoded = encoder.encode_passages([PassageText("", line["text"], tuple(split_sentences(line["text"]))) for line in lines])
    vectors = np.stack([one.vector for one in encoded])
    pairs = []
    for number, topic in enumerate(dict.fromkeys(line["topic"] for line in lines)):
        vector, offset = theme_functional(np.stack([encoder.encode_unadapted(frame.format(topic)).vector for frame in FRAMES]), passages)
        for line, nearness in zip(lines, vectors @ vector + offset, strict=True):
            if line["topic"] == topic:
                pairs.append(Pair(number, "belongs" if line["match"] else "near", float(nearness)))
            elif line["match"] and topic not in line.get("also", ()):
                pairs.append(Pair(number, "far", float(nearness)))
    return pairs


def measure(pairs: Sequence[Pair], threshold: float) -> ThemeFigures:
    told = {kind: [pair.nearness >= threshold for pair in pairs if pair.kind == kind] for kind in ("belongs", "near", "far")}
    right, wrong = sum(told["belongs"]), sum(told["near"])
    return ThemeFigures(threshold, right / max(1, right + wrong), right / max(1, len(told["belongs"])), float(np.mean(told["far"])))


def choose_threshold(pairs: Sequence[Pair]) -> float:
    """See the module's docstring. Raises ValueError if no threshold is good enough."""
    for threshold in sorted({round(pair.nearness, 2) for pair in pairs if pair.kind == "belongs"}):
        figures = measure(pairs, threshold)
        if figures.precision >= MIN_PRECISION and figures.far <= MAX_FAR:
            return threshold
    raise ValueError("no threshold is precise enough")


def shipped_passages(encoder: SentenceTransformerEncoder) -> np.ndarray:
    """Vectors of all passages of the shipped articles, float16."""
    articles = [item for item in read_inputs([str(shipped_file("articles"))]) if isinstance(item, Article)]
    texts = [passage_text(article, passage) for article in articles for passage in cut_passages(article.text)]
    return np.stack([one.vector for one in encoder.encode_passages(texts)]).astype(np.float16)


def main() -> None:
    encoder = SentenceTransformerEncoder("", Path(sys.argv[1]))
    passages = shipped_passages(encoder)
    pairs = score_pairs(read_pairs(), encoder, passages.astype(np.float32))
    fitted, held = [pair for pair in pairs if not pair.topic % 2], [pair for pair in pairs if pair.topic % 2]
    threshold = choose_threshold(fitted)
    for name, part in (("fitted on", fitted), ("held out", held)):
        for at in (threshold, *CURVE):
            found = measure(part, at)
            print(f"{name:10} from {at:5.2f}: precision {found.precision:.3f}  recall {found.recall:.3f}  far {found.far:.4f}")
    curve = [[float(at), *(round(value, 4) for value in (f.precision, f.recall, f.far))] for at in CURVE for f in [measure(held, at)]]
    content = {"model": encoder.model_id.split(" ")[0], "threshold": threshold, "passages": vectors_digest(passages), "held_out_curve": curve}
    np.savez_compressed(shipped_file("themes.npz"), passages=passages)
    shipped_file("themes.json").write_text(json.dumps(content, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
