"""``amtsfunk eval``: runs an evaluation, prints figures, compares with the floor."""

import json
import sys
from pathlib import Path

import click

from bot.progress import IngestProgress, QueryProgress
from index.encoding.encoder import Encoder
from index.errors import ConfigurationError
from index.evaluation.floor import find_falls, read_floor
from index.evaluation.folder import read_folder
from index.evaluation.run import Observer, evaluate
from index.reading.inputs import count_expected


def run_evaluation(encoder: Encoder, path: Path, *, as_json: bool, limit: int | None, keep: Path | None, with_floor: bool) -> bool:
    """Evaluate the folder at ``path``; returns whether a figure fell below its floor."""
    if with_floor and limit is not None:
        raise ConfigurationError("Die Mindestwerte gelten für alle Fragen; bitte --floor ohne --limit benutzen.")
    folder = read_folder(path, limit)
    floor = read_floor(path.resolve().name, folder.digest) if with_floor else {}
    with IngestProgress(count_expected([str(folder.corpus)])) as progress:
        evaluation = evaluate(folder, encoder, keep, Observer(progress, QueryProgress()))
    if as_json:
        click.echo(json.dumps(evaluation.figures, ensure_ascii=False))
    else:
        _print_table(path.resolve().name, evaluation.figures)
    falls = find_falls(evaluation.figures, floor)
    for fall in falls:
        print(f"GEFALLEN {path.name}: {fall}", file=sys.stderr)
    if floor and not falls:
        print(f"{path.name}: alle Mindestwerte gehalten.", file=sys.stderr)
    return bool(falls)


def _print_table(name: str, figures: dict) -> None:
    click.echo(f"{name}: {figures['queries']} Fragen, {figures['documents']} Artikel, {figures['passages']} Passagen")
    for figure, value in figures.items():
        if isinstance(value, float) and figure != "index_seconds":
            click.echo(f"  {figure:24} {value:.4f}")
    click.echo(f"  {'latency_ms':24} p50 {figures['latency_ms']['p50']}, p95 {figures['latency_ms']['p95']}")
    for kind, values in figures["by_type"].items():
        click.echo(f"  {kind:24} " + ", ".join(f"{figure} {value}" for figure, value in values.items()))
