"""``make kills``: an ingest killed with SIGKILL at random moments, and a plain restart; the store must be that of an undisturbed run.

    python -m tests.kills [--kills N] [--seed N]

Each round has a new store and three stages: reading articles (many with twins, some nearly so), reading them again with corrections, and
removing some. In each stage a process is killed once or twice and then the stage is simply begun again. Real processes, the real way in,
a fake encoder. Prints one line; exit code 1 if any store differs.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from index.ingest import Ingester
from index.language.terms import index_text
from index.reading.inputs import read_inputs
from index.removal import remove_published
from index.storage.store import Store
from tests.fakes import DIMENSION, HashEncoder
from tests.stored_rows import assert_whole, snapshot

ARTICLES = 45
Stage = Callable[[Path], None]


def write_lines(file: Path, corrected: bool) -> list[str]:
    """Articles of one to eight passages; every third has a twin, every fifth one nearly the same. Returns the keys."""
    records = []
    for number in range(ARTICLES):
        day = 11 if corrected and number % 4 == 0 else 4
        sentences = [
            f"In der Stadt Nummer {number} stellt das Amt den Dienst {k} am {day}. März für Bürgerinnen und Bürger online bereit."
            for k in range(40 if number % 7 == 0 else 4)
        ]
        text = " ".join(sentences)
        records.append((f"m{number}", text))
        if number % 3 == 0:
            records.append((f"m{number}-zwei", text if number % 2 else text.replace(f"am {day}.", "am 4.")))
        if number % 5 == 0:
            records.append((f"m{number}-fast", text.replace("stellt das Amt", "stellt nun das Amt", 1).replace(f"am {day}.", "am 4.")))
    lines = (
        json.dumps({"_id": key, "title": f"Meldung aus {key.split('-')[0]}", "text": text, "metadata": {"date": "2024-03-01"}})
        for key, text in records
    )
    file.write_text("\n".join(lines), "utf-8")
    return [key for key, _text in records]


def reading(file: Path) -> Stage:
    def ingest(database: Path) -> None:
        with closing(open_store(database)) as store:
            Ingester(store, HashEncoder()).run(read_inputs([str(file)]))

    return ingest


def removing(keys: list[str]) -> Stage:
    def remove(database: Path) -> None:
        with closing(open_store(database)) as store:
            remove_published(store, HashEncoder(), keys)

    return remove


def open_store(database: Path) -> Store:
    store = Store(database)
    store.bind_model(HashEncoder.model_id, DIMENSION)
    return store


def in_process(stage: Stage, database: Path, kill_after_s: float | None = None) -> bool:
    """Run a stage in a process of its own; whether it was killed before its end."""
    child = os.fork()
    if child == 0:
        try:
            stage(database)
            os._exit(0)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            os._exit(1)
    if kill_after_s is not None:
        time.sleep(kill_after_s)
        os.kill(child, signal.SIGKILL)
    _child, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit("a stage failed by itself")
    return os.WIFSIGNALED(status)


def run_undisturbed(stages: list[Stage], database: Path) -> list[float]:
    """Seconds of each stage."""
    taken = []
    for stage in stages:
        started = time.perf_counter()
        in_process(stage, database)
        taken.append(time.perf_counter() - started)
    return taken


def run_killed(stages: list[Stage], database: Path, taken: list[float], chance: random.Random) -> int:
    """How many times a stage was killed while it worked; each was begun again afterwards."""
    killed = 0
    for stage, seconds in zip(stages, taken, strict=True):
        for _time in range(chance.choice((1, 2))):
            killed += in_process(stage, database, chance.uniform(0, seconds))
            assert_whole(database)
        in_process(stage, database)
    return killed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    index_text("Die Lexika werden einmal geladen, bevor Prozesse abzweigen.")
    with tempfile.TemporaryDirectory(prefix="amtsfunk-kills-") as name:
        folder = Path(name)
        keys = write_lines(folder / "first.jsonl", corrected=False)
        write_lines(folder / "corrected.jsonl", corrected=True)
        gone = [key for number, key in enumerate(keys) if number % 6 == 0]
        stages = [reading(folder / "first.jsonl"), reading(folder / "corrected.jsonl"), removing(gone)]
        taken = run_undisturbed(stages, folder / "undisturbed.sqlite")
        expected = snapshot(folder / "undisturbed.sqlite")
        killed = rounds = different = 0
        while killed < options.kills:
            rounds += 1
            killed += run_killed(stages, folder / f"{rounds}.sqlite", taken, chance)
            different += snapshot(folder / f"{rounds}.sqlite") != expected
            for left in folder.glob(f"{rounds}.sqlite*"):
                left.unlink()
    kinds = {kind: len(rows) for kind, rows in expected.items()}
    print(json.dumps({"killed": killed, "stores": rounds, "different": different, "stages_s": [round(s, 2) for s in taken], "rows": kinds}))
    sys.exit(bool(different))


if __name__ == "__main__":
    main()
