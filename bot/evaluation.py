"""``amtsfunk eval``: runs an evaluation, prints figures, compares with the floor and with a kept run, reports the misses."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from bot.progress import IngestProgress, QueryProgress
from index.encoding.encoder import Encoder
from index.errors import ConfigurationError
from index.evaluation.bootstrap import measure_confidence
from index.evaluation.comparison import Difference, check_comparable, compare_runs
from index.evaluation.floor import find_falls, read_floor
from index.evaluation.folder import EvaluationFolder, read_folder
from index.evaluation.kept_runs import KeptRun, keep_run, read_run, write_run
from index.evaluation.misses import write_misses
from index.evaluation.run import Observer, evaluate
from index.reading.inputs import count_expected

TEST_NOTE = "p: exakter zweiseitiger Vorzeichentest auf den gewonnenen und verlorenen Fragen, nicht für mehrere Vergleiche angepasst"


@dataclass(frozen=True, slots=True)
class RunFiles:
    """Files beside the figures: report of misses, this run to keep, former run to compare with."""

    misses: Path | None = None
    save: Path | None = None
    compare: Path | None = None


def run_evaluation(
    encoder: Encoder, path: Path, *, as_json: bool, limit: int | None, keep: Path | None, with_floor: bool, files: RunFiles = RunFiles()
) -> bool:
    """Evaluate the folder at ``path``; returns whether a figure fell below its floor."""
    if with_floor and limit is not None:
        raise ConfigurationError("Die Mindestwerte gelten für alle Fragen; bitte --floor ohne --limit benutzen.")
    name, folder = path.resolve().name, read_folder(path, limit)
    floor = read_floor(name, folder.digest) if with_floor else {}
    former = _prepare(files, folder)
    with IngestProgress(count_expected([str(folder.corpus)])) as progress:
        evaluation = evaluate(folder, encoder, keep, Observer(progress, QueryProgress()))
    run = keep_run(folder, evaluation.outcomes)
    figures = {**evaluation.figures, "confidence": measure_confidence(evaluation.outcomes)}
    differences = compare_runs(former, run) if former else ()
    if as_json:
        _print_json(figures, differences)
    else:
        _print_tables(name, figures, differences)
    if files.misses:
        write_misses(name, evaluation.outcomes, files.misses)
    if files.save:
        write_run(run, files.save)
    return _report_falls(name, figures, floor)


def _prepare(files: RunFiles, folder: EvaluationFolder) -> KeptRun | None:
    """Find out what cannot work before minutes are spent on it; returns the run to compare with."""
    for path in filter(None, (files.misses, files.save)):
        if path.is_dir() or not path.absolute().parent.is_dir():
            raise ConfigurationError(f"{path} lässt sich nicht schreiben: Der Ordner fehlt, oder es ist selbst ein Ordner.")
    former = read_run(files.compare) if files.compare else None
    if former:
        check_comparable(former, folder)
    return former


def _report_falls(name: str, figures: dict, floor: dict) -> bool:
    falls = find_falls(figures, floor)
    for fall in falls:
        print(f"GEFALLEN {name}: {fall}", file=sys.stderr)
    if floor and not falls:
        print(f"{name}: alle Mindestwerte gehalten.", file=sys.stderr)
    return bool(falls)


def _print_json(figures: dict, differences: Sequence[Difference]) -> None:
    compared = {"comparison": {found.figure: _as_json(found) for found in differences}} if differences else {}
    click.echo(json.dumps({**figures, **compared}, ensure_ascii=False))


def _as_json(found: Difference) -> dict:
    shares = {"before": round(found.before, 4), "now": round(found.now, 4), "confidence": found.interval.rounded()}
    return {"queries": found.queries, **shares, "gained": found.gained, "lost": found.lost, "p": found.p_value}


def _print_tables(name: str, figures: dict, differences: Sequence[Difference]) -> None:
    confidence = figures["confidence"]
    click.echo(f"{name}: {figures['queries']} Fragen, {figures['documents']} Artikel, {figures['passages']} Passagen")
    click.echo(f"  [in Klammern: Konfidenzintervall zu {confidence['level']:.0%}, Bootstrap über die Fragen]")
    for figure, value in figures.items():
        if isinstance(value, float) and figure != "index_seconds":
            click.echo(f"  {figure:24} {value:.4f}{_interval(confidence['overall'], figure)}")
    click.echo(f"  {'latency_ms':24} p50 {figures['latency_ms']['p50']}, p95 {figures['latency_ms']['p95']}")
    for kind, values in figures["by_type"].items():
        shown = (f"{figure} {value}{_interval(confidence['by_type'][kind], figure)}" for figure, value in values.items())
        click.echo(f"  {kind:24} " + ", ".join(shown))
    if differences:
        _print_differences(differences)


def _interval(found: Mapping[str, Sequence[float]], figure: str) -> str:
    if figure not in found:
        return ""
    low, high = found[figure]
    return f" [{low:.4f}–{high:.4f}]" if high > 1 else f" [{low:.2f}–{high:.2f}]"


def _print_differences(differences: Sequence[Difference]) -> None:
    click.echo(f"\n  {'Vergleich':14}{'Fragen':>7}{'davor':>8}{'jetzt':>8}  {'Differenz':25}{'gewonnen':>9}{'verloren':>9}{'p':>8}")
    for found in differences:
        change = f"{found.now - found.before:+.4f} [{found.interval.low:+.4f} {found.interval.high:+.4f}]"
        shares = f"{found.queries:7}{found.before:8.4f}{found.now:8.4f}"
        click.echo(f"  {found.figure:14}{shares}  {change:25}{found.gained:9}{found.lost:9}{found.p_value:8.4f}")
    click.echo(f"  {TEST_NOTE}")
