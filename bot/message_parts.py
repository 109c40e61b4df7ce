"""Which part of a message of ours somebody replies to: a quote with its source, or a headline of a list.

text, quotes, links ── blocks between blank lines (outside quotes) ── without a quote: lines ── those that lead to an article are parts
a selected stretch within one part means that part; one that touches none or several means the whole message
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answers import CONTEXT
from bot.quote_text import CUT
from index.articles import Span

_BLANK_LINES, _LINE_END = re.compile(r"\n\s*\n"), re.compile(r"\n")


@dataclass(frozen=True, slots=True)
class Link:
    """``text`` at ``span`` of a message that leads to ``url``."""

    span: Span
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as it reads, in code points: its block ``quotes`` and ``links`` in order, and the ``actions`` of its buttons."""

    text: str
    quotes: tuple[Span, ...] = ()
    links: tuple[Link, ...] = ()
    actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Replied:
    """What a message replies to: a whole message of ours, or one part of it. ``actions`` of the buttons that belong to it, its ``links``,
    and for a part the text of its quote, "" for a headline. All empty: nothing of ours."""

    actions: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    is_part: bool = False
    quoted: str = ""


NOTHING = Replied()


def replied_part(shown: Shown, selected: Span | None) -> Replied:
    """What is meant by a reply to ``shown`` of which the stretch ``selected`` was chosen (None: no stretch)."""
    parts = find_parts(shown)
    chosen = [part for part in parts if selected and part.start < selected.end and selected.start < part.end]
    if len(chosen) != 1:
        return Replied(shown.actions, shown.links)
    (part,) = chosen
    quotes = [quote.cut(shown.text) for quote in shown.quotes if _is_within(quote, part)]
    quoted = quotes[0].strip().removeprefix(CUT).removesuffix(CUT).strip() if quotes else ""
    links = tuple(link for link in shown.links if _is_within(link.span, part))
    return Replied(_own_actions(shown, part), links, True, quoted)


def find_parts(shown: Shown) -> list[Span]:
    """The parts that lead to an article, in order."""
    blocks = _split(shown, Span(0, len(shown.text)), _BLANK_LINES)
    pieces = [piece for block in blocks for piece in (_split(shown, block, _LINE_END) if not _holds(block, shown.quotes) else [block])]
    return [piece for piece in pieces if _holds(piece, shown.quotes) or _holds(piece, [link.span for link in shown.links])]


def find_selected(text: str, selected: str, near: int) -> Span | None:
    """Where ``selected`` stands in ``text``, nearest to the place ``near``; None if it does not."""
    wanted = selected.strip()
    starts = [match.start() for match in re.finditer(f"(?={re.escape(wanted)})", text)] if wanted else []
    start = min(starts, key=lambda start: abs(start - near), default=None)
    return None if start is None else Span(start, start + len(wanted))


def _split(shown: Shown, block: Span, border: re.Pattern[str]) -> list[Span]:
    """``block`` cut at borders that do not lie within a quote."""
    spans, start = [], block.start
    for match in border.finditer(shown.text, block.start, block.end):
        if not any(quote.start <= match.start() and match.end() <= quote.end for quote in shown.quotes):
            spans.append(Span(start, match.start()))
            start = match.end()
    return [span for span in (*spans, Span(start, block.end)) if span.start < span.end]


def _own_actions(shown: Shown, part: Span) -> tuple[str, ...]:
    """The button that shows the part's quote in its context: there is one for each quote, in order, or none for any."""
    contexts = [action for action in shown.actions if action.startswith(f"{CONTEXT}:")]
    if len(contexts) != len(shown.quotes):
        return ()
    return tuple(action for quote, action in zip(shown.quotes, contexts, strict=True) if _is_within(quote, part))


def _holds(part: Span, spans: Sequence[Span]) -> bool:
    return any(_is_within(span, part) for span in spans)


def _is_within(span: Span, part: Span) -> bool:
    return part.start <= span.start and span.end <= part.end
