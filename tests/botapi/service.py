"""What the API side and the control side of one server process share."""

from dataclasses import dataclass, field, replace
from typing import Any

from .errors import Json
from .limits import Limits
from .messages import Context
from .world import World

MODES = ("error", "drop", "timeout", "http_500_html", "lost")


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the bot and what it got; ``answer`` is None where nothing was sent back."""

    method: str
    params: Json
    answer: Any
    at: float

    def to_json(self) -> Json:
        """The call as a test reads it."""
        return {"method": self.method, "params": self.params, "answer": self.answer, "at": self.at}


@dataclass(frozen=True, slots=True)
class Fault:
    """An answer that goes wrong ``times`` times; the method ``*`` means every method. The method itself does not run, but in the mode
    ``lost``: it runs, and the connection breaks before its answer."""

    method: str
    times: int = 1
    mode: str = "error"
    error_code: int = 500
    description: str = "Internal Server Error"
    retry_after: int | None = None

    def __post_init__(self) -> None:
        if self.mode not in MODES or self.times < 1:
            raise ValueError(f"mode is one of {MODES} and times is at least 1")


@dataclass(slots=True)
class Service:
    """State of the process."""

    token: str
    world: World
    limits: Limits = field(default_factory=Limits)
    calls: list[Call] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def context(self) -> Context:
        """What a method works with."""
        return Context(self.world, self.limits)

    def take_fault(self, method: str) -> Fault | None:
        """The fault that this call runs into, if any."""
        for index, fault in enumerate(self.faults):
            if fault.method.lower() in (method.lower(), "*"):
                left = replace(fault, times=fault.times - 1) if fault.times > 1 else None
                self.faults[index : index + 1] = [left] if left else []
                return fault
        return None

    def reset(self) -> None:
        """Back to the state after the start."""
        self.world.reset()
        self.limits = Limits()
        self.calls.clear()
        self.faults.clear()
