"""``reply_markup``: what the real server takes and what it refuses."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from .errors import Json, bad_request
from .params import Params, names

ACTIONS = names(
    "url callback_data web_app login_url switch_inline_query switch_inline_query_current_chat"
    " switch_inline_query_chosen_chat copy_text callback_game pay"
)
LOOKS = frozenset({"text", "style", "icon_custom_emoji_id"})
REPLY_KINDS = ("keyboard", "remove_keyboard", "force_reply")
MAX_BUTTONS = 100


@dataclass(frozen=True, slots=True)
class Markup:
    """A checked keyboard; only an inline one becomes part of the message."""

    body: Json
    inline: bool


def parse_markup(params: Params) -> Markup | None:
    """The keyboard of a call, or None where there is none or it has no buttons."""
    body = params.parsed("reply_markup", dict)
    if not body:
        return None
    if "inline_keyboard" in body:
        rows = [row for row in _rows(body["inline_keyboard"], "inline keyboard") if row]
        if sum(map(len, rows)) > MAX_BUTTONS:
            raise bad_request("REPLY_MARKUP_TOO_LONG")
        return Markup({"inline_keyboard": [[_inline_button(button) for button in row] for row in rows]}, True) if rows else None
    if not any(kind in body for kind in REPLY_KINDS):
        raise bad_request("object expected as reply markup")
    for button in (button for row in _rows(body.get("keyboard", []), "keyboard") for button in row):
        if not (button if isinstance(button, str) else button.get("text")):
            raise bad_request("can't parse keyboard button: Can't find field \"text\"")
    return Markup(body, False)


def inline_markup(params: Params) -> Json | None:
    """The keyboard of an edit, which can only be an inline one."""
    markup = parse_markup(params)
    if markup and not markup.inline:
        raise bad_request("inline keyboard expected")
    return markup.body if markup else None


def _rows(rows: Any, what: str) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(f"can't parse {what}: expected an Array of Arrays of buttons")
    return rows


def _inline_button(button: Any) -> Json:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str) or not button["text"].strip():
        raise _button_error('Can\'t find field "text"')
    actions = button.keys() & ACTIONS
    if not actions:
        raise _button_error("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1 or button.keys() - ACTIONS - LOOKS:
        raise _button_error("exactly one action and no unknown field is allowed by the test server")
    if not all(isinstance(button.get(name, {}), dict) for name in ("copy_text", "web_app", "login_url")):
        raise _button_error("expected an Object")
    if "callback_data" in actions and not 1 <= len(str(button["callback_data"]).encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")
    if "copy_text" in actions and not 1 <= len(button["copy_text"].get("text", "")) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    check_button_url(button)
    return button


def check_button_url(button: Json) -> None:
    """Refuse a button whose address is neither http(s) nor tg, or a web app that is not served over https."""
    url, app = button.get("url"), button.get("web_app")
    if app is not None and urlsplit(app.get("url", "")).scheme != "https":
        raise bad_request(f"inline keyboard button Web App URL '{app.get('url', '')}' is invalid: Only HTTPS links are allowed")
    if url is None:
        return
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https", "tg"):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    if not parts.netloc or " " in url:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _button_error(text: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {text}")
