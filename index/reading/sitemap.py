"""Sitemaps: lists of pages, of news, and indexes of further sitemaps; also as plain text, also compressed with gzip."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from index.addresses import absolute_address, is_web_address
from index.errors import InputError
from index.reading.cleaning import clean_line
from index.reading.dates import parse_date
from index.reading.xml_safety import without_declarations

MAX_SITEMAP_BYTES = 52 << 20  # what the protocol allows, uncompressed, and a little


@dataclass(frozen=True, slots=True)
class SitemapPage:
    """``published`` and ``title`` come from a news sitemap; ``changed`` is the text of ``lastmod``, for comparing only."""

    url: str
    changed: str = ""
    published: date | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """Pages, and further sitemaps if it is an index."""

    pages: tuple[SitemapPage, ...] = ()
    sitemaps: tuple[str, ...] = ()


def is_sitemap(data: bytes) -> bool:
    """Whether ``data`` begins like a sitemap in XML."""
    head = data[:4096]
    return b"<urlset" in head or b"<sitemapindex" in head or b":urlset" in head


def parse_sitemap(data: bytes, url: str = "", today: date | None = None) -> Sitemap:
    """The sitemap in ``data``. InputError if it is none or unpacks to more than MAX_SITEMAP_BYTES."""
    data = _unpack(data)
    if b"<" not in data[:4096]:
        lines = data.decode("utf-8", "replace").split()
        return Sitemap(tuple(SitemapPage(line) for line in lines if is_web_address(line)))
    root = _parse(data)
    pages = [page for node in _named(root, "url") if (page := _page(node, url, today)).url]
    maps = [address for node in _named(root, "sitemap") if (address := absolute_address(url, _value(node, "loc")))]
    if not pages and not maps and _name(root) not in ("urlset", "sitemapindex"):
        raise InputError("Das ist keine Sitemap; bitte die Adresse einer Sitemap angeben.")
    return Sitemap(tuple(pages), tuple(dict.fromkeys(maps)))


def _unpack(data: bytes) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(data, MAX_SITEMAP_BYTES)
    except zlib.error as error:
        raise InputError("Die gepackte Sitemap ist beschädigt.") from error
    if unpacker.unconsumed_tail:
        raise InputError(f"Die Sitemap ist entpackt größer als {MAX_SITEMAP_BYTES >> 20} MB und wird nicht gelesen.")
    return unpacked


def _parse(data: bytes):
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(without_declarations(data).lstrip(), parser)
    except etree.XMLSyntaxError as error:
        raise InputError("Die Sitemap ist kein lesbares XML.") from error
    if root is None:
        raise InputError("Die Sitemap ist kein lesbares XML.")
    return root


def _page(node, base: str, today: date | None) -> SitemapPage:
    address = absolute_address(base, _value(node, "loc"))
    return SitemapPage(address, _value(node, "lastmod"), parse_date(_value(node, "publication_date"), today), _value(node, "title"))


def _named(root, name: str) -> Iterator:
    return (node for node in root if isinstance(node.tag, str) and _name(node) == name)


def _value(node, name: str) -> str:
    return next((clean_line(found.text or "") for found in node.iter() if isinstance(found.tag, str) and _name(found) == name), "")


def _name(node) -> str:
    return node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""
