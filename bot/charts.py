"""Pictures for the chat: how often words stand in the news, and dated milestones. PNG, readable on a phone.

An opaque light card with a margin looks right on dark and light chat backgrounds alike. matplotlib is imported when a picture is drawn.
"""

import io
import re
import textwrap
import unicodedata
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MAX_TERMS = 5  # more lines than colours that people can tell apart
MAX_MILESTONES = 12
DPI = 150
WIDTH_INCHES = 7.2  # 1080 pixels, what phones show without scaling up
CARD, INK, MUTED, GRID = "#fbfaf7", "#1d2733", "#5d6875", "#dfe3e8"
# Okabe and Ito's colours that are told apart also with colour blindness; each line has a mark of its own besides.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9")
MARKS = ("o", "s", "^", "D", "v")
MANY_POINTS = 36  # marks and month names would run together beyond
SHORT_MONTHS = ("Jan.", "Feb.", "März", "April", "Mai", "Juni", "Juli", "Aug.", "Sep.", "Okt.", "Nov.", "Dez.")
LONG_MONTHS = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember")
TITLE_CHARS, MILESTONE_CHARS, TERM_CHARS = 36, 50, 26
MILESTONE_LINES = 3
PLOT_INCHES = 3.2
_DATE_GAP = re.compile(r"(?<=\d\.) (?=[A-ZÄ])")


@dataclass(frozen=True, slots=True)
class Milestone:
    """What happened on a day, in at most a few lines; ``is_reported``: the day is that of the report, not of the event."""

    when: date
    text: str
    is_reported: bool = False


def frequency_chart(series: Mapping[str, Sequence[tuple[date, int]]], title: str, unit: str = "Artikel im Monat") -> bytes:
    """A line for each of up to MAX_TERMS terms: its counts by the first day of each month or quarter. Returns a PNG."""
    shown = {term: sorted(points) for term, points in list(series.items())[:MAX_TERMS] if points}
    foot, head = 0.85 + 0.32 * ((len(shown) + 1) // 2), 0.85 + 0.38 * len(_wrap(title, TITLE_CHARS, 2))  # inches
    figure = _new_figure(foot + PLOT_INCHES + head)
    axes = figure.add_axes((0.09, foot / figure.get_figheight(), 0.86, PLOT_INCHES / figure.get_figheight()))
    for number, (term, points) in enumerate(shown.items()):
        mark = MARKS[number] if len(points) <= MANY_POINTS else None
        days, counts = [day.toordinal() for day, _count in points], [count for _day, count in points]
        axes.plot(
            days, counts, color=COLOURS[number], marker=mark, markersize=7, linewidth=2.6, label=_clip(term, TERM_CHARS), clip_on=False
        )
    _style_axes(axes, sorted({day for points in shown.values() for day, _count in points}))
    _write_title(figure, title, unit)
    if shown:
        figure.legend(loc="lower center", ncols=min(2, len(shown)), frameon=False, fontsize=14, labelcolor=INK, bbox_to_anchor=(0.5, 0.0))
    else:
        axes.text(0.5, 0.5, "Dazu gibt es keine Artikel.", transform=axes.transAxes, ha="center", fontsize=16, color=MUTED)
    return _png(figure)


def timeline_chart(milestones: Sequence[Milestone], title: str) -> bytes:
    """Up to MAX_MILESTONES milestones from top to bottom, oldest first; as high as they need. Returns a PNG."""
    shown = sorted(milestones, key=lambda milestone: milestone.when)[:MAX_MILESTONES]
    wrapped = [_wrap(milestone.text, MILESTONE_CHARS, MILESTONE_LINES) for milestone in shown]
    heights = [0.62 + 0.29 * len(lines) for lines in wrapped] or [0.9]  # inches: a date, its lines, a gap
    head = 0.75 + 0.38 * len(_wrap(title, TITLE_CHARS, 2))
    total = max(head + sum(heights) + 0.2, 3.2)
    figure = _new_figure(total)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH_INCHES), ylim=(total, 0))
    axes.axis("off")
    place = head
    if len(shown) > 1:
        axes.plot([0.55, 0.55], [head + 0.14, head + 0.14 + sum(heights[:-1])], color=GRID, linewidth=5, solid_capstyle="round", zorder=1)
    for milestone, lines, height in zip(shown, wrapped, heights, strict=True) if shown else ():
        axes.plot([0.55], [place + 0.14], marker="o", markersize=13, color=COLOURS[0], markeredgecolor=CARD, markeredgewidth=2, zorder=2)
        heading = long_date(milestone.when) + (" (berichtet)" if milestone.is_reported else "")
        axes.text(0.95, place + 0.2, heading, fontsize=14, weight="bold", color=COLOURS[0], va="baseline")
        for number, line in enumerate(lines):
            axes.text(0.95, place + 0.2 + 0.29 * (number + 1), line, fontsize=14.5, color=INK, va="baseline")
        place += height
    _write_title(figure, title, "" if shown else "Dazu gibt es keine datierten Stellen.")
    return _png(figure)


def long_date(day: date) -> str:
    """``28. Januar 2019``."""
    return f"{day.day}. {LONG_MONTHS[day.month - 1]} {day.year}"


def _new_figure(height_inches: float) -> "Figure":
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH_INCHES, height_inches), dpi=DPI, facecolor=CARD)
    FigureCanvasAgg(figure)
    return figure


def _png(figure: "Figure") -> bytes:
    """An indexed PNG: few colours are used, and it is a third of the size."""
    from PIL import Image

    raw, packed = io.BytesIO(), io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")  # drawn as boxes; nothing to be done about it
        figure.savefig(raw, format="png")
    raw.seek(0)
    Image.open(raw).convert("RGB").quantize(32, dither=Image.Dither.NONE).save(packed, format="png", optimize=True)
    return packed.getvalue()


def _write_title(figure: "Figure", title: str, subtitle: str) -> None:
    height = figure.get_figheight()
    lines = _wrap(title, TITLE_CHARS, 2)
    for number, line in enumerate(lines):
        figure.text(0.05, 1 - (0.28 + 0.38 * number) / height, line, fontsize=20, weight="bold", color=INK, va="top")
    figure.text(0.05, 1 - (0.32 + 0.38 * len(lines)) / height, subtitle, fontsize=13, color=MUTED, va="top")


def _style_axes(axes: "Axes", days: list[date]) -> None:
    from matplotlib.ticker import MaxNLocator

    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(MUTED)
    axes.set_facecolor(CARD)
    axes.grid(axis="y", color=GRID, linewidth=1.2)
    axes.tick_params(labelsize=14, colors=INK, length=0, pad=6)
    axes.set_ylim(bottom=0, top=max(axes.get_ylim()[1], 1))
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True, min_n_ticks=1))
    ticks = _ticks(days)
    axes.set_xticks([day.toordinal() for day, _label in ticks], [label for _day, label in ticks])


def _ticks(days: list[date]) -> list[tuple[date, str]]:
    """At most seven labelled days: years over long stretches, else months with the year where it begins."""
    if not days:
        return []
    if (days[-1] - days[0]).days > 3 * 366:
        years = list(range(days[0].year + (days[0].month > 1), days[-1].year + 1))
        step = -(-len(years) // 7)
        return [(date(year, 1, 1), str(year)) for year in years[::step]]
    step = -(-len(days) // 6)
    chosen = days[::step]
    fresh = [not place or day.year != chosen[place - 1].year for place, day in enumerate(chosen)]
    return [(day, SHORT_MONTHS[day.month - 1] + (f"\n{day.year}" if is_new else "")) for day, is_new in zip(chosen, fresh, strict=True)]


def _wrap(text: str, width: int, max_lines: int) -> list[str]:
    """Lines of at most ``width`` columns (wide letters count twice); what does not fit ends in an ellipsis."""
    plain = _DATE_GAP.sub("\u00a0", _drawable(text))  # a line does not end between "1." and "Mai"
    if any(unicodedata.east_asian_width(char) in "WF" for char in plain):
        width //= 2
    return textwrap.wrap(plain, width, max_lines=max_lines, placeholder=" …", break_long_words=True) or [""]


def _clip(text: str, width: int) -> str:
    plain = _drawable(text)
    return plain if len(plain) <= width else plain[: width - 1].rstrip() + "…"


def _drawable(text: str) -> str:
    """In one line, without control characters and emoji, and without signs that matplotlib reads as markup."""
    kept = (char if unicodedata.category(char)[0] in "LNPZ" or char in "+<>=|~^€°´`\u0308" else " " for char in text)
    cleaned = " ".join("".join(kept).replace("\\", "/").split())
    return cleaned.lstrip("_") or "–"  # an empty name and one with a leading underscore would be missing in the legend
