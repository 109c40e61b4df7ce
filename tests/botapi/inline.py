"""``results`` and ``button`` of answerInlineQuery: what the real server takes. Only articles with a text are modelled; others are refused."""

import json
import re
from typing import Any

from .errors import Json, bad_request
from .keyboards import check_button_url, parse_markup
from .markup import message_text
from .params import Params, names

MAX_RESULTS, MAX_ID_BYTES, MAX_OFFSET_BYTES = 50, 64, 64
_ARTICLE = names("type id title input_message_content reply_markup url description thumbnail_url thumbnail_width thumbnail_height")
_CONTENT = names("message_text parse_mode entities link_preview_options")
_BUTTON = names("text web_app start_parameter")


def check_results(results: list[Any]) -> None:
    """Refuse results of which the real server would refuse one."""
    if len(results) > MAX_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    for result in results:
        if not isinstance(result, dict):
            raise bad_request("can't parse inline query result: expected an Object")
    ids = [str(result.get("id", "")) for result in results]
    if not all(1 <= len(result_id.encode()) <= MAX_ID_BYTES for result_id in ids):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    for result in results:
        _check_article(result)


def _check_article(result: Json) -> None:
    if result.get("type") != "article":
        raise bad_request(f"inline query result type {result.get('type')!r} is not supported by the test server")
    _known(result, _ARTICLE, "result")
    if not isinstance(result.get("title"), str) or not result["title"].strip():
        raise bad_request("can't parse inline query result: Can't find field \"title\"")
    content = result.get("input_message_content")
    if not isinstance(content, dict) or not isinstance(content.get("message_text"), str):
        raise bad_request("can't parse inline query result: Can't find field \"input_message_content\"")
    _known(content, _CONTENT, "content")
    entities = {"entities": json.dumps(content["entities"])} if "entities" in content else {}
    message_text(Params({"text": content["message_text"], "parse_mode": content.get("parse_mode", "")} | entities, {}))
    if "reply_markup" in result:
        markup = parse_markup(Params({"reply_markup": json.dumps(result["reply_markup"])}, {}))
        if markup and not markup.inline:
            raise bad_request("inline keyboard expected")


def check_button(button: Json | None) -> None:
    """Refuse a button above the results that leads nowhere, or to two places."""
    if button is None:
        return
    _known(button, _BUTTON, "button")
    if not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad_request("can't parse InlineQueryResultsButton: Can't find field \"text\"")
    if ("start_parameter" in button) == ("web_app" in button):
        raise bad_request("exactly one of the fields web_app and start_parameter must be used")
    check_button_url(button)
    if "start_parameter" in button and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", str(button["start_parameter"])):
        raise bad_request("START_PARAM_INVALID")


def check_offset(offset: str) -> None:
    """Refuse an offset that is too long."""
    if len(offset.encode()) > MAX_OFFSET_BYTES:
        raise bad_request("NEXT_OFFSET_INVALID")


def _known(body: Json, allowed: frozenset[str], what: str) -> None:
    if unknown := body.keys() - allowed:
        raise bad_request(f"unknown fields {sorted(unknown)} in the {what} are not allowed by the test server")
