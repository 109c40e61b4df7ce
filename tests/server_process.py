"""A server of the tests as a process: it writes "listening on PORT …" when it can be asked, and ends with SIGTERM."""

import select
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
START_S = 20.0
STOP_S = 10.0


class ServerProcess:
    """``python -m MODULE ARGUMENTS``, started; ``urls``: one for each port it listens on. Raises RuntimeError if it does not start."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._process = subprocess.Popen([sys.executable, "-m", module, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            self.urls = [f"http://127.0.0.1:{port}" for port in self._read_ports(module)]
        except BaseException:
            self.stop()
            raise

    @property
    def pid(self) -> int:
        return self._process.pid

    def stop(self) -> None:
        """Wait for its end; a second call does nothing."""
        self._process.terminate()
        self._process.wait(STOP_S)
        if self._process.stdout:
            self._process.stdout.close()

    def _read_ports(self, module: str) -> list[str]:
        assert self._process.stdout
        ready, _, _ = select.select([self._process.stdout], [], [], START_S)
        line = self._process.stdout.readline() if ready else ""
        if not line.startswith("listening on "):
            raise RuntimeError(f"{module} did not start: {line!r}")
        return line.split()[2:]
