"""Pictures: choose what to draw (graph → graph), then draw it (graph → one self-contained HTML file).

pyvis writes the page through a template of ours (``viz/``). The layout is computed here, seeded; the page
holds all it needs and asks for nothing.
"""

import base64
import hashlib
import json
import math
import random
import shlex
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kg import resources
from kg.errors import KgError
from kg.files import write_file
from kg.graph import Graph, load, select
from kg.records import ROLES
from kg.tables import consistently, folder_of
from kg.text import occurrences

LIMIT = 150
"""Nodes in a picture, unless said otherwise."""

EXACT = 600
"""Nodes up to which the layout computes every pair's repulsion."""

UNIT = 60
"""Pixels for the layout's unit, which is about the length of an edge."""

_SHAPES = {"paper": "square", "method": "dot", "dataset": "triangleDown", "benchmark": "triangle", "task": "diamond", "metric": "star"}
_WIDTHS = {"introduces": 2.4, "evaluates_on": 1.6, "uses": 1.2, "compares": 1.2, "mentions": 1.2, "based_on": 2.0}
_DASHES: dict[str, Any] = {"compares": [6, 4], "mentions": [1, 4]}
_STRENGTH = {role: i for i, role in enumerate(("based_on", *ROLES))}
_SENTENCES = 4
"""Sentences an edge shows, at most."""


@dataclass(frozen=True, slots=True)
class View:
    """What to draw: a graph, the node in its middle, and a line that says what was left out."""

    graph: Graph
    title: str
    centre: str | None = None
    note: str = ""
    command: str = ""


def view(graph: str | Path = "graph", *, around: str | None = None, paper: str | None = None, limit: int = LIMIT, output: str | Path | None = None) -> str:
    """Return the page of a neighbourhood (`around` an entity), of a `paper` with those that share its rarest entities, or an overview.

    It is written to `output`, if given.

    Raises `UnknownName` for a name that does not exist and `GraphError` for a folder without a graph.
    """
    folder_of(graph)
    if around is not None and paper is not None:
        raise KgError("a picture is around an entity or of a paper, not both")
    if around is not None:
        chosen = around_entity(graph, around, limit)
    elif paper is not None:
        chosen = of_paper(graph, paper, limit)
    else:
        chosen = overview(graph, limit)
    page = draw(chosen)
    if output is not None:
        write_file(output, [page])
    return page


# -- choosing ------------------------------------------------------------------------------------------------------------------


def around_entity(graph: str | Path, name: str, limit: int = LIMIT) -> View:
    """Return an entity with its lineage, the papers that name it, and what several of those papers name."""
    from kg.ask import entity_id

    centre = _id(graph, name, entity_id)
    found = consistently(graph, lambda tables: select(tables, centre=centre, hops=2))
    near = set(found.predecessors(centre)) | set(found.successors(centre))
    papers = sorted((n for n in near if _kind(found, n) == "paper"), key=lambda p: (_strength(found, p, centre), p))
    kin = sorted(n for n in near if _kind(found, n) != "paper")
    chosen = [centre, *kin[: limit // 3]]
    chosen += papers[: max(0, -(-2 * (limit - len(chosen)) // 3))]
    common = _shared_entities(found, set(chosen), least=2)
    chosen += [e for e in common if e not in chosen][: max(0, limit - len(chosen))]
    drawn = set(chosen)
    left = len([e for e in [*kin, *common] if e not in drawn])
    note = _left_out(len([p for p in papers if p not in drawn]), "paper", left, "name", limit)
    title = str(found.nodes[centre]["name"])
    return View(found.subgraph(chosen), f"Around {title}", centre, note, f"kg view --around {shlex.quote(title)}")


def of_paper(graph: str | Path, name: str, limit: int = LIMIT) -> View:
    """Return a paper with all it names, and the papers that share the rarest of it."""
    from kg.ask import paper_id

    centre = _id(graph, name, paper_id)
    found = consistently(graph, lambda tables: select(tables, centre=centre, hops=2))
    named = sorted(found.successors(centre), key=lambda e: (found.nodes[e]["generic"], found.nodes[e]["papers"], e))
    chosen = [centre, *named[: limit // 2]]
    weights: dict[str, float] = defaultdict(float)
    for entity in named:
        if not found.nodes[entity]["generic"]:
            for other in found.predecessors(entity):
                if other != centre and _kind(found, other) == "paper":
                    weights[other] += 1 / found.nodes[entity]["papers"]
    others = sorted(weights, key=lambda p: (-weights[p], p))
    chosen += others[: max(0, limit - len(chosen))]
    note = _left_out(len(others) - sum(o in set(chosen) for o in others), "paper", max(0, len(named) - limit // 2), "name", limit)
    title = str(found.nodes[centre]["name"])
    return View(found.subgraph(chosen), title, centre, note, f"kg view --paper {shlex.quote(title)}")


def overview(graph: str | Path, limit: int = LIMIT) -> View:
    """Return the most named entities and the papers that join most of them."""
    found = load(graph, top=max(1, limit * 2 // 5))
    entities = [n for n in found if _kind(found, n) != "paper"]
    joins = {n: len({t for _, t in found.out_edges(n)}) for n in found if _kind(found, n) == "paper" and found.out_degree(n)}
    papers = sorted((p for p in joins if joins[p] > 1), key=lambda p: (-joins[p], p))
    chosen = [*entities, *papers[: max(0, limit - len(entities))]]
    note = f"The {len(entities)} most named entities, and {len(chosen) - len(entities)} of {len(joins)} papers that name them. A larger picture: --limit."
    return View(found.subgraph(chosen), "Overview", None, note, "kg view")


def _id(graph: str | Path, name: str, resolve: Any) -> str:
    from kg.stores import connect

    with connect(str(graph)) as store:
        return str(resolve(store, name))


def _kind(graph: Graph, node: str) -> str:
    return str(graph.nodes[node]["kind"])


def _strength(graph: Graph, source: str, target: str) -> int:
    return min((_STRENGTH[d["role"]] for d in (graph.get_edge_data(source, target) or {}).values()), default=len(_STRENGTH))


def _shared_entities(graph: Graph, chosen: set[str], *, least: int) -> list[str]:
    """Return the entities that at least `least` of the chosen papers name, the most telling first: named here often, elsewhere rarely."""
    count: Counter[str] = Counter(t for p in chosen if _kind(graph, p) == "paper" for t in set(graph.successors(p)))
    kept = [e for e, n in count.items() if n >= least and not graph.nodes[e]["generic"]]
    return sorted(kept, key=lambda e: (-count[e] / math.sqrt(graph.nodes[e]["papers"]), e))


def _left_out(papers: int, first: str, entities: int, second: str, limit: int) -> str:
    left = [f"{n} {what}{'s' if n > 1 else ''}" for n, what in ((papers, first), (entities, second)) if n > 0]
    return f"Not drawn: {' and '.join(left)}. A larger picture: --limit {2 * limit}." if left else ""


# -- drawing -------------------------------------------------------------------------------------------------------------------


def draw(chosen: View) -> str:
    """Return the page of a view. Text of papers enters it as JSON only; the graph is not changed."""
    from jinja2 import Environment, FileSystemLoader
    from markupsafe import Markup
    from pyvis.network import Network

    graph = chosen.graph
    places = layout(graph)
    net = Network(directed=True, cdn_resources="in_line")
    for node, data in sorted(graph.nodes(data=True)):
        papers = 0 if data["kind"] == "paper" else data["papers"]
        size = 6.5 if data["kind"] == "paper" else min(23.0, 4.5 + 0.88 * math.sqrt(papers))
        x, y = places[node]
        net.add_node(
            node, label="", shape=_SHAPES[data["kind"]], size=round(size, 2), x=x, y=y, kind=data["kind"], name=data["name"], papers=papers,
            generic=bool(data.get("generic")), aliases=[a for a in data.get("aliases", ()) if a != data["name"]], date=data.get("date"), url=data.get("url"),
        )  # fmt: skip
    for number, edge in enumerate(_edges(graph)):
        net.add_edge(edge.pop("from"), edge.pop("to"), id=number, **edge)
    net.set_options(json.dumps({"physics": {"enabled": False}}))
    net.templateEnv = Environment(loader=FileSystemLoader(resources.folder("viz")), autoescape=True)
    net.path = "page.html"
    script = resources.text("viz", "page.js")
    net.templateEnv.globals.update(
        page={"title": chosen.title, "command": chosen.command, "centre": chosen.centre, "note": chosen.note},
        scripts=Markup(" ".join(map(_hash_source, (vis_network(), script)))),
        css=Markup(resources.text("viz", "page.css")),
        js=Markup(script),
        vis_js=Markup(vis_network()),
    )
    return str(net.generate_html())


def _hash_source(script: str) -> str:
    """Return what a content security policy allows a script by: only the scripts that kg wrote may run."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


@cache
def vis_network() -> str:
    """Return the script of vis-network that pyvis brings along."""
    import pyvis

    path = Path(pyvis.__file__).parent / "templates" / "lib" / "vis-9.1.2" / "vis-network.min.js"
    return path.read_text(encoding="utf-8").replace("</script", "<\\/script")


def _edges(graph: Graph) -> Iterable[dict[str, Any]]:
    """Yield one edge for each pair and role, with the sentences of all papers that say so."""
    grouped: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for source, target, data in graph.edges(data=True):
        grouped[source, target, data["role"]].append(data)
    for (source, target, role), facts in sorted(grouped.items()):
        facts = sorted(facts, key=lambda f: f["paper"])
        yield {
            "from": source,
            "to": target,
            "role": role,
            "width": _WIDTHS[role],
            "dashes": _DASHES.get(role, False),
            "score": max(f["score"] for f in facts),
            "evidence": [e for f in facts for e in _evidence(graph, f, source, target)][:_SENTENCES],
        }


def _evidence(graph: Graph, fact: dict[str, Any], source: str, target: str) -> Iterable[dict[str, Any]]:
    title = fact["title"]
    yield {"paper": fact["paper"], "title": title, "field": fact["field"], "text": fact["sentence"], "marks": [list(m) for m in fact["marks"]]}
    names = [a for end in (source, target) if _kind(graph, end) != "paper" for a in graph.nodes[end]["aliases"]]
    for sentence in fact["further"]:
        yield {
            "paper": fact["paper"],
            "title": title,
            "field": "title" if sentence == title else "abstract",
            "text": sentence,
            "marks": [list(m) for m in occurrences(sentence, names)],
        }


def layout(graph: Graph) -> dict[str, tuple[int, int]]:
    """Return a place for each node, in pixels, the same for the same graph: Fruchterman and Reingold (1991), by igraph, from a seeded start.

    Exact repulsion up to `EXACT` nodes, beyond that by a grid.
    """
    import igraph

    nodes = sorted(graph)
    number = {n: i for i, n in enumerate(nodes)}
    edges = sorted({(number[a], number[b]) for a, b in graph.edges()})
    chance = random.Random(7)
    start = [(chance.uniform(-1, 1), chance.uniform(-1, 1)) for _ in nodes]
    igraph.set_random_number_generator(chance)
    try:
        places = igraph.Graph(n=len(nodes), edges=edges).layout_fruchterman_reingold(seed=start, niter=500, grid=len(nodes) > EXACT) if nodes else []
    finally:
        igraph.set_random_number_generator(random)
    return {n: (round(x * UNIT), round(y * UNIT)) for n, (x, y) in zip(nodes, places, strict=True)}
