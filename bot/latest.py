"""``/neu``: the latest articles, by tag or source, page by page."""

from collections.abc import Sequence

from bot import texts
from bot.features import Feature
from bot.quote_text import source_segments
from bot.replies import Button, Reply, Segment, Style, plain
from index.language.words import fold
from index.storage.store import Store

PAGE = 5
OFFERED_FILTERS = 3
# Telegram gives a button's action 64 bytes; a longer filter is found again by its beginning.
MAX_FILTER_BYTES = 44
NEW = "neu"


def latest_feature(store: Store) -> Feature:
    """The command and its buttons."""
    return Feature(
        {"/neu": lambda words, _visitor: [latest_page(store, words, 0)]},
        {NEW: lambda values, _visitor: [latest_page(store, ":".join(values[1:]), max(0, int(values[0])))]},
    )


def latest_page(store: Store, wanted: str, offset: int) -> Reply:
    """A page of the latest articles; ``wanted``: a tag or source, however it is written, or "" for all."""
    tags, sources = store.count_tags(), store.count_by_source()
    tag, source = _resolve(wanted, tags), _resolve(wanted, sources)
    if wanted and not tag and not source:
        return plain(texts.NO_SUCH_FILTER.format(wanted=wanted[:60]), _filters(tags, sources))
    name = tag or source
    rows = store.filtered_rows(tag, "" if tag else source, PAGE + 1, offset)
    if not rows:
        return plain(texts.NO_ARTICLES_YET if not offset else texts.NO_MORE_ARTICLES)
    articles = store.articles(rows)
    heading = texts.LATEST_OF.format(name=name) if name else texts.LATEST
    segments = [Segment(heading, Style.BOLD)]
    for row in rows[:PAGE]:
        segments += [Segment("\n\n• "), *source_segments(articles[row])] if row in articles else []
    paging = _paging(name, offset, has_more=len(rows) > PAGE)
    return Reply(tuple(segments), (*paging, *(() if name else _filters(tags, sources))))


def _resolve(wanted: str, counted: Sequence[tuple[str, int]]) -> str:
    """The most frequent name that is written like ``wanted``, else one that begins so, else ""."""
    folded = fold(wanted.strip())
    if not folded:
        return ""
    same = [name for name, _count in counted if fold(name) == folded]
    return next(iter([*same, *(name for name, _count in counted if fold(name).startswith(folded))]), "")


def _paging(name: str, offset: int, has_more: bool) -> tuple[tuple[Button, ...], ...]:
    newer = [Button(texts.NEWER_BUTTON, _action(max(0, offset - PAGE), name))] if offset else []
    older = [Button(texts.OLDER_BUTTON, _action(offset + PAGE, name))] if has_more else []
    everything = [Button(texts.ALL_BUTTON, _action(0, ""))] if name else []
    return tuple(tuple(row) for row in ([*newer, *older], everything) if row)


def _filters(tags: Sequence[tuple[str, int]], sources: Sequence[tuple[str, int]]) -> tuple[tuple[Button, ...], ...]:
    names = [[name for name, _count in counted if name][:OFFERED_FILTERS] for counted in (tags, sources if len(sources) > 1 else [])]
    return tuple(tuple(Button(name, _action(0, name)) for name in row) for row in names if row)


def _action(offset: int, name: str) -> str:
    return f"{NEW}:{offset}:{name.encode()[:MAX_FILTER_BYTES].decode(errors='ignore')}"
