"""Ranking of sentences: which one answers?

    candidates ── late interaction over whole passages ── best passages ── per sentence: late interaction, concept coverage ── order

All scores are z-scores within the question's own candidates, so that no scale of a model or a corpus is built in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.articles import Article, Span, StoredArticle
from index.encoding.encoder import EncodedQuestion
from index.encoding.projection import INT8_SCALE
from index.language.terms import TextKeys, text_keys
from index.retrieval.candidates import Candidate, standardise
from index.retrieval.question import STEM, Concept, Question
from index.storage.store import StoredPassage

RANKED_PASSAGES = 20
# Weights of z-scores, chosen on the odd half of berlin-qa (docs/measurements.md).
PASSAGE_INTERACTION, PASSAGE_DENSE, PASSAGE_LEXICAL = 0.7, 0.7, 0.2
SENTENCE_WEIGHT, SENTENCE_INTERACTION, SENTENCE_COVERAGE = 0.35, 1.0, 1.0
CONTEXT_SHARE = 0.6  # a concept named in the title or the sentence before counts this much for a sentence
YEAR_PENALTY = 1.5
FUNCTION_WORD_WEIGHT = 0.3  # idf of question tokens that belong to no concept
PART_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class RankedSentence:
    """A sentence of a passage with its scores; ``interaction`` is a cosine, ``coverage`` a share of the question's idf."""

    article_row: int
    passage_id: int
    place: int
    span: Span
    score: float
    interaction: float
    coverage: float


@dataclass(frozen=True, slots=True)
class RankedPassage:
    """A passage with the evidence for it: ``covered`` how well title and text cover each concept, ``coverage`` their idf-weighted mean."""

    candidate: Candidate
    stored: StoredPassage
    interaction: float
    covered: tuple[float, ...]
    coverage: float
    score: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best passages and their sentences, best first. Of all candidates: ``article_rows`` best first, ``dense`` and ``interactions``."""

    passages: tuple[RankedPassage, ...]
    sentences: tuple[RankedSentence, ...]
    article_rows: tuple[int, ...]
    dense: tuple[float, ...] = ()
    interactions: tuple[float, ...] = ()


def rank(
    question: Question,
    encoded: EncodedQuestion,
    candidates: Sequence[Candidate],
    passages: dict[int, StoredPassage],
    articles: dict[int, StoredArticle],
) -> Ranking:
    """Order passages and the sentences of the best of them. Candidates whose passage or article is gone are left out."""
    known = [c for c in candidates if c.passage_id in passages and passages[c.passage_id].article_row in articles]
    if not known:
        return Ranking((), (), ())
    weights = token_weights(question, encoded)
    stored = [passages[candidate.passage_id] for candidate in known]
    similarities = [_similarities(encoded, passage) for passage in stored]
    interaction = np.array([_weighted_max(similarity, weights) for similarity in similarities])
    dense = np.array([candidate.dense for candidate in known])
    lexical = np.array([candidate.lexical for candidate in known])
    scores = PASSAGE_INTERACTION * standardise(interaction) + PASSAGE_DENSE * standardise(dense) + PASSAGE_LEXICAL * standardise(lexical)
    order = np.argsort(-scores, kind="stable")
    ranked, sentences = [], []
    for place in order[:RANKED_PASSAGES]:
        table = coverage_table(question, articles[stored[place].article_row].article, stored[place])
        score = float(scores[place]) - _year_penalty(question, table)
        passage = _ranked_passage(question, known[place], stored[place], table, float(interaction[place]), score)
        ranked.append(passage)
        sentences += _sentences(passage, similarities[place], weights, table, question)
    ranked.sort(key=lambda passage: -passage.score)
    ordered = _order_sentences(sentences)
    rows = dict.fromkeys([*(sentence.article_row for sentence in ordered), *(stored[place].article_row for place in order)])
    return Ranking(tuple(ranked), tuple(ordered), tuple(rows), tuple(map(float, dense)), tuple(map(float, interaction)))


def _year_penalty(question: Question, table: np.ndarray) -> float:
    """News that neither names a year asked for nor is of that year answers about another one."""
    years = [place for place, concept in enumerate(question.concepts) if concept.is_year]
    return YEAR_PENALTY if years and not table[:, years].any() else 0.0


def _ranked_passage(
    question: Question, candidate: Candidate, stored: StoredPassage, table: np.ndarray, interaction: float, score: float
) -> RankedPassage:
    covered = table.max(axis=0)
    return RankedPassage(candidate, stored, interaction, tuple(map(float, covered)), _share(covered, question), score)


def token_weights(question: Question, encoded: EncodedQuestion) -> np.ndarray:
    """Weight of each token of the question: the idf of the concept it is part of. float32 (tokens,), sum 1."""
    weights = np.full(len(encoded.token_spans), FUNCTION_WORD_WEIGHT, np.float32)
    for concept in question.concepts:
        for place, span in enumerate(encoded.token_spans):
            if span.start < concept.span.end and span.end > concept.span.start:
                weights[place] = max(weights[place], concept.idf)
    return weights / max(float(weights.sum()), 1e-9)


def _similarities(encoded: EncodedQuestion, passage: StoredPassage) -> np.ndarray:
    """Cosines of question tokens and passage tokens, float32 (question tokens, passage tokens)."""
    if not len(passage.tokens):
        return np.zeros((len(encoded.tokens), 1), np.float32)
    return encoded.tokens @ (passage.tokens.astype(np.float32) / INT8_SCALE).T


def _weighted_max(similarity: np.ndarray, weights: np.ndarray) -> float:
    return float(weights @ similarity.max(axis=1)) if similarity.size else 0.0


def coverage_table(question: Question, article: Article, passage: StoredPassage) -> np.ndarray:
    """How well the head (row 0) and each sentence cover each concept: float32 (1 + sentences, concepts), values in [0, 1].

    The head is the title and the year of publication: news of 2019 seldom say "2019".
    """
    head = text_keys(f"{article.title} {article.published.year}" if article.published else article.title)
    keys = [head, *(text_keys(span.cut(article.text)) for span in passage.passage.sentences)]
    table = np.zeros((len(keys), len(question.concepts)), np.float32)
    for row, words in enumerate(keys):
        for column, concept in enumerate(question.concepts):
            table[row, column] = match_concept(concept, words)
    return table


def match_concept(concept: Concept, keys: TextKeys) -> float:
    """1 for the word itself, less for what stands for it (see the weights in :mod:`index.retrieval.question`), 0 for nothing."""
    best = STEM if concept.stem in keys.stems else 0.0
    for variant in concept.variants:
        if variant.weight > best and all(key in keys.wholes for key in variant.keys):
            best = variant.weight
        elif variant.weight * PART_SHARE > best and all(key in keys.wholes or key in keys.parts for key in variant.keys):
            best = variant.weight * PART_SHARE
    return best


def _share(covered: np.ndarray, question: Question) -> float:
    """Coverage per concept to one number: the idf-weighted mean."""
    idf = np.array([concept.idf for concept in question.concepts], np.float32)
    return float(covered @ idf / idf.sum()) if len(idf) else 0.0


def _sentences(
    passage: RankedPassage, similarity: np.ndarray, weights: np.ndarray, table: np.ndarray, question: Question
) -> list[RankedSentence]:
    stored = passage.stored
    found = []
    for place, span in enumerate(stored.passage.sentences):
        own = similarity[:, stored.token_sentences == place] if len(stored.token_sentences) else similarity[:, :0]
        context = np.maximum(table[0], table[place] if place else 0.0)
        coverage = _share(np.maximum(table[place + 1], CONTEXT_SHARE * context), question)
        found.append(RankedSentence(stored.article_row, stored.id, place, span, passage.score, _weighted_max(own, weights), coverage))
    return found


def _order_sentences(sentences: list[RankedSentence]) -> list[RankedSentence]:
    """Add the sentences' own z-scores to their passages' scores and sort, best first."""
    interaction = standardise(np.array([sentence.interaction for sentence in sentences]))
    coverage = standardise(np.array([sentence.coverage for sentence in sentences]))
    own = SENTENCE_INTERACTION * interaction + SENTENCE_COVERAGE * coverage
    scored = [replace(s, score=s.score + SENTENCE_WEIGHT * float(extra)) for s, extra in zip(sentences, own, strict=True)]
    return sorted(scored, key=lambda sentence: -sentence.score)
