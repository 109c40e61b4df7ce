"""\"Typing …\" is shown to who waits, and only then."""

import asyncio
from dataclasses import dataclass, field

from telegram.error import TimedOut

from bot import telegram_sending
from bot.telegram_sending import TYPING_AFTER_S, typing


@dataclass
class Chat:
    """A message and its bot in one; notes what is shown in its chat."""

    shown: list[tuple[int, str, int | None]] = field(default_factory=list)
    is_out_of_order: bool = False
    chat_id = 7
    is_topic_message = True
    message_thread_id = 3

    def get_bot(self) -> "Chat":
        return self

    async def send_chat_action(self, chat_id, action, message_thread_id=None):
        self.shown.append((chat_id, action, message_thread_id))
        if self.is_out_of_order:
            raise TimedOut


async def work(chat: Chat, seconds: float) -> None:
    async with typing(chat):
        await asyncio.sleep(seconds)


def test_a_quick_answer_costs_no_call():
    chat = Chat()
    asyncio.run(work(chat, 0.0))
    assert chat.shown == []


def test_who_waits_sees_it_in_the_right_topic():
    chat = Chat()
    asyncio.run(work(chat, TYPING_AFTER_S + 0.2))
    assert chat.shown == [(7, "typing", 3)]


def test_a_failure_to_show_it_is_no_failure():
    chat = Chat(is_out_of_order=True)
    asyncio.run(work(chat, TYPING_AFTER_S + 0.2))
    assert len(chat.shown) == 1 and not telegram_sending._typing


def test_where_many_wait_not_all_are_shown_it():
    chats = [Chat() for _number in range(telegram_sending.MAX_TYPING + 5)]

    async def all_at_once() -> None:
        await asyncio.gather(*(work(chat, TYPING_AFTER_S + 0.2) for chat in chats))

    asyncio.run(all_at_once())
    assert sum(len(chat.shown) for chat in chats) == telegram_sending.MAX_TYPING
