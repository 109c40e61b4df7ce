"""Opinions on answers: thumbs are counted by answer; a question is kept only if its author gives it to the operator.

    👍 ── counted      👎 ── counted ── "share the question?" ── kept without chat and person ── "delete again"
The same under an abstention, counted apart: "right so", "it should know that".
"""

import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import date

from bot import texts
from bot.answers import DOWN, RATE, RATE_NO, UP
from bot.replies import Button, Reply, plain
from bot.talk_store import TalkStore
from bot.visitors import Visitor
from index.retrieval.engine import Answer

SHARE, UNSHARE = "share", "unshare"
KINDS = frozenset({RATE, RATE_NO, SHARE, UNSHARE})
REMEMBERED_OPINIONS = 5000  # in memory only, so that one person counts once and may change their mind
_ID = re.compile(r"[\w-]{1,24}", re.ASCII)


class FeedbackDesk:
    """Answers the buttons in KINDS."""

    def __init__(self, store: TalkStore, today: Callable[[], date]) -> None:
        self._store, self._today = store, today
        self._given: OrderedDict[tuple[str, int, int], str] = OrderedDict()

    def press(self, kind: str, values: Sequence[str], recall: Callable[[str], Answer | None], visitor: Visitor) -> Reply:
        """``recall``: an answer by its number, or from the question above the button. Raises ValueError for values that no button has."""
        identity, *rest = values
        if not _ID.fullmatch(identity):
            raise ValueError(identity)
        if kind in {RATE, RATE_NO}:
            return self._rate(identity, rest[0], visitor, kind == RATE_NO)
        if kind == SHARE:
            return self._share(recall(identity))
        return plain(texts.UNSHARED if self._store.unshare(identity) else texts.UNSHARED_BEFORE)

    def forget_chat(self, chat_id: int) -> None:
        """Who gave which opinion in a chat; the counts stay."""
        for who in [who for who in self._given if who[1] == chat_id]:
            del self._given[who]

    def _rate(self, answer_id: str, direction: str, visitor: Visitor, is_abstention: bool) -> Reply:
        if direction not in (UP, DOWN):
            raise ValueError(direction)
        who = (answer_id, visitor.chat_id, visitor.person)
        before = self._given.pop(who, None)
        self._given[who] = direction
        while len(self._given) > REMEMBERED_OPINIONS:
            self._given.popitem(last=False)
        up, down = ((direction == one) - (before == one) for one in (UP, DOWN))
        if up or down:
            self._store.count_opinion(answer_id, self._today().isoformat(), up, down, is_abstention)
        if direction == UP:
            return plain(texts.RATED_UP)
        return plain(texts.RATED_SHOULD_KNOW if is_abstention else texts.RATED_DOWN, ((Button(texts.SHARE_WITH_OPERATOR, f"{SHARE}:{answer_id}"),),))

    def _share(self, answer: Answer | None) -> Reply:
        if answer is None:
            return plain(texts.FORGOTTEN)
        token = secrets.token_urlsafe(12)
        places = [f"{q.article.article.key}:{q.span.start}-{q.span.end}" for q in answer.quotes[: answer.shown]]
        self._store.share(token, self._today().isoformat(), answer.question, places)
        return plain(texts.SHARED.format(question=answer.question), ((Button(texts.UNSHARE_BUTTON, f"{UNSHARE}:{token}"),),))
