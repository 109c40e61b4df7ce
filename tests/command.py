"""Runs ``amtsfunk`` in processes of its own, quickly: a fork server has already imported the heavy libraries, nothing else."""

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HEAVY = ["torch", "sentence_transformers", "transformers", "faiss", "tests.command"]
TIMEOUT_S = 300  # only against hanging for ever


@dataclass(frozen=True, slots=True)
class Finished:
    """What a command left: ``code`` is negative if a signal ended it."""

    code: int
    out: str
    err: str


class Command:
    """One process of ``amtsfunk ARGUMENTS`` with ``home`` as AMTSFUNK_HOME and no other Amtsfunk settings."""

    def __init__(self, arguments: Sequence[str], home: Path, environment: Mapping[str, str] | None = None, stdin: str = "") -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="amtsfunk-command-")
        folder = Path(self._folder.name)
        (folder / "in").write_text(stdin, "utf-8")
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(HEAVY)
        variables = {"AMTSFUNK_HOME": str(home), **(environment or {})}
        self.process = context.Process(target=_run_command, args=(list(arguments), folder, variables))
        self.process.start()

    def finish(self) -> Finished:
        """Wait for the end."""
        self.process.join(TIMEOUT_S)
        assert self.process.exitcode is not None, "the command hangs"
        folder = Path(self._folder.name)
        return Finished(self.process.exitcode, (folder / "out").read_text("utf-8"), (folder / "err").read_text("utf-8"))

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.join()


def run_command(arguments: Sequence[str], home: Path, environment: Mapping[str, str] | None = None, stdin: str = "") -> Finished:
    return Command(arguments, home, environment, stdin).finish()


def _run_command(arguments: list[str], folder: Path, variables: dict[str, str]) -> None:
    """In the new process: become ``amtsfunk`` with its standard streams in files and ``folder`` as working directory."""
    for number, (name, flags) in enumerate((("in", os.O_RDONLY), ("out", os.O_WRONLY | os.O_CREAT), ("err", os.O_WRONLY | os.O_CREAT))):
        opened = os.open(folder / name, flags)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  (multiprocessing has closed the former one)
    for name in [name for name in os.environ if name.startswith(("AMTSFUNK_", "TELEGRAM_"))]:
        del os.environ[name]
    os.environ.update(variables)
    os.chdir(folder)
    sys.argv = ["amtsfunk", *arguments]
    from bot.cli import main

    main()
