"""An ingest as a process of its own, with a fake encoder: ``python -m tests.ingest_driver DATABASE INPUT [--max-bytes N] [--busy-s S]``.

Prints the report as JSON, or "Name of the error: its message" and exit code 1. With ``--max-bytes`` no file can grow beyond N bytes, as
on a full disk.
"""

import argparse
import json
import resource
import sys
from pathlib import Path

from index.errors import StoreError
from index.ingest import Ingester
from index.reading.inputs import read_inputs
from index.storage.store import Store
from tests.fakes import DIMENSION, HashEncoder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", type=Path)
    parser.add_argument("input")
    parser.add_argument("--max-bytes", type=int)
    parser.add_argument("--busy-s", type=float)
    options = parser.parse_args()
    if options.max_bytes:
        resource.setrlimit(resource.RLIMIT_FSIZE, (options.max_bytes, options.max_bytes))
    try:
        store = Store(options.database)
        if options.busy_s:
            store._database.connection.execute(f"PRAGMA busy_timeout = {round(1000 * options.busy_s)}")
        store.bind_model(HashEncoder.model_id, DIMENSION)
        report = Ingester(store, HashEncoder()).run(read_inputs([options.input]))
        store.close()
    except StoreError as error:
        print(f"{type(error).__name__}: {error}")
        sys.exit(1)
    print(json.dumps({"added": report.added, "changed": report.changed, "unchanged": report.unchanged, "duplicates": report.duplicates}))


if __name__ == "__main__":
    main()
