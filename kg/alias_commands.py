"""``kg alias``: which names are one thing, why, and what the user says instead."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from kg.options import Commands, answer, example, form_options, graph_option, json_option, json_text, output_option, say_built
from kg.records import TYPES
from kg.terminal import progress, say, write
from kg.text import visible

if TYPE_CHECKING:
    from kg.explain import Judgements


@click.group(cls=Commands, epilog=example('kg alias explain "Llama2"', 'kg alias same "Low-rank adapters" LoRA'))
def alias() -> None:
    """Say which names are one thing and why; overrule it for good."""


def judgement_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what says where a judgement is written and for which type it holds."""
    text = "File to write it to, which takes the place of the graph's own.  [default: aliases.tsv in the graph folder]"
    command = click.option("-f", "--file", metavar="FILE", help=text)(command)
    return click.option("--type", "type_", type=click.Choice(TYPES), help="For names of this type only.")(command)


@alias.command(epilog=example('kg alias explain "Llama2"'))
@click.argument("name")
@graph_option
@json_option
def explain(name: str, graph: str, as_json: bool) -> None:
    """Say what NAME stands for: its entity, each judgement that led there with its reason and sentence, and what it was kept apart from."""
    from kg import explain as module

    found = _judgements(graph, lambda judgements: judgements.explain(name))
    _print(map(module.explained_dict, found) if as_json else module.explain_lines(found), as_json)


@alias.command("list", epilog=example("kg alias list LoRA"))
@click.argument("entity")
@graph_option
@form_options
def list_(entity: str, graph: str, form: str | None) -> None:
    """List the spellings of an ENTITY: in how many papers each stands, and why it is the entity's."""
    from kg.stores import Rows

    found, surfaces = _judgements(graph, lambda judgements: judgements.surfaces(entity))
    say(f"{found['name']} ({found['type']}, {found['papers']:,} paper{'' if found['papers'] == 1 else 's'}, {found['id']})")
    columns = ("name", "papers", "reason", "same_as", "score")
    answer(Rows(columns, [(s.surface, s.papers, s.reason, s.other, s.score) for s in surfaces]), form)


@alias.command(epilog=example('kg alias same "Low-rank adapters" LoRA', "kg alias same VLM LVLM --type method -f aliases.tsv"))
@click.argument("name")
@click.argument("other")
@judgement_options
@graph_option
def same(name: str, other: str, graph: str, file: str | None, type_: str | None) -> None:
    """Say that NAME and OTHER are one thing, now and in every later build."""
    _judge(True, name, other, graph, file, type_)


@alias.command(epilog=example('kg alias apart "linear attention" attention'))
@click.argument("name")
@click.argument("other")
@judgement_options
@graph_option
def apart(name: str, other: str, graph: str, file: str | None, type_: str | None) -> None:
    """Say that NAME and OTHER are two things, now and in every later build."""
    _judge(False, name, other, graph, file, type_)


@alias.command(epilog=example('kg alias forget "Low-rank adapters" LoRA'))
@click.argument("name")
@click.argument("other")
@click.option("-f", "--file", metavar="FILE", help="File to take it from.  [default: aliases.tsv in the graph folder]")
@graph_option
def forget(name: str, other: str, graph: str, file: str | None) -> None:
    """Take back what you said of NAME and OTHER."""
    from kg import assemble

    with progress() as show:
        done = assemble.forget(name, other, graph, file=file, progress=show)
    say_built(done, "linked anew" if done.changed_graph else "nothing changed")


@alias.command(epilog=example("kg alias review --limit 20", "kg alias review --html -o review.html"))
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Judgements, at most.")
@click.option("--html", is_flag=True, help="A page.")
@graph_option
@json_option
@output_option
def review(limit: int, html: bool, graph: str, as_json: bool, output: str) -> None:
    """Show the least certain merges and non-merges first, with what speaks for them."""
    from kg import explain as module

    if html and as_json:
        raise click.UsageError("a review is a page or JSON, not both")
    judgements, doubts = _judgements(graph, lambda judgements: (judgements, judgements.review(limit)))
    if html:
        write(output, [module.page(doubts, judgements)])
    elif as_json:
        write(output, [json_text([module.step_dict(d.step) | {"papers": d.papers} for d in doubts]) + "\n"])
    else:
        write(output, (f"{visible(line)}\n" for line in module.review_lines(doubts)))


def _judgements(graph: str, ask: Callable[["Judgements"], Any]) -> Any:
    from kg.explain import Judgements
    from kg.tables import consistently

    return consistently(graph, lambda tables: ask(Judgements(tables)))


def _judge(same: bool, name: str, other: str, graph: str, file: str | None, type_: str | None) -> None:
    from kg import assemble
    from kg.aliases import judgement

    with progress() as show:
        done = assemble.judge(judgement(same, name, other, type_), graph, file=file, progress=show)
    say_built(done, "linked anew" if done.changed_graph else "nothing changed")


def _print(found: Any, as_json: bool) -> None:
    if as_json:
        click.echo(json_text(list(found)))
    else:
        for line in found:
            click.echo(visible(line))
