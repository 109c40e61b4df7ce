"""The SQLite file: connections, transactions and the mapping of SQLite's errors."""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from index.errors import StoreBusyError, StoreError, StoreFullError
from index.storage.migrations import migrate

BUSY_TIMEOUT_S = 30.0


class Database:
    """One SQLite file in WAL mode, with a connection per thread. Raises StoreError and its subclasses only."""

    def __init__(self, path: Path, busy_timeout_s: float = BUSY_TIMEOUT_S) -> None:
        self.path = path
        self._busy_timeout_s = busy_timeout_s
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._opening = threading.Lock()
        with mapped_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            migrate(self.connection)

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection, in autocommit mode; ``write`` opens transactions."""
        if not hasattr(self._local, "connection"):
            connection = sqlite3.connect(self.path, timeout=self._busy_timeout_s, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")  # an article reported as stored survives a power cut
            connection.execute("PRAGMA foreign_keys = ON")
            self._local.connection = connection
            with self._opening:
                self._opened.append(connection)
        return self._local.connection

    @contextlib.contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A connection for reading, with errors mapped."""
        with mapped_errors(self.path):
            yield self.connection

    @contextlib.contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction: committed at the end of the block, rolled back if it raises."""
        with mapped_errors(self.path):
            connection = self.connection
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._opening:
            for connection in self._opened:
                connection.close()
            self._opened.clear()
        self._local = threading.local()


@contextlib.contextmanager
def mapped_errors(path: Path) -> Iterator[None]:
    """SQLite's and the file system's errors as StoreErrors with a sentence that says what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise _explain(path, str(error)) from error
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise  # a mistake of this program
    except sqlite3.DatabaseError as error:
        raise StoreError(
            f"Die Datei {path} ist keine lesbare Amtsfunk-Datenbank ({error}). Bitte eine Sicherung zurückspielen oder die Datei umbenennen."
        ) from error
    except OSError as error:
        raise StoreError(f"Die Datenbank {path} lässt sich nicht öffnen ({error.strerror or error}).") from error


def _explain(path: Path, text: str) -> StoreError:
    """What SQLite's words mean for the person."""
    if "locked" in text or "busy" in text:
        return StoreBusyError(f"Die Datenbank {path} wird gerade von einem anderen Prozess beschrieben; bitte noch einmal versuchen.")
    if "full" in text:
        return StoreFullError(
            f"Für die Datenbank {path} ist kein Platz mehr auf dem Datenträger; bitte Platz schaffen und wiederholen. Was gespeichert war, bleibt."
        )
    if "disk I/O" in text:
        return StoreError(
            f"Der Datenträger der Datenbank {path} meldet einen Fehler ({text}); bitte seinen Platz und Zustand prüfen und wiederholen."
        )
    if "unable to open" in text:
        return StoreError(f"Die Datenbank {path} lässt sich nicht öffnen; bitte prüfen, ob ihr Ordner da ist und beschrieben werden darf.")
    if "readonly" in text:
        return StoreError(f"Die Datenbank {path} lässt sich nur lesen; bitte die Schreibrechte der Datei und ihres Ordners prüfen.")
    return StoreError(f"Die Datenbank {path} lässt sich nicht benutzen ({text}).")
