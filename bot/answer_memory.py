"""The last answers, in memory only, for the buttons under them; the oldest are forgotten."""

import secrets
from collections import OrderedDict

from index.retrieval.engine import Answer, Engine
from index.retrieval.scope import Scope

REMEMBERED_ANSWERS = 500
# The first letter of an answer's id: what is needed to give the same answer after a restart, when only the message above is known.
PLAIN, UNLIMITED, IN_CONTEXT = "q", "t", "f"


class AnswerMemory:
    """Answers by their ids, each with the chat that it was given in."""

    def __init__(self, engine: Engine, size: int = REMEMBERED_ANSWERS) -> None:
        self._engine, self._size = engine, size
        self._answers: OrderedDict[str, tuple[int, Answer]] = OrderedDict()

    def add(self, answer: Answer, chat_id: int) -> str:
        """Remember an answer; its id has no colon."""
        kind = IN_CONTEXT if answer.before or answer.scope.articles else UNLIMITED if answer.scope.any_time else PLAIN
        answer_id = kind + secrets.token_urlsafe(6)
        self._answers[answer_id] = chat_id, answer
        while len(self._answers) > self._size:
            self._answers.popitem(last=False)
        return answer_id

    def find(self, answer_id: str) -> Answer | None:
        """The answer, if it is still remembered."""
        found = self._answers.get(answer_id)
        return found[1] if found else None

    def change(self, answer_id: str, answer: Answer) -> None:
        """Another state of a remembered answer."""
        self._answers[answer_id] = self._answers[answer_id][0], answer

    def recall(self, answer_id: str, asked: str) -> Answer | None:
        """A remembered answer, or the one to the question ``asked`` above the button if that says all."""
        answer = self.find(answer_id)
        if answer is not None or not asked or answer_id.startswith(IN_CONTEXT):
            return answer
        return self._engine.answer(asked, scope=Scope(any_time=answer_id.startswith(UNLIMITED)))

    def forget_chat(self, chat_id: int) -> None:
        """All answers given in a chat."""
        for answer_id in [answer_id for answer_id, (chat, _answer) in self._answers.items() if chat == chat_id]:
            del self._answers[answer_id]
