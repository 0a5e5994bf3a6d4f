"""The command ``kg``. Data goes to standard output or ``-o``, everything else to standard error; what is heavy is imported in the command that needs it."""

import contextlib
import os
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from kg import __version__
from kg.alias_commands import alias
from kg.errors import KgError
from kg.exports import EXPORTS
from kg.options import Commands, example, graph_option, json_option, json_text, output_option, say_built
from kg.query_commands import query
from kg.records import MODELS, Paper, Reader, Reading
from kg.terminal import progress, say, to_terminal, write
from kg.text import collapse, visible
from kg.view_commands import serve, view


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=example("kg build pages/*.txt", 'kg query shared-method --paper "PiSSA"', "kg view --around LoRA -o lora.html"),
)
@click.version_option(__version__, prog_name="kg")
def cli() -> None:
    """Turn paper abstracts into a graph of papers, methods, datasets, benchmarks, tasks and metrics, with the sentence behind every edge."""


# -- making --------------------------------------------------------------------------------------------------------------------


def model_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what says how papers are read."""
    defaults = ", ".join(f"{least} for {model}" for model, least in MODELS.items())
    least = f"Least score of a mention, 0 to 1; higher for fewer and surer ones.  [default: {defaults}]"
    command = click.option("--threshold", type=click.FloatRange(0, 1), help=least)(command)
    return click.option("--model", type=click.Choice(list(MODELS)), help="Model that reads mentions: fast is quicker, and less exact.")(command)


@cli.command(epilog=example("kg build pages/*.txt more.jsonl", "zcat papers.jsonl.gz | kg build -"))
@click.argument("files", nargs=-1, type=click.Path(allow_dash=True))
@graph_option
@click.option("--fresh", is_flag=True, help="Start over instead of adding to the graph.")
@model_options
@click.option("--skip-bad", is_flag=True, help="Leave out records that cannot be read, and say how many.")
@click.option("--encoding", help="How the text files are written, where it is not UTF-8.")
@click.option("--processes", type=click.IntRange(1), help="Processes that read papers.  [default: one a core]")
@click.option("-f", "--aliases", "judgements", metavar="FILE", help="Your judgements on names, in place of the graph's own (see kg alias).")
def build(
    files: tuple[str, ...],
    graph: str,
    fresh: bool,
    skip_bad: bool,
    encoding: str | None,
    processes: int | None,
    model: str | None,
    threshold: float | None,
    judgements: str | None,
) -> None:
    """Read papers from FILES and add them to the graph.

    FILES are saved pages as text, JSON Lines, CSV or Parquet, folders of these, or - for JSON Lines on standard input.
    A graph is read by one model with one threshold: without --model and --threshold, by those it was made with (at first: best).
    Without FILES the graph is linked anew, as after a change of its aliases.tsv.
    """
    from kg import assemble

    if fresh and not files:
        raise click.UsageError("--fresh starts over: name the FILES to build the graph from")
    options: dict[str, Any] = {"skip_bad": skip_bad, "encoding": encoding, "processes": processes, "model": model, "threshold": threshold}
    with progress() as show:
        try:
            done = assemble.build(files, graph, fresh=fresh, judgements=judgements, progress=show, **options)
        except KeyboardInterrupt:
            raise KeyboardInterrupt("the graph is as it was, and what was read is kept for the next build") from None
    what = f"{done.new:,} new, {done.changed:,} changed" if files else "linked anew"
    news = what if done.changed_graph else "nothing changed"
    note = ""
    for n, what in ((done.without_abstract, "without abstract"), (done.skipped, "skipped as unreadable")):
        note += f"; {n:,} {what}" if n else ""
    say_built(done, news, note)
    for error in done.skipped_first:
        say(f"skipped: {error}")


@cli.command(epilog=example('kg remove "title:low-rank-adapters-revisited"', "kg remove arxiv:2404.02948 -g graph"))
@click.argument("papers", nargs=-1, required=True)
@graph_option
def remove(papers: tuple[str, ...], graph: str) -> None:
    """Take PAPERS, by id or whole title, out of the graph, with all that only they contributed."""
    from kg import assemble

    with progress() as show:
        try:
            done = assemble.remove(papers, graph, progress=show)
        except KeyboardInterrupt:
            raise KeyboardInterrupt("the graph is as it was") from None
    say_built(done, f"{len(done.difference.papers_removed) if done.difference else 0:,} removed")


@cli.command(epilog=example("kg extract abstracts.jsonl", "kg extract --html page.txt -o page.html"))
@click.argument("files", nargs=-1, required=True, type=click.Path(allow_dash=True))
@model_options
@click.option("--html", is_flag=True, help="A page of the abstracts with their mentions in colour.")
@click.option("--skip-bad", is_flag=True, help="Leave out records that cannot be read, and say how many.")
@click.option("--encoding", help="How the text files are written, where it is not UTF-8.")
@click.option("--processes", type=click.IntRange(1), help="Processes that read papers.  [default: one a core]")
@output_option
def extract(
    files: tuple[str, ...],
    model: str | None,
    threshold: float | None,
    html: bool,
    skip_bad: bool,
    encoding: str | None,
    processes: int | None,
    output: str,
) -> None:
    """Print the mentions in the papers of FILES, as JSON Lines, without making a graph.

    FILES are the same as for kg build.
    """
    from kg import highlight
    from kg.extract import extract as read
    from kg.sources import Tally, read_papers

    if output != "-" and Path(output).exists() and any(Path(f).exists() and Path(f).samefile(output) for f in files):
        raise click.BadParameter(f"{output} is one of the FILES; it would be overwritten", param_hint="--output")
    tally = Tally()
    papers = list(read_papers(files, skip_bad=skip_bad, encoding=encoding, tally=tally))
    if tally.skipped:
        say(f"{tally.skipped:,} skipped as unreadable; the first: {tally.first[0]}")

    reader = Reader(threshold=threshold) if model is None else Reader(model, threshold)

    def readings(show: Callable[[str, int, int], None]) -> Iterator[tuple[Paper, Reading]]:
        for done, (paper, reading) in enumerate(zip(papers, read(papers, reader, processes=processes), strict=True), 1):
            show("read", done, len(papers))
            yield paper, reading

    shown = output == "-" and to_terminal()
    with contextlib.nullcontext(lambda *_: None) if shown else progress() as show:
        if html:
            more = f" and {len(files) - 1} more" if files[1:] else ""
            write(output, [highlight.page(readings(show), collapse(files[0]) + more)])
        else:
            write(output, highlight.lines(readings(show), ascii_only=shown))


@cli.command(epilog=example("kg load neo4j://localhost:7687", "kg load --bulk out/ && sh out/import.sh"))
@click.argument("server", required=False)
@click.option("--bulk", metavar="DIR", type=click.Path(file_okay=False), help="Write files for neo4j-admin database import instead, and print the command.")
@click.option("--replace", is_flag=True, help="Write every row anew, also those that the server seems to hold, and clear what others added to them.")
@graph_option
@click.option("--database", default="neo4j", show_default=True, help="Database on the server.")
def load(server: str | None, bulk: str | None, replace: bool, graph: str, database: str) -> None:
    """Make a Neo4j SERVER hold the graph: write what is new or changed, remove what the graph no longer has, leave what others keep there.

    User and password come from NEO4J_USERNAME and NEO4J_PASSWORD. Loading again goes on where a load was cut off.
    Into an empty database of a server that is not running, --bulk is several times as quick.
    """
    import time

    from kg.stores import is_server
    from kg.tables import Tables

    if server is None and bulk is None:
        raise click.UsageError("name the SERVER to load into, or --bulk DIR to write files for an import")
    if bulk is not None and (server is not None or replace):
        raise click.UsageError("--bulk writes files for an import: it goes without SERVER and --replace")
    tables = Tables.open(graph)
    if bulk is not None:
        from kg.stores.neo4j_bulk import write_bulk

        with progress() as show:
            script = write_bulk(tables, bulk, database=database, progress=show)
        say(f"{bulk}: {graph} as files; with the server stopped, and Neo4j's bin/ on the PATH, import them into the empty database “{database}”:")
        click.echo(f"sh {shlex.quote(str(script))}")
        return
    from kg.stores.neo4j import Neo4j
    from kg.stores.neo4j_load import load as load_into

    if server is None or not is_server(server):
        raise click.BadParameter(f"“{server}” is not the address of a server; write neo4j://host:7687 or bolt://…", param_hint="SERVER")
    start = time.monotonic()
    with Neo4j(server, database=database) as store, progress() as show:
        try:
            done = load_into(store, tables, replace=replace, progress=show)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(f"what was loaded so far stays; load again{', with --replace,' if replace else ''} to go on") from None
    seconds = time.monotonic() - start
    parts = [f"{done.written:,} rows written in {seconds:.0f} s ({done.written / seconds:,.0f}/s)" if done.written else "nothing was new"]
    parts += [f"{n:,} {what}" for n, what in ((done.removed, "removed"), (done.released, "released, for relations of others hold them")) if n]
    say(f"{server}: {done.nodes:,} nodes and {done.relations:,} relations of {graph}; {', '.join(parts)}")


cli.add_command(query)
cli.add_command(alias)
cli.add_command(view)
cli.add_command(serve)


# -- showing -------------------------------------------------------------------------------------------------------------------


@cli.command(epilog=example("kg info", "kg info -g other --json"))
@graph_option
@click.option("--json", "as_json", is_flag=True, help="JSON.")
def info(graph: str, as_json: bool) -> None:
    """Say what the graph holds: counts by type and role, sources, pipeline version, sizes."""
    import json

    from kg.info import describe, lines
    from kg.tables import Tables

    held = describe(Tables.open(graph))
    if as_json:
        click.echo(json.dumps(held, ensure_ascii=to_terminal(), indent=2))
    else:
        for line in lines(held):
            click.echo(visible(line))


@cli.command(epilog=example("kg diff yesterday graph", "kg diff yesterday graph --short"))
@click.argument("old")
@click.argument("new")
@click.option("--short", is_flag=True, help="A few lines instead of everything.")
@click.option("--json", "as_json", is_flag=True, help="JSON.")
def diff(old: str, new: str, short: bool, as_json: bool) -> None:
    """Say what the graph folders OLD and NEW differ in: papers, entities, what was merged and split and why, facts with their sentences."""
    if short and as_json:
        raise click.UsageError("a difference is printed --short or as --json, not both")

    from kg import diff as module

    found = module.compare(module.read(old), module.read(new))
    if as_json:
        click.echo(json_text(module.as_dict(found)))
    else:
        for line in module.summary(found) if short else module.lines(found):
            click.echo(line)
    if not found:
        say("no difference in papers, entities and facts")


@cli.command(epilog=example("kg export --to annotations -o out.jsonl"))
@click.option(
    "--to",
    "form",
    required=True,
    type=click.Choice(list(EXPORTS)),
    help="; ".join(f"{name}: {what}" for name, what in EXPORTS.items()) + ".",
)
@graph_option
@output_option
def export(form: str, graph: str, output: str) -> None:
    """Write the graph in another format."""
    from kg.exports import lines
    from kg.tables import Tables

    write(output, (line + "\n" for line in lines(form, Tables.open(graph))))


@cli.command(epilog=example("kg score dev.jsonl --by-type", "kg score dev.jsonl --gold-mentions"))
@click.argument("gold", type=click.Path(exists=True, dir_okay=False))
@click.option("--by-type", is_flag=True, help="Mentions by type, and the roles that are taken for others, as well.")
@click.option("--gold-mentions", is_flag=True, help="Take the annotators' mentions instead of the model's: what linking could reach.")
@json_option
@model_options
@click.option("--processes", type=click.IntRange(1), help="Processes that read papers.  [default: one a core]")
def score(gold: str, by_type: bool, gold_mentions: bool, as_json: bool, model: str | None, threshold: float | None, processes: int | None) -> None:
    """Run everything on the texts of an annotated file GOLD (JSON Lines) and say how much of the annotation comes out."""
    from kg import score as module

    options: dict[str, Any] = {"model": model, "threshold": threshold, "processes": processes}
    with progress() as show:
        result = module.score_file(gold, gold_mentions=gold_mentions, progress=show, **options)
        reachable = None if gold_mentions else module.score_file(gold, gold_mentions=True, progress=show, **options)
    if as_json:
        click.echo(json_text(module.as_dict(result, by_type=by_type) | ({} if reachable is None else {"gold_mentions": module.as_dict(reachable)})))
    else:
        click.echo(module.report(result, by_type=by_type))
        if reachable is not None:
            click.echo("with the annotators' mentions:")
            click.echo("\n".join(module.figure_lines(reachable, ("linking", "share"))))


@cli.command(epilog=example("kg demo", "kg demo -o somewhere"))
@click.option("-o", "--output", type=click.Path(file_okay=False), default="kg-demo", show_default=True, help="Folder for the graph and the picture.")
def demo(output: str) -> None:
    """Build the bundled sample of landmark papers, ask a question, draw a picture."""
    from kg import assemble, draw
    from kg.ask import ask
    from kg.output import lines
    from kg.stores import connect

    folder = Path(output)
    sample, graph, picture = Path(__file__).parent / "sample" / "papers.jsonl", folder / "graph", folder / "lora.html"
    with progress() as show:
        done = assemble.build([sample], graph, progress=show)
    click.echo(f"{done.papers} papers, {done.rows['entities']} entities, {done.rows['facts']} facts, each with its sentence.\n")
    click.echo("Which papers share a method with QLoRA, the rarest method first?\n")
    with connect(str(graph)) as store:
        for line in lines(ask(store, "shared-method", {"paper": "QLoRA", "limit": 3}), "table", terminal=True):
            click.echo(line)
    draw.view(graph, around="LoRA", output=picture)
    click.echo(f"\nThe graph is the folder {graph}, the picture around LoRA is {picture}.")
    click.echo(f"Next: kg query --help, kg query about --entity LoRA -g {graph}, kg build your-pages/*.txt")


# -- around the commands -------------------------------------------------------------------------------------------------------


def main() -> None:
    """Run the command; a user's mistake is one line and exit code 2 (usage) or 1 (input), Ctrl-C is 130."""
    try:
        code = cli(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except click.ClickException as error:
        context, message = getattr(error, "ctx", None), " ".join(error.format_message().split())
        hint = f" ({context.command_path} --help)" if context and "--help" not in message else ""
        say(f"kg: {message}{hint}")
        sys.exit(2)
    except KgError as error:
        say(f"kg: {error}")
        sys.exit(1)
    except (KeyboardInterrupt, click.Abort) as stop:
        say("; ".join(["kg: stopped", *filter(None, [str(stop.__cause__ or stop)])]))
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        say(f"kg: {error.filename or 'input or output'}: {error.strerror or error}")
        sys.exit(1)


if __name__ == "__main__":
    main()
