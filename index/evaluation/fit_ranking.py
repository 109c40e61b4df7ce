"""Fits how sentences are ranked: ``token_projection.npz`` and ``ranking.json`` in ``data/``
(``make ranking``, about an hour; :mod:`index.evaluation.fit_abstention` comes after it).

    labelled questions ── best passages, full token vectors ── projection, once on each half and once on all
                       ── features of each question by the projection that has not seen its article ── score

Data: the questions of the odd-numbered half of berlin-qa and of ``data/training``. The even half is reported, never fitted on.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from index.encoding.encoder import DEFAULT_PROJECTION, EncodedQuestion, PassageText, SentenceTransformerEncoder
from index.encoding.learn_projection import LabelledQuestion, PassageTokens, learn_projection
from index.encoding.projection import TokenProjection, fit_projection, quantise, save_projection
from index.evaluation.fit_scorer import HIDDEN, ScoredQuestion, first_hits, fit_scorer
from index.evaluation.folder import Query
from index.evaluation.full_tokens import FullTokens
from index.evaluation.labelled import BERLIN_QA, is_fitted_on, labelled_folders
from index.ingest import passage_text
from index.retrieval.engine import Engine, Material
from index.retrieval.features import FEATURES
from index.retrieval.quoting import each_quoted
from index.retrieval.ranking import Ranking, rank, token_weights
from index.retrieval.scoring import Scorer, write_scorer
from index.retrieval.windows import find_windows
from index.shipped import shipped_file

UNCLEAR_CHARS = 10  # a shorter gold string in an article that is not labelled relevant may stand there by accident
FLAT = Scorer(*(np.zeros(len(FEATURES)), np.ones(len(FEATURES)), np.zeros(len(FEATURES))), np.zeros((1, len(FEATURES))), np.zeros(1), np.zeros(1))


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled question with all that a ranking of it needs."""

    query: Query
    material: Material
    full_question: np.ndarray
    is_held_out: bool
    set_name: str

    @property
    def group(self) -> str:
        """Questions on one article stay together when halves are made."""
        return min(self.query.relevant, default=self.query.id)


def collect_cases(engine: Engine, encoder: SentenceTransformerEncoder, queries: Sequence[Query], name: str) -> list[Case]:
    cases = []
    for query in queries:
        material = engine.gather(query.text, query.before)
        (tokens,) = encoder.full_tokens(material.question.searched_text)
        cases.append(Case(query, material, tokens, name == BERLIN_QA and not is_fitted_on(query), name))
    return cases


def texts_of(case: Case) -> dict[int, PassageText]:
    material = case.material
    return {n: passage_text(material.articles[p.article_row].article, p.passage) for n, p in material.passages.items()}


class SmallTokens:
    """Token vectors of passages as one projection makes them; each passage, a candidate of many questions, is projected once."""

    def __init__(self, full: FullTokens, projection: TokenProjection) -> None:
        self.full, self.projection = full, projection
        self._made: dict[PassageText, np.ndarray] = {}

    def of(self, text: PassageText, count: int) -> np.ndarray:
        """int8 (count, AXES)."""
        if text not in self._made:
            self._made[text] = quantise(self.projection.passage.apply(self.full[text][:count].astype(np.float32)))
        return self._made[text]


def project(case: Case, small: SmallTokens) -> Ranking:
    """The ranking of a case as it would be with a projection."""
    material, projection = case.material, small.projection
    texts = texts_of(case)
    passages = {
        number: replace(stored, tokens=small.of(texts[number], len(stored.token_sentences))) for number, stored in material.passages.items()
    }
    old = material.encoded
    encoded = EncodedQuestion(
        old.vector, projection.question.apply(case.full_question), old.token_spans, projection.token_salience(case.full_question)
    )
    return rank(material.question, encoded, material.candidates, passages, material.articles, FLAT)


def label(case: Case, ranking: Ranking) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each window of a ranking: holds a gold answer, holds the string but perhaps by accident, is of a relevant article."""
    quotes = list(each_quoted(case.material.question, ranking.windows, case.material.articles))
    relevant = np.array([bool(case.query.relevant & {q.article.article.key, *(key for key, _url in q.article.also_at)}) for q in quotes], bool)
    longest = np.array([max((len(answer) for answer in case.query.answers if answer in quote.text), default=0) for quote in quotes])
    gold = (longest > 0) & (relevant | (longest >= UNCLEAR_CHARS))
    return gold, (longest > 0) & ~gold, relevant


def to_labelled(case: Case, ranking: Ranking, full: FullTokens) -> LabelledQuestion | None:
    """What the projection is learned from; None if no window of the best passages holds an answer."""
    texts, material = texts_of(case), case.material
    gold, unclear, relevant = label(case, ranking)
    by_passage: dict[int, list[int]] = {}
    for place, window in enumerate(ranking.windows):
        by_passage.setdefault(window.passage_id, []).append(place)
    if not gold.any():
        return None
    passages, order, dense, lexical, is_relevant = [], [], [], [], []
    for number, places in by_passage.items():
        stored = material.passages[number]
        windows = find_windows(material.articles[stored.article_row].article.text, stored.passage.sentences)
        count = len(stored.passage.sentences)
        tokens = full[texts[number]][: len(stored.token_sentences)]
        passages.append(PassageTokens(tokens, np.minimum(stored.token_sentences.astype(np.int64), count), windows.members(), count))
        places.sort(key=lambda place: (ranking.windows[place].span.start, ranking.windows[place].span.end))
        order += places
        first = dict(zip(FEATURES, ranking.windows[places[0]].features, strict=True))
        dense.append(first["passage_dense"])
        lexical.append(first["passage_lexical"])
        is_relevant.append(bool(relevant[places[0]]))
    weights = token_weights(material.question, replace(material.encoded, salience=1.0))
    arrays = (np.array(dense), np.array(lexical), np.array(is_relevant), gold[order], unclear[order])
    return LabelledQuestion(case.full_question, weights, tuple(passages), *arrays)


def to_scored(case: Case, ranking: Ranking) -> ScoredQuestion:
    gold, unclear, relevant = label(case, ranking)
    return ScoredQuestion(np.array([window.features for window in ranking.windows]), gold, unclear, relevant)


def halves(cases: Sequence[Case]) -> tuple[list[Case], list[Case]]:
    """Two halves without a common article."""
    groups = sorted({case.group for case in cases})
    first = set(groups[::2])
    return [case for case in cases if case.group in first], [case for case in cases if case.group not in first]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with berlin-qa and berlin-press")
    parser.add_argument("keep", type=Path, help="folder for the model, the stores and the full token vectors (3 GB)")
    parser.add_argument("--ablation", action="store_true", help="only print what each part brings")
    options = parser.parse_args()
    encoder = SentenceTransformerEncoder("", options.keep)
    full = FullTokens(encoder, options.keep / "full-tokens", lambda done, all_: print(f"{done}/{all_} passages", end="\r", file=sys.stderr))
    cases, fitted_on = [], {}
    for name, folder, engine in labelled_folders(options.data, encoder, options.keep, FLAT):
        cases += collect_cases(engine, encoder, folder.queries, name)
        fitted_on[name] = folder.digest
    full.ensure([text for case in cases for text in texts_of(case).values()])
    initial = fit_projection(encoder.sample_tokens())
    if options.ablation:
        ablate(cases, full, initial)
    else:
        fit_all(cases, full, initial, fitted_on)


ABLATIONS = {
    "everything": (),
    "without late interaction": ("passage_interaction", "window_interaction", "sentence_interaction", "title_interaction", "article_interaction"),
    "without vectors of passages": ("passage_dense", "article_dense"),
    "without BM25": ("passage_lexical",),
    "without coverage of concepts": (
        *("sentence_coverage", "window_coverage", "beyond_title", "title_coverage", "passage_coverage", "article_coverage", "question_coverage"),
    ),
    "without the kind of answer": ("form_mean", "form_best"),
    "without headline, pronoun, length, place": ("headline", "points_back", "length", "too_long", "depth"),
    "without the article's best passage": ("article_dense", "article_interaction", "article_coverage"),
}


def ablate(cases: Sequence[Case], full: FullTokens, initial: TokenProjection) -> None:
    """Print what each part brings on the even half of berlin-qa and, by cross-fitting, on the questions fitted on. Writes nothing."""
    fitted, held_out = ([c for c in cases if c.is_held_out == held and c.query.is_answerable] for held in (False, True))
    judged = {"learned projection": learn_all(fitted, held_out, full, initial)[1]}
    start = SmallTokens(full, initial)
    judged["principal axes"] = [(case, project(case, start)) for case in (*fitted, *held_out)]
    for projection, rankings in judged.items():
        scored = [(case.is_held_out, to_scored(case, ranking)) for case, ranking in rankings]
        for name, dropped in ABLATIONS.items() if projection == "learned projection" else [("everything", ())]:
            parts = [[without(question, dropped) for held, question in scored if held == wanted] for wanted in (False, True)]
            for label_, hidden in (("", HIDDEN), *([(", linear", 0)] if name == "everything" else [])):
                scorer = fit_scorer(parts[0], hidden)
                hits = [first_hits(part, scorer) for part in parts]
                print(f"| {projection}, {name}{label_} | " + " | ".join(f"{article:.3f} | {quote:.3f}" for article, quote in hits) + " |", flush=True)


def without(question: ScoredQuestion, dropped: Sequence[str]) -> ScoredQuestion:
    """The same with some features set to zero."""
    features = question.features.copy()
    features[:, [FEATURES.index(name) for name in dropped]] = 0.0
    return replace(question, features=features)


def learn_all(
    fitted: Sequence[Case], held_out: Sequence[Case], full: FullTokens, initial: TokenProjection
) -> tuple[TokenProjection, list[tuple[Case, Ranking]]]:
    """The projection learned on all fitted cases, and each case ranked by one that has not seen its article."""
    first, second = halves(fitted)
    start = SmallTokens(full, initial)
    learned_on = {id(case): to_labelled(case, project(case, start), full) for case in fitted if case.query.is_answerable}

    def learn(part: Sequence[Case], seed: int) -> TokenProjection:
        return learn_projection([found for case in part if (found := learned_on.get(id(case))) is not None], initial, seed)

    print(f"learning the projection on {len(learned_on)} questions …", file=sys.stderr)
    of_first, of_second, of_all = learn(first, 1), learn(second, 2), learn(fitted, 0)
    judged_by = ((first, of_second), (second, of_first), (held_out, of_all))
    rankings = [(case, project(case, small)) for part, projection in judged_by for small in [SmallTokens(full, projection)] for case in part]
    return of_all, rankings


def fit_all(cases: Sequence[Case], full: FullTokens, initial: TokenProjection, fitted_on: dict[str, str]) -> None:
    """Fit projection and score, one after the other, report on what was held out, and write both."""
    fitted, held_out = ([case for case in cases if case.is_held_out == held] for held in (False, True))
    of_all, rankings = learn_all(fitted, held_out, full, initial)
    save_projection(of_all, shipped_file(DEFAULT_PROJECTION))
    scored = [(case, to_scored(case, ranking)) for case, ranking in rankings if case.query.is_answerable]
    scorer = fit_scorer([question for case, question in scored if not case.is_held_out])
    write_scorer(scorer, shipped_file("ranking.json"), fitted_on)
    for label_, is_held_out in (("fitted on, by the other half's projection", False), ("even half of berlin-qa", True)):
        part = [question for case, question in scored if case.is_held_out == is_held_out]
        article, quote = first_hits(part, scorer)
        print(f"{label_}: {len(part)} questions, article {article:.3f}, quote {quote:.3f}", file=sys.stderr)


if __name__ == "__main__":
    main()
