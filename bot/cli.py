"""The command line. Heavy modules are imported by the commands that need them, so that ``--help`` is instant."""

import os
import sys
from pathlib import Path
from typing import Any

import click

from bot.backup_commands import backup, restore
from bot.command_line import EXIT_FAILED, honest_errors, open_app, print_json, show
from bot.source_commands import sources
from index.errors import AmtsfunkError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="amtsfunk", prog_name="amtsfunk")
def main() -> None:
    """Amtsfunk beantwortet Fragen zur Verwaltungs-IT mit wörtlichen Zitaten."""


main.add_command(backup)
main.add_command(restore)


@main.command()
@honest_errors
def chat() -> None:
    """Gespräch im Terminal."""
    from bot.terminal import run_terminal

    app = open_app()
    try:
        run_terminal(app)
    finally:
        app.close()


@main.command()
@click.option(
    "--role", type=click.Choice(["bot", "ingest", "all"]), default="all", show_default=True, help="Welchen Teil dieser Prozess übernimmt."
)
@honest_errors
def run(role: str) -> None:
    """Telegram-Bot (braucht TELEGRAM_BOT_TOKEN) und Lesen der Quellen; mit --role ingest nur das Lesen."""
    from bot.reading import BackgroundReading, read_until_stopped

    app = open_app()
    try:
        if role == "ingest":
            read_until_stopped(app.desk)
        else:
            from bot.telegram_front import run_telegram

            with BackgroundReading(app.desk) as reading:
                run_telegram(app, on_ready=reading.start if role == "all" else lambda: None)
    finally:
        app.close()


@main.command()
@click.argument("question")
@click.option("--json", "as_json", is_flag=True, help="Ein JSON-Objekt ausgeben.")
@click.option("--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), help="Nur Artikel bis zu diesem Tag.")
@honest_errors
def ask(question: str, as_json: bool, as_of: Any) -> None:
    """Eine Frage beantworten."""
    from bot.answer_json import answer_to_json
    from bot.answer_notes import noted
    from bot.answers import answer_replies
    from bot.terminal_text import has_colours, render

    app = open_app()
    try:
        app.ensure_articles()
        answer = app.engine.answer(question, until=as_of.date() if as_of else None)
        if as_json:
            print_json(answer_to_json(answer))
        else:
            replies = [noted(reply, answer) for reply in answer_replies(answer)]
            click.echo(render(replies, colour=has_colours(os.environ, sys.stdout.isatty())))
    finally:
        app.close()


@main.command()
@click.argument("inputs", nargs=-1, metavar="[PFAD_ODER_ADRESSE …]")
@click.option("--json", "as_json", is_flag=True, help="Ein JSON-Objekt ausgeben.")
@honest_errors
def ingest(inputs: tuple[str, ...], as_json: bool) -> None:
    """Artikel einlesen: Dateien, Ordner, Feeds, Sitemaps und Webseiten; ohne Angabe alle eingeschalteten Quellen."""
    from bot.source_commands import read_inputs_and_addresses

    app = open_app()
    try:
        report, has_read = read_inputs_and_addresses(app, inputs)
    finally:
        app.close()
    for failure in report.failed:
        show(f"Nicht gelesen: {failure.input}: {failure.error}")
    counts = {"added": report.added, "changed": report.changed, "unchanged": report.unchanged, "duplicates": report.duplicates}
    if as_json:
        print_json(counts | {"failed": [{"input": failure.input, "error": failure.error} for failure in report.failed]})
    else:
        click.echo(
            f"{report.added} neu, {report.changed} geändert, {report.unchanged} unverändert, "
            f"{report.duplicates} doppelt, {len(report.failed)} nicht gelesen."
        )
    if not has_read:
        sys.exit(EXIT_FAILED)


@main.command()
@click.argument("key", metavar="ID")
@click.option("--versions", is_flag=True, help="Was sich von Fassung zu Fassung geändert hat.")
@click.option("--json", "as_json", is_flag=True, help="Ein JSON-Objekt ausgeben.")
@honest_errors
def article(key: str, versions: bool, as_json: bool) -> None:
    """Einen gespeicherten Artikel zeigen."""
    from bot.answer_json import article_to_json, removal_to_json, versions_to_json
    from bot.article_text import article_lines, removal_line, version_lines
    from index.versions import corrections

    app = open_app()
    try:
        stored = app.store.find_article(key)
        removal = app.store.find_removal(key) if stored is None else None
        places = app.store.places(stored.row) if stored else []
        found = corrections(app.store.former_versions(stored.row), stored) if stored and versions else []
    finally:
        app.close()
    if stored is None:
        if removal and as_json:
            print_json(removal_to_json(removal))
        show(f"Fehler: {removal_line(removal)}" if removal else f"Fehler: Einen Artikel „{key}“ gibt es nicht.")
        sys.exit(EXIT_FAILED)
    if as_json:
        print_json(versions_to_json(stored, found) if versions else article_to_json(stored, places))
    else:
        click.echo(version_lines(stored, found) if versions else article_lines(stored, places))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Ein JSON-Objekt ausgeben.")
@honest_errors
def stats(as_json: bool) -> None:
    """Zahlen zum Bestand."""
    app = open_app()
    try:
        store = app.store
        counts = {"articles": store.count_articles(), "passages": store.count_passages(), "sources": store.count_sources()}
        alert_counts = app.alerts.counts()
    finally:
        app.close()
    uncertain = alert_counts.pop("uncertain")
    counts |= alert_counts
    if as_json:
        print_json(counts)
    else:
        click.echo(
            f"{counts['articles']} Artikel, {counts['passages']} Passagen, {counts['sources']} Quellen; "
            f"{counts['chats']} Chats, {counts['subscriptions']} Alarme, {sum(counts['deliveries'].values())} Meldungen, "
            f"{uncertain} Sendungen mit ungewissem Ausgang wiederholt."
        )


@main.group()
def alerts() -> None:
    """Alarme."""


@alerts.command("preview")
@click.argument("rule", metavar="REGEL")
@click.option("--json", "as_json", is_flag=True, help="Ein JSON-Objekt ausgeben.")
@click.option("--limit", type=click.IntRange(min=0), help="Nur die neuesten N Treffer auflisten.")
@honest_errors
def alerts_preview(rule: str, as_json: bool, limit: int | None) -> None:
    """Welche gespeicherten Artikel eine Regel trifft, und warum."""
    from bot.alerts.preview import preview_to_json
    from index.alerting.archive import Archive
    from index.alerting.rules import parse_rule

    parsed = parse_rule(rule)
    app = open_app()
    try:
        archive = Archive(app.store, app.alerts.keys)
        found = preview_to_json(archive, parsed, app.rule_themes.of(parsed), app.settings.today(), limit)
    finally:
        app.close()
    if as_json:
        print_json(found)
        return
    counts = found["counts"]
    click.echo(f"Verstanden: {found['understood']}\nTreffer: {counts['7']} in 7, {counts['30']} in 30, {counts['365']} in 365 Tagen.")
    for match in found["matches"]:
        click.echo(f"\n{match['title']} · {match['published'] or 'ohne Datum'}\n  {match['sentence']}\n  weil: {', '.join(match['because'])}")


@main.command()
@click.argument("chat_id", type=int, metavar="CHAT_ID")
@honest_errors
def export(chat_id: int) -> None:
    """Alles, was über einen Chat gespeichert ist, als JSON."""
    app = open_app()
    try:
        data = app.alerts.own_data(chat_id)
    finally:
        app.close()
    print_json({"chat_id": chat_id, **data})


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Ein JSON-Objekt ausgeben.")
@click.option("--delete", "deleted", type=int, metavar="NUMMER", help="Eine geteilte Frage löschen.")
@honest_errors
def feedback(as_json: bool, deleted: int | None) -> None:
    """Daumen unter Antworten, und Fragen, die jemand mit dem Betreiber geteilt hat."""
    from bot.feedback_report import feedback_to_json, feedback_to_text

    app = open_app()
    try:
        if deleted is not None and not app.talk.drop_shared(deleted):
            raise AmtsfunkError(f"Eine geteilte Frage {deleted} gibt es nicht.")
        found = app.talk.opinions(), app.talk.opinions(is_abstention=True), app.talk.shared()
    finally:
        app.close()
    if as_json:
        print_json(feedback_to_json(*found))
    else:
        click.echo(feedback_to_text(*found))


@main.command()
@honest_errors
def doctor() -> None:
    """Prüft Einstellungen, Platz, Modell, Datenbank und Telegram und sagt, was zu tun ist."""
    from bot.doctor import examine
    from bot.settings import read_settings

    def ask_telegram(settings, groups, may_poll):
        from bot.telegram_examining import ask_telegram_state

        return ask_telegram_state(settings, groups, may_poll)

    problems = 0
    for finding in examine(read_settings(), ask_telegram):
        problems += finding.is_problem
        click.echo(f"{'FEHLER' if finding.is_problem else 'gut   '}  {finding.subject}: {finding.found}")
        if finding.is_problem:
            click.echo(f"        → {finding.advice}")
    click.echo(f"{problems} Fehler gefunden." if problems else "Alles in Ordnung.")
    if problems:
        sys.exit(EXIT_FAILED)


@main.group()
def demo() -> None:
    """Die mitgelieferten Demo-Artikel."""


@demo.command("add")
@honest_errors
def demo_add() -> None:
    """Die Demo-Artikel einlesen."""
    app = open_app()
    try:
        report = app.add_demo()
    finally:
        app.close()
    click.echo(f"{report.added + report.changed} Demo-Artikel eingelesen, {report.unchanged} waren schon da.")


@demo.command("remove")
@honest_errors
def demo_remove() -> None:
    """Die Demo-Artikel entfernen."""
    app = open_app()
    try:
        removed = app.remove_demo()
    finally:
        app.close()
    click.echo(f"{removed} Demo-Artikel entfernt. „amtsfunk demo add“ holt sie zurück.")


@main.command("eval")
@click.argument("folder", type=click.Path(path_type=Path), metavar="ORDNER")
@click.option("--json", "as_json", is_flag=True, help="Ein JSON-Objekt ausgeben.")
@click.option("--limit", type=click.IntRange(min=1), help="Nur die ersten N Fragen.")
@click.option("--keep", type=click.Path(path_type=Path), metavar="ORDNER", help="Den Index dort behalten und wieder benutzen.")
@click.option("--floor", is_flag=True, help="Mit den Mindestwerten in data/ vergleichen.")
@click.option("--misses", type=click.Path(path_type=Path), metavar="DATEI", help="Einen Bericht der Fehler schreiben (Markdown).")
@click.option("--save", type=click.Path(path_type=Path), metavar="DATEI", help="Den Lauf aufbewahren (JSON).")
@click.option("--compare", type=click.Path(path_type=Path), metavar="DATEI", help="Mit einem aufbewahrten Lauf vergleichen.")
@honest_errors
def evaluate(folder: Path, as_json: bool, limit: int | None, keep: Path | None, floor: bool, **files: Path | None) -> None:
    """Güte auf einem Auswertungsordner (BEIR) messen."""
    from bot.evaluation import RunFiles, run_evaluation

    wanted = RunFiles(**files)
    fallen = run_evaluation(open_app().encoder, folder, as_json=as_json, limit=limit, keep=keep, with_floor=floor, files=wanted)
    if fallen:
        sys.exit(EXIT_FAILED)


main.add_command(sources)
