"""Who speaks, and where."""

from dataclasses import dataclass

TERMINAL_CHAT = 0


@dataclass(frozen=True, slots=True)
class Visitor:
    """``thread_id`` is a topic of a group (0 for none), ``person`` the number of who speaks (0 in the terminal and in channels).

    Only those who ``may_subscribe`` change alerts; only who ``is_operator`` runs the bot. ``language``: ISO 639-1 of the interface.
    """

    chat_id: int = TERMINAL_CHAT
    thread_id: int = 0
    may_subscribe: bool = True
    person: int = 0
    is_operator: bool = False
    language: str = "de"
