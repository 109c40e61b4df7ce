"""A model's pass as one call that leaves the interpreter to other threads while it computes.

Module by module a pass takes and gives back the interpreter's lock some 300 times, and beside a busy thread it waits for it each time: sixteen
rows took 1,310 ms instead of 107 on two cores, traced 119 (docs/measurements.md). torch calls ``torch.jit.trace`` deprecated; what it names in
its place wants a C++ compiler on each machine.
"""

import contextlib
import logging
import warnings
from collections.abc import Callable, Iterator, Sequence

from index.encoding.passes import Pass

log = logging.getLogger(__name__)

# Of different lengths, so that padding is part of the trace; what is compared has other numbers of rows and tokens, the last no padding.
_TRACED_ON = ("Wer ist zuständig?", "Seit wann gibt es das Portal des Landes, und was kostet es?")
_COMPARED_ON = (
    ("Was ist das?", "Wann?", "Wo steht das neue Amt, und wer hat es bezahlt?"),
    ("Wer, was, wann und wo? " * 6, "Und warum?") * 4,
    ("Wann?",),
)
_TOLERANCE = 1e-4


def traced_pass(model, tokenise: Callable[[Sequence[str]], dict], ways: Sequence[Callable[[], Pass]], plain: Pass) -> Pass | None:
    """What ``plain`` computes, recorded once, for any number of rows, in the first of these ways that the model allows. None, with a line in the log,
    where it cannot be recorded or the record says something else."""
    import torch

    trouble = ""
    for make in ways:
        try:
            with torch.inference_mode(), _without_advice():
                way = make()
                recorded = Pass(way.prepare, _record(model, way.compute, way.prepare(tokenise(_TRACED_ON))))
                if all(_is_same(recorded(features), plain(features), features) for features in map(tokenise, _COMPARED_ON)):
                    return recorded
            trouble = "rechnet aufgezeichnet anders"
        except Exception as error:  # whatever a foreign model's code raises
            trouble = f"lässt sich nicht aufzeichnen ({type(error).__name__})"
    log.warning("Das Sprachmodell %s; es bleibt bei der langsameren Art.", trouble)
    return None


def _record(model, compute: Callable[..., tuple], example: tuple):
    """``compute`` as a module that holds the model: of a mere function the weights would be recorded as constants."""
    import torch

    class Recorded(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.whole = model

        def forward(self, *values: object) -> tuple:
            return compute(*values)

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
