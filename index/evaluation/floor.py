"""The pinned floor: figures per evaluation set that a change must not fall below, bound to the data's digest."""

import json
from dataclasses import dataclass
from pathlib import Path

from index.errors import ConfigurationError
from index.shipped import shipped_file

FLOOR_FILE = "evaluation_floor.json"


@dataclass(frozen=True, slots=True)
class Fall:
    """A figure on the wrong side of its floor. ``is_ceiling``: it must not exceed it (such as wrongly answered questions)."""

    name: str
    reached: float
    floor: float
    is_ceiling: bool

    def __str__(self) -> str:
        word = "über der Obergrenze" if self.is_ceiling else "unter dem Mindestwert"
        return f"{self.name}: {self.reached:.4f} liegt {word} {self.floor:.4f}"


def read_floor(set_name: str, digest: str, path: Path | None = None) -> dict[str, dict[str, float]]:
    """``{"min": {figure: value}, "max": {…}}`` for a set; empty if none is pinned. Raises ConfigurationError for other data."""
    try:
        pinned = json.loads((path or shipped_file(FLOOR_FILE)).read_text("utf-8")).get(set_name)
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"Die Mindestwerte sind nicht lesbar: {error}.") from error
    if pinned is None:
        return {}
    if pinned["digest"] != digest:
        raise ConfigurationError(f"Die Mindestwerte für {set_name} gelten für andere Daten (Prüfsumme {pinned['digest']}, hier {digest}).")
    return {"min": pinned["min"], "max": pinned.get("max", {})}


def find_falls(figures: dict, floor: dict[str, dict[str, float]]) -> list[Fall]:
    """Figures that are worse than the floor."""
    falls = [Fall(name, figures[name], value, False) for name, value in floor.get("min", {}).items() if figures[name] < value]
    return falls + [Fall(name, figures[name], value, True) for name, value in floor.get("max", {}).items() if figures[name] > value]
