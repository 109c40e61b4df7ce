"""How questions in other languages fare beside the same ones in German, on the shipped articles: ``python -m tests.foreign HOME``.

HOME: a home whose database holds the shipped articles. Prints by language: the right article first, an answer string among the first
three quotes, and the shares of answerable and unanswerable questions that get an answer.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from index.retrieval.engine import SHOWN_QUOTES, Engine

QUESTIONS = Path(__file__).with_name("foreign_questions.jsonl")


@dataclass(frozen=True, slots=True)
class ForeignQuestion:
    """``group``: the same question in each language; ``article`` and ``answer`` are None for one without an answer."""

    group: int
    language: str
    text: str
    article: str | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class Fared:
    question: ForeignQuestion
    is_first: bool
    is_quoted: bool
    is_answered: bool


def read_questions() -> list[ForeignQuestion]:
    return [ForeignQuestion(**json.loads(line)) for line in QUESTIONS.read_text("utf-8").splitlines()]


def ask(engine: Engine, question: ForeignQuestion) -> Fared:
    found = engine.find(question.text)
    first = next((found.articles[row].article.key for row in found.ranking.article_rows), None)
    quoted = any((question.answer or "\0").lower() in quote.text.lower() for quote in found.quotes[:SHOWN_QUOTES])
    return Fared(question, first == question.article, quoted, engine.reason_to_abstain(found) is None)


def main(home: Path) -> None:
    from bot.app import App
    from bot.settings import read_settings

    app = App(read_settings({"AMTSFUNK_HOME": str(home)}, home), lambda _line: None)
    fared = [ask(app.engine, question) for question in read_questions()]
    for language in dict.fromkeys(one.question.language for one in fared):
        right = [one for one in fared if one.question.language == language and one.question.article]
        none = [one for one in fared if one.question.language == language and not one.question.article]
        shares = [sum(getattr(one, name) for one in right) / len(right) for name in ("is_first", "is_quoted", "is_answered")]
        wrongly = sum(one.is_answered for one in none) / len(none)
        print(f"{language}: {len(right)} + {len(none)} questions, success@1 {shares[0]:.2f}, quote_hit@3 {shares[1]:.2f}, "
              f"answered {shares[2]:.2f} / {wrongly:.2f} (answerable / not)")  # fmt: skip
    app.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
