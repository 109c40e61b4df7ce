"""What a time in a question does to the search: a filter, or only a preference.

"was gab es letzte Woche zum OZG", "OZG Mai 2023": news of that time are asked for, so only articles published then count.
"Wer hat 2019 den Vorsitz übernommen?": the time belongs to what happened; an article of December 2018 or January 2020 may tell it, so
articles published then or soon after or before are merely preferred.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from index.articles import StoredArticle
from index.language.timespans import TimeExpression, find_time, find_times
from index.language.words import find_words
from index.retrieval.ranking import Ranking
from index.retrieval.references import has_question_word, has_verb

# Added to the score of what was published within the range; falls to nothing over the margin (docs/measurements.md).
PREFERENCE = 1.0
MARGIN_DAYS = 180
# "etwas Neues zum OZG", "was gab es", "was ist passiert", "Meldungen zum OZG"; but "ein neues Portal", "der Artikel 13".
_NEWS = re.compile(
    r"\b(?:neuigkeiten|nachrichten|pressemitteilungen|news|schlagzeilen|neues(?= (?:zu|zum|zur|vom|von|über|aus|bei|beim|in|im|seit)\b|\W*\Z)"
    r"|was (?:gab|gibt) es|was (?:war|ist) (?:neu|los)|was (?:tat|tut) sich|was (?:geschah|passierte|passiert)"
    r"|was (?:ist|hat|wurde)\b.*\b(?:passiert|geschehen|los|getan|ereignet|gemeldet|berichtet|veröffentlicht)"
    r"|(?:artikel|berichte|beiträge|meldungen) (?:zu|zum|zur|über|aus|vom|von|seit|im))\b",
    re.IGNORECASE,
)


class TimeUse(Enum):
    """What was done with the time that a question names."""

    FILTERED = "only articles of that time"
    PREFERRED = "articles of that time first"
    NOTHING_FOUND = "no article of that time answers, so all were searched"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``first`` to ``last``, both included, None where open, and what was done with them."""

    first: date | None
    last: date | None
    use: TimeUse


def is_time_of_news(text: str, asked: TimeExpression) -> bool:
    """Whether ``asked`` says when the news appeared, and not when something in them happened."""
    if _NEWS.search(text):
        return True
    without = text[: asked.span.start] + text[asked.span.end :]
    return not has_question_word(text) and not has_verb(find_words(without), without) and len(find_words(without)) <= 4


def find_period(text: str, today: date) -> Period | None:
    """The stretch of time that ``text`` names, and whether it filters or is preferred; None if it names none that has begun."""
    asked = find_time(text, today)
    if asked is None or not asked.has_range or (asked.first is not None and asked.first > today):
        return None
    use = TimeUse.FILTERED if is_time_of_news(text, asked) else TimeUse.PREFERRED
    return Period(asked.first, asked.last, use)


def without_times(text: str, today: date) -> str:
    """``text`` without its expressions of time: articles of last week do not say "last week". As it is if nothing else stands there."""
    return _without(text, find_times(text, today))


def without_newest(text: str, today: date) -> str:
    """``text`` without phrases that only ask for the newest ("Stand der Dinge", "im Moment"): articles do not say them. Single words ("derzeit")
    stay, they are in many. As it is if nothing else stands there."""
    phrases = [found for found in find_times(text, today) if found.wants_newest and not found.has_range]
    return _without(text, [found for found in phrases if len(find_words(found.span.cut(text))) > 1])


def _without(text: str, times: Iterable[TimeExpression]) -> str:
    kept, place = "", 0
    for found in times:
        kept += text[place : found.span.start]
        place = found.span.end
    kept += text[place:]
    return kept if find_words(kept) else text


def closeness(period: Period, when: date | None) -> float:
    """1 for a day within the period, falling to 0 over MARGIN_DAYS before and after; 0 for an unknown day."""
    if when is None:
        return 0.0
    before = (period.first - when).days if period.first else 0
    after = (when - period.last).days if period.last else 0
    return max(0.0, 1.0 - max(before, after, 0) / MARGIN_DAYS)


def is_within(period: Period, when: date | None) -> bool:
    """Whether a day lies within the period; an unknown one does not."""
    return closeness(period, when) == 1.0


def prefer_period(ranking: Ranking, articles: dict[int, StoredArticle], period: Period) -> Ranking:
    """The windows ordered anew, with what was published within or near the period lifted."""
    lifts = {row: PREFERENCE * closeness(period, stored.article.published) for row, stored in articles.items()}
    lifted = [window._replace(score=window.score + lifts[window.article_row]) for window in ranking.windows]
    windows = tuple(sorted(lifted, key=lambda window: -window.score))
    rows = dict.fromkeys([*(window.article_row for window in windows), *ranking.article_rows])
    return replace(ranking, windows=windows, article_rows=tuple(rows))


def is_changed(one: Ranking, other: Ranking, first: int) -> bool:
    """Whether another window stands among the first."""
    tops = ([(window.article_row, window.span) for window in ranking.windows[:first]] for ranking in (one, other))
    return next(tops) != next(tops)
