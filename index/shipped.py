"""Where the files of ``data/`` are: inside the installed package, or beside it in a source checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped_file(name: str) -> Path:
    """Path of ``data/NAME`` (a file or folder that ships with the project)."""
    installed = _PACKAGE / "shipped_data"
    return (installed if installed.is_dir() else _PACKAGE.parent / "data") / name
