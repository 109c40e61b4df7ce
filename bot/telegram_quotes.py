"""What a message replies to: the actions of the buttons under a message of the bot's own, which say what it quotes."""

from telegram import Message


def replied_actions(message: Message) -> tuple[str, ...]:
    """Actions of the buttons under the message that ``message`` replies to; none if it replies to somebody else's or to nothing."""
    original = message.reply_to_message
    if original is None or original.reply_markup is None or original.from_user is None or original.from_user.id != message.get_bot().id:
        return ()
    keys = (key for row in original.reply_markup.inline_keyboard for key in row)
    return tuple(key.callback_data for key in keys if isinstance(key.callback_data, str))
