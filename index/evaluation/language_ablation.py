"""What each part of reading a question brings.

    python -m index.evaluation.language_ablation DATA_FOLDER KEEP_FOLDER

Every variant analyses questions without one part and is otherwise what ships; nothing is fitted anew.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from index.encoding.encoder import SentenceTransformerEncoder
from index.evaluation.folder import EvaluationFolder, read_folder
from index.evaluation.labelled import shipped_folder, training_folder
from index.evaluation.metrics import compute_figures
from index.evaluation.run import Observer, ask_all, indexed_folder
from index.language.glossary import Glossary, shipped_glossary
from index.lexical import LexicalIndex
from index.retrieval.candidates import Indexes
from index.retrieval.engine import Engine
from index.retrieval.question import LONGER, PARTS, Concept, Question, Vocabulary, analyse_question
from index.shipped import shipped_file
from index.vectors import VectorIndex

Analysis = Callable[[str, Glossary, Vocabulary, str], Question]
FIGURES = ("success@1", "quote_hit@1", "quote_hit@3", "answered_answerable", "answered_unanswerable")
NOTHING = Glossary([])


def without_parts(concept: Concept) -> Concept:
    """Only whole words: no parts of compounds, no longer words of the corpus."""
    kept = tuple(variant for variant in concept.variants if variant.weight not in {PARTS, LONGER})
    return replace(concept, variants=kept or concept.variants[:1])


def _changed(change: Callable[[Question], Question]) -> Analysis:
    return lambda text, glossary, vocabulary, before: change(analyse_question(text, glossary, vocabulary, before))


def _unspelled(text: str, glossary: Glossary, vocabulary: Vocabulary, before: str) -> Question:
    return analyse_question(text, glossary, Vocabulary(vocabulary.passages, vocabulary.count, lambda key, _n: vocabulary.longer(key)), before)


VARIANTS: dict[str, Analysis] = {
    "everything": analyse_question,
    "without glossary and definitions": lambda text, _glossary, vocabulary, before: analyse_question(text, NOTHING, vocabulary, before),
    "without definitions of articles": lambda text, _g, vocabulary, before: analyse_question(text, shipped_glossary(), vocabulary, before),
    "without parts of compounds": _changed(lambda q: replace(q, concepts=tuple(without_parts(concept) for concept in q.concepts))),
    "without stems": _changed(lambda q: replace(q, concepts=tuple(replace(concept, stem="\0") for concept in q.concepts))),
    "without correcting spelling": _unspelled,
    "without the kind of answer": _changed(lambda q: replace(q, kind=None)),
    "without the question before": lambda text, glossary, vocabulary, _before: analyse_question(text, glossary, vocabulary),
}


def measure(folder: EvaluationFolder, encoder: SentenceTransformerEncoder, keep: Path) -> Iterator[tuple[str, dict[str, float]]]:
    """(variant, figures) for each variant, over one index."""
    with indexed_folder(folder, encoder, keep, Observer()) as (_engine, store):
        indexes = Indexes(VectorIndex(store, encoder.dimension), LexicalIndex(store))
        for name, analysis in VARIANTS.items():
            yield name, compute_figures(ask_all(Engine(store, encoder, indexes, analyse=analysis), store, folder.queries, Observer()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with berlin-qa and berlin-press")
    parser.add_argument("keep", type=Path, help="folder for the model and the stores")
    options = parser.parse_args()
    encoder = SentenceTransformerEncoder("", options.keep)
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        held_out = training_folder(options.data, root / "held-out", shipped_file("training") / "held-out")
        folders = {"berlin-qa": read_folder(options.data / "berlin-qa"), "held-out": held_out, "shipped": shipped_folder(root / "shipped")}
        print(f"| set, variant | {' | '.join(FIGURES)} |")
        for set_name, folder in folders.items():
            for name, figures in measure(folder, encoder, options.keep):
                print(f"| {set_name}, {name} | {' | '.join(f'{figures[one]:.3f}' for one in FIGURES)} |", flush=True)


if __name__ == "__main__":
    main()
