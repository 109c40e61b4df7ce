"""What plugs into the conversation: commands and buttons, each with what answers it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.replies import Reply
from bot.visitors import Visitor

CommandHandler = Callable[[str, Visitor], list[Reply]]  # gets what stands after the command
ButtonHandler = Callable[[Sequence[str], Visitor], list[Reply]]  # gets the values of the action; may raise ValueError or IndexError


@dataclass(frozen=True, slots=True)
class Feature:
    """``commands`` by name with slash, ``buttons`` by the first part of their actions."""

    commands: Mapping[str, CommandHandler]
    buttons: Mapping[str, ButtonHandler] = field(default_factory=dict)
