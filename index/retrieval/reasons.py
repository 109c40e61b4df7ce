"""Why there is no answer: a German sentence that also says which case it is, for those who speak another language."""

from typing import Self


class Reason(str):
    """The sentence. ``code``: one of NO_ARTICLES, NO_WORD, NOTHING_RELIABLE, UNKNOWN_NAMES; ``names``: as they were asked for."""

    code: str
    names: tuple[str, ...]

    def __new__(cls, sentence: str, code: str, names: tuple[str, ...] = ()) -> Self:
        reason = super().__new__(cls, sentence)
        reason.code, reason.names = code, names
        return reason


NO_ARTICLES = Reason("Es sind noch keine Artikel gespeichert.", "no_articles")
NO_WORD = Reason("In der Frage steht kein Wort, nach dem sich suchen ließe.", "no_word")
NOTHING_RELIABLE = Reason("In den gespeicherten Artikeln steht keine Stelle, die die Frage verlässlich beantwortet.", "nothing_reliable")


def unknown_names(names: tuple[str, ...]) -> Reason:
    """No article has these names."""
    quoted = ", ".join(f"„{name}“" for name in names)
    return Reason(f"Zu {quoted} steht nichts in den gespeicherten Artikeln.", "unknown_names", names)
