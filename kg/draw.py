"""A view → one HTML page: every node with its place, every edge with its sentences; drawn by vis-network, or by sigma.js where there are many nodes.

pyvis writes the page through a template of ours (``viz/picture.html``). The layout is computed here, seeded. A page by itself holds all it
needs and asks for nothing; the explorer's page takes style and scripts from the server.
"""

import base64
import hashlib
import math
import random
import shlex
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from kg import resources
from kg.errors import KgError
from kg.files import write_file
from kg.graph import Graph
from kg.papers import known_id
from kg.reasons import with_reasons
from kg.records import ROLES
from kg.stores import connect
from kg.text import occurrences
from kg.views import SCORED, TOGETHER, View, choose

MANY = 2000
"""Nodes up to which vis-network draws; more are drawn by sigma.js."""

EXACT = 10_000
"""Nodes up to which the layout computes every pair's repulsion; beyond that by a grid, which draws neighbours into one heap."""

_COLUMN = 20
"""Nodes that stand one above the other in a layer, about."""

UNIT = 60
"""Pixels for the layout's unit, which is about the length of an edge."""

_SHAPES = {
    "paper": "square", "method": "dot", "dataset": "triangleDown", "benchmark": "triangle", "task": "diamond", "metric": "star", "community": "hexagon",
}  # fmt: skip
_ORDER = {role: i for i, role in enumerate(("based_on", SCORED, TOGETHER, *ROLES))}
_SENTENCES = 4
"""Sentences an edge shows, at most."""

Address = Callable[[str, str], str]
"""Of a kind and an id: where the explorer has a page on it."""


def view(graph: "str | Path | Graph" = "graph", *, limit: int | None = None, output: str | Path | None = None, **of: Any) -> str:
    """Return a picture as one HTML page, written to `output` if given.

    `graph` is a folder, the address of a server, or a part of a graph that `kg.load` gave, which is drawn as it is. Of the first two one view is
    drawn, an overview unless it is told what: ``around=ENTITY`` (and ``hops``), ``paper=PAPER``, ``shared=METHOD``, ``lineage=METHOD`` (and
    ``hops``), ``benchmark=BENCHMARK``, ``compare=[PAPER, PAPER, …]``, ``cooccurrence=True`` (and ``least``), ``communities=True``, ``top=N``.
    `limit` bounds the nodes.

    Raises `UnknownName` for a name that does not exist, `GraphError` for a folder without a graph, `StoreError` for a server.
    """
    if isinstance(graph, Graph):
        if of or limit is not None:
            raise KgError("a graph that is given is drawn as it is; choose from a folder or a server")
        chosen = View(graph, "A part of a graph")
    else:
        options = {k: of.pop(k) for k in ("hops", "least") if k in of}
        with connect(str(graph)) as store:
            chosen = choose(store, {k: v for k, v in of.items() if v is not None and v is not False}, limit=limit, **options)
    text = page(chosen)
    if output is not None:
        write_file(output, [text])
    return text


def page(chosen: View, *, address: Address | None = None, served: Mapping[str, Any] | None = None) -> str:
    """Return the page of a view. Text of papers enters it as JSON only; the graph is not changed.

    `address` makes links to the explorer's pages, and `served` is what its template shares with these; without them the page stands alone.
    """
    from markupsafe import Markup
    from pyvis.network import Network

    drawn = picture(chosen, address=address)
    net = Network(directed=True, cdn_resources="in_line")
    for node in drawn["nodes"]:
        net.add_node(node["id"], label="", **{k: v for k, v in node.items() if k != "id"})
    net.edges = drawn["edges"]  # add_edge would look through the nodes for each
    scripts = [] if served else [engine(len(chosen.graph)), resources.text("viz", "bundle", "picture.js")]
    net.templateEnv = _Ours(
        page={
            "title": chosen.title,
            "command": command(chosen) + (served["of_graph"] if served else ""),
            "centre": chosen.centre,
            "note": chosen.left_out if served else note(chosen),
            "expand": served is not None,
        },
        papers=drawn["papers"],
        texts=drawn["texts"],
        held={n["kind"] for n in drawn["nodes"]} | {e["role"] for e in drawn["edges"]},
        dated=any(n["year"] is not None for n in drawn["nodes"]),
        engine=engine_name(len(chosen.graph)),
        served=served,
        hashes=" ".join(map(_hash_source, scripts)),
        css="" if served else Markup(resources.text("viz", "kg.css")),
        scripts=list(map(Markup, scripts)),
    )
    return str(net.generate_html())


class _Ours:
    """What pyvis takes for its Jinja environment: our template, given what pyvis knows of the graph and these values."""

    def __init__(self, **values: Any) -> None:
        self._values = values

    def get_template(self, _: str) -> "_Ours":
        """Return our template, whichever is asked for."""
        return self

    def render(self, **given: Any) -> str:
        """Return the page."""
        return str(resources.environment().get_template("picture.html").render(**given, **self._values))


def command(chosen: View) -> str:
    """Return what draws the same on the command line."""
    words = ["kg", "view"]
    for name, value in chosen.asked.items():
        first, *rest = map(str, value) if isinstance(value, list | tuple) else (str(value),)
        words += [f"--{name}"] if value is True else [f"--{name}={first}"] if first.startswith("-") else [f"--{name}", first]
        words += rest
    return shlex.join(words) if chosen.asked else ""


def query_string(chosen: View, **more: Any) -> str:
    """Return what asks the explorer for the same picture."""
    asked = {k: "1" if v is True else v for k, v in {**chosen.asked, **more}.items()}
    return urlencode(asked, doseq=True)


def note(chosen: View) -> str:
    """Return what was left out, and how to see it."""
    return f"{chosen.left_out} A larger picture: --limit {chosen.larger}." if chosen.larger else chosen.left_out


def picture(chosen: View, *, address: Address | None = None) -> dict[str, Any]:
    """Return what a page draws: ``nodes`` with their places in pixels; ``edges``, one for each pair and role, whose ``evidence`` are lists of paper, field,
    number among the ``texts`` and marks; and the ``papers`` that say so (title, address)."""
    graph = chosen.graph
    places = layout(graph, chosen.layers)
    nodes = []
    for node, data in sorted(graph.nodes(data=True)):
        x, y = places[node]
        paper = data["kind"] == "paper"
        url = url_of(node, data) if paper else None
        nodes.append(
            {"id": node, "shape": _SHAPES[data["kind"]], "x": x, "y": y, "kind": data["kind"], "name": data["name"], "papers": 0 if paper else data["papers"]}
            | {"generic": bool(data.get("generic")), "year": data.get("year"), "date": data.get("date")}
            | {"url": url, "names": _names(data), "apart": with_reasons(data, "apart", "apart_reasons"), "inside": data.get("inside"), "by": _by(data)}
            | ({"address": address(data["kind"], node)} if address and data["kind"] != "community" else {})
        )
    texts: dict[str, int] = {}
    papers: dict[str, list[Any]] = {}
    edges = []
    for number, edge in enumerate(_edges(graph, texts, papers)):
        if address:
            for id_ in {e[0] for e in edge["evidence"]}:
                papers[id_][1] = address("paper", id_)
        edges.append({"id": number, **edge})
    return {"nodes": nodes, "edges": edges, "texts": list(texts), "papers": papers}


def size(papers: int) -> float:
    """Return the radius in pixels of the node of an entity that so many papers name: its area grows with them."""
    return round(min(23.0, 4.5 + 0.88 * math.sqrt(papers)), 2)


def _names(data: Mapping[str, Any]) -> list[list[str]]:
    """Return the other names with why they are names of it, where that is known."""
    return [[alias, reason] for alias, reason in with_reasons(data, "aliases", "reasons") if alias != data["name"]]


def _by(data: Mapping[str, Any]) -> str | None:
    """Return how a paper is called beside others: the first author's last word."""
    authors = data.get("authors") or ()
    return str(authors[0]).split()[-1] if authors and str(authors[0]).split() else None


_ADDRESSES = {"arxiv": "https://arxiv.org/abs/", "doi": "https://doi.org/", "acl": "https://aclanthology.org/"}


def url_of(id_: str, data: Mapping[str, Any]) -> str | None:
    """Return where a paper is to be read: the address that its source gave, or that of its id."""
    if str(data.get("url") or "").lower().startswith(("http://", "https://")):
        return str(data["url"])
    known = known_id(id_)
    return f"{_ADDRESSES[known[0]]}{known[1]}" if known and known[0] in _ADDRESSES else None


def engine_name(nodes: int) -> str:
    """Return which library draws so many nodes."""
    return "vis" if nodes <= MANY else "sigma"


def engine(nodes: int) -> str:
    """Return the script of the library that draws so many nodes."""
    return vis_network() if engine_name(nodes) == "vis" else resources.text("viz", "bundle", "sigma.js")


@cache
def vis_network() -> str:
    """Return the script of vis-network that pyvis brings along."""
    import pyvis

    path = Path(pyvis.__file__).parent / "templates" / "lib" / "vis-9.1.2" / "vis-network.min.js"
    return path.read_text(encoding="utf-8").replace("</script", "<\\/script")


def _hash_source(script: str) -> str:
    """Return what a content security policy allows a script by: only the scripts that kg wrote may run."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _edges(graph: Graph, texts: dict[str, int], papers: dict[str, list[Any]]) -> Iterable[dict[str, Any]]:
    """Yield one edge for each pair and role, with the sentences of all papers that say so; texts and papers are noted."""
    grouped: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for source, target, data in graph.edges(data=True):
        grouped[source, target, data["role"]].append(data)
    for (source, target, role), facts in sorted(grouped.items(), key=lambda item: (_ORDER[item[0][2]], item[0])):
        facts = sorted(facts, key=lambda f: f["paper"])
        evidence = [e for f in facts for e in _evidence(graph, f, source, target)][:_SENTENCES]
        for fact in facts:
            papers.setdefault(fact["paper"], [fact.get("title"), url_of(fact["paper"], graph.nodes.get(fact["paper"], fact))])
        yield {
            "from": source,
            "to": target,
            "role": role,
            "score": max(f["score"] for f in facts),
            "weight": max(f.get("weight") or 0 for f in facts) or len({f["paper"] for f in facts}),
            "values": [f["value"] for f in facts if f.get("value")][:_SENTENCES],
            "evidence": [[paper, field, texts.setdefault(text, len(texts)), marks] for paper, field, text, marks in evidence],
        }


def _evidence(graph: Graph, fact: dict[str, Any], source: str, target: str) -> Iterable[tuple[str, str, str, list[list[int]]]]:
    yield fact["paper"], fact["field"], fact["sentence"], [list(m) for m in fact["marks"]]
    names = [a for end in (source, target) if graph.nodes[end]["kind"] != "paper" for a in graph.nodes[end].get("aliases") or ()]
    for sentence in fact["further"] or ():
        yield fact["paper"], "title" if sentence == fact["title"] else "abstract", sentence, [list(m) for m in occurrences(sentence, names)]


# -- layout ----------------------------------------------------------------------------------------------------------------------


def layout(graph: Graph, layers: Mapping[str, int] | None = None) -> dict[str, tuple[int, int]]:
    """Return a place for each node, in pixels, the same for the same graph: Fruchterman and Reingold (1991), by igraph, from a seeded start.

    Fewer iterations the more nodes, so that a layout takes a second up to 4,000 and four at `EXACT`. Nodes that stand `inside` another are put
    around it. With `layers` (of each node, from left to right): Sugiyama, Tagawa and Toda (1981).
    """
    inside = {n: data["inside"] for n, data in graph.nodes(data=True) if data.get("inside")}
    nodes = sorted(n for n in graph if n not in inside)
    number = {n: i for i, n in enumerate(nodes)}
    edges = sorted({(number[a], number[b]) for a, b in graph.edges() if a in number and b in number})
    if not nodes:
        return {}
    places = _in_layers(nodes, edges, layers) if layers else _by_force(len(nodes), edges)
    apart = 5 * UNIT if inside else UNIT
    out = {n: (round(x * apart), round(y * apart)) for n, (x, y) in zip(nodes, places, strict=True)}
    members: dict[str, list[str]] = defaultdict(list)
    for n in sorted(inside):
        members[inside[n]].append(n)
    for host, around in members.items():
        x, y = out[host]
        for i, n in enumerate(around):
            angle = 2 * math.pi * i / len(around)
            out[n] = (round(x + 1.4 * UNIT * math.cos(angle)), round(y + 1.4 * UNIT * math.sin(angle)))
    return out


_GAP = 1.2
"""Units between parts of a picture that no edge joins."""

_CHANCE = Lock()
"""igraph has one source of chance for all threads."""


def _by_force(count: int, edges: list[tuple[int, int]]) -> list[tuple[float, float]]:
    """Return a place for each node: connected parts by themselves, side by side in rows, the largest first. Together the small ones would drift far out."""
    import igraph

    member = igraph.Graph(n=count, edges=edges).connected_components().membership
    parts: dict[int, list[int]] = defaultdict(list)
    within: dict[int, list[tuple[int, int]]] = defaultdict(list)
    number = [0] * count
    for n, part in enumerate(member):
        number[n] = len(parts[part])
        parts[part].append(n)
    for a, b in edges:
        within[member[a]].append((number[a], number[b]))
    out = [(0.0, 0.0)] * count
    left = top = high = 0.0
    wide = math.sqrt(count)
    for part in sorted(parts, key=lambda p: (-len(parts[p]), parts[p])):
        places = _forced(len(parts[part]), within[part])
        (x0, x1), (y0, y1) = ((min(v), max(v)) for v in zip(*places, strict=True))
        wide = max(wide, x1 - x0)
        if left and left + x1 - x0 > wide:
            left, top, high = 0.0, top + high + _GAP, 0.0
        for n, (x, y) in zip(parts[part], places, strict=True):
            out[n] = left + x - x0, top + y - y0
        left, high = left + x1 - x0 + _GAP, max(high, y1 - y0)
    return out


def _forced(count: int, edges: list[tuple[int, int]]) -> list[tuple[float, float]]:
    import igraph

    chance = random.Random(7)
    wide = math.sqrt(count) / 2  # about as wide as it ends
    start = [(chance.uniform(-wide, wide), chance.uniform(-wide, wide)) for _ in range(count)]
    iterations = 300 if count > EXACT else min(300, max(20, 400_000_000 // count**2))
    with _CHANCE:
        igraph.set_random_number_generator(chance)
        try:
            return list(igraph.Graph(n=count, edges=edges).layout_fruchterman_reingold(seed=start, niter=iterations, grid=count > EXACT))
        finally:
            igraph.set_random_number_generator(random)


def _in_layers(nodes: list[str], edges: list[tuple[int, int]], layers: Mapping[str, int]) -> list[tuple[float, float]]:
    import igraph

    first = min(layers.values())
    level = [layers[n] - first for n in nodes]
    directed = [(a, b) if level[a] < level[b] else (b, a) for a, b in edges if level[a] != level[b]]
    placed = list(igraph.Graph(n=len(nodes), edges=sorted(set(directed)), directed=True).layout_sugiyama(layers=level, hgap=1, vgap=1))[: len(nodes)]
    out = [(0.0, 0.0)] * len(nodes)
    left = 0.0
    for number in range(max(level) + 1):
        layer = sorted((n for n in range(len(nodes)) if level[n] == number), key=lambda n: placed[n])
        columns = 1 + len(layer) // _COLUMN
        for i, n in enumerate(layer):  # a long layer stands in several columns
            out[n] = left + 2.2 * (i % columns), 0.9 * (i - (len(layer) - 1) / 2) / columns
        left += 2.2 * (columns - 1) + 4
    return out
