"""``kg query``: a command for each question, and statements of the user's own."""

import contextlib
import shlex
import sys
from collections.abc import Iterator
from typing import Any

import click

from kg.options import Commands, answer, asked, example, form_options, number, server_options
from kg.queries import CHOICES, Parameter, Query, library

SECONDS, ROWS = 60, 10_000
"""What a statement of the user's own may take and give, unless said otherwise."""
EXAMPLES = {
    "paper": ("PiSSA", "QLoRA"),
    "entity": ("LoRA", "GSM8K"),
    "method": ("LoRA",),
    "benchmark": ("GSM8K",),
    "task": ("natural language understanding",),
}
"""Names in the bundled sample, for the examples of the questions."""


class Questions(Commands):
    """One command for each file in ``cypher/``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the shipped queries."""
        return list(library())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a query."""
        found = library().get(cmd_name)
        return question(found) if found else None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Say the near names of a query that does not exist."""
        if args and args[0] not in library() and not args[0].startswith("-"):
            from kg.errors import UnknownName

            raise click.UsageError(str(UnknownName.near("query", args[0], library(), "kg query --help lists them")), ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=Questions,
    invoke_without_command=True,
    epilog=example(
        'kg query shared-method --paper "PiSSA"', "kg query --cypher 'MATCH (p:Paper)-[:INTRODUCES]->(m:Method) RETURN m.name AS name, p.title AS paper'"
    ),
)
@click.option("--cypher", metavar="TEXT", help="A statement of your own, or - for standard input.")
@click.option("-p", "--param", "parameters", multiple=True, metavar="NAME=VALUE", help="A parameter of that statement; JSON values are read as such.")
@click.option(
    "--timeout",
    type=click.FloatRange(0, 86_400, min_open=True),
    callback=number,
    metavar="SECONDS",
    help=f"Stop that statement after this long.  [default: {SECONDS}]",
)
@click.option("--max-rows", type=click.IntRange(0), metavar="N", help=f"Rows of that statement, at most.  [default: {ROWS:,}]")
@server_options
@form_options
@click.pass_context
def query(
    ctx: click.Context,
    cypher: str | None,
    parameters: tuple[str, ...],
    timeout: float | None,
    max_rows: int | None,
    graph: str | None,
    database: str | None,
    form: str | None,
) -> None:
    """Answer a question: one of those below, or a statement in Cypher, which may only read."""
    ctx.obj = {"graph": graph, "database": database, "form": form}
    if ctx.invoked_subcommand:
        if cypher is not None or parameters or timeout is not None or max_rows is not None:
            raise click.UsageError("--cypher, --param, --timeout and --max-rows go without a named query", ctx)
        return
    if cypher is None:
        raise click.UsageError("name a query, or give a statement with --cypher; kg query --help lists the queries", ctx)
    text = sys.stdin.read() if cypher == "-" else cypher
    limit = ROWS if max_rows is None else max_rows
    with asked(ctx.obj) as store, _stopped_at_once():
        answer(store.run(text, dict(map(_parameter, parameters)), seconds=timeout or SECONDS, limit=limit), form)


@contextlib.contextmanager
def _stopped_at_once() -> Iterator[None]:
    """Let Ctrl-C end the process there and then: an engine would finish its statement first, and reading loses nothing."""
    import signal

    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _parameter(text: str) -> tuple[str, Any]:
    import json

    name, separator, value = text.partition("=")
    if not separator or not name.isidentifier():
        raise click.BadParameter(f"“{text}” is not NAME=VALUE", param_hint="--param")
    try:
        return name, json.loads(value, parse_constant=str)
    except ValueError:
        return name, value


def question(query: Query) -> click.Command:
    """Return the command of a query: an option for each parameter."""

    def run(graph: str | None, database: str | None, form: str | None, **given: Any) -> None:
        from kg.ask import ask

        outer = click.get_current_context().obj or {}
        options = {k: v or outer.get(k) for k, v in (("graph", graph), ("database", database), ("form", form))}
        with asked(options) as store, _stopped_at_once():
            answer(ask(store, query.name, {k: v for k, v in given.items() if v is not None}), options["form"])

    command = click.command(query.name, help=query.summary + ".", epilog=example(_example(query)))(server_options(form_options(run)))
    command.params = [*map(_option, query.parameters), *command.params]
    return command


def _option(parameter: Parameter) -> click.Option:
    flag, text = f"--{parameter.name.replace('_', '-')}", f"{parameter.help[0].upper()}{parameter.help[1:]}."
    if parameter.type == "bool":
        return click.Option([flag], is_flag=True, default=parameter.default, help=text)
    types: dict[str, click.ParamType[Any]] = {"int": click.IntRange(0), "float": click.FLOAT}
    type_ = types.get(parameter.type, click.STRING)
    if choices := CHOICES.get(parameter.type):
        text += f"  [default: {parameter.default}]" if parameter.default else ""
        return click.Option([flag], type=click.Choice(choices, case_sensitive=False), help=text)
    given: dict[str, Any] = {"required": True} if parameter.required else {"default": parameter.default, "show_default": bool(parameter.default)}
    return click.Option([flag], type=type_, metavar=parameter.type.upper(), help=text, **given)


def _example(query: Query) -> str:
    values = {type_: iter(names) for type_, names in EXAMPLES.items()}
    return shlex.join(["kg", "query", query.name, *(word for p in query.parameters if p.required for word in (f"--{p.name}", next(values[p.type])))])
