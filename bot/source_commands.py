"""``amtsfunk sources …`` and what ``amtsfunk ingest`` does with addresses."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.command_line import EXIT_FAILED, honest_errors, open_app, print_json, show

if TYPE_CHECKING:
    from bot.app import App
    from index.ingest import IngestReport
    from index.sources.checking import Check
    from index.sources.nouns import Source

KINDS = ["feed", "sitemap", "page", "overview", "folder"]


def read_inputs_and_addresses(app: "App", inputs: Sequence[str]) -> tuple["IngestReport", bool]:
    """Read files, folders and web addresses; without inputs, all sources that are on. Also whether anything could be read at all."""
    from bot import source_texts_de as texts
    from index.errors import ConfigurationError
    from index.sources.ways import Visit

    visit = Visit()
    paths = [name for name in inputs if not is_address(name)]
    if paths:
        visit.add(app.ingest(paths))
    sources = [app.desk.once(as_address(name)) for name in inputs if is_address(name)]
    if not inputs:
        sources = [source for source in app.desk.sources() if source.is_on]
        if not sources:
            raise ConfigurationError(texts.NONE_ON)
    if sources:
        found = app.read_sources(sources)
        visit.add(found.report)
        visit.has_read = visit.has_read or found.has_read
    return visit.report, visit.has_read


def is_address(name: str) -> bool:
    """Whether an input names a web address rather than a file."""
    return name.lower().startswith(("http://", "https://")) or (name.lower().startswith("www.") and not Path(name).exists())


def as_address(name: str) -> str:
    return name if "://" in name else f"https://{name}"


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Ein JSON-Objekt ausgeben.")
@click.pass_context
@honest_errors
def sources(context: click.Context, as_json: bool) -> None:
    """Quellen: Feeds, Sitemaps, Webseiten und Ordner, die von selbst gelesen werden. Ohne Unterbefehl: alle zeigen."""
    if context.invoked_subcommand is None:
        list_sources(as_json)


@sources.command("list")
@click.option("--json", "as_json", is_flag=True, help="Ein JSON-Objekt ausgeben.")
@honest_errors
def list_command(as_json: bool) -> None:
    """Alle Quellen zeigen."""
    list_sources(as_json)


def list_sources(as_json: bool) -> None:
    from bot.source_lines import line_to_json, line_to_text

    app = open_app()
    try:
        lines = app.desk.lines()
        now = app.now()
    finally:
        app.close()
    if as_json:
        print_json({"sources": [line_to_json(line) for line in lines]})
        return
    for line in lines:
        click.echo(line_to_text(line, now))


@sources.command()
@click.argument("address", metavar="ADRESSE")
@click.option("--name", default="", help="Wie die Quelle heißen soll; so steht sie auch unter Zitaten.")
@click.option("--pattern", default="", help="Welche Verweise einer Übersicht oder Sitemap Artikel sind, z. B. „/meldungen/*“.")
@click.option("--kind", type=click.Choice(KINDS), help="Was dort liegt; sonst wird es herausgefunden.")
@click.option(
    "--interval", type=click.FloatRange(min=0, min_open=True), help="Alle so viel Minuten; sonst so oft, wie die Quelle veröffentlicht."
)
@honest_errors
def add(address: str, name: str, pattern: str, kind: str | None, interval: float | None) -> None:
    """Eine Quelle aufnehmen: Feed, Sitemap, Artikel, Übersichtsseite, Startseite (deren Feed), Ordner."""
    from bot import source_texts_de as texts
    from bot.adding import NewSource, describe_source

    app = open_app()
    try:
        wanted = NewSource(address, name, pattern, kind or "", (interval or 0.0) * 60.0)
        found = describe_source(app.desk, wanted, app.settings.today(), choose_feed)
        app.desk.states.add(found)
    finally:
        app.close()
    click.echo(texts.ADDED.format(name=found.name, key=found.key, kind=texts.KINDS[found.kind or "page"], address=found.address))
    if found.kind == "overview" and not pattern:
        click.echo(texts.ADDED_OVERVIEW)
    click.echo(texts.ADDED_NEXT)


def choose_feed(feeds: Sequence[str]) -> str:
    """Let the person choose; where nobody can be asked, list the feeds and end."""
    from bot import source_texts_de as texts

    show(texts.SEVERAL_FEEDS)
    for number, feed in enumerate(feeds, start=1):
        show(f"  {number}  {feed}")
    if not sys.stdin.isatty():
        show(texts.NAME_ONE_FEED)
        sys.exit(EXIT_FAILED)
    return feeds[click.prompt(texts.CHOOSE_FEED, type=click.IntRange(1, len(feeds)), default=1, err=True) - 1]


@sources.command()
@click.argument("names", nargs=-1, metavar="[NAME_ODER_ADRESSE …]")
@click.option("--json", "as_json", is_flag=True, help="Ein JSON-Objekt ausgeben.")
@honest_errors
def check(names: tuple[str, ...], as_json: bool) -> None:
    """Nachsehen, was Quellen liefern, ohne etwas zu speichern; ohne Namen alle eingeschalteten."""
    from bot import source_texts_de as texts
    from bot.source_lines import check_to_json, check_to_text
    from index.sources.checking import check_source

    app = open_app()
    checks: list[Check] = []
    try:
        desk = app.desk
        wanted = [desk.once(as_address(name)) if is_address(name) else desk.find(name) for name in names]
        for source in wanted or [source for source in desk.sources() if source.is_on]:
            checks.append(check_source(source, desk.fetcher, app.settings.today()))
            if checks[-1].is_good:
                desk.revive(source)
            if not as_json:
                click.echo(check_to_text(checks[-1]))
    finally:
        app.close()
    if as_json:
        print_json({"sources": [check_to_json(one) for one in checks]})
    else:
        click.echo(texts.CHECK_NOTHING_STORED if checks else texts.NONE_ON)
    if not checks or not all(one.is_good for one in checks):
        sys.exit(EXIT_FAILED)


@sources.command()
@click.argument("name", metavar="NAME")
@honest_errors
def remove(name: str) -> None:
    """Eine aufgenommene Quelle entfernen; ihre Artikel bleiben."""
    from bot import source_texts_de as texts
    from index.errors import InputError

    app = open_app()
    try:
        source = app.desk.find(name)
        if source.place in texts.NOT_REMOVABLE:
            raise InputError(texts.NOT_REMOVABLE[source.place].format(key=source.key))
        articles = app.desk.states.count_articles(source.key)
        app.desk.states.remove(source.key)
    finally:
        app.close()
    click.echo(texts.REMOVED.format(key=source.key, articles=articles))


@sources.command()
@click.argument("name", metavar="NAME")
@honest_errors
def on(name: str) -> None:
    """Eine Quelle einschalten."""
    from bot import source_texts_de as texts

    source = switch(name, True)
    click.echo(texts.SWITCHED[True].format(key=source.key))
    if source.terms:
        click.echo(texts.TERMS.format(terms=source.terms))
    if not source.is_confirmed:
        click.echo(texts.UNCONFIRMED.format(address=source.address, key=source.key))


@sources.command()
@click.argument("name", metavar="NAME")
@honest_errors
def off(name: str) -> None:
    """Eine Quelle ausschalten; ihre Artikel bleiben."""
    from bot import source_texts_de as texts

    click.echo(texts.SWITCHED[False].format(key=switch(name, False).key))


def switch(name: str, is_on: bool) -> "Source":
    app = open_app()
    try:
        source = app.desk.find(name)
        app.desk.states.switch(source.key, is_on)
        return source
    finally:
        app.close()
