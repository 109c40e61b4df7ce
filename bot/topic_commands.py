"""``/thema``, ``/zeitstrahl`` and ``/trend``: a word as a subject of the news, in quotes and pictures."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from bot import texts
from bot.alerts.actions import WANT
from bot.charts import MAX_MILESTONES, MAX_TERMS, Milestone, frequency_chart, timeline_chart
from bot.features import Feature
from bot.quote_text import quote_segment, shown_date, source_segments
from bot.replies import Button, Picture, Reply, Segment, Style, plain
from index.language.words import fold
from index.retrieval.quoting import Quote
from index.topics import DatedQuote, Topic, Topics, count_over_time, months_per_point

MAX_WORD_CHARS = 60  # longer than any name in the glossary
TOPIC_QUOTES = 3
TIMELINE_QUOTES = 8  # as a message; quotes are short excerpts, not the press's articles
RELATED = 6
TOPIC, TIMELINE = "thema", "zeit"
MAX_ACTION_BYTES = 64


def topic_feature(topics: Callable[[], Topics]) -> Feature:
    """The three commands and their buttons; ``topics`` is asked for when the first one is used."""
    return Feature(
        {
            "/thema": lambda words, _visitor: _with_word(words, "/thema", lambda word: topic_replies(topics(), word)),
            "/zeitstrahl": lambda words, _visitor: _with_word(words, "/zeitstrahl", lambda word: timeline_replies(topics(), word)),
            "/trend": lambda words, _visitor: _with_word(words, "/trend", lambda word: trend_replies(topics(), word)),
        },
        {
            TOPIC: lambda values, _visitor: topic_replies(topics(), _joined(values)),
            TIMELINE: lambda values, _visitor: timeline_replies(topics(), _joined(values)),
        },
    )


def topic_replies(topics: Topics, word: str) -> list[Reply]:
    """What the word is, the latest quotes, related words; then a chart of how often it is in the news."""
    topic = topics.find(word)
    quotes = topics.quotes(topic, TOPIC_QUOTES)
    return [_overview(topics, topic, quotes), *_chart([topic], word)] if topic.entries or quotes else [_unknown(word)]


def keyword_reply(topics: Topics, word: str) -> Reply | None:
    """The same for a message that only names a subject, without the chart; None where no article names it."""
    topic = topics.find(word)
    quotes = topics.quotes(topic, TOPIC_QUOTES)
    if not quotes:
        return None
    reply = _overview(topics, topic, quotes)
    return replace(reply, segments=(Segment(texts.KEYWORD + "\n\n", Style.ITALIC), *reply.segments))


def _overview(topics: Topics, topic: Topic, quotes: Sequence[Quote]) -> Reply:
    word = topic.word
    segments = [Segment(word, Style.BOLD)]
    for entry in topic.entries:
        segments.append(Segment(f"\n{' / '.join(entry.short)}: {entry.long[0] if entry.long else ''}. {entry.note}"))
    segments.append(Segment("\n\n" + (texts.TOPIC_COUNT.format(count=len(topic.dates)) if topic.dates else texts.TOPIC_UNSEEN)))
    for quote in quotes:
        segments += [Segment("\n\n"), quote_segment(quote), Segment("\n"), *source_segments(quote.article)]
    related = topics.related(topic, RELATED)
    segments += [Segment("\n\n" + texts.RELATED.format(words=", ".join(related)))] if related else []
    buttons = _buttons((texts.ALERT_BUTTON, WANT, _as_rule(word)), (texts.TIMELINE_BUTTON, TIMELINE, word if quotes else ""))
    return Reply(tuple(segments), (*buttons, *_buttons(*((name, TOPIC, name) for name in related[:3]))))


def timeline_replies(topics: Topics, word: str) -> list[Reply]:
    """Dated quotes from old to new, as a picture and as a message."""
    topic = topics.find(word)
    milestones = topics.milestones(topic, min(TIMELINE_QUOTES, MAX_MILESTONES))
    if not milestones:
        return [_unknown(word)]
    title = texts.TIMELINE_TITLE.format(word=word)
    segments = [Segment(title, Style.BOLD)]
    for milestone in milestones:
        mark = shown_date(milestone.when) if milestone.names_day else texts.REPORTED.format(day=shown_date(milestone.when))
        segments += [Segment(f"\n\n{mark}\n"), quote_segment(milestone.quote), Segment("\n"), *source_segments(milestone.quote.article)]
    png = timeline_chart([Milestone(milestone.when, _short_text(milestone), not milestone.names_day) for milestone in milestones], title)
    caption = (Segment(texts.TIMELINE_CAPTION.format(word=word, count=len(milestones))),)
    return [
        Reply(caption, picture=Picture(png, f"zeitstrahl-{_slug(word)}")),
        Reply(tuple(segments), _buttons((texts.TOPIC_BUTTON, TOPIC, word))),
    ]


def trend_replies(topics: Topics, words: str) -> list[Reply]:
    """How often up to five terms are in the news, as one picture."""
    names = list({fold(name): name for name in map(str.strip, re.split(r"[,;\n]", words)) if any(map(str.isalnum, name))}.values())
    found = [topics.find(name) for name in names[:MAX_TERMS]]
    seen = [topic for topic in found if topic.dates]
    replies = _chart(seen, ", ".join(topic.word for topic in seen))
    notes = [texts.TREND_UNSEEN.format(word=topic.word) for topic in found if not topic.dates]
    notes += [texts.TREND_TOO_MANY.format(limit=MAX_TERMS)] if len(names) > MAX_TERMS else []
    return [*replies, *([plain("\n".join(notes))] if notes else [])]


def _chart(topics: Sequence[Topic], title: str) -> list[Reply]:
    """One picture of the topics' frequency, none if there is nothing to draw."""
    days = [day for topic in topics for day in topic.dates.values()]
    if not days:
        return []
    first, last = min(days), max(days)
    months = months_per_point(first, last)
    series = {topic.word: count_over_time(list(topic.dates.values()), first, last, months) for topic in topics}
    png = frequency_chart(series, title, texts.PER_MONTH if months == 1 else texts.PER_QUARTER)
    lines = [_describe(topic, first, last) for topic in topics]
    return [Reply((Segment("\n".join(lines)),), picture=Picture(png, f"trend-{_slug(title)}"))]


def _describe(topic: Topic, first: date, last: date) -> str:
    """What the chart shows of one topic, in words."""
    years = count_over_time(list(topic.dates.values()), date(first.year, 1, 1), last, 12)
    most, count = max(years, key=lambda pair: pair[1])
    dates = topic.dates.values()
    line = texts.TREND_LINE.format(word=topic.word, count=len(dates), first=shown_date(min(dates)), last=shown_date(max(dates)))
    return line + (texts.TREND_MOST.format(year=most.year, count=count) if count > 1 else "")


def _with_word(words: str, command: str, answer: Callable[[str], list[Reply]]) -> list[Reply]:
    word = " ".join(words.split())
    if not any(map(str.isalnum, word)):
        return [plain(texts.WORD_MISSING.format(command=command, example=texts.WORD_EXAMPLES[command]))]
    limit = MAX_WORD_CHARS * (MAX_TERMS if command == "/trend" else 1)
    return answer(word[:limit]) or [_unknown(word[:limit])]


def _unknown(word: str) -> Reply:
    return plain(texts.TOPIC_UNKNOWN.format(word=word))


def _short_text(milestone: DatedQuote) -> str:
    quote = milestone.quote
    return f"{'… ' if quote.is_cut_before else ''}{quote.text}{' …' if quote.is_cut_after else ''}"


def _buttons(*wanted: tuple[str, str, str]) -> tuple[tuple[Button, ...], ...]:
    """One row of buttons (label, kind, word); a word that does not fit into an action gets none."""
    row = tuple(
        Button(label, f"{kind}:{word}") for label, kind, word in wanted if word and len(f"{kind}:{word}".encode()) <= MAX_ACTION_BYTES
    )
    return (row,) if row else ()


def _joined(values: Sequence[str]) -> str:
    """The word of an action. Raises ValueError for an empty one."""
    word = ":".join(values).strip()[:MAX_WORD_CHARS]
    if not word:
        raise ValueError("no word")
    return word


def _as_rule(word: str) -> str:
    """The word as an alert rule: several words as they stand, side by side."""
    plain_words = word.replace('"', "")
    return f'"{plain_words}"' if " " in plain_words else plain_words


def _slug(text: str) -> str:
    """A file name's part: letters and digits of ``text``, at most 40."""
    words = ("".join(re.findall(r"[a-z0-9]+", fold(word))) for word in re.findall(r"\w+", text))
    return "-".join(filter(None, words))[:40].strip("-") or "bild"
