"""Low-rank additions to some layers of the model, active for questions only (LoRA, Hu et al. 2021, arXiv 2106.09685).

What is asked and what is written use other words for the same thing. The additions move a question's vector towards the passages that
answer it and leave passages as they are, so that a store stays valid whatever is learned here. Token vectors are taken without them: two
rows of one batch, of which only the first is adapted. Learned by :mod:`index.encoding.learn_adapter`; with them goes the frame that
:mod:`index.encoding.frame` puts around questions.
"""

import contextlib
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from index.errors import EncoderError

# The linear layers that may get an addition, by the ends of their names: what a token looks for, what it hands on, and the feed-forward part.
ADAPTED_LAYERS = ("attention.self.query", "attention.self.value", "intermediate.dense", "output.dense")


@dataclass(frozen=True, slots=True)
class QuestionFrame:
    """What stands before each question, see :mod:`index.encoding.frame`. ``keys`` and ``values``: float32 (2, blocks, heads, tokens, numbers of a head),
    first those of the adapted side, then of the other; ``states``: of the adapted side after the last block, float32 (tokens + 1, dimension), at the end
    those of the first token that is computed."""

    keys: np.ndarray
    values: np.ndarray
    states: np.ndarray


@dataclass(frozen=True, slots=True)
class QuestionAdapter:
    """Of each layer by its name in the model: ``down``, float32 (rank, inputs), and ``up``, float32 (outputs, rank); added to the layer's
    output is up · down · input. Without a ``frame`` all tokens of a question are computed."""

    down: Mapping[str, np.ndarray]
    up: Mapping[str, np.ndarray]
    frame: QuestionFrame | None = None

    def scaled(self, share: float) -> "QuestionAdapter":
        """The additions with ``share`` of their effect, without a frame."""
        return QuestionAdapter(self.down, {name: up * np.float32(share) for name, up in self.up.items()})


def save_adapter(adapter: QuestionAdapter, path: Path) -> None:
    """Write as .npz (float16)."""
    parts = {"down": adapter.down, "up": adapter.up, "frame": asdict(adapter.frame) if adapter.frame else {}}
    arrays = {f"{side}/{name}": array for side, named in parts.items() for name, array in named.items()}
    np.savez_compressed(path, **{name: array.astype(np.float16) for name, array in arrays.items()})


def load_adapter(path: Path) -> QuestionAdapter:
    """Read what ``save_adapter`` wrote. Raises EncoderError."""
    sides: dict[str, dict[str, np.ndarray]] = {"down": {}, "up": {}, "frame": {}}
    try:
        with np.load(path) as stored:
            for key in stored.files:
                side, name = key.split("/", 1)
                sides[side][name] = stored[key].astype(np.float32)
        return QuestionAdapter(sides["down"], sides["up"], QuestionFrame(**sides["frame"]) if sides["frame"] else None)
    except (OSError, EOFError, KeyError, TypeError, ValueError, BadZipFile) as error:
        raise EncoderError(f"{path} ist unlesbar ({error}); bitte löschen oder neu installieren.") from error


# Pairs (down, up) of tensors by the layer's name, and whether for the first half of the rows only; per thread, so that articles can be embedded
# beside a question.
_active: ContextVar[tuple[dict, bool]] = ContextVar("active adapter", default=({}, False))


@contextlib.contextmanager
def adapting(tensors: dict, only_first_half: bool = False) -> Iterator[None]:
    """Within, the layers that ``watch_layers`` watches add what ``tensors`` say to all rows of a batch, or to the first half of them."""
    token = _active.set((tensors, only_first_half))
    try:
        yield
    finally:
        _active.reset(token)


def as_tensors(adapter: QuestionAdapter) -> dict:
    """For ``adapting``."""
    import torch

    return {name: (torch.from_numpy(adapter.down[name]), torch.from_numpy(adapter.up[name])) for name in adapter.down}


def watch_layers(model) -> dict[str, tuple[int, int]]:
    """Prepare a torch model for ``adapting``; once. Returns the inputs and outputs of each layer that can be adapted, by its name."""
    import torch

    found = {}
    for name, module in model.named_modules():
        if isinstance(module, torch.nn.Linear) and name.endswith(ADAPTED_LAYERS):
            module.register_forward_hook(_addition(name))
            found[name] = module.in_features, module.out_features
    return found


def _addition(name: str):
    def add(_module, inputs, output):
        tensors, only_first_half = _active.get()
        if name not in tensors:
            return None
        down, up = tensors[name]
        if not only_first_half:
            return output + (inputs[0] @ down.T) @ up.T
        rows = output.shape[0] // 2  # counted anew in each pass, also where this one is recorded
        output[:rows] += (inputs[0][:rows] @ down.T) @ up.T
        return output

    return add
