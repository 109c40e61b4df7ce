"""A model's pass as one call that leaves the interpreter to other threads while it computes.

Module by module a pass takes and gives back the interpreter's lock some 300 times, and beside a busy thread it waits for it each time: sixteen
rows took 1,310 ms instead of 107 on two cores, traced 119 (docs/measurements.md). torch calls ``torch.jit.trace`` deprecated; what it names in
its place wants a C++ compiler on each machine.
"""

import contextlib
import logging
import warnings
from collections.abc import Callable, Iterator, Sequence

log = logging.getLogger(__name__)

# Of different lengths, so that padding is part of the trace; what is compared has other numbers of rows and tokens, the second no padding.
_TRACED_ON = ("Wer ist zuständig?", "Seit wann gibt es das Portal des Landes, und was kostet es?")
_COMPARED_ON = (("Was ist das?", "Wann?", "Wo steht das neue Amt, und wer hat es bezahlt?") * 2, ("Wann?",) * 2)
_TOLERANCE = 1e-4

# Of a tokenizer's output, by its names, to sentence vectors (rows, dimension) and token vectors (rows, tokens, dimension).
Pass = Callable[[dict], tuple]


def plain_pass(model) -> Pass:
    """The pass of a SentenceTransformer as it is."""

    def run(features: dict) -> tuple:
        output = model(dict(features))
        return output["sentence_embedding"], output["token_embeddings"]

    return run


def traced_pass(model, tokenise: Callable[[Sequence[str]], dict]) -> Pass | None:
    """The same, recorded once, for any even number of rows. None, with a line in the log, where a model cannot be recorded or the record says
    something else than the model."""
    import torch

    plain = plain_pass(model)
    try:
        with torch.inference_mode(), _without_advice():
            example = tokenise(_TRACED_ON)
            names = tuple(example)
            recorded = torch.jit.trace(_by_position(model, names), tuple(example.values()), check_trace=False)

            def run(features: dict) -> tuple:
                return recorded(*(features[name] for name in names))

            is_same = all(_is_same(run(features), plain(features)) for features in map(tokenise, _COMPARED_ON))
    except Exception as error:  # whatever a foreign model's code raises
        log.warning("Das Sprachmodell lässt sich nicht aufzeichnen (%s); es bleibt bei der langsameren Art.", type(error).__name__)
        return None
    if not is_same:
        log.warning("Das Sprachmodell rechnet aufgezeichnet anders; es bleibt bei der langsameren Art.")
    return run if is_same else None


def _by_position(model, names: Sequence[str]):
    """The model as a module with one input for each of ``names``: of a mere function the weights would be recorded as constants."""
    import torch

    class ByPosition(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.whole = model

        def forward(self, *values: object) -> tuple:
            return plain_pass(self.whole)(dict(zip(names, values, strict=True)))

    return ByPosition().eval()


def _is_same(found: tuple, expected: tuple) -> bool:
    import torch

    return all(torch.allclose(one, other, atol=_TOLERANCE) for one, other in zip(found, expected, strict=True))


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
