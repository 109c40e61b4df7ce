"""What all commands share: the app, output, and errors as one sentence."""

import functools
import json
import sys
from collections.abc import Callable
from typing import Any

import click

from index.errors import AmtsfunkError

EXIT_FAILED = 1


def show(message: str) -> None:
    """A line for the person, on stderr."""
    click.echo(message, err=True)


def print_json(value: dict[str, Any]) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))


def open_app():
    """The app with the settings in force."""
    from bot.app import App
    from bot.settings import read_settings

    return App(read_settings(), show)


def honest_errors(command: Callable) -> Callable:
    """Turn the project's own errors into one sentence and exit code 1."""

    @functools.wraps(command)
    def wrapped(*arguments: Any, **options: Any) -> Any:
        try:
            return command(*arguments, **options)
        except AmtsfunkError as error:
            show(f"Fehler: {error}")
            sys.exit(EXIT_FAILED)

    return wrapped
