"""A model's pass as one call that leaves the interpreter to other threads while it computes.

Module by module a pass takes and gives back the interpreter's lock some 300 times, and beside a busy thread it waits for it each time: sixteen
rows took 1,310 ms instead of 107 on two cores, traced 119 (docs/measurements.md). torch calls ``torch.jit.trace`` deprecated; what it names in
its place wants a C++ compiler on each machine.
"""

import contextlib
import logging
import warnings
from collections.abc import Callable, Iterator, Sequence

from index.encoding.packing import packed_inputs

log = logging.getLogger(__name__)

# Of different lengths, so that padding is part of the trace; what is compared has other numbers of rows and tokens, the last no padding.
_TRACED_ON = ("Wer ist zuständig?", "Seit wann gibt es das Portal des Landes, und was kostet es?")
_COMPARED_ON = (
    ("Was ist das?", "Wann?", "Wo steht das neue Amt, und wer hat es bezahlt?"),
    ("Wer, was, wann und wo? " * 6, "Und warum?") * 4,
    ("Wann?",),
)
_TOLERANCE = 1e-4

# Of a tokenizer's output, by its names, to sentence vectors (rows, dimension) and token vectors (rows, tokens, dimension).
Pass = Callable[[dict], tuple]


def plain_pass(model, is_twice: bool = False) -> Pass:
    """The pass of a SentenceTransformer as it is. ``is_twice``: of two copies of the rows in one pass the first gives the sentence vectors, the
    second the token vectors; for a model that changes the first half of the rows (:mod:`index.encoding.adapter`)."""
    import torch

    def run(features: dict) -> tuple:
        output = model({name: torch.cat([value, value]) if is_twice else value for name, value in features.items()})
        sentences, tokens = output["sentence_embedding"], output["token_embeddings"]
        texts = sentences.shape[0] // 2  # counted anew in each pass, also where this one is recorded
        return (sentences[:texts], tokens[texts:]) if is_twice else (sentences, tokens)

    return run


def traced_pass(model, tokenise: Callable[[Sequence[str]], dict], is_twice: bool = False) -> Pass | None:
    """The same, recorded once, for any number of rows: packed (:mod:`index.encoding.packing`) where the model allows it. None, with a line in the
    log, where a model cannot be recorded or the record says something else than the model."""
    import torch

    plain, trouble = plain_pass(model, is_twice), ""
    for record in WAYS:
        try:
            with torch.inference_mode(), _without_advice():
                run = record(model, tokenise(_TRACED_ON), is_twice)
                if all(_is_same(run(features), plain(features), features) for features in map(tokenise, _COMPARED_ON)):
                    return run
            trouble = "rechnet aufgezeichnet anders"
        except Exception as error:  # whatever a foreign model's code raises
            trouble = f"lässt sich nicht aufzeichnen ({type(error).__name__})"
    log.warning("Das Sprachmodell %s; es bleibt bei der langsameren Art.", trouble)
    return None


def _padded(model, example: dict, is_twice: bool) -> Pass:
    """All rows as long as the longest."""
    names, plain = tuple(example), plain_pass(model, is_twice)
    recorded = _record(model, lambda *values: plain(dict(zip(names, values, strict=True))), tuple(example.values()))
    return lambda features: recorded(*(features[name] for name in names))


def _packed(model, example: dict, is_twice: bool) -> Pass:
    """Several texts in a row."""
    import torch

    transformer, *others = model

    def run(ids, positions, owners, where, mask) -> tuple:
        is_apart = owners[:, None, :, None] != owners[:, None, None, :]
        added = torch.zeros(1).expand(is_apart.shape).masked_fill(is_apart, torch.finfo(torch.float32).min)  # to the attention
        rows = [torch.cat([value, value]) if is_twice else value for value in (ids, positions, added)]
        hidden = transformer.auto_model(input_ids=rows[0], position_ids=rows[1], attention_mask=rows[2])[0].flatten(0, 1)
        output = {"token_embeddings": hidden[where], "attention_mask": mask}
        tokens = hidden[where + ids.shape[0] * ids.shape[1]] if is_twice else output["token_embeddings"]
        for module in others:
            output = module(output)
        return output["sentence_embedding"], tokens

    recorded = _record(model, run, packed_inputs(example))
    return lambda features: recorded(*packed_inputs(features))


WAYS = (_packed, _padded)  # the first that the model allows


def _record(model, run: Callable[..., tuple], example: tuple):
    """``run`` as a module that holds the model: of a mere function the weights would be recorded as constants."""
    import torch

    class Recorded(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.whole = model

        def forward(self, *values: object) -> tuple:
            return run(*values)

    return torch.jit.trace(Recorded().eval(), example, check_trace=False)


def _is_same(found: tuple, expected: tuple, features: dict) -> bool:
    """But for tokens that are padding."""
    import torch

    mask = features.get("attention_mask")
    (sentences, tokens), (plain_sentences, plain_tokens) = found, expected
    if mask is not None:
        tokens, plain_tokens = tokens[mask.bool()], plain_tokens[mask.bool()]
    return torch.allclose(sentences, plain_sentences, atol=_TOLERANCE) and torch.allclose(tokens, plain_tokens, atol=_TOLERANCE)


@contextlib.contextmanager
def _without_advice() -> Iterator[None]:
    """Recording warns of each branch on a shape and of each old attribute it sees; what comes of it is compared."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.disable(logging.WARNING)
        try:
            yield
        finally:
            logging.disable(logging.NOTSET)
