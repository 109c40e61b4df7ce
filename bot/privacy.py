"""``/datenschutz``: what is stored, Telegram's own role, and whom to ask."""

from bot import texts
from bot.features import Feature
from bot.replies import Reply, plain


def privacy_feature(contact: str) -> Feature:
    """The command; ``contact``: whom the operator names for questions, "" if nobody."""
    return Feature({"/datenschutz": lambda _words, _visitor: [privacy_reply(contact)]})


def privacy_reply(contact: str) -> Reply:
    """The whole text in plain German."""
    asked = texts.PRIVACY_CONTACT.format(contact=contact) if contact else texts.PRIVACY_NO_CONTACT
    return plain("\n\n".join((texts.PRIVACY, texts.PRIVACY_TELEGRAM, asked)))
