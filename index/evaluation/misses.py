"""A readable report of what went wrong, as Markdown: each question, its gold answers, what was quoted instead."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

from index.errors import ConfigurationError
from index.evaluation.metrics import Outcome

# What Markdown (CommonMark and GitHub's tables, strike-through) reads as markup inside a line; a text never begins a line here.
MARKUP = re.compile(r"([\\`*_\[\]<>#|~&$])")
# Characters that turn the direction of all that follows.
DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
BREAKING = frozenset({"Cc", "Cs", "Zl", "Zp"})  # controls, lone surrogates, line and paragraph separators

SECTIONS: tuple[tuple[str, Callable[[Outcome], bool]], ...] = (
    ("Beantwortet, obwohl unbeantwortbar", lambda o: not o.query.is_answerable and o.is_answered),
    ("Zurückgehalten, obwohl beantwortbar", lambda o: o.query.is_answerable and not o.is_answered),
    ("Keine gezeigte Stelle enthält eine richtige Antwort", lambda o: o.query.is_answerable and o.is_answered and not o.is_right),
    ("Die erste Stelle enthält keine richtige Antwort, eine weitere schon", lambda o: o.is_right and not o.quote_hit(1)),
)


def write_misses(set_name: str, outcomes: Sequence[Outcome], path: Path) -> None:
    """Write the report. Raises ConfigurationError if the file cannot be written."""
    try:
        path.write_text(report_misses(set_name, outcomes), "utf-8")
    except OSError as error:
        raise ConfigurationError(f"Der Bericht lässt sich nicht nach {path} schreiben: {error.strerror}.") from error


def report_misses(set_name: str, outcomes: Sequence[Outcome]) -> str:
    """The whole report; each question stands in the one section it belongs to, or in none if nothing is wrong with it."""
    found = [(title, [outcome for outcome in outcomes if belongs(outcome)]) for title, belongs in SECTIONS]
    missed = sum(len(misses) for _title, misses in found)
    head = f"# Fehler auf {escape(set_name)}\n\n{missed} von {len(outcomes)} Fragen.\n"
    return "\n".join([head, *(_section(title, misses) for title, misses in found if misses)])


def escape(text: str) -> str:
    """The text on one line, shown by Markdown as it stands."""
    line = "".join(" " if unicodedata.category(sign) in BREAKING or sign in DIRECTIONS else sign for sign in text)
    return MARKUP.sub(r"\\\1", re.sub(" +", " ", line).strip(" "))


def _section(title: str, misses: Sequence[Outcome]) -> str:
    ordered = sorted(misses, key=lambda outcome: outcome.query.type)
    return "\n".join([f"## {title} ({len(misses)})\n", *(_entry(outcome) for outcome in ordered)])


def _entry(outcome: Outcome) -> str:
    query = outcome.query
    lines = [f"### {escape(query.id)} · {escape(query.type)}\n"]
    lines += [f"- Frage davor: {escape(query.before)}"] if query.before else []
    lines += [f"- Frage: {escape(query.text)}", f"- Richtig: {_gold(outcome)}", f"- Beantwortet: {'ja' if outcome.is_answered else 'nein'}"]
    return "\n".join([*lines, "- Zitate:" if outcome.quotes else "- Zitate: keine", *_quotes(outcome), ""])


def _gold(outcome: Outcome) -> str:
    query, ranks = outcome.query, outcome.relevant_ranks()
    if not query.is_answerable:
        return "keine Antwort"
    answers = " / ".join(f"„{escape(answer)}“" for answer in query.answers) or "(keine Antwort hinterlegt)"
    place = f"Platz {ranks[0]}" if ranks else "nicht gefunden"
    return f"{answers} in {', '.join(map(escape, sorted(query.relevant)))} ({place})"


def _quotes(outcome: Outcome) -> list[str]:
    """One line a quote, in their order, with headline and date of its article; marked where it would not be shown, or is right."""
    return [f"    {number}. {_quote(outcome, number - 1)}" for number in range(1, len(outcome.quotes) + 1)]


def _quote(outcome: Outcome, place: int) -> str:
    text = outcome.quotes[place]
    origin = f" – {escape(outcome.origins[place])}" if outcome.origins else ""
    is_right = any(answer in text for answer in outcome.query.answers)
    marks = (" **richtig**" if is_right else "") + ("" if text in outcome.shown else " *(nicht gezeigt)*")
    return f"„{escape(text)}“{origin}{marks}"
