"""Learns what stands before each question (:mod:`index.encoding.frame`): vectors as they would be if all tokens were computed.

No labels: each text's vectors with the frame are moved towards those without it (distillation, Hinton et al. 2015, arXiv 1503.02531). It begins with
means over the texts, which alone are eight times as far off (docs/measurements.md).
"""

import math
import random
from collections.abc import Callable, Sequence

import numpy as np

from index.encoding.adapter import QuestionAdapter, QuestionFrame, adapting, as_tensors
from index.encoding.frame import pass_with
from index.encoding.passes import question_features

EPOCHS = 4
BATCH = 16
LEARNING_RATES = 0.01, 0.005  # each falls to nothing over all epochs; then anew (warm restarts, Loshchilov and Hutter 2017, arXiv 1608.03983)
WARM_UP = 20  # steps
MAX_TOKENS = 128
# One minus a cosine, each: so much more counts a question's vector, one for all it says, than the mean of its tokens'.
VECTOR_SHARE, TOKEN_SHARE = 20.0, 10.0


def learn_frame(
    model, adapter: QuestionAdapter, texts: Sequence[str], report: Callable[[int, int, float], None] = lambda *_figures: None, seed: int = 0
) -> QuestionAdapter:
    """The adapter with a frame. ``model``: a SentenceTransformer of BERT's kind whose layers are watched
    (:func:`index.encoding.adapter.watch_layers`); ``texts``: such as are asked, at least one; ``report`` gets steps done, all steps and the loss."""
    import torch

    for one in model.parameters():
        one.requires_grad_(False)
    additions, frame = as_tensors(adapter), measure_frame(model, adapter, texts)
    learned = tuple(torch.nn.Parameter(torch.from_numpy(array)) for array in (frame.keys, frame.values, frame.states))
    whole, framed = (pass_with(model, additions, part) for part in (None, learned))
    first, order = len(frame.states), list(texts)
    steps = EPOCHS * math.ceil(len(order) / BATCH)
    shuffle, done = random.Random(seed).shuffle, 0
    for rate in LEARNING_RATES:
        optimiser = torch.optim.Adam(learned, lr=rate)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min(1.0, (step + 1) / WARM_UP) * max(0.01, 1 - step / steps))
        for _epoch in range(EPOCHS):
            shuffle(order)
            for start in range(0, len(order), BATCH):
                features = question_features(model, order[start : start + BATCH], MAX_TOKENS)
                with torch.no_grad():
                    expected = whole(features)
                loss = _loss(framed(features), expected, _own(features["attention_mask"], first))
                loss.backward()
                optimiser.step()
                schedule.step()
                optimiser.zero_grad()
                done += 1
                report(done, steps * len(LEARNING_RATES), loss.item())
    return QuestionAdapter(adapter.down, adapter.up, QuestionFrame(*(part.detach().numpy() for part in learned)))


def _loss(found: tuple, expected: tuple, own):
    from torch.nn.functional import cosine_similarity

    vectors, tokens = (cosine_similarity(one, other, dim=-1) for one, other in zip(found, expected, strict=True))
    return VECTOR_SHARE * (1 - vectors).mean() + TOKEN_SHARE * (1 - tokens[own]).mean()


def _own(mask, first: int):
    """Which tokens are a text's own: bool like ``mask``, true from ``first`` up to the mark at the end."""
    own = mask.bool().roll(-1, dims=1)
    own[:, -1] = False
    own[:, :first] = False
    return own


def measure_frame(model, adapter: QuestionAdapter, texts: Sequence[str]) -> QuestionFrame:
    """Means over the texts, as in :func:`learn_frame`."""
    import torch

    prompt = model.prompts.get("query") or ""
    before, in_order = len(model.tokenizer(prompt.strip())["input_ids"]) - 1, sorted(texts, key=len)
    sides = []
    for additions in (as_tensors(adapter), {}):
        with torch.inference_mode(), adapting(additions):
            sums = [_sums(model, question_features(model, in_order[start : start + BATCH], MAX_TOKENS), before) for start in range(0, len(in_order), BATCH)]
        sides.append([sum(parts) / len(in_order) for parts in zip(*sums, strict=True)])
    keys, values, states = zip(*sides, strict=True)
    return QuestionFrame(np.stack(keys), np.stack(values), states[0])


def _sums(model, features: dict, before: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Over the texts: keys and values (blocks, heads, tokens, numbers of a head) of the first ``before`` tokens but the last of these, and the last
    states of all of these (tokens, dimension)."""
    import torch
    from transformers import DynamicCache

    cache = DynamicCache()
    states = model[0].auto_model(**features, past_key_values=cache)[0]
    blocks = [(layer.keys, layer.values) for layer in cache.layers]
    keys, values = (torch.stack([part[:, :, : before - 1].sum(0) for part in side]).numpy() for side in zip(*blocks, strict=True))
    return keys, values, states[:, :before].sum(0).numpy()
