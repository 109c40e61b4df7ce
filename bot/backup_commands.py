"""``amtsfunk backup`` and ``restore``."""

import sys
from pathlib import Path

import click

from bot.command_line import honest_errors, show


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="DATEI")
@honest_errors
def backup(file: Path) -> None:
    """Die ganze Datenbank in eine Datei sichern, auch im laufenden Betrieb."""
    from bot.settings import read_settings
    from index.storage.backup import back_up

    articles = back_up(read_settings().database, file, _show_pages)
    click.echo(f"Gesichert: {articles} Artikel samt Alarmen in {file} ({file.stat().st_size / 1e6:.1f} MB).")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="DATEI")
@honest_errors
def restore(file: Path) -> None:
    """Eine Sicherung zurückspielen; die bisherige Datenbank bleibt daneben liegen."""
    from bot.alerts.restored import adopt_deliveries
    from bot.settings import read_settings
    from index.storage.backup import restore as put_back

    database = read_settings().database
    articles, former = put_back(file, database, _show_pages)
    click.echo(f"Zurückgespielt: {articles} Artikel samt Alarmen aus {file}.")
    if former is not None:
        adopt_deliveries(database, former)
        click.echo(f"Die bisherige Datenbank liegt in {former}; „amtsfunk restore {former}“ macht alles rückgängig.")
    show("Hinweis: Was seit der Sicherung gelöscht wurde, auch mit /vergessen, ist wieder da. Bitte den Bot neu starten.")


def _show_pages(done: int, total: int) -> None:
    if sys.stderr.isatty() and total:
        click.echo(f"\r{100 * done // total} %" + ("\n" if done == total else ""), err=True, nl=False)
