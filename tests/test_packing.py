"""Texts in the rows of a pass: each is there once, whole and apart, and little is left over."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoding.packing import ROW_TOKENS, pack, packed_inputs
from index.encoding.passes import packed_pass, plain_pass
from index.encoding.traced import traced_pass


@given(st.lists(st.integers(1, 512), min_size=1, max_size=40), st.integers(8, 200))
def test_each_text_has_a_place_of_its_own(lengths, row_tokens):
    packing = pack(lengths, row_tokens)
    taken = np.zeros(packing.rows * packing.width, int)
    for start, length in zip(packing.starts, lengths, strict=True):
        assert start // packing.width == (start + length - 1) // packing.width  # in one row
        taken[start : start + length] += 1
    assert taken.max() == 1
    assert taken.sum() == sum(lengths)


@given(st.lists(st.integers(5, 30), min_size=16, max_size=16))
def test_questions_leave_little_over(lengths):
    packing = pack(lengths)
    assert packing.width <= ROW_TOKENS + 2 * max(lengths)
    assert packing.rows * packing.width - sum(lengths) < packing.rows * max(lengths)


def test_one_long_text_has_its_row():
    assert pack([400]) == pack([400], 10)
    assert (pack([400]).rows, pack([400]).width) == (1, 400)


def test_ids_positions_and_owners():
    import torch

    ids = torch.tensor([[5, 6, 7], [8, 9, 0]])
    mask = torch.tensor([[1, 1, 1], [1, 1, 0]])
    packed, positions, owners, where, same_mask = packed_inputs({"input_ids": ids, "attention_mask": mask})
    assert packed.tolist() == [[5, 6, 7, 8, 9]]
    assert positions.tolist() == [[0, 1, 2, 0, 1]]
    assert owners.tolist() == [[1, 1, 1, 2, 2]]
    assert where.tolist() == [[0, 1, 2], [3, 4, 0]]
    assert same_mask.tolist() == mask.tolist()


def test_without_the_first_tokens_of_each():
    import torch

    ids = torch.tensor([[1, 9, 5, 6, 2], [1, 9, 2, 0, 0], [1, 9, 7, 2, 0]])
    packed, positions, owners, where, mask = packed_inputs({"input_ids": ids, "attention_mask": (ids > 0).long()}, skipped=2)
    assert packed.tolist() == [[5, 6, 2, 7, 2, 2]]
    assert positions.tolist() == [[2, 3, 4, 2, 3, 2]]
    assert owners.tolist() == [[1, 1, 1, 3, 3, 2]]
    assert mask.tolist() == [[0, 0, 1, 1, 1], [0, 0, 1, 0, 0], [0, 0, 1, 1, 0]]
    assert where[mask.bool()].tolist() == [0, 1, 2, 5, 3, 4]


def test_the_default_model_is_packed(encoder):
    """Without falling back to rows as long as the longest text."""
    encoder.load()
    model = encoder._model
    assert traced_pass(model, encoder._tokenise, (partial(packed_pass, model),), plain_pass(model)) is not None


@pytest.mark.parametrize("what", ["input_ids", "attention_mask"])
def test_a_model_without_these_inputs_is_not_packed(what):
    import torch

    with pytest.raises(KeyError):
        packed_inputs({what: torch.ones(2, 3, dtype=torch.int64)})
