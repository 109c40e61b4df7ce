"""What a rule would have found: for people before they save it, and as JSON."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from bot.alerts import texts
from bot.alerts.rendering import head, quote_segments
from bot.replies import Segment
from index.alerting.archive import WINDOWS_DAYS, Archive, Counts, Found, count_windows
from index.alerting.keys import piece_keys
from index.alerting.rule_index import anchors
from index.alerting.rule_tree import All, Rule
from index.alerting.rule_tree import Any as AnyOf
from index.alerting.rules import parse_rule
from index.alerting.themes import Theme
from index.errors import RuleError
from index.language.words import find_words

LATEST = 3
WARN_PER_DAY = 5  # more than this is a flood in a chat
RELATED = 3
RELATED_FROM = 40  # of so many latest hits
MIN_RELATED_CHARS = 4
MAX_RELATED_BYTES = 36  # must fit into a button's 64 bytes


@dataclass(frozen=True, slots=True)
class Preview:
    """Counts by window of days, the latest hits, and words that often stand in the hits."""

    rule: Rule
    counts: Counts
    latest: tuple[Found, ...]
    related: tuple[str, ...]

    @property
    def per_day(self) -> int:
        return round(self.counts.by_window[30] / 30)


def make_preview(archive: Archive, rule: Rule, themes: Sequence[Theme], today: date) -> Preview:
    """Counts the articles of the last 365 days; the latest hits may be older if there are none. ``themes``: those of the rule."""
    counts = archive.count(rule, themes, today)
    since = today - timedelta(days=max(WINDOWS_DAYS))
    found = list(islice(archive.search(rule, themes, since), RELATED_FROM)) or list(islice(archive.search(rule, themes), LATEST))
    return Preview(rule, counts, tuple(found[:LATEST]), related_words(rule, found))


def related_words(rule: Rule, found: list[Found]) -> tuple[str, ...]:
    """Nouns and names that stand in the titles and sentences of many hits, and narrow the rule to some of them."""
    own = {key for alternative in rule.alternatives for term in alternative.wanted | alternative.unwanted for key, _sure in anchors(term)}
    counted: Counter[str] = Counter()
    for one in found:
        words = {word.surface for text in (one.stored.article.title, one.sentence) for word in find_words(text)[1:]}
        counted.update(word for word in words if _is_telling(word) and not own & piece_keys(word).whole)
    most = max(2, len(found) - 1)
    return tuple(word for word, count in counted.most_common(40) if count <= most or len(found) < 3)[:RELATED]


def _is_telling(word: str) -> bool:
    return word[:1].isupper() and word.isalpha() and len(word) >= MIN_RELATED_CHARS and len(word.encode()) <= MAX_RELATED_BYTES


def narrowed(rule: Rule, word: str, sign: str = "") -> str:
    """The rule with one more word, in brackets where it offers a choice. Falls back to the rule itself where that gets too long."""
    text = f"({rule.text}) {sign}{word}" if isinstance(rule.root, AnyOf) else f"{rule.text} {sign}{word}"
    try:
        return parse_rule(text).text
    except RuleError:
        return rule.text


def narrower_proposal(preview: Preview) -> str:
    if preview.related:
        return narrowed(preview.rule, preview.related[0])
    text = preview.rule.text
    return f"titel:{text}" if " " not in text and ":" not in text and not isinstance(preview.rule.root, All | AnyOf) else text


def preview_segments(preview: Preview) -> list[Segment]:
    """The preview as a person reads it."""
    week, month, year = (preview.counts.by_window[days] for days in WINDOWS_DAYS)
    rule, about = preview.rule, texts.ABOUT if preview.counts.is_estimated else ""
    segments = [Segment(texts.PREVIEW.format(rule=rule.text, understood=rule.understood, about=about, week=week, month=month, year=year))]
    segments += [Segment(texts.THEME_NOTE)] if rule.themes else []
    if preview.per_day >= WARN_PER_DAY:
        segments.append(Segment(texts.TOO_MANY.format(day=preview.per_day, narrower=narrower_proposal(preview))))
    segments.append(Segment(texts.LATEST if preview.latest else texts.NO_HITS))
    for found in preview.latest:
        segments += [Segment("\n\n"), *head(found.stored), *_sentence(found)]
        segments.append(Segment(texts.BECAUSE + ", ".join(found.explanation.reasons)))
    return segments


def _sentence(found: Found) -> list[Segment]:
    span = found.explanation.sentence
    if span is None:
        return []
    return [Segment("\n"), *quote_segments(found.stored.article.text, span, set(found.explanation.marked))]


def preview_to_json(archive: Archive, rule: Rule, themes: Sequence[Theme], today: date, limit: int | None) -> dict[str, Any]:
    """All matches, newest first; ``counts`` are of all, however many are listed."""
    found = list(archive.search(rule, themes))
    days = [one.stored.article.published for one in found if one.stored.article.published]
    counts = {str(span): count for span, count in count_windows(days, today).items()}
    return {"rule": rule.text, "understood": rule.understood, "counts": counts, "matches": [_match(one) for one in found[:limit]]}


def _match(found: Found) -> dict[str, Any]:
    article = found.stored.article
    return {
        "article_id": article.key,
        "title": article.title,
        "url": article.url,
        "published": article.published.isoformat() if article.published else None,
        "sentence": found.sentence,
        "because": list(found.explanation.reasons),
    }
