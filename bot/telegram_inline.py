"""Inline queries of Telegram: at every pause in typing another one comes; only the last of a person is worth an answer."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import InlineQueryResultArticle, InlineQueryResultsButton, InputTextMessageContent, Update
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from bot import texts
from bot.app import App
from bot.inline import Hit, InlineAnswer, InlineSearch
from bot.languages import default_language
from bot.telegram_keyboard import keyboard
from bot.telegram_text import render_messages
from bot.visitors import Visitor

CACHE_S = 60  # Telegram answers the same words itself for so long; new articles should be found soon
# The results are of one person: the language of the interface is theirs.
IS_PERSONAL = True

log = logging.getLogger(__name__)


class TelegramInline:
    """``in_thread`` runs work in the thread of the conversation."""

    def __init__(self, app: App, in_thread: Callable[[Callable[[], Any]], Awaitable[Any]]) -> None:
        self._app, self._in_thread = app, in_thread
        self._latest: dict[int, str] = {}  # the number of each person's last query that waits for its turn

    async def on_query(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.inline_query
        if query is None:
            return
        person = query.from_user
        self._latest[person.id] = query.id
        visitor = Visitor(person.id, person=person.id, language=default_language(person.language_code))
        answer = await self._in_thread(lambda: self._answer(query.id, query.query, visitor))
        if answer is None:
            return  # the person has typed on
        results = [_result(hit, query.get_bot().username) for hit in answer.hits]
        button = InlineQueryResultsButton(answer.label, start_parameter=answer.payload)
        try:
            await query.answer(results, cache_time=CACHE_S, is_personal=IS_PERSONAL, button=button)
        except BadRequest as error:
            log.info("Eine Inline-Anfrage war nicht mehr offen oder ihre Antwort wurde nicht angenommen (%s).", error)

    def _answer(self, query_id: str, text: str, visitor: Visitor) -> InlineAnswer | None:
        if self._latest.get(visitor.person) != query_id:
            return None
        del self._latest[visitor.person]
        with texts.speaking(self._app.language_of(visitor)):
            return InlineSearch(self._app.engine, self._app.store).answer(text)


def _result(hit: Hit, username: str) -> InlineQueryResultArticle:
    html, part = render_messages(hit.reply)[0]
    content = InputTextMessageContent(html)
    return InlineQueryResultArticle(hit.id, hit.title, content, description=hit.description, reply_markup=keyboard(part, username, is_inline=True))
