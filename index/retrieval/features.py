"""What speaks for a sentence as an answer, as numbers, and the learned weights that turn them into one score.

A linear model in the spirit of learning to rank (Cao et al. 2007, ListNet): few features, so that some hundred labelled questions
are enough, with weights kept near those chosen by hand. Fitted by ``make ranking``; weights in ``data/ranking.json``.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from index.articles import Article
from index.errors import ConfigurationError
from index.language.words import clean_word, find_words, fold
from index.retrieval.answer_types import answer_form
from index.retrieval.matching import covered_share
from index.retrieval.question import Question
from index.retrieval.windows import quote_window
from index.shipped import shipped_file
from index.storage.store import StoredPassage

# Of the passage, z-scores among all candidates; of the sentence and of the quote it would stand in ("window"), z-scores among the
# sentences looked at, and shares in [0, 1].
PASSAGE_FEATURES = ("passage_interaction", "passage_dense", "passage_lexical")
SENTENCE_FEATURES = ("sentence_interaction", "sentence_coverage", "window_interaction")
SHARES = ("sentence_form", "window_form", "headline", "window_beyond_title", "title_coverage", "other_year")
FEATURES = PASSAGE_FEATURES + SENTENCE_FEATURES + SHARES
# Those that a fit may only make count for a sentence, and those only against it.
SPEAKS_AGAINST = frozenset({"headline", "other_year"})
# Weights before learning, chosen by hand (docs/measurements.md); fits are drawn towards them.
PRIOR = {
    "passage_interaction": 0.7,
    "passage_dense": 0.7,
    "passage_lexical": 0.2,
    "sentence_interaction": 0.35,
    "sentence_coverage": 0.35,
    "other_year": -1.5,
}
CONTEXT_SHARE = 0.6  # a concept named in the title or the sentence before counts this much for a sentence
MAX_HEADLINE_CHARS = 60


@dataclass(frozen=True, slots=True)
class RawFeatures:
    """Of the sentences of one passage, one entry each, before they are compared with those of other passages."""

    interaction: np.ndarray
    coverage: np.ndarray
    window_interaction: np.ndarray
    shares: np.ndarray  # float32 (sentences, len(SHARES))


def read_features(
    question: Question, article: Article, stored: StoredPassage, similarity: np.ndarray, weights: np.ndarray, table: np.ndarray
) -> RawFeatures:
    """Features of a passage's sentences.

    ``similarity``: cosines, float32 (question tokens, passage tokens); ``weights``: of the question's tokens, sum 1; ``table``: see
    :func:`index.retrieval.matching.coverage_table`.
    """
    sentences = stored.passage.sentences
    best = _best_per_sentence(similarity, stored.token_sentences, len(sentences))
    texts = [span.cut(article.text) for span in sentences]
    asked = frozenset(fold(clean_word(word.surface)) for word in find_words(question.text))
    forms = [answer_form(question.kind, text, asked) for text in texts]
    other_year = _other_year(question, table)
    title_coverage = covered_share(table[0], question)
    coverage, window_interaction, shares = [], [], []
    for place, text in enumerate(texts):
        first, last = quote_window(article.text, sentences, place)
        context = np.maximum(table[0], table[place] if place else 0.0)
        coverage.append(covered_share(np.maximum(table[place + 1], CONTEXT_SHARE * context), question))
        window_interaction.append(float(best[:, first : last + 1].max(axis=1) @ weights))
        beyond = np.maximum(0.0, table[first + 1 : last + 2].max(axis=0) - table[0])
        form = max(forms[first : last + 1])
        shares.append((forms[place], form, _is_headline(text), covered_share(beyond, question), title_coverage, other_year))
    return RawFeatures(weights @ best, np.array(coverage), np.array(window_interaction), np.array(shares, np.float32))


def _best_per_sentence(similarity: np.ndarray, token_sentences: np.ndarray, count: int) -> np.ndarray:
    """The best cosine of each question token within each sentence, 0 for a sentence without tokens: (question tokens, sentences)."""
    best = np.zeros((len(similarity), count), np.float32)
    for place in range(count if len(token_sentences) else 0):
        own = similarity[:, token_sentences == place]
        if own.size:
            best[:, place] = own.max(axis=1)
    return best


def _other_year(question: Question, table: np.ndarray) -> float:
    """News that neither names a year asked for nor is of that year answers about another one."""
    years = [place for place, concept in enumerate(question.concepts) if concept.is_year]
    return 1.0 if years and not table[:, years].any() else 0.0


def _is_headline(text: str) -> float:
    """A short line that ends like no sentence."""
    return 1.0 if len(text) <= MAX_HEADLINE_CHARS and text.rstrip('“”"«»)')[-1:] not in ".!?:…" else 0.0


def join_features(passages: np.ndarray, raw: list[RawFeatures]) -> np.ndarray:
    """All features, float64 (sentences of all passages, len(FEATURES)). ``passages``: (passages, len(PASSAGE_FEATURES))."""
    repeated = np.repeat(passages, [len(one.coverage) for one in raw], axis=0)
    own = [standardise(np.concatenate([getattr(one, name) for one in raw])) for name in ("interaction", "coverage", "window_interaction")]
    return np.column_stack([repeated, *own, np.concatenate([one.shares for one in raw])])


def standardise(values: np.ndarray) -> np.ndarray:
    """z-scores; zeros if all values are equal."""
    deviation = values.std() if len(values) else 0.0
    return (values - values.mean()) / deviation if deviation > 1e-9 else np.zeros_like(values)


def read_weights(path: Path) -> np.ndarray:
    """Weights in the order of FEATURES, 0 for those the file does not name. Raises ConfigurationError if it is unreadable."""
    try:
        stored = {name: float(weight) for name, weight in json.loads(path.read_text("utf-8"))["weights"].items()}
        if not stored.keys() <= set(FEATURES):
            raise ValueError(f"unknown features {sorted(stored.keys() - set(FEATURES))}")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(f"Die Gewichte {path} sind nicht lesbar: {error!r}.") from error
    return np.array([stored.get(name, 0.0) for name in FEATURES])


@lru_cache(maxsize=1)
def shipped_weights() -> np.ndarray:
    """The weights in ``data/``."""
    return read_weights(shipped_file("ranking.json"))
