"""Several texts in one row of a pass, each for itself: no token of one sees those of another, and hardly anything is computed for padding.

Sixteen questions of berlin-qa, in rows as long as the longest one, take 45 ms each; packed 36 (docs/measurements.md). For models whose transformer takes positions and a mask for each pair of tokens, as BERT does; whether the numbers are
those of the plain pass is for the caller to compare. Packing without seeing each other: Krell et al. 2021, arXiv 2107.02027.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

ROW_TOKENS = 96  # about; each sees as many, and short rows leave more over


@dataclass(frozen=True, slots=True)
class Packing:
    """``rows`` of ``width`` tokens; ``starts``: of each text, counted through all rows."""

    rows: int
    width: int
    starts: tuple[int, ...]


def pack(lengths: Sequence[int], row_tokens: int = ROW_TOKENS) -> Packing:
    """Texts of these lengths, at least one, in rows of about ``row_tokens`` that are filled alike: the longest first, each where most room is."""
    count = max(1, min(len(lengths), round(sum(lengths) / row_tokens)))
    filled = [(0, row) for row in range(count)]
    places = {}
    for text in sorted(range(len(lengths)), key=lambda text: -lengths[text]):
        load, row = filled[0]
        places[text] = row, load
        heapq.heapreplace(filled, (load + lengths[text], row))
    width = max(load for load, _row in filled)
    return Packing(count, width, tuple(row * width + start for row, start in (places[text] for text in range(len(lengths)))))


def packed_inputs(features: dict, skipped: int = 0) -> tuple:
    """Of a tokenizer's output (token ids and mask, padded at the end): ids, positions and the text that each token is of, int64 (rows, width); where
    each token of each text is, int64 (texts, longest), counted through all rows; and what of that is a text's token, int64 of the same shape.

    ``skipped``: so many tokens at the beginning of each text, which has more, are left out; the others keep their positions.
    In numpy, which keeps the interpreter's lock for so little: beside a busy thread each call of torch may wait for it.
    """
    import torch

    ids, mask = (features[name].numpy() for name in ("input_ids", "attention_mask"))
    mask = mask.copy()
    mask[:, :skipped] = 0
    texts, columns = np.nonzero(mask)
    packing = pack(mask.sum(axis=1).tolist())
    places = np.asarray(packing.starts)[texts] + columns - skipped
    packed, positions, owners = (np.zeros(packing.rows * packing.width, np.int64) for _ in range(3))
    packed[places], positions[places], owners[places] = ids[texts, columns], columns, texts + 1  # what is left over sees itself
    where = np.zeros(mask.shape, np.int64)
    where[texts, columns] = places
    in_rows = (torch.from_numpy(array.reshape(packing.rows, packing.width)) for array in (packed, positions, owners))
    return *in_rows, torch.from_numpy(where), torch.from_numpy(mask)
