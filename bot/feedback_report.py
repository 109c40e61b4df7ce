"""What the operator sees of opinions and shared questions."""

from collections.abc import Sequence
from typing import Any

from bot.talk_store import SharedQuestion


def feedback_to_json(opinions: tuple[int, int, int], shared: Sequence[SharedQuestion]) -> dict[str, Any]:
    """``opinions``: rated answers, thumbs up, thumbs down."""
    rated, up, down = opinions
    questions = [{"id": one.id, "day": one.day, "question": one.question, "places": list(one.places)} for one in shared]
    return {"rated_answers": rated, "up": up, "down": down, "shared_questions": questions}


def feedback_to_text(opinions: tuple[int, int, int], shared: Sequence[SharedQuestion]) -> str:
    """The same for people."""
    rated, up, down = opinions
    lines = [f"{rated} Antworten bewertet: {up} 👍, {down} 👎.", f"{len(shared)} Fragen geteilt."]
    for one in shared:
        lines += [f"\n#{one.id} · {one.day}\n  {one.question}", *(f"  {place}" for place in one.places)]
    return "\n".join(lines)
