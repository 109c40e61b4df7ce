"""From a question to an alert rule: the names and acronyms it asks about."""

from index.retrieval.question import Concept

MAX_WORDS = 2  # all words of a rule must occur, so more of them would seldom match


def question_rule(concepts: tuple[Concept, ...]) -> str:
    """The rarest names and nouns in the order of the question; "" if it has none that any article knows."""
    words: dict[tuple[int, int], list[Concept]] = {}
    for concept in concepts:
        if concept.is_name and concept.is_known and not concept.surface[:1].isdigit():
            words.setdefault((concept.span.start, concept.span.end), []).append(concept)
    rarest = sorted(words.items(), key=lambda item: -max(concept.idf for concept in item[1]))[:MAX_WORDS]
    return " ".join(_as_term("-".join(concept.surface for concept in pieces)) for _span, pieces in sorted(rarest))


def _as_term(word: str) -> str:
    return word if word.replace("-", "").isalnum() else f"„{word}“"
