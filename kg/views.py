"""What to draw: a graph and a question → the part of it that a picture shows.

Each view is a function from a store to a `View`, bounded, with a line that says what it left out; `VIEWS` names them. It asks
``cypher/pages/``, so a folder and a server are drawn alike. `kg.draw` makes the page.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kg.ask import entity_id, paper_id
from kg.errors import KgError
from kg.graph import Graph
from kg.queries import for_pages, named
from kg.records import ROLES, TYPES, family
from kg.stores import Store
from kg.stores.model import ENTITY_LABELS
from kg.text import occurrences

LIMIT = 150
"""Nodes in a picture, unless said otherwise."""

TOGETHER, SCORED = "together", "scored"
"""Roles of edges that a view makes: methods that papers name together; a method with a stated result on a benchmark."""

_TYPES = {**{role: role.upper() for role in (*ROLES, "based_on")}, TOGETHER: "TOGETHER", SCORED: "SCORED"}
_FACT = ("role", "paper", "score", "field", "sentence", "further")
_STEPS = 3
_EACH = 12
"""Methods that a community shows when it is opened, at most."""


@dataclass(frozen=True, slots=True)
class View:
    """What to draw: a graph, the node in its middle, what was left out, and what to ask for to see it again."""

    graph: Graph
    title: str
    centre: str | None = None
    left_out: str = ""
    larger: int | None = None  # a limit with which more nodes are drawn
    layers: Mapping[str, int] | None = None  # where nodes stand from left to right, if they stand in layers
    asked: Mapping[str, Any] = field(default_factory=dict)  # the view's name and what it is of, and further options: what draws it again


def choose(store: Store, of: Mapping[str, Any], *, limit: int | None = None, **options: Any) -> View:
    """Return a view: `of` holds the name of one of `VIEWS` and what it is of, at most `limit` nodes; `options` are those of that view.

    Raises `KgError` for more than one view or an option that it does not have, and `UnknownName`.
    """
    if len(of) > 1:
        raise KgError(f"a picture shows one thing, not {' and '.join(of)}")
    name, value = next(iter(of.items()), ("top", 60))
    if name not in VIEWS:
        raise KgError(f"no view “{name}”; there are {', '.join(VIEWS)}")
    given = {k: v for k, v in options.items() if v is not None}
    if unknown := sorted(set(given) - set(OPTIONS.get(name, ()))):
        raise KgError(f"{unknown[0]} is not an option of the view {name}; it has {', '.join(OPTIONS.get(name, ())) or 'none'}")
    if limit is not None and limit < 1:
        raise KgError("a picture has at least one node")
    bound = {} if limit is None else {"limit": limit}
    chosen = VIEWS[name](store, value, **given, **bound)
    return replace(chosen, asked={name: value, **given, **bound})


# -- the views -----------------------------------------------------------------------------------------------------------------


def around(store: Store, name: str, *, limit: int = LIMIT, hops: int = 2) -> View:
    """Return an entity with its lineage and the papers that name it (1 hop), what several of these name (2), and what else names that (3)."""
    if hops > 3:
        raise KgError("a picture around an entity has at most 3 hops")
    centre = _entity(store, name)
    papers_in_all = sum(row["papers"] for row in rows(store, "roles", centre.kind, id=centre.id))
    kin = _kin(store, centre.id, centre.kind)
    kinds = {centre.id: centre.kind} | _kinds_of(kin)
    related = list(kinds)[1:]
    near = related[: limit // 3]
    papers = _strongest(store, centre, max(0, -(-2 * (limit - 1 - len(near)) // 3) if hops > 1 else limit - 1 - len(near)))
    facts = rows(store, "facts", ids=papers)
    kinds |= _kinds_of(facts)
    chosen = [centre.id, *near, *papers]
    common = [e for e in _shared(facts, least=2) if e not in chosen] if hops > 1 else []
    chosen += common[: max(0, limit - len(chosen))]
    beyond = 0
    if hops > 2:
        further = Counter[str]()
        for entity in chosen:
            if entity in kinds and entity != centre.id:
                further.update(_strongest(store, _Entity(entity, kinds[entity], ""), limit))
        more = sorted((p for p in further if p not in papers), key=lambda p: (-further[p], p))
        beyond = len(more) - max(0, min(len(more), limit - len(chosen)))
        facts += rows(store, "facts", ids=more[: len(more) - beyond])
        chosen += more[: len(more) - beyond]
    left = [(papers_in_all - len(papers) + beyond, "paper"), (len({*related, *common} - set(chosen)), "name")]
    graph = _graph(store, chosen, kinds, [*facts, *kin])
    return View(graph, f"Around {centre.name}", centre.id, *_left_out(left, limit))


def of_paper(store: Store, name: str, *, limit: int = 80) -> View:
    """Return a paper with all it names, and the papers that share the rarest of it."""
    centre = paper_id(store, name)
    own = rows(store, "facts-of-paper", id=centre)
    entities = [f["target"] for f in sorted(own, key=lambda f: (f["generic"], f["papers"], f["target"]))]
    shown = entities[: limit // 2]
    like = [row["id"] for row in rows(store, "like", id=centre) or rows(store, "like", id=centre, most=1 << 31)]
    facts = [*own, *rows(store, "shared", id=centre, ids=like[: 2 * limit])]
    joined = {f["source"] for f in facts if f["target"] in shown}
    others = [p for p in like if p in joined][: max(0, limit - 1 - len(shown))]
    graph = _graph(store, [centre, *shown, *others], _kinds_of(facts), facts)
    left = [(len(like) - len(others), "paper"), (len(entities) - len(shown), "name")]
    title = str(graph.nodes[centre]["name"])
    return View(graph, title, centre, *_left_out(left, limit))


def sharing(store: Store, name: str, *, limit: int = LIMIT) -> View:
    """Return a method, the papers that name it, and the other methods that several of them name."""
    centre = _entity(store, name, ("method",))
    papers_in_all = sum(row["papers"] for row in rows(store, "roles", centre.kind, id=centre.id))
    papers = _strongest(store, centre, -(-2 * (limit - 1) // 3))
    facts = [f for f in rows(store, "facts", ids=papers) if f["target_kind"] == "method"]
    kinds = {centre.id: centre.kind} | _kinds_of(facts)
    common = [e for e in _shared(facts, least=2) if e != centre.id]
    methods = common[: max(0, limit - 1 - len(papers))]
    graph = _graph(store, [centre.id, *papers, *methods], kinds, facts)
    left = [(papers_in_all - len(papers), "paper"), (len(common) - len(methods), "method")]
    return View(graph, f"Papers that share {centre.name}", centre.id, *_left_out(left, limit))


def lineage(store: Store, name: str, *, limit: int = LIMIT, hops: int = _STEPS) -> View:
    """Return what a method is based on and what grew out of it, up to `hops` generations each way, in layers; the year it was first named in, where known."""
    centre = _entity(store, name)
    kinds, layers = {centre.id: centre.kind}, {centre.id: 0}
    edges: list[dict[str, Any]] = []
    found_too: set[str] = set()
    for question, end, step in (("ancestors", "target", -1), ("descendants", "source", 1)):
        newest = {centre.id: centre.kind}
        for generation in range(1, hops + 1):
            found = _by_kind(store, question, newest)
            edges += found
            fresh = {f[end]: f[f"{end}_kind"] for f in sorted(found, key=lambda f: (-f["papers"], f[end])) if f[end] not in layers}
            room = max(0, (limit if step > 0 else 1 + limit // 2) - len(layers))
            found_too |= set(fresh)
            newest = dict(list(fresh.items())[:room])
            kinds |= newest
            layers |= dict.fromkeys(newest, step * generation)
    graph = _graph(store, list(layers), kinds, edges)
    for id_ in graph:
        graph.nodes[id_]["year"] = first_year(rows(store, "roles", kinds[id_], id=id_))
    return View(graph, f"Lineage of {centre.name}", centre.id, *_left_out([(len(found_too - set(layers)), "name")], limit), layers)


def on_benchmark(store: Store, name: str, *, limit: int = LIMIT) -> View:
    """Return a benchmark, the papers that evaluate on it, the methods with a result on it or introduced by these papers, and the results as edges."""
    centre = _entity(store, name, ("benchmark", "dataset"))
    roles = {row["role"]: row["papers"] for row in rows(store, "roles", centre.kind, id=centre.id)}
    papers = [row["id"] for row in rows(store, "naming", centre.kind, id=centre.id, role="evaluates_on", limit=(limit - 1) // 2)]
    facts = rows(store, "facts", ids=papers)
    results = rows(store, "results-of", centre.kind, id=centre.id)
    method_of = {r["result"]: r["id"] for r in rows(store, "methods-of-results", centre.kind, id=centre.id)}
    metric_of = {r["result"]: r["name"] for r in rows(store, "metrics-of-results", centre.kind, id=centre.id)}
    results = [r for r in results if r["id"] in method_of]
    introduced = Counter(f["target"] for f in facts if f["role"] == "introduces" and f["target_kind"] == "method")
    kinds = {centre.id: centre.kind} | _kinds_of(facts) | {method_of[r["id"]]: "method" for r in results}
    methods = list(dict.fromkeys([*(m for m, _ in Counter(method_of[r["id"]] for r in results).most_common()), *introduced]))
    shown = methods[: max(0, limit - 1 - len(papers))]
    stated = [
        {"source": method_of[r["id"]], "target": centre.id, "role": SCORED, "paper": r["paper"], "score": 1.0, "field": "abstract", "sentence": r["sentence"]}
        | {"marks": _marks(r["sentence"], [r["value"]]), "value": f"{r['value']} {metric_of.get(r['id'], '')}".strip(), "further": [], "key": r["id"]}
        for r in results
    ]
    graph = _graph(store, [centre.id, *papers, *shown], kinds, [*facts, *stated])
    left = [(roles.get("evaluates_on", 0) - len(papers), "paper"), (len(methods) - len(shown), "method")]
    return View(graph, f"Evaluated on {centre.name}", centre.id, *_left_out(left, limit))


def comparison(store: Store, names: Sequence[str], *, limit: int = LIMIT) -> View:
    """Return papers with what several of them name, then what each of them names alone."""
    if isinstance(names, str) or len(names) < 2:
        raise KgError("a comparison is of two papers or more")
    papers = list(dict.fromkeys(paper_id(store, name) for name in names))
    if len(papers) < 2:
        raise KgError("a comparison is of two papers or more, and these are one")
    facts = rows(store, "facts", ids=papers)
    count = Counter(f["target"] for f in facts)
    rank = {f["target"]: (-count[f["target"]], f["generic"], f["papers"], f["target"]) for f in facts}
    entities = sorted(rank, key=lambda e: rank[e])
    shown = entities[: max(0, limit - len(papers))]
    graph = _graph(store, [*papers, *shown], _kinds_of(facts), facts)
    titles = [str(graph.nodes[p]["name"]) for p in papers]
    title = f"{' and '.join(t.split(':')[0] for t in titles)}: what they share"
    return View(graph, title, None, *_left_out([(len(entities) - len(shown), "name")], max(limit, len(papers))))


def cooccurrence(store: Store, _: object = True, *, limit: int = 100, least: int = 2) -> View:
    """Return methods that at least `least` papers name together, the pairs that meet most often, as edges with that weight."""
    found = rows(store, "pairs", least=least)
    ids: dict[str, None] = {}
    for pair in found:
        both = dict.fromkeys((pair["source"], pair["target"]))
        if len(ids | both) <= limit:
            ids |= both
    if found and not ids:  # one node has no pair
        ids = {found[0]["source"]: None}
    pairs = [p for p in found if p["source"] in ids and p["target"] in ids][: 2 * limit]
    edges = [e for pair in pairs for e in _together(store, pair["source"], pair["target"], pair["together"])]
    graph = _graph(store, list(ids), dict.fromkeys(ids, "method"), edges)
    outside = {end for p in found for end in (p["source"], p["target"])} - set(ids)
    return View(graph, "Methods used together", None, *_left_out([(len(outside), "method")], limit))


def communities(store: Store, _: object = True, *, limit: int = LIMIT) -> View:
    """Return the communities of methods as nodes, each with its most named methods inside, to be opened; edges weigh how often papers name both sides."""
    members: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(store, "members"):
        members[row["community"]].append(row)
    drawn = sorted(members, key=lambda c: (-len(members[c]), c))[: max(1, limit // 5)]
    each = min(_EACH, (limit - len(drawn)) // max(1, len(drawn)))
    graph = Graph()
    inside: dict[str, str] = {}
    for number in drawn:
        first = members[number][:each]
        name = ", ".join(m["name"] for m in members[number][:3])
        graph.add_node(f"community:{number}", label="Community", kind="community", name=name, aliases=[], generic=False, papers=len(members[number]))
        inside |= {m["id"]: f"community:{number}" for m in first}
    chosen = set(drawn)
    between = [b for b in rows(store, "between-communities") if b["source"] in chosen and b["target"] in chosen][: 3 * len(drawn)]
    pairs = rows(store, "pairs", least=1, limit=20_000)
    example: dict[tuple[int, int], tuple[str, str]] = {}
    for pair in pairs:
        ends = sorted(((pair["source_community"] or 0, pair["source"]), (pair["target_community"] or 0, pair["target"])))
        example.setdefault((ends[0][0], ends[1][0]), (ends[0][1], ends[1][1]))
    edges = []
    for tie in between:
        one, two = (f"community:{tie[end]}" for end in ("source", "target"))
        told = example.get((tie["source"], tie["target"]))
        edges += [e | {"source": one, "target": two, "weight": tie["together"]} for e in (_together(store, *told, tie["together"]) if told else [])]
    within = [p for p in pairs if p["source"] in inside and inside.get(p["target"]) == inside[p["source"]]]
    edges += [e for p in within[: 2 * limit] for e in _together(store, p["source"], p["target"], p["together"])]
    graph = _graph(store, list(inside), dict.fromkeys(inside, "method"), edges, graph)
    for id_, host in inside.items():
        graph.nodes[id_]["inside"] = host
    shown = sum(min(len(members[c]), _EACH) for c in drawn)
    note, more = _left_out([(len(members) - len(drawn), "smaller community"), (shown - len(inside), "method")], limit)
    hidden = sum(len(members[c]) for c in drawn) - shown
    note += f"{' ' if note else ''}Of each community its {_EACH} most named methods stand inside, {hidden:,} do not." if hidden else ""
    return View(graph, "Communities of methods that papers use together", None, note, more)


def top(store: Store, number: int, *, limit: int | None = None) -> View:
    """Return the most named entities and the papers that join most of them; asks the store once for each entity."""
    limit = limit or max(LIMIT, -(-5 * int(number) // 2))
    entities = named_rows(store, "top", limit=int(number))
    kinds = {e["id"]: e["kind"] for e in entities[:limit]}
    joins: Counter[str] = Counter()
    for id_, kind in ((e["id"], e["kind"]) for e in entities):
        joins.update(_strongest(store, _Entity(id_, kind, ""), 400))
    joined = sorted((p for p in joins if joins[p] > 1), key=lambda p: (-joins[p], p))
    papers = joined[: max(0, limit - len(kinds))]
    graph = _graph(store, [*kinds, *papers], kinds, rows(store, "facts", ids=papers))
    note = f"The {len(kinds):,} most named entities, and {len(papers):,} papers that name several of them." if kinds else ""
    left, more = _left_out([(len(joined) - len(papers), "paper"), (len(entities) - len(kinds), "name")], limit)
    return View(graph, "Overview", None, f"{note} {left}".strip(), more)


VIEWS: dict[str, Callable[..., View]] = {
    "around": around,
    "paper": of_paper,
    "shared": sharing,
    "lineage": lineage,
    "benchmark": on_benchmark,
    "compare": comparison,
    "cooccurrence": cooccurrence,
    "communities": communities,
    "top": top,
}
OPTIONS = {"around": ("hops",), "lineage": ("hops",), "cooccurrence": ("least",)}
"""Options of a view beside the limit."""


def neighbours(store: Store, id_: str, kind: str, drawn: Iterable[str], *, limit: int = 25) -> View:
    """Return what lies next to a node and is not `drawn` yet, at most `limit` nodes, with all edges between these and what is drawn."""
    have = set(drawn) | {id_}
    if kind == "paper":
        near = rows(store, "facts-of-paper", id=id_)
        kinds = _kinds_of(near)
        found = [f["target"] for f in sorted(near, key=lambda f: (f["generic"], f["papers"], f["target"])) if f["target"] not in have]
    else:
        kinds = {id_: kind} | _kinds_of(_kin(store, id_, kind))
        found = [k for k in kinds if k not in have] + [p for p in _strongest(store, _Entity(id_, kind, ""), len(have) + 2000) if p not in have]
    fresh = found[:limit]
    facts = rows(store, "facts", ids=sorted(have | {n for n in fresh if n not in kinds}))
    new = {n: kinds[n] for n in fresh if n in kinds}
    edges = [*facts, *_by_kind(store, "ancestors", new), *_by_kind(store, "descendants", new)]
    edges = [e for e in edges if {e["source"], e["target"]} & set(fresh)]
    kept = sorted(n for n in have if n == id_ or any(n in (e["source"], e["target"]) for e in edges))
    graph = _graph(store, [*fresh, *kept], kinds | _kinds_of(edges), edges)
    return View(graph, "", id_, _left_out([(len(found) - len(fresh), "more")], limit)[0])


def of_nodes(store: Store, papers: Sequence[str], entities: Mapping[str, str], title: str) -> View:
    """Return papers and entities (id → kind) with the edges between them."""
    facts = rows(store, "facts", ids=list(papers))
    kin = _by_kind(store, "ancestors", entities)
    return View(_graph(store, [*papers, *entities], entities, [*facts, *kin]), title)


# -- asking ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Entity:
    id: str
    kind: str
    name: str


def rows(store: Store, question: str, kind: str = "method", **parameters: Any) -> list[dict[str, Any]]:
    """Return the answer to a question of ``cypher/pages/`` about nodes of a kind; no rows for no ids."""
    if parameters.get("ids") == []:
        return []
    query = for_pages(question, kind)
    return store.run(query.text, query.bind(parameters)).dicts()


def named_rows(store: Store, question: str, **parameters: Any) -> list[dict[str, Any]]:
    """Return the answer to a named question about ids."""
    query = named(question)
    return store.run(query.text, query.bind(parameters)).dicts()


def first_year(roles: Iterable[Mapping[str, Any]]) -> int | None:
    """Return the year in which an entity was first named, of the answer to ``roles``."""
    return min((row["first"] for row in roles if row["first"] is not None), default=None)


def pairs(marks: Sequence[int] | None) -> list[list[int]]:
    """Return start and end of each mark."""
    return [list(pair) for pair in zip((marks or [])[::2], (marks or [])[1::2], strict=True)]


def entity(store: Store, id_: str) -> dict[str, Any] | None:
    """Return the entity with an id."""
    of = id_.split(":", 1)[0]
    for kind in (k for k in ENTITY_LABELS if family(k) == of):
        if found := rows(store, "entity", kind, id=id_):
            return found[0]
    return None


def _entity(store: Store, name: str, kinds: tuple[str, ...] = TYPES) -> _Entity:
    found = entity(store, entity_id(store, name, kinds))
    assert found
    return _Entity(found["id"], found["kind"], found["name"])


def _strongest(store: Store, entity: _Entity, limit: int) -> list[str]:
    return [row["id"] for row in rows(store, "strongest", entity.kind, id=entity.id, limit=limit)] if limit else []


def _by_kind(store: Store, question: str, kinds: Mapping[str, str]) -> list[dict[str, Any]]:
    return [row for kind in dict.fromkeys(kinds.values()) for row in rows(store, question, kind, ids=[i for i in kinds if kinds[i] == kind])]


def _kin(store: Store, id_: str, kind: str) -> list[dict[str, Any]]:
    return [*rows(store, "ancestors-of", kind, id=id_), *rows(store, "descendants-of", kind, id=id_)]


def _together(store: Store, one: str, two: str, weight: int) -> list[dict[str, Any]]:
    """Return edges between two methods, one a paper that shows it: its sentence on the one, and that on the other."""
    out = []
    for row in rows(store, "both", id=one, other=two):
        told = {"role": TOGETHER, "paper": row["paper"], "score": min(row["score"], row["other_score"]), "field": row["field"], "weight": weight}
        said = {"sentence": row["sentence"], "marks": row["marks"], "further": [s for s in (row["other_sentence"],) if s != row["sentence"]]}
        out.append({"source": one, "target": two, **told, **said, "key": f"{TOGETHER} {row['paper']}"})
    return out


# -- choosing --------------------------------------------------------------------------------------------------------------------


def _kinds_of(edges: Iterable[dict[str, Any]]) -> dict[str, str]:
    return {e[end]: e[f"{end}_kind"] for e in edges for end in ("source", "target") if f"{end}_kind" in e}


def _shared(facts: Iterable[dict[str, Any]], *, least: int) -> list[str]:
    """Return the entities that at least `least` of the papers name, the most telling first: named here often, elsewhere rarely."""
    known = {f["target"]: f for f in facts}
    count = Counter(f["target"] for f in facts)
    kept = [e for e, n in count.items() if n >= least and not known[e]["generic"]]
    return sorted(kept, key=lambda e: (-count[e] / math.sqrt(known[e]["papers"]), e))


def _left_out(counts: Iterable[tuple[int, str]], limit: int) -> tuple[str, int | None]:
    """Return what is not drawn in words, and a limit with which more is."""
    plural = {"smaller community": "smaller communities", "more": "more"}
    left = [f"{n:,} {what if n == 1 else plural.get(what, what + 's')}" for n, what in counts if n > 0]
    return (f"Not drawn: {' and '.join(left)}.", 2 * limit) if left else ("", None)


def _marks(sentence: str, names: Iterable[str]) -> list[int]:
    return [i for mark in occurrences(sentence, names) for i in mark]


# -- the graph -------------------------------------------------------------------------------------------------------------------


def _graph(store: Store, ids: Iterable[str], kinds: Mapping[str, str], edges: Iterable[dict[str, Any]], out: Graph | None = None) -> Graph:
    """Return these nodes, papers where no kind is given, with those of the edges that have both ends among them; attributes as `kg.load` gives them."""
    out = Graph() if out is None else out
    ids = list(dict.fromkeys(ids))
    ends = {*ids, *out}
    kept = [e for e in edges if e["source"] in ends and e["target"] in ends]
    papers = {row["id"]: row for row in rows(store, "papers", ids=sorted({*(i for i in ids if i not in kinds), *(e["paper"] for e in kept)}))}
    entities = {row["id"]: row for row in _by_kind(store, "entities", {i: kinds[i] for i in ids if i in kinds})}
    for id_ in ids:
        if id_ in entities:
            row = entities[id_]
            out.add_node(id_, label=ENTITY_LABELS[row["kind"]], **{k: v for k, v in row.items() if k != "id"})
        elif id_ in papers:
            row = papers[id_]
            out.add_node(id_, label="Paper", kind="paper", name=row["title"], **{k: v for k, v in row.items() if k != "id"})
    for edge in kept:
        marks = [tuple(pair) for pair in pairs(edge["marks"])]
        key = edge.get("key") or (edge["role"] if edge["role"] in ROLES else f"{edge['role']} {edge['paper']}")
        paper = papers.get(edge["paper"], {})
        told = {k: edge[k] for k in ("weight", "value") if k in edge}
        fact = {k: edge[k] for k in _FACT} | {"marks": marks, "title": paper.get("title"), "url": paper.get("url"), "type": _TYPES[edge["role"]]} | told
        out.add_edge(edge["source"], edge["target"], key=key, **fact)
    return out
