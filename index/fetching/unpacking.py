"""Packed bytes in, plain bytes out, a small piece at a time: a bomb is noticed after a few pieces, never held as a whole."""

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

from index.errors import FetchError
from index.fetching import texts_de as texts

PIECE = 65_536  # bytes unpacked in one step
MOST_LAYERS = 3  # packed twice happens by mistake; more is meant to harm
GZIP_MAGIC = b"\x1f\x8b"
_ANY_HEADER = zlib.MAX_WBITS | 32  # zlib and gzip, told apart by zlib itself
_NO_HEADER = -zlib.MAX_WBITS


def unpack(chunks: Iterable[bytes], encodings: str) -> Iterator[bytes]:
    """Undo ``Content-Encoding`` (as served, "" for none), and gzip once more where the page itself is a packed file."""
    names = [name for name in encodings.lower().replace(" ", "").split(",") if name not in {"", "identity", "none"}]
    if len(names) > MOST_LAYERS:
        raise FetchError(texts.UNKNOWN_PACKING.format(name=encodings[:40]))
    pieces: Iterator[bytes] = iter(chunks)
    for name in reversed(names):
        pieces = _unpack_layer(pieces, name)
    head, pieces = peek(pieces, len(GZIP_MAGIC))
    return inflate(pieces, _ANY_HEADER) if head == GZIP_MAGIC else pieces


def collect(pieces: Iterable[bytes], limit: int) -> bytes:
    """All pieces as one; raises ``FetchError`` as soon as they are more than ``limit`` bytes."""
    data = bytearray()
    for piece in pieces:
        data += piece
        if len(data) > limit:
            raise FetchError(texts.TOO_LARGE.format(limit=texts.size_in_words(limit)))
    return bytes(data)


def peek(pieces: Iterator[bytes], size: int) -> tuple[bytes, Iterator[bytes]]:
    """The first ``size`` bytes (fewer if there are no more), and an iterator that still holds everything."""
    taken = b""
    for piece in pieces:
        taken += piece
        if len(taken) >= size:
            break
    return taken[:size], chain([taken] if taken else [], pieces)


def inflate(chunks: Iterable[bytes], wbits: int) -> Iterator[bytes]:
    """Undo zlib or gzip, also several gzip members one after the other; what follows the last one is ignored, as browsers do."""
    decoder, begun = zlib.decompressobj(wbits), False
    for chunk in chunks:
        while chunk:
            if decoder.eof:
                if not chunk.startswith(GZIP_MAGIC):
                    return
                decoder = zlib.decompressobj(wbits)
            yield _step(decoder, chunk)
            begun, chunk = True, decoder.unused_data if decoder.eof else decoder.unconsumed_tail
    if begun:
        yield _step(decoder, b"")  # what did not fit into the last piece
        if not decoder.eof:
            raise FetchError(texts.BROKEN_PACKING)


def unbrotli(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Undo brotli."""
    import brotli

    decoder, begun = brotli.Decompressor(), False
    try:
        for chunk in chunks:
            begun = begun or bool(chunk)
            piece = decoder.process(chunk, output_buffer_limit=PIECE)
            while piece or not decoder.can_accept_more_data():
                yield piece
                piece = decoder.process(b"", output_buffer_limit=PIECE)
    except brotli.error as error:
        raise FetchError(texts.BROKEN_PACKING) from error
    if begun and not decoder.is_finished():
        raise FetchError(texts.BROKEN_PACKING)


def _unpack_layer(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    if name == "br":
        return unbrotli(pieces)
    if name in {"gzip", "x-gzip"}:
        return inflate(pieces, _ANY_HEADER)
    if name == "deflate":
        head, pieces = peek(pieces, 2)
        return inflate(pieces, _ANY_HEADER if _is_zlib(head) else _NO_HEADER)
    raise FetchError(texts.UNKNOWN_PACKING.format(name=name[:40]))


def _is_zlib(head: bytes) -> bool:
    """Whether two bytes are a zlib header (RFC 1950); many servers send deflate without one."""
    return len(head) == 2 and head[0] & 0x0F == 8 and int.from_bytes(head, "big") % 31 == 0


def _step(decoder: "zlib._Decompress", chunk: bytes) -> bytes:
    try:
        return decoder.decompress(chunk, PIECE)
    except zlib.error as error:
        raise FetchError(texts.BROKEN_PACKING) from error
