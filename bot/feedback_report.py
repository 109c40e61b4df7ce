"""What the operator sees of opinions and shared questions."""

from collections.abc import Sequence
from typing import Any

from bot.talk_store import SharedQuestion

Opinions = tuple[int, int, int]  # how many were rated, thumbs up, thumbs down


def feedback_to_json(answers: Opinions, abstentions: Opinions, shared: Sequence[SharedQuestion]) -> dict[str, Any]:
    """Opinions on ``answers`` and on ``abstentions``, and the questions; one without places got no answer."""
    questions = [{"id": one.id, "day": one.day, "question": one.question, "places": list(one.places)} for one in shared]
    counted = {"rated_answers": answers[0], "up": answers[1], "down": answers[2]}
    counted |= {"rated_abstentions": abstentions[0], "abstentions_up": abstentions[1], "abstentions_down": abstentions[2]}
    return counted | {"shared_questions": questions}


def feedback_to_text(answers: Opinions, abstentions: Opinions, shared: Sequence[SharedQuestion]) -> str:
    """The same for people."""
    rated, up, down = answers
    lines = [f"{rated} Antworten bewertet: {up} 👍, {down} 👎."]
    rated, up, down = abstentions
    lines += [f"{rated}-mal „keine Antwort“ bewertet: {up} 👍 (zu Recht), {down} 👎 (müsste er wissen).", f"{len(shared)} Fragen geteilt."]
    for one in shared:
        lines += [f"\n#{one.id} · {one.day}\n  {one.question}", *(f"  {place}" for place in one.places or ("(ohne Antwort)",))]
    return "\n".join(lines)
