"""The first tokens of each question, computed once for all questions instead of with each: for a rush, nearly the same in two thirds of the time.

"<s> query: " stands before each question, four tokens, where a short question has five itself. What the first three give the others to see (keys and
values in each block) hardly depends on the question, so it is the same for all, as a learned prefix is (Li and Liang 2021, arXiv
2101.00190; learned by :mod:`index.encoding.learn_frame`). The fourth is computed with the question: what these four come to at the end depends on
it in the same way, so it tells how far the others would be from their means. How near that comes: docs/measurements.md.
"""

from index.encoding.adapter import QuestionAdapter, adapting, as_tensors
from index.encoding.packing import packed_inputs
from index.encoding.passes import Pass, apart, pooled


def framed_pass(model, adapter: QuestionAdapter) -> Pass:
    """Of questions behind their prompt: sentence vectors with the adapter's additions, token vectors without. Both in one pass over two copies of the
    packed rows; where the adapter has a frame, without its tokens (as token vectors these are anything)."""
    import torch

    frame = adapter.frame
    tensors = tuple(torch.from_numpy(array) for array in (frame.keys, frame.values, frame.states)) if frame else None
    return pass_with(model, as_tensors(adapter), tensors)


def pass_with(model, additions: dict, frame: tuple | None) -> Pass:
    """The same by tensors: ``additions`` as in :func:`index.encoding.adapter.adapting`; keys, values and states of the frame, if any."""
    import torch
    from transformers import DynamicCache

    transformer, *others = model
    count = len(frame[2]) - 1 if frame else 0

    def seen(rows: int) -> DynamicCache:
        """What all tokens of a row see of the frame."""
        cache = DynamicCache()
        for block in range(frame[0].shape[1]):
            cache.update(*(torch.cat([half.expand(rows, -1, -1, -1) for half in side[:, block, None]]) for side in frame[:2]), block)
        return cache

    def compute(ids, positions, owners, where, mask) -> tuple:
        rows, width = ids.shape
        inputs = {"input_ids": ids, "position_ids": positions, "attention_mask": torch.nn.functional.pad(apart(owners), (count, 0))}
        with adapting(additions, only_first_half=True):
            inputs = {name: torch.cat([value, value]) for name, value in inputs.items()}
            output = transformer.auto_model(**inputs, past_key_values=seen(rows) if frame else None)
        found = output[0].flatten(0, 1)
        own, tokens = found[where[:, count:]], found[where + rows * width]
        if not frame:
            return pooled(others, own, mask), tokens
        states = frame[2]
        before = states[:count] + (own[:, :1] - states[count])
        return pooled(others, torch.cat([before, own], dim=1), torch.cat([torch.ones_like(mask[:, :count]), mask[:, count:]], dim=1)), tokens

    return Pass(lambda features: packed_inputs(features, count), compute)
