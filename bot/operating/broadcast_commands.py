"""``/rundruf``: a message of the operator to all chats with alerts, after a preview; and how a chat gets no more of them."""

from collections.abc import Callable, Sequence

from bot import texts
from bot.features import Feature
from bot.operating.store import OperatorStore
from bot.replies import Button, Reply, plain, telegram_length
from bot.visitors import Visitor

SEND, DROP, OPT_OUT = "rufsenden", "rufweg", "rundruf"
MAX_UNITS = 3500  # room for the line under it within one message of Telegram


def broadcast_replies(store: OperatorStore, now: Callable[[], float], text: str, visitor: Visitor) -> list[Reply]:
    """A preview that a button sends."""
    text = text.strip()
    if not text:
        return [plain(texts.BROADCAST_HOW)]
    if telegram_length(text) > MAX_UNITS:
        return [plain(texts.BROADCAST_TOO_LONG.format(limit=MAX_UNITS))]
    count = store.count_recipients()
    if not count:
        return [plain(texts.BROADCAST_NOBODY)]
    number = store.save_broadcast(visitor.chat_id, text, now())
    row = (Button(texts.BROADCAST_SEND.format(count=count), f"{SEND}:{number}"), Button(texts.BROADCAST_DROP, f"{DROP}:{number}"))
    return [plain(texts.BROADCAST_PREVIEW.format(count=count, text=text), (row,))]


def send_broadcast(store: OperatorStore, values: Sequence[str]) -> list[Reply]:
    count = store.start_broadcast(int(values[0]))
    return [plain(texts.BROADCAST_GONE if count is None else texts.BROADCAST_STARTED.format(id=int(values[0]), count=count))]


def drop_broadcast(store: OperatorStore, values: Sequence[str]) -> list[Reply]:
    return [plain(texts.BROADCAST_DROPPED if store.drop_broadcast(int(values[0])) else texts.BROADCAST_GONE)]


def opt_out_feature(store: OperatorStore) -> Feature:
    """The button under each message to all, and its opposite; for everybody who gets one."""

    def press(values: Sequence[str], visitor: Visitor) -> list[Reply]:
        if not visitor.may_subscribe:
            return [plain(texts.BROADCAST_ONLY_ADMINS)]
        is_out = values[0] == "off"
        if not store.set_opt_out(visitor.chat_id, is_out):
            return [plain(texts.BROADCAST_NO_CHAT)]
        back = ((Button(texts.BROADCAST_ON_BUTTON, f"{OPT_OUT}:on"),),)
        return [plain(texts.BROADCAST_OFF, back) if is_out else plain(texts.BROADCAST_ON)]

    return Feature({}, {OPT_OUT: press})
