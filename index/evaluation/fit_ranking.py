"""Fits how questions are encoded and sentences ranked: ``question_adapter.npz``, ``token_projection.npz`` and ``ranking.json`` in
``data/`` (``make ranking``, an hour and a half or more; :mod:`index.evaluation.fit_abstention` comes after it).

    labelled questions ── adapter, once on each half and once on all
                       ── candidates by the adapter that has not seen a question's article, full token vectors ── projection, likewise
                       ── features by adapter and projection that have not seen it ── score
    the adapter learned on all ── what stands before a question in a rush (:mod:`index.evaluation.fit_frame`)

Data: the questions of the odd-numbered half of berlin-qa and of ``data/training``; of its ``paraphrases`` only the adapter learns. The even
half is reported, never fitted on.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from index.encoding.adapter import QuestionAdapter, load_adapter, save_adapter
from index.encoding.cores import one_core
from index.encoding.encoder import DEFAULT_ADAPTER, DEFAULT_PROJECTION, EncodedQuestion, PassageText, SentenceTransformerEncoder
from index.encoding.learn_adapter import AskedQuestion, learning_digest
from index.encoding.learn_projection import LabelledQuestion, PassageTokens, learn_projection
from index.encoding.projection import TokenProjection, fit_projection, quantise, save_projection
from index.evaluation import fit_frame
from index.evaluation.fit_scorer import HIDDEN, ScoredQuestion, first_hits, fit_scorer
from index.evaluation.folder import Query
from index.evaluation.full_tokens import FullTokens
from index.evaluation.labelled import BERLIN_QA, PARAPHRASES, is_fitted_on, labelled_folders
from index.ingest import passage_text
from index.retrieval.engine import Material
from index.retrieval.features import FEATURES
from index.retrieval.quoting import each_quoted
from index.retrieval.ranking import Ranking, rank, token_weights
from index.retrieval.scoring import Scorer, write_scorer
from index.retrieval.windows import find_windows
from index.shipped import shipped_file

UNCLEAR_CHARS = 10  # a shorter gold string in an article that is not labelled relevant may stand there by accident
FLAT = Scorer(*(np.zeros(len(FEATURES)), np.ones(len(FEATURES)), np.zeros(len(FEATURES))), np.zeros((1, len(FEATURES))), np.zeros(1), np.zeros(1))


@dataclass(frozen=True, slots=True)
class Asked:
    """A labelled question of a set, before anything is searched."""

    query: Query
    set_name: str
    question: AskedQuestion

    @property
    def is_held_out(self) -> bool:
        return self.set_name == BERLIN_QA and not is_fitted_on(self.query)

    @property
    def name(self) -> tuple[str, str]:
        return self.set_name, self.query.id

    @property
    def group(self) -> str:
        """Questions on one article stay together when halves are made."""
        return min(self.query.relevant, default=self.query.id)


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled question with all that a ranking of it needs, as the adapter found it that has not seen its article."""

    asked: Asked
    material: Material
    full_question: np.ndarray

    @property
    def query(self) -> Query:
        return self.asked.query


@dataclass(frozen=True, slots=True)
class Sources:
    """Where questions and articles come from, and the folder for what is kept."""

    data: Path
    keep: Path

    def read(self, encoder: SentenceTransformerEncoder) -> tuple[list[Asked], dict[str, str]]:
        """All labelled questions, and the digests of their sets."""
        found, digests = [], {}
        for name, folder, engine, store in labelled_folders(self.data, encoder, self.keep, FLAT):
            digests[name] = folder.digest
            vectors = np.stack([vector for _number, vector in store.passage_vectors()])
            places = {number: place for place, number in enumerate(store.passage_ids().tolist())}
            for query in folder.queries:
                rows = [article.row for key in sorted(query.relevant) if (article := store.find_article(key))]
                relevant = np.array([places[number] for number in store.passage_ids_of_articles(rows)], np.int64)
                text = engine.read_question(query.text, query.before).searched_text
                found.append(Asked(query, name, AskedQuestion(text, vectors, relevant)))
        return found, digests

    def cases(self, asked: Sequence[Asked], encoder: SentenceTransformerEncoder) -> list[Case]:
        """What the encoder, with the adapter it has, finds for these questions; paraphrases are for the adapter alone."""
        wanted = {one.name: one for one in asked if one.set_name != PARAPHRASES}
        cases = []
        for name, folder, engine, _store in labelled_folders(self.data, encoder, self.keep, FLAT):
            for query in folder.queries:
                if (name, query.id) in wanted:
                    material = engine.gather(query.text, query.before)
                    (tokens,) = encoder.full_tokens(material.question.searched_text)
                    cases.append(Case(wanted[name, query.id], material, tokens))
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
    passages, order, dense, is_relevant = [], [], [], []
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
        is_relevant.append(bool(relevant[places[0]]))
    weights = token_weights(material.question, replace(material.encoded, salience=1.0))
    arrays = (np.array(dense), np.array(is_relevant), gold[order], unclear[order])
    return LabelledQuestion(case.full_question, weights, tuple(passages), *arrays)


def to_scored(case: Case, ranking: Ranking) -> ScoredQuestion:
    gold, unclear, relevant = label(case, ranking)
    return ScoredQuestion(np.array([window.features for window in ranking.windows]), gold, unclear, relevant)


def halves(fitted: Sequence[Asked]) -> tuple[list[Asked], list[Asked]]:
    """Two halves without a common article."""
    groups = sorted({one.group for one in fitted})
    first = set(groups[::2])
    return [one for one in fitted if one.group in first], [one for one in fitted if one.group not in first]


@dataclass(frozen=True, slots=True)
class Split:
    """The questions fitted on, in two halves, and those held out."""

    first: tuple[Asked, ...]
    second: tuple[Asked, ...]
    held_out: tuple[Asked, ...]

    def adapters(self, encoder: SentenceTransformerEncoder, kept: Path) -> tuple[QuestionAdapter, QuestionAdapter, QuestionAdapter]:
        """Learned on the first half, on the second, and on both; what was learned before from the same lies in the folder ``kept``."""
        kept.mkdir(parents=True, exist_ok=True)
        parts = (self.first, self.second, (*self.first, *self.second))
        found = []
        for seed, part in enumerate(parts, 1):
            questions = [one.question for one in part if len(one.question.relevant)]
            path = kept / f"{learning_digest(questions, seed)}.npz"
            if not path.exists():
                print(f"learning an adapter on {len(questions)} questions …", file=sys.stderr)
                save_adapter(encoder.learn_adapter(questions, seed), path)
            found.append(load_adapter(path))
        return tuple(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with berlin-qa and berlin-press")
    parser.add_argument("keep", type=Path, help="folder for the model, the stores and the full token vectors (3 GB)")
    parser.add_argument("--ablation", action="store_true", help="only print what each part brings")
    options = parser.parse_args()
    sources = Sources(options.data, options.keep)
    encoder = SentenceTransformerEncoder("", options.keep)
    asked, fitted_on = sources.read(encoder)
    fitted = [one for one in asked if not one.is_held_out]
    split = Split(*map(tuple, halves(fitted)), tuple(one for one in asked if one.is_held_out))
    full = FullTokens(encoder, options.keep / "full-tokens", lambda done, all_: print(f"{done}/{all_} passages", end="\r", file=sys.stderr))
    initial = fit_projection(encoder.sample_tokens())
    adapters = split.adapters(encoder, options.keep / "adapters")
    if options.ablation:
        ablate(sources, encoder, split, adapters, full, initial)
    else:
        save_adapter(adapters[2], shipped_file(DEFAULT_ADAPTER))
        fit_all(collect(sources, encoder, split, adapters), full, initial, fitted_on)
        fit_frame.learn(encoder, shipped_file(DEFAULT_ADAPTER))


@dataclass(frozen=True, slots=True)
class Cases:
    """As in Split, each found by an adapter that has not seen its article."""

    first: tuple[Case, ...]
    second: tuple[Case, ...]
    held_out: tuple[Case, ...]

    @property
    def fitted(self) -> tuple[Case, ...]:
        return *self.first, *self.second

    def __iter__(self) -> Iterator[Case]:
        return iter((*self.fitted, *self.held_out))


def collect(sources: Sources, encoder: SentenceTransformerEncoder, split: Split, adapters: Sequence[QuestionAdapter | None]) -> Cases:
    of_first, of_second, of_all = adapters
    judged_by = ((split.first, of_second), (split.second, of_first), (split.held_out, of_all))
    return Cases(*(tuple(sources.cases(part, encoder.with_adapter(adapter))) for part, adapter in judged_by))


ABLATIONS = {
    "everything": (),
    "without late interaction": ("passage_interaction", "window_interaction", "sentence_interaction", "title_interaction"),
    "without vectors of passages": ("passage_dense",),
    "without coverage of concepts": (
        *("sentence_coverage", "window_coverage", "beyond_title", "title_coverage", "passage_coverage", "question_coverage"),
    ),
    "without the kind of answer": ("form_mean", "form_best"),
    "without headline, pronoun, length, place": ("headline", "points_back", "length", "too_long", "depth"),
}


def ablate(
    sources: Sources,
    encoder: SentenceTransformerEncoder,
    split: Split,
    adapters: Sequence[QuestionAdapter],
    full: FullTokens,
    initial: TokenProjection,
) -> None:
    """Print what each part brings on the even half of berlin-qa and, by cross-fitting, on the questions fitted on. Writes nothing."""
    for with_adapter in (True, False):
        cases = collect(sources, encoder, split, adapters if with_adapter else (None, None, None))
        full.ensure([text for case in cases for text in texts_of(case).values()])
        start = SmallTokens(full, initial)
        judged = {"learned projection": learn_all(cases, full, initial)[1]}
        if with_adapter:
            judged["principal axes"] = [(case, project(case, start)) for case in cases]
        for projection, rankings in judged.items():
            scored = [(case.asked.is_held_out, to_scored(case, ranking)) for case, ranking in rankings if case.query.is_answerable]
            is_whole = with_adapter and projection == "learned projection"
            for name, dropped in ABLATIONS.items() if is_whole else [("everything", ())]:
                parts = [[without(question, dropped) for held, question in scored if held == wanted] for wanted in (False, True)]
                for label_, hidden in (("", HIDDEN), *([(", linear", 0)] if name == "everything" else [])):
                    scorer = fit_scorer(parts[0], hidden)
                    hits = [first_hits(part, scorer) for part in parts]
                    figures = " | ".join(f"{article:.3f} | {quote:.3f}" for article, quote in hits)
                    print(f"| {'' if with_adapter else 'no adapter, '}{projection}, {name}{label_} | {figures} |", flush=True)


def without(question: ScoredQuestion, dropped: Sequence[str]) -> ScoredQuestion:
    """The same with some features set to zero."""
    features = question.features.copy()
    features[:, [FEATURES.index(name) for name in dropped]] = 0.0
    return replace(question, features=features)


def learn_all(cases: Cases, full: FullTokens, initial: TokenProjection) -> tuple[TokenProjection, list[tuple[Case, Ranking]]]:
    """The projection learned on all fitted cases, and each case ranked by one that has not seen its article."""
    start = SmallTokens(full, initial)
    parts = [[found for case in part if case.query.is_answerable and (found := to_labelled(case, project(case, start), full))] for part in (cases.first, cases.second)]
    print(f"learning the projection on {sum(map(len, parts))} questions …", file=sys.stderr)
    learned = _learn_side_by_side([parts[0], parts[1], [*parts[0], *parts[1]]], initial)
    of_first, of_second, of_all = learned
    judged_by = ((cases.first, of_second), (cases.second, of_first), (cases.held_out, of_all))
    rankings = [(case, project(case, small)) for part, projection in judged_by for small in [SmallTokens(full, projection)] for case in part]
    return of_all, rankings


def _learn_side_by_side(parts: Sequence[Sequence[LabelledQuestion]], initial: TokenProjection) -> list[TokenProjection]:
    """One projection for each part, in processes of their own: each works on one question at a time and so on one core."""
    with ProcessPoolExecutor(len(parts), get_context("fork")) as pool:
        _waiting[:] = parts
        return list(pool.map(partial(_learn, initial), range(len(parts))))


_waiting: list[Sequence[LabelledQuestion]] = []  # what the processes find when they are forked: too large to be sent


def _learn(initial: TokenProjection, number: int) -> TokenProjection:
    with one_core():
        return learn_projection(_waiting[number], initial, number)


def fit_all(cases: Cases, full: FullTokens, initial: TokenProjection, fitted_on: dict[str, str]) -> None:
    """Fit projection and score, one after the other, report on what was held out, and write both."""
    full.ensure([text for case in cases for text in texts_of(case).values()])
    of_all, rankings = learn_all(cases, full, initial)
    save_projection(of_all, shipped_file(DEFAULT_PROJECTION))
    scored = [(case, to_scored(case, ranking)) for case, ranking in rankings if case.query.is_answerable]
    scorer = fit_scorer([question for case, question in scored if not case.asked.is_held_out])
    write_scorer(scorer, shipped_file("ranking.json"), fitted_on)
    for label_, is_held_out in (("fitted on, by the other half's adapter and projection", False), ("even half of berlin-qa", True)):
        part = [question for case, question in scored if case.asked.is_held_out == is_held_out]
        article, quote = first_hits(part, scorer)
        print(f"{label_}: {len(part)} questions, article {article:.3f}, quote {quote:.3f}", file=sys.stderr)


if __name__ == "__main__":
    main()
