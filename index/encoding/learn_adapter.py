"""Learns the additions for questions: each question's vector is moved towards the passages of the articles that answer it.

The loss is minus the log of the softmax mass on passages of relevant articles among all passages of the set; vectors of passages stay as
they are. Few questions, many numbers: three passes, and of what was learned only SHARE is used, between the model as it was and
the model as learned (weight-space ensembles, Wortsman et al. 2022, arXiv 2109.01903), which serves other articles than those learned on better than either.
"""

import hashlib
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.encoding.adapter import QuestionAdapter, adapting
from index.encoding.passes import question_features

RANK = 8
EPOCHS = 3
BATCH = 32
LEARNING_RATE = 3e-4
WARM_UP = 20  # steps
SHARPNESS = 40.0  # of cosines before the softmax
DROPPED = 0.1  # of the numbers in ``down``, each time
SHARE = 0.75
MAX_TOKENS = 128


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """``vectors``: float32 (passages, dimension), unit length, the same array for all questions of a set; ``relevant``: places therein."""

    text: str
    vectors: np.ndarray
    relevant: np.ndarray


def learning_digest(questions: Sequence[AskedQuestion], seed: int) -> str:
    """Names all that ``learn_adapter`` depends on but the model."""
    settings = (RANK, EPOCHS, BATCH, LEARNING_RATE, WARM_UP, SHARPNESS, DROPPED, SHARE, MAX_TOKENS, seed)
    digest = hashlib.blake2b(repr(settings).encode(), digest_size=12)
    for one in questions:
        digest.update(one.text.encode() + b"\0" + one.relevant.tobytes())
    for vectors in {id(one.vectors): one.vectors for one in questions}.values():
        digest.update(vectors.tobytes())
    return digest.hexdigest()


def learn_adapter(model, layers: dict[str, tuple[int, int]], questions: Sequence[AskedQuestion], seed: int = 0) -> QuestionAdapter:
    """``model``: a SentenceTransformer whose ``layers`` are watched (:func:`index.encoding.adapter.watch_layers`)."""
    import torch

    torch.manual_seed(seed)
    order, shuffle = list(questions), random.Random(seed).shuffle
    learned = {name: _start(inputs, outputs) for name, (inputs, outputs) in layers.items()}
    parameters = [one for pair in learned.values() for one in pair]
    for one in model.parameters():
        one.requires_grad_(False)
    optimiser = torch.optim.AdamW(parameters, lr=LEARNING_RATE, weight_decay=0.01)
    steps = EPOCHS * math.ceil(len(order) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min(1.0, (step + 1) / WARM_UP) * max(0.05, 1 - step / steps))
    tensors = {id(one.vectors): torch.from_numpy(one.vectors) for one in order}
    for _epoch in range(EPOCHS):
        shuffle(order)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            _loss(model, learned, batch, tensors).backward()
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
    arrays = {name: tuple(one.detach().numpy() for one in pair) for name, pair in learned.items()}
    whole = QuestionAdapter({name: down for name, (down, _up) in arrays.items()}, {name: up for name, (_down, up) in arrays.items()})
    return whole.scaled(SHARE)


def _start(inputs: int, outputs: int) -> tuple:
    """No effect at first: ``up`` is zero."""
    import torch

    return torch.nn.Parameter(torch.randn(RANK, inputs) / math.sqrt(inputs)), torch.nn.Parameter(torch.zeros(outputs, RANK))


def _loss(model, learned: dict, batch: Sequence[AskedQuestion], vectors: dict):
    import torch
    from torch.nn.functional import dropout

    features = question_features(model, [one.text for one in batch], MAX_TOKENS)
    with adapting({name: (dropout(down, DROPPED), up) for name, (down, up) in learned.items()}):
        embedded = torch.nn.functional.normalize(model(features)["sentence_embedding"], dim=1)
    losses = []
    for one, vector in zip(batch, embedded, strict=True):
        scores = SHARPNESS * (vectors[id(one.vectors)] @ vector)
        losses.append(torch.logsumexp(scores, 0) - torch.logsumexp(scores[torch.from_numpy(one.relevant)], 0))
    return torch.stack(losses).mean()
