"""What an answer says about how it came about: what was understood, in which articles and which time was searched, how current it is."""

import re
from dataclasses import replace
from datetime import date

from bot import texts
from bot.quote_text import shown_date
from bot.replies import Button, Reply, Segment, Style
from index.articles import StoredArticle
from index.retrieval.engine import Answer
from index.retrieval.followups import Understood
from index.retrieval.time_scope import Period, TimeUse

ALONE, ANY_TIME, NEW_QUESTION = "alone", "anytime", "newq"
MAX_TITLE_CHARS = 80
# An article that stands between two stretches of nouns belonged to a verb that is gone: "2020 den Vorsitz".
_LOOSE_ARTICLE = re.compile(
    r"(?<![\w-])(?<!\bin )(?<!\ban )(?<!\bauf )(?<!\bfür )(?<!\büber )(?<!\bmit )(?<!\bvon )(?<!\bbei )(?<!\baus )(?<!\bnach )(?<!\bgegen )"
    r"(?<!\bdurch )(?<!\bund )(?<!\bunter )(?<!\bohne )(?<!\blaut )(?:den|die|das|einen|eine|ein) "
)


def with_notes(reply: Reply, answer: Answer, answer_id: str) -> Reply:
    """The reply with notes before and after it, and with a row of buttons that undo what was inferred."""
    lead = [Segment(f"{line}\n", Style.ITALIC) for line in lead_notes(answer)]
    lead += [Segment("\n")] if lead else []
    tail = [Segment(f"\n\n{line}" if not place else f"\n{line}", Style.ITALIC) for place, line in enumerate(tail_notes(answer))]
    buttons = undo_buttons(answer, answer_id)
    return replace(reply, segments=(*lead, *reply.segments, *tail), buttons=(*reply.buttons, *((buttons,) if buttons else ())))


def noted(reply: Reply, answer: Answer) -> Reply:
    """The reply with its notes, for a place where nothing can be pressed."""
    return replace(with_notes(reply, answer, ""), buttons=())


def lead_notes(answer: Answer) -> list[str]:
    """Lines on what was searched."""
    understood = answer.understood
    if understood and understood.subject and len(answer.about) == 1 and answer.before == answer.about[0].article.title and not answer.left_about:
        notes = [understood_note(understood, _shortened(answer.before))]  # both in one line
    else:
        notes = [understood_note(understood)] if understood else []
        notes += [about_note(answer.about, answer.left_about)] if answer.about else []
    return notes + ([period_note(answer.period)] if answer.period else [])


def tail_notes(answer: Answer) -> list[str]:
    """Lines on how current the quotes are."""
    notes = []
    numbers = [f"[{number}]" for number, quote in enumerate(answer.quotes[: answer.shown], 1) if quote.article.row in answer.earlier]
    if numbers:
        notes.append(texts.EARLIER_STATE.format(numbers=", ".join(numbers)))
    if answer.stale_since:
        notes.append(texts.NEWEST_QUOTE.format(day=shown_date(answer.stale_since)))
    return notes


def understood_note(understood: Understood, title: str = "") -> str:
    """ "verstanden als: …"; ``title``: of the article that it is about, in place of the subject and as it is."""
    if not understood.subject:
        return texts.UNDERSTOOD.format(question=_as_sentence(understood.question))
    subject = title or _LOOSE_ARTICLE.sub("", understood.subject)
    return texts.UNDERSTOOD_ABOUT.format(question=_as_sentence(understood.question), subject=subject)


def _as_sentence(text: str) -> str:
    """Without the "und" that it began with, and with a capital."""
    bare = re.sub(r"\A\W*(?:und|aber|auch|and|but)\s+(?=\w)", "", text, flags=re.IGNORECASE)
    return bare[:1].upper() + bare[1:]


def about_note(about: tuple[StoredArticle, ...], left: bool) -> str:
    """Which articles were searched, or that nothing there fits."""
    titles = "; ".join(_shortened(stored.article.title or stored.article.key) for stored in about)
    return (texts.LEFT_ABOUT if left else texts.ABOUT).format(titles=titles)


def _shortened(title: str) -> str:
    return title if len(title) <= MAX_TITLE_CHARS else f"{title[:MAX_TITLE_CHARS].rsplit(' ', 1)[0]} …"


def period_note(period: Period) -> str:
    """The time that was searched or preferred, or that nothing in it fits."""
    template = {TimeUse.FILTERED: texts.PERIOD, TimeUse.PREFERRED: texts.PERIOD_PREFERRED, TimeUse.NOTHING_FOUND: texts.PERIOD_EMPTY}
    return template[period.use].format(period=period_text(period.first, period.last))


def period_text(first: date | None, last: date | None) -> str:
    """``01.05.2023–31.05.2023``, open ends in words."""
    if first and last:
        return shown_date(first) if first == last else f"{shown_date(first)}–{shown_date(last)}"
    return texts.SINCE.format(day=shown_date(first)) if first else texts.UNTIL.format(day=shown_date(last))


def undo_buttons(answer: Answer, answer_id: str) -> tuple[Button, ...]:
    """To search without what was inferred."""
    is_restricted = answer.period is not None and answer.period.use is not TimeUse.NOTHING_FOUND
    lift = (Button(texts.ANY_TIME_BUTTON, f"{ANY_TIME}:{answer_id}"),) if is_restricted else ()
    if not answer.understood and not answer.about:
        return lift
    return (Button(texts.ALONE_BUTTON, f"{ALONE}:{answer_id}"), *lift, Button(texts.NEW_QUESTION_BUTTON, NEW_QUESTION))
