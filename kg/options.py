"""What the commands share: options, the form of helps, how answers and news are printed."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from kg.terminal import say, to_terminal

if TYPE_CHECKING:
    from kg.assemble import Built

FOLDER_OR_SERVER = "Graph folder, or the address of a Neo4j server.  [default: graph; environment: KG_GRAPH]"
graph_option = click.option(
    "-g", "--graph", envvar="KG_GRAPH", default="graph", metavar="FOLDER", help="Graph folder.  [default: graph; environment: KG_GRAPH]"
)
output_option = click.option("-o", "--output", type=click.Path(dir_okay=False, allow_dash=True), default="-", help="File to write, - for standard output.")


class Commands(click.Group):
    """A group that lists its commands in the order of a first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order they were added."""
        return list(self.commands)


def example(*lines: str) -> str:
    """Return the last paragraph of a help text."""
    return "\b\nExample:\n" + "\n".join(f"  {line}" for line in lines)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the choice of JSON."""
    return click.option("--json", "as_json", is_flag=True, help="JSON.")(command)


def form_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the choice of the output's form."""
    for form, text in reversed(
        (
            ("table", "A table, for reading (default on a terminal)."),
            ("csv", "CSV."),
            ("json", "JSON, one array."),
            ("nl", "JSON, one object a line (default elsewhere)."),
        )
    ):
        command = click.option(f"--{form}", "form", flag_value=form, help=text)(command)
    return command


def server_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what says which graph is asked."""
    command = click.option("--database", help="Database, where the graph is a server.  [default: neo4j]")(command)
    return click.option("-g", "--graph", metavar="FOLDER|URL", help=FOLDER_OR_SERVER)(command)


def number(ctx: click.Context, parameter: click.Parameter, value: float | None) -> float | None:
    """Refuse what is no number, for an option."""
    if value is not None and value != value:
        raise click.BadParameter("nan is not a number", ctx, parameter)
    return value


def asked(options: dict[str, Any]) -> Any:
    """Open the store that `server_options` name."""
    from kg.stores import connect

    return connect(options["graph"] or os.environ.get("KG_GRAPH") or "graph", database=options["database"] or "neo4j")


def json_text(value: Any) -> str:
    """Return a value as JSON; for a terminal, in ASCII."""
    import json

    return json.dumps(value, ensure_ascii=to_terminal(), indent=2)


def answer(rows: Any, form: str | None) -> None:
    """Print an answer in the form asked for, or the one that fits where it goes."""
    from kg.output import lines

    terminal = to_terminal()
    for line in lines(rows, form or ("table" if terminal else "nl"), terminal=terminal or form == "table"):
        click.echo(line)
    if rows.more:
        say(f"the first {len(rows.rows):,} rows; there are more: --max-rows N shows them")
    elif not rows.rows:
        say("no rows")


def say_built(done: "Built", news: str, note: str = "") -> None:
    """Say what a graph holds now, and what it differs in from before."""
    from kg.diff import summary

    again = done.read - done.new - done.changed
    news += f", {again:,} read again" if again > 0 else ""
    say(f"{done.folder}: {done.papers:,} papers ({news}), {done.rows['entities']:,} entities, {done.rows['facts']:,} facts{note}")
    for line in summary(done.difference) if done.difference else ():
        say(line)
