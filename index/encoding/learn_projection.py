"""Learns the projection of token vectors from questions whose answering sentences are known.

ColBERT (Khattab and Zaharia 2020) learns its linear layer together with the model; here the model stays as it is, and only the layer,
begun at the principal axes, is learned: two matrices of dimension × AXES, two means, one vector of salience. The loss is listwise: minus
the log of the softmax mass on windows that hold a gold answer among all windows of the best passages, plus the same for passages of
relevant articles.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.encoding.projection import TokenProjection, TokenSide

EPOCHS = 5
LEARNING_RATE, MIXING_RATE = 3e-4, 0.02  # of matrices; of the four numbers that mix the parts of a score
PENALTY = 1e-2  # on the squared distance from the principal axes: few questions, many numbers
RELEVANCE = 0.7
DROPPED_TOKENS = 0.1  # of a question, each time it is seen
BATCH = 16
ABSENT = -1.0  # cosine with a stretch that has no token
# First mixing numbers: window and passage interaction, title discount (a logit), dense.
INITIAL_MIX = (12.0, 12.0, 0.3, 0.7)


@dataclass(frozen=True, slots=True)
class PassageTokens:
    """``tokens``: float (n, dimension); ``sentences``: the sentence of each, ``count`` for the title; ``windows``: sentences of each
    window, int64 (windows, longest); ``count``: of sentences."""

    tokens: np.ndarray
    sentences: np.ndarray
    windows: np.ndarray
    count: int


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """``tokens``: float32 (n, dimension); ``weights``: float32 (n,), sum 1; of each passage ``dense`` (z-score) and
    ``is_relevant``; of each window of all passages ``is_gold`` and ``is_unclear`` (has the string, but from elsewhere)."""

    tokens: np.ndarray
    weights: np.ndarray
    passages: tuple[PassageTokens, ...]
    dense: np.ndarray
    is_relevant: np.ndarray
    is_gold: np.ndarray
    is_unclear: np.ndarray


def learn_projection(questions: Sequence[LabelledQuestion], initial: TokenProjection, seed: int = 0) -> TokenProjection:
    """The projection after EPOCHS passes over ``questions``; the same seed gives the same result on the same machine."""
    import torch

    torch.manual_seed(seed)
    order, shuffle = list(questions), random.Random(seed).shuffle
    start = _parameters(initial)
    learned = {name: torch.nn.Parameter(value.clone()) for name, value in start.items()}
    mix = torch.nn.Parameter(torch.tensor(INITIAL_MIX))
    optimiser = torch.optim.Adam([{"params": list(learned.values()), "lr": LEARNING_RATE}, {"params": [mix], "lr": MIXING_RATE}])
    for _epoch in range(EPOCHS):
        shuffle(order)
        optimiser.zero_grad()
        for number, question in enumerate(order, 1):
            distance = sum(((learned[name] - start[name]) ** 2).sum() for name in start)
            ((_loss(question, learned, mix) + PENALTY * distance) / BATCH).backward()
            if number % BATCH == 0 or number == len(order):
                optimiser.step()
                optimiser.zero_grad()
    arrays = {name: value.detach().numpy() for name, value in learned.items()}
    sides = [TokenSide(arrays[f"{side}_mean"], arrays[f"{side}_axes"]) for side in ("question", "passage")]
    return TokenProjection(*sides, arrays["salience"])


def _parameters(projection: TokenProjection) -> dict:
    import torch

    sides = {"question": projection.question, "passage": projection.passage}
    arrays = {f"{name}_{part}": getattr(side, part) for name, side in sides.items() for part in ("mean", "axes")}
    return {name: torch.from_numpy(array.copy()) for name, array in (arrays | {"salience": projection.salience}).items()}


def _loss(question: LabelledQuestion, learned: dict, mix):
    import torch

    windows, passages = _scores(question, learned, mix)
    gold, unclear = torch.from_numpy(question.is_gold), torch.from_numpy(question.is_unclear)
    loss = torch.logsumexp(windows[~unclear], 0) - torch.logsumexp(windows[gold], 0)
    relevant = torch.from_numpy(question.is_relevant)
    if relevant.any() and not relevant.all():
        loss = loss + RELEVANCE * (torch.logsumexp(passages, 0) - torch.logsumexp(passages[relevant], 0))
    return loss


def _scores(question: LabelledQuestion, learned: dict, mix):
    """Scores of all windows and of all passages."""
    import torch
    from torch.nn.functional import normalize

    small = normalize((normalize(torch.from_numpy(question.tokens), dim=1) - learned["question_mean"]) @ learned["question_axes"], dim=1)
    weights = _dropped(torch.log(torch.from_numpy(question.weights) + 1e-6) + torch.from_numpy(question.tokens) @ learned["salience"])
    segments = np.cumsum([0] + [passage.count + 1 for passage in question.passages])
    tokens = torch.from_numpy(np.concatenate([passage.tokens for passage in question.passages]).astype(np.float32))
    places = np.concatenate([passage.sentences + first for passage, first in zip(question.passages, segments, strict=False)])
    shrunk = normalize((normalize(tokens, dim=1) - learned["passage_mean"]) @ learned["passage_axes"], dim=1)
    best = torch.full((len(small), int(segments[-1])), ABSENT)
    best = best.scatter_reduce(1, torch.from_numpy(places).expand(len(small), -1), small @ shrunk.T, "amax")
    windows, of_passage = [], []
    for number, (passage, first) in enumerate(zip(question.passages, segments, strict=False)):
        own = best[:, first : first + passage.count + 1]
        inner = own[:, torch.from_numpy(passage.windows)].amax(2)
        windows.append(weights @ torch.maximum(inner, own[:, -1:] - torch.sigmoid(mix[2])))
        base = mix[1] * (weights @ own.amax(1)) + mix[3] * float(question.dense[number])
        of_passage.append(base)
    scores = [base + mix[0] * own for base, own in zip(of_passage, windows, strict=True)]
    return torch.cat(scores), torch.stack(of_passage)


def _dropped(log_weights):
    import torch

    if len(log_weights) > 4:
        log_weights = log_weights.masked_fill(torch.rand(len(log_weights)) < DROPPED_TOKENS, -8.0)
    return torch.softmax(log_weights, 0)
