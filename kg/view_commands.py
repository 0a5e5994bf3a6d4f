"""``kg view`` and ``kg serve``: the graph to look at."""

import os
from typing import Any

import click

from kg.options import asked, example, number, server_options
from kg.terminal import say, write


@click.command(epilog=example("kg view --around LoRA -o lora.html", 'kg view --compare "PiSSA" "QLoRA"', "kg view --communities --limit 300"))
@click.option("--around", metavar="ENTITY", help="What lies around a method, dataset, benchmark, task or metric.")
@click.option("--paper", metavar="PAPER", help="A paper, what it names, and the papers that share the rarest of it: an id, or part of a title.")
@click.option("--shared", metavar="METHOD", help="The papers that share a method, and the methods that these share besides.")
@click.option("--lineage", metavar="METHOD", help="What a method is based on and what grew out of it, in layers.")
@click.option("--benchmark", metavar="BENCHMARK", help="The papers and methods that are evaluated on a benchmark or dataset.")
@click.option("--compare", metavar="PAPER PAPER …", help="What papers have in common, and what not.")
@click.option("--cooccurrence", is_flag=True, help="Methods that papers name together.")
@click.option("--communities", is_flag=True, help="The communities of methods, as nodes that open.")
@click.option("--top", type=click.IntRange(1), metavar="N", help="The N most named entities, and the papers that join them.  [default: 60]")
@click.option("--hops", type=click.IntRange(1, 5), help="Steps around an entity (1 to 3; default 2), generations of a lineage (default 3).")
@click.option("--least", type=click.IntRange(1), help="Papers that name both methods of a pair, at least.  [default: 2]")
@click.option("--limit", type=click.IntRange(1), help="Nodes in the picture, at most.  [default: 150, for some pictures fewer]")
@click.argument("papers", nargs=-1, metavar="")
@server_options
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, allow_dash=True), help="File to write, - for standard output.  [default: a name after what is drawn]"
)
def view(
    papers: tuple[str, ...], limit: int | None, hops: int | None, least: int | None, graph: str | None, database: str | None, output: str | None, **given: Any
) -> None:
    """Draw a picture as one HTML file that opens offline; an overview, unless it is told of what."""
    from kg import draw, views
    from kg.text import slug

    of = {name: value for name, value in given.items() if value is not None and value is not False}
    if papers and "compare" not in of:
        raise click.UsageError(f"“{papers[0]}” belongs to no option; write --compare PAPER PAPER, or quote a name with blanks in it")
    if len(of) > 1:
        raise click.UsageError(f"a picture shows one thing: {' or '.join(f'--{name}' for name in of)}")
    if "compare" in of:
        of["compare"] = [of["compare"], *papers]
        if not papers:
            raise click.UsageError("a comparison is of two papers or more: --compare PAPER PAPER")
    options = {name: value for name, value in (("hops", hops), ("least", least)) if value is not None}
    if unknown := sorted(set(options) - set(views.OPTIONS.get(next(iter(of), "top"), ()))):
        raise click.UsageError(f"--{unknown[0]} goes with {' and '.join(f'--{name}' for name, known in views.OPTIONS.items() if unknown[0] in known)} only")
    with asked({"graph": graph, "database": database}) as store:
        chosen = views.choose(store, of, limit=limit, **options)
    name, what = next(iter(of.items()), ("overview", None))
    words = " ".join(what) if isinstance(what, list) else what if isinstance(what, str) else name
    output = output or f"{slug(words)[:60]}.html"
    write(output, [draw.page(chosen)])
    if output != "-":
        say(output)


@click.command(epilog=example("kg serve --open", "kg serve -g neo4j://localhost:7687 --port 8080"))
@click.option("--open", "open_", is_flag=True, help="Open it in the browser.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port; 0 for any that is free.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on. Any but this machine's own lets others read the graph.")
@click.option(
    "--timeout", type=click.FloatRange(0, 3600, min_open=True), callback=number, metavar="SECONDS", help="Stop a statement after this long.  [default: 10]"
)
@server_options
def serve(open_: bool, port: int, host: str, timeout: float | None, graph: str | None, database: str | None) -> None:
    """Explore the graph in the browser, until Ctrl-C: search, pages on every paper and name, comparisons, questions, pictures that grow."""
    from kg import serve as module
    from kg.explorer import SECONDS

    def ready(address: str) -> None:
        say(f"{address}  (Ctrl-C stops it)")
        if open_:
            click.launch(address)

    if not host.strip():
        raise click.BadParameter("an address of this machine, as 127.0.0.1", param_hint="--host")
    graph = graph or os.environ.get("KG_GRAPH") or "graph"
    try:
        listening = module.listen(host, port)
    except OSError as error:
        raise click.UsageError(f"{host}:{port}: {error.strerror or error}; name another with --port (--port 0: any that is free) or --host") from error
    module.serve(graph, listening, host=host, database=database or "neo4j", seconds=timeout or SECONDS, ready=ready)
