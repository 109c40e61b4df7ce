"""What questions encoded in a hurry (:mod:`index.encoding.frame`) find, next to the same questions encoded whole (``make hurried``).

    python -m index.evaluation.hurried KEEP FOLDER...

For each folder the figures of both, then each question whose first quote differs or which only one of them answers.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from index.encoding.encoder import EncodedPassage, EncodedQuestion, Encoder, PassageText, SentenceTransformerEncoder
from index.evaluation.folder import EvaluationFolder, read_folder
from index.evaluation.metrics import Outcome, compute_figures
from index.evaluation.run import Observer, ask_all, indexed_folder

FIGURES = ("success@1", "quote_hit@1", "quote_hit@3", "recall@100", "answered_answerable", "answered_unanswerable", "answer_f1", "verbatim")


class HurriedEncoder:
    """An encoder whose questions all go the fast way."""

    def __init__(self, encoder: SentenceTransformerEncoder) -> None:
        self._encoder = encoder
        self.model_id, self.dimension = encoder.model_id, encoder.dimension

    def encode_question(self, text: str) -> EncodedQuestion:
        (encoded,) = self._encoder.encode_questions([text], is_hurried=True)
        return encoded

    def encode_unadapted(self, text: str) -> EncodedQuestion:
        return self._encoder.encode_unadapted(text)

    def encode_passages(self, passages: Sequence[PassageText]) -> list[EncodedPassage]:
        return self._encoder.encode_passages(passages)


def asked(folder: EvaluationFolder, encoder: Encoder, keep: Path) -> tuple[Outcome, ...]:
    with indexed_folder(folder, encoder, keep, Observer()) as (engine, store):
        return ask_all(engine, store, folder.queries, Observer())


def differences(whole: Sequence[Outcome], hurried: Sequence[Outcome]) -> list[str]:
    """A line for each question whose first quote differs or which only one of them answers."""
    lines = []
    for one, other in zip(whole, hurried, strict=True):
        quote = "" if one.quotes[:1] == other.quotes[:1] else "another first quote"
        answer = "" if one.is_answered == other.is_answered else ("no longer answered" if one.is_answered else "answered")
        if quote or answer:
            kind = "" if one.query.is_answerable else " (not answerable)"
            lines.append(f"  {', '.join(filter(None, (quote, answer)))}{kind}: {one.query.text}")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("keep", type=Path, help="folder for the model and the stores")
    parser.add_argument("folders", nargs="+", type=Path)
    options = parser.parse_args()
    encoder = SentenceTransformerEncoder("", options.keep)
    for path in options.folders:
        folder = read_folder(path)
        whole, hurried = (asked(folder, one, options.keep) for one in (encoder, HurriedEncoder(encoder)))
        for name, outcomes in (("whole", whole), ("hurried", hurried)):
            figures = compute_figures(outcomes)
            print(f"{path.name}, {name}: " + ", ".join(f"{figure} {figures[figure]:.4f}" for figure in FIGURES))
        lines = differences(whole, hurried)
        print(f"  {len(lines)} of {len(whole)} questions differ:", *lines, sep="\n", flush=True)


if __name__ == "__main__":
    main()
