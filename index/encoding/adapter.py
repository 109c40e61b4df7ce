"""Low-rank additions to some layers of the model, active for questions only (LoRA, Hu et al. 2021, arXiv 2106.09685).

What is asked and what is written use other words for the same thing. The additions move a question's vector towards the passages that
answer it and leave passages as they are, so that a store stays valid whatever is learned here. Only the upper half of the model's blocks
has them: as much is found (docs/measurements.md), and what a question's vector, with additions, and those of its tokens, without, have in
common is computed once. Learned by :mod:`index.encoding.learn_adapter`.
"""

import contextlib
import re
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from index.errors import EncoderError

# The linear layers that may get an addition, by the ends of their names: what a token looks for, what it hands on, and the feed-forward part.
ADAPTED_LAYERS = ("attention.self.query", "attention.self.value", "intermediate.dense", "output.dense")


@dataclass(frozen=True, slots=True)
class QuestionAdapter:
    """Of each layer by its name in the model: ``down``, float32 (rank, inputs), and ``up``, float32 (outputs, rank); added to the layer's
    output is up · down · input."""

    down: Mapping[str, np.ndarray]
    up: Mapping[str, np.ndarray]

    def scaled(self, share: float) -> "QuestionAdapter":
        """The same with ``share`` of its effect."""
        return QuestionAdapter(self.down, {name: up * np.float32(share) for name, up in self.up.items()})


def save_adapter(adapter: QuestionAdapter, path: Path) -> None:
    """Write as .npz (float16)."""
    arrays = {f"{side}/{name}": array for side in ("down", "up") for name, array in getattr(adapter, side).items()}
    np.savez_compressed(path, **{name: array.astype(np.float16) for name, array in arrays.items()})


def load_adapter(path: Path) -> QuestionAdapter:
    """Read what ``save_adapter`` wrote. Raises EncoderError."""
    sides: dict[str, dict[str, np.ndarray]] = {"down": {}, "up": {}}
    try:
        with np.load(path) as stored:
            for key in stored.files:
                side, name = key.split("/", 1)
                sides[side][name] = stored[key].astype(np.float32)
    except (OSError, EOFError, KeyError, ValueError, BadZipFile) as error:
        raise EncoderError(f"{path} ist unlesbar ({error}); bitte löschen oder neu installieren.") from error
    return QuestionAdapter(**sides)


# Pairs (down, up) of tensors by the layer's name, and whether the rows without additions are computed, too; per thread, so that articles can be
# embedded beside a question.
_active: ContextVar[tuple[dict, bool]] = ContextVar("active adapter", default=({}, False))


@contextlib.contextmanager
def adapting(tensors: dict, beside_plain: bool = False) -> Iterator[None]:
    """Within, the layers that ``watch_layers`` watches add what ``tensors`` say to all rows of a batch; or, ``beside_plain``, what the first of
    the watched blocks is given goes on twice, and only the first half of the rows that come out of the model has the additions."""
    token = _active.set((tensors, beside_plain))
    try:
        yield
    finally:
        _active.reset(token)


def as_tensors(adapter: QuestionAdapter) -> dict:
    """For ``adapting``."""
    import torch

    return {name: (torch.from_numpy(adapter.down[name]), torch.from_numpy(adapter.up[name])) for name in adapter.down}


def watch_layers(model) -> dict[str, tuple[int, int]]:
    """Prepare a torch model of blocks named ``layer.0`` and so on for ``adapting``; once. Returns the inputs and outputs of each layer of the
    upper half that can be adapted, by its name."""
    import torch

    modules = dict(model.named_modules())
    blocks = sorted((name for name in modules if _BLOCK.search(name)), key=lambda name: int(_BLOCK.search(name)[1]))
    upper, found = blocks[len(blocks) // 2 :], {}
    for place, block in enumerate(upper):
        modules[block].register_forward_pre_hook(_go_on_twice if place else _begin_twice, with_kwargs=True)
        for name, module in modules.items():
            if name.startswith(f"{block}.") and isinstance(module, torch.nn.Linear) and name.endswith(ADAPTED_LAYERS):
                module.register_forward_hook(_addition(name))
                found[name] = module.in_features, module.out_features
    return found


_BLOCK = re.compile(r"\.layer\.(\d+)$")


def _begin_twice(_module, inputs: tuple, named: dict) -> tuple[tuple, dict] | None:
    """``inputs``: the rows, and like ``named`` perhaps the mask of their attention."""
    return (tuple(map(_twice, inputs)), {name: _twice(value) for name, value in named.items()}) if _active.get()[1] else None


def _go_on_twice(module, inputs: tuple, named: dict) -> tuple[tuple, dict] | None:
    """The rows are two already; the mask that the model gives each block is not."""
    doubled = _begin_twice(module, inputs[1:], named)
    return ((inputs[0], *doubled[0]), doubled[1]) if doubled else None


def _twice(value):
    import torch

    return torch.cat([value, value]) if isinstance(value, torch.Tensor) else value


def _addition(name: str):
    def add(_module, inputs, output):
        tensors, beside_plain = _active.get()
        if name not in tensors:
            return None
        down, up = tensors[name]
        if not beside_plain:
            return output + (inputs[0] @ down.T) @ up.T
        rows = output.shape[0] // 2  # counted anew in each pass, also where this one is recorded
        output[:rows] += (inputs[0][:rows] @ down.T) @ up.T
        return output

    return add
