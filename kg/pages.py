"""What the explorer's pages say: a store and what is asked → a dictionary, the same for the page as HTML and as JSON.

Each page is a function. Texts of papers stay texts: the templates of ``viz/`` escape them. Places in texts are code points.
"""

import math
import shlex
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import combinations
from typing import Any
from urllib.parse import urlencode

from kg import views
from kg.asked import Asked, BadRequest, Elsewhere, NotFound, address, called, hit, resolved
from kg.draw import note, picture, query_string, size, url_of
from kg.errors import GraphError, KgError, QueryError, StoreError, UnknownName
from kg.reasons import with_reasons
from kg.records import ROLES, TYPES, family
from kg.stores import Store
from kg.suggest import KINDS
from kg.text import occurrences
from kg.views import VIEWS, View, choose, first_year, named_rows, pairs, rows

PER_PAGE = 25
"""Papers on a page of an entity or of a search; a list has twice as many rows."""
MOST = 2000
"""Nodes in a picture, at most."""
_FURTHEST = 400
"""Pages of a search, at most."""
_BESIDES = 10
"""Papers, or entities of a type, that are named beside another."""
_LONGEST = 300
"""Characters of a name that is looked for in a text."""
LISTS = {"papers": "paper", "methods": "method", "datasets": "dataset", "benchmarks": "benchmark", "tasks": "task", "metrics": "metric"}
"""Address of a list → the type of what it lists."""


def _link(row: Mapping[str, Any], id_: str = "id", name: str = "name", kind: str | None = None) -> dict[str, Any]:
    of = kind or row["kind"]
    return {"id": row[id_], "kind": of, "name": row[name], "address": address(of, row[id_])}


# -- the pages -------------------------------------------------------------------------------------------------------------------


def home(asked: Asked) -> dict[str, Any]:
    """The graph in numbers, its newest papers, its most used and rising methods, the benchmarks with most stated results."""
    asked.only()
    counts = {kind: rows(asked.store, "counts", kind)[0]["nodes"] for kind in KINDS}
    span = rows(asked.store, "span")[0]
    most = rows(asked.store, "most-named", "method", limit=8)
    rising = [r for r in named_rows(asked.store, "trends", kind="method", least=5, limit=8) if r["change"] > 0] if span["dated"] else []
    return {
        "counts": counts,
        "first": span["first"],
        "last": span["last"],
        "newest": [_paper_row(row) for row in rows(asked.store, "newest", limit=8)],
        "most_used": [_link(row) | {"papers": row["papers"]} for row in most],
        "rising": [
            _link(r, kind="method") | {k: r[k] for k in ("papers_recent", "papers_earlier", "percent_recent", "percent_earlier", "change")} for r in rising
        ],
        "benchmarks": [_link(row) | {"results": row["results"], "papers": row["papers"]} for row in rows(asked.store, "most-results", limit=8)],
        "command": "kg info",
    }


def entity(asked: Asked, kind: str, key: str) -> dict[str, Any]:
    """An entity: names with reasons, who introduces it, lineage, papers by role with their sentences, stated results, what is named with it."""
    asked.only("role", "sort", "page", "id")
    row = _entity(asked, kind, key)
    store, id_, of = asked.store, row["id"], row["kind"]
    counts = {r["role"]: r for r in rows(store, "roles", of, id=id_)}
    in_role = {role: int(counts[role]["papers"]) if role in counts else 0 for role in ROLES}
    several = [role for role, n in in_role.items() if n > 1] or [role for role, n in in_role.items() if n] or [""]
    role = asked.choice("role", ("", *ROLES), several[0])
    sort = asked.choice("sort", ("newest", "title"), "newest")
    pages = max(1, -(-(in_role[role] if role else sum(in_role.values())) // PER_PAGE))
    page = asked.number("page", 1, pages)
    listed = rows(store, "naming", of, id=id_, role=role, by_title=sort == "title", skip=(page - 1) * PER_PAGE, limit=PER_PAGE)
    introducing = rows(store, "naming", of, id=id_, role="introduces", limit=3) if "introduces" in counts else []
    based_on, led_to = _kin(rows(store, "ancestors-of", of, id=id_), "target"), _kin(rows(store, "descendants-of", of, id=id_), "source")
    together = rows(store, "together", of, id=id_)
    by_kind = {k: [_link(r) | {"papers": r["papers"], "together": r["together"]} for r in together if r["kind"] == k][:_BESIDES] for k in TYPES}
    results = _results(store, of, id_)
    said = {
        **_link(row),
        "generic": row["generic"],
        "papers": row["papers"],
        "first_year": first_year(counts.values()),
        "aliases": [{"name": n, "reason": why} for n, why in with_reasons(row, "aliases", "reasons") if n != row["name"]],
        "apart": [{"name": n, "reason": why} for n, why in with_reasons(row, "apart", "apart_reasons")],
        "introduced_by": [_naming_row(r) for r in introducing],
        "based_on": based_on,
        "led_to": led_to,
        "roles": [{"role": role, "papers": n} for role, n in in_role.items()],
        "role": role,
        "sort": sort,
        "page": page,
        "pages": pages,
        "listed": [_naming_row(r) for r in listed],
        "results": results,
        "spreads": _spreads(results, "on" if of == "method" else "method"),
        "together": by_kind,
        "picture": f"/picture?{urlencode({'around': id_})}",
        "command": shlex.join(["kg", "query", "papers-of", "--entity", id_, *(["--role", role] if role else [])]),
    }
    return said | {"neighbourhood": neighbourhood(said)}


def paper(asked: Asked, key: str) -> dict[str, Any]:
    """A paper: its text with the mentions, what it names by role, its results, and the papers that share a method with it, the rarest first, with reasons."""
    asked.only("generic", "id")
    generic = asked.choice("generic", ("", "1"), "") == "1"
    row = _paper(asked, key)
    store, id_ = asked.store, row["id"]
    facts = rows(store, "facts-of-paper", id=id_)
    shared = _shared(asked, id_, facts, generic)
    by_role: dict[str, list[dict[str, Any]]] = {role: [] for role in ROLES}
    for fact in sorted(facts, key=lambda f: (f["generic"], f["papers"], f["target"])):
        by_role[fact["role"]].append(
            _link(fact, "target", kind=fact["target_kind"]) | {"papers": fact["papers"], "generic": fact["generic"], "sentence": fact["sentence"]}
        )
    lineage = [
        {
            "source": _link(r, "source", "source_name", r["source_kind"]),
            "target": _link(r, "target", "target_name", r["target_kind"]),
            "sentence": r["sentence"],
        }
        for r in rows(store, "lineage-of-paper", id=id_)
    ]
    unique_lineage = list({(x["source"]["id"], x["target"]["id"]): x for x in lineage}.values())
    return {
        "id": id_,
        "title": row["title"],
        "abstract": row["abstract"],
        "address": address("paper", id_),
        **{k: row[k] for k in ("authors", "date", "venue", "categories", "sources", "other_ids")},
        "url": url_of(id_, row),
        "code_urls": [u for u in row["code_urls"] or () if _web(u)],
        "marked": {field: _pieces(row[field] or "", field, facts) for field in ("title", "abstract")},
        "entities": by_role,
        "counts": Counter(f["target_kind"] for f in facts),
        "lineage": unique_lineage,
        "results": _results(store, "paper", id_),
        "shared": shared,
        "generic": generic,
        "picture": f"/picture?{urlencode({'paper': id_})}",
        "command": shlex.join(["kg", "query", "shared-method", "--paper", id_]),
    }


def listing(asked: Asked, plural: str) -> dict[str, Any]:
    """All papers, or all entities of a type, page by page."""
    asked.only("sort", "page")
    kind = LISTS[plural]
    sort = asked.choice("sort", ("newest", "title") if kind == "paper" else ("papers", "name"), "newest" if kind == "paper" else "papers")
    count = rows(asked.store, "counts", kind)[0]["nodes"]
    pages = max(1, -(-count // (2 * PER_PAGE)))
    page = asked.number("page", 1, pages)
    skip: dict[str, Any] = {"skip": (page - 1) * 2 * PER_PAGE, "limit": 2 * PER_PAGE}
    if kind == "paper":
        listed = [_paper_row(row) for row in rows(asked.store, "newest", by_title=sort == "title", **skip)]
    else:
        listed = [_link(row) | {"papers": row["papers"]} for row in rows(asked.store, "most-named", kind, generic=True, by_name=sort == "name", **skip)]
    return {"kind": kind, "plural": plural, "count": count, "sort": sort, "page": page, "pages": pages, "listed": listed} | {
        "command": "kg query introduced" if kind == "paper" else f"kg query top --kind {kind} --generic --limit {page * 2 * PER_PAGE}"
    }


def suggestions(asked: Asked) -> dict[str, Any]:
    """What bears a name that holds what is typed, for the search field."""
    asked.only("q", "kind")
    text, kinds = _typed(asked), asked.given.get("kind", ()) or KINDS
    if unknown := [k for k in kinds if k not in KINDS]:
        raise BadRequest(f"“kind” is one of {', '.join(KINDS)}, not “{unknown[0][:40]}”")
    found = asked.names.find(text, kinds)
    return {"q": text, "names": [hit(h) for h in found], "near": [] if found else [hit(h) for h in asked.names.near(text, kinds)]}


def search(asked: Asked) -> dict[str, Any]:
    """What bears a name, and which papers have a text, that holds what is searched for: the best first."""
    asked.only("q", "page")
    text, page = _typed(asked), asked.number("page", 1, _FURTHEST)
    listed = asked.index.texts.find(text, skip=(page - 1) * PER_PAGE, limit=PER_PAGE + 1)
    found = asked.names.find(text, limit=12)
    near = [] if found else [hit(h) for h in asked.names.near(text)]
    return {
        "q": text,
        "names": [hit(h) for h in found],
        "near": near,
        "listed": [_paper_row(row) for row in listed[:PER_PAGE]],
        "page": page,
        "more": len(listed) > PER_PAGE,
    }


def _typed(asked: Asked) -> str:
    text = asked.one("q")
    if len(text) > 300:
        raise BadRequest("a search has at most 300 characters")
    return text


def compare(asked: Asked) -> dict[str, Any]:
    """Two to four papers or entities side by side: what they have in common, with the sentences, and what not."""
    asked.only("id")
    given = [text.strip() for text in asked.given.get("id", ()) if text.strip()]
    if len(given) > 4:
        raise BadRequest("at most four are compared")
    ids: list[str] = []
    for i, text in enumerate(given):
        try:
            ids.append(resolved(asked, text))
        except NotFound as e:
            raise NotFound(str(e), e.hits, partial(_instead, given, i)) from None
    ids = list(dict.fromkeys(ids))
    if len(given) > len(ids) == 1:
        raise BadRequest(f"a comparison is of two or more, and these are one: {ids[0]}")
    columns = [_column(asked, id_) for id_ in ids]
    entities = [c for c in columns if c["kind"] != "paper"]
    if entities and len(entities) < len(columns):
        raise BadRequest("papers are compared with papers, and entities with entities")
    out: dict[str, Any] = {"columns": columns, "shared": [], "alone": [], "both": [], "results": []}
    if len(columns) > 1:
        out |= _of_entities(asked, columns) if entities else _of_papers(asked, ids)
    ready = len(columns) > 1 and not entities
    return out | {
        "picture": f"/picture?{urlencode([('compare', i) for i in ids])}" if ready else None,
        "command": shlex.join(["kg", "view", "--compare", *ids])
        if ready
        else shlex.join(["kg", "query", "both", "--entity", ids[0], "--other", ids[1]])
        if len(ids) > 1
        else "kg view --compare PAPER PAPER",
    }


def _of_papers(asked: Asked, ids: Sequence[str]) -> dict[str, Any]:
    """Return what several of the papers name, and what each of them names alone."""
    facts = rows(asked.store, "facts", ids=ids)
    names = {f["target"]: f for f in facts}
    count = Counter(f["target"] for f in facts)
    order = sorted(names, key=lambda e: (-count[e], names[e]["generic"], names[e]["papers"], e))
    said = {(f["source"], f["target"]): {"role": f["role"], "sentence": f["sentence"], "marks": pairs(f["marks"])} for f in facts}
    entries = [_link(names[e], "target", kind=names[e]["target_kind"]) | {"papers": names[e]["papers"], "said": [said.get((p, e)) for p in ids]} for e in order]
    shared = [e for e in entries if count[e["id"]] > 1]
    return {"shared": shared, "alone": [[e for e in entries if count[e["id"]] == 1 and e["said"][i]] for i in range(len(ids))]}


def _of_entities(asked: Asked, columns: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the papers that name two of the entities, and what results are stated of several of them."""
    both = []
    for one, two in combinations(columns, 2):
        papers = named_rows(asked.store, "both", entity=one["id"], other=two["id"], limit=10)
        spelled = [*one["spellings"], *two["spellings"]]
        marked = [row | {"marks": _found(row["sentence"], spelled), "same_marks": _found(row["same_sentence"], spelled)} for row in papers]
        both.append({"one": one["name"], "two": two["name"], "kind": one["kind"], "papers": marked})
    spreads = [{(s["on"]["id"], s["metric"]): s for s in c["spreads"] if s["on"]} for c in columns]
    common = [k for k in spreads[0] if sum(k in s for s in spreads) > 1]
    results = [{"on": next(s[k]["on"] for s in spreads if k in s), "metric": k[1], "spreads": [s.get(k) for s in spreads]} for k in common]
    return {"both": both, "results": results}


def _instead(given: Sequence[str], number: int, id_: str) -> str:
    """Return the address of a comparison with another in the place of one that is compared."""
    return f"/compare?{urlencode([('id', id_ if i == number else other) for i, other in enumerate(given)])}"


def pictured(asked: Asked) -> View:
    """Return the view that a picture page shows."""
    asked.only(*VIEWS, "limit", "hops", "least")
    of: dict[str, Any] = {}
    for name in VIEWS:
        values = [v.strip() for v in asked.given.get(name, ()) if v.strip()]
        if not values:
            continue
        if name == "compare":
            of[name] = [resolved(asked, v, ("paper",)) for v in values[:8]]
        elif name in ("cooccurrence", "communities"):
            of[name] = asked.choice(name, ("1",), "") == "1"
        elif name == "top":
            of[name] = asked.number("top", 60, MOST)
        else:
            kinds = {"paper": ("paper",), "shared": ("method",), "benchmark": ("benchmark", "dataset")}.get(name, TYPES)
            of[name] = resolved(asked, asked.one(name), kinds)
    if len(of) > 1:
        raise BadRequest(f"a picture shows one thing, not {' and '.join(of)}")
    options = {name: asked.number(name, 0, most) or None for name, most in (("limit", MOST), ("hops", 5), ("least", 1000))}
    try:
        return choose(asked.store, of, **options)
    except (UnknownName, QueryError, GraphError, StoreError):
        raise
    except KgError as e:
        raise BadRequest(str(e)) from e


def drawn(asked: Asked) -> dict[str, Any]:
    """A picture as data: nodes with their places, edges with their sentences."""
    view = pictured(asked)
    return {"title": view.title, "centre": view.centre, "note": note(view), "picture": f"/picture?{query_string(view)}"} | picture(view, address=address)


def neighbours(asked: Asked) -> dict[str, Any]:
    """What lies next to a node and is not drawn yet."""
    asked.only("id", "drawn", "limit")
    id_ = asked.one("id")
    kind = asked.names.kind(id_)
    if kind is None:
        raise NotFound(f"there is nothing with the id “{id_[:100]}”")
    known = [d for d in asked.given.get("drawn", ()) if asked.names.kind(d)]
    view = views.neighbours(asked.store, id_, kind, known, limit=asked.number("limit", 25, 100))
    return {"left_out": view.left_out} | picture(view, address=address)


# -- parts of pages --------------------------------------------------------------------------------------------------------------


def _entity(asked: Asked, kind: str, key: str) -> dict[str, Any]:
    """Return the entity that an address is of. Raises `Elsewhere` where that is not its own address, and `NotFound`."""
    key = asked.one("id", key)
    row = views.entity(asked.store, f"{family(kind)}:{key}")
    if row and row["kind"] == kind:
        return row
    if row:
        raise Elsewhere(address(row["kind"], row["id"]))
    return dict(_nearest(asked, key, (kind,) if family(kind) != "dataset" else ("dataset", "benchmark"), kind))


def _paper(asked: Asked, key: str) -> dict[str, Any]:
    key = asked.one("id", key)
    if found := rows(asked.store, "paper", id=key):
        return found[0]
    return dict(_nearest(asked, key, ("paper",), "paper"))


def _nearest(asked: Asked, key: str, kinds: tuple[str, ...], kind: str) -> Mapping[str, Any]:
    """Raise `Elsewhere` for what one thing is called by, or was before it was merged into another; else `NotFound` with what is near."""
    former = f"{family(kind)}:{key}" if kind != "paper" and called(asked, f"{family(kind)}:{key}", kinds) else key
    id_ = resolved(asked, former, kinds)
    raise Elsewhere(address(asked.names.kind(id_) or kind, id_))


def _column(asked: Asked, id_: str) -> dict[str, Any]:
    if asked.names.kind(id_) == "paper":
        found = rows(asked.store, "papers", ids=[id_])[0]
        return _paper_row(found) | {"kind": "paper", "name": found["title"], "spreads": []}
    row = views.entity(asked.store, id_)
    assert row
    results = _results(asked.store, "method", id_) if row["kind"] == "method" else []
    kin = {q: _kin(rows(asked.store, f"{q}-of", row["kind"], id=id_), end) for q, end in (("ancestors", "target"), ("descendants", "source"))}
    unique = len(asked.names.exact(row["name"])) == 1
    return _link(row) | {
        "called": row["name"] if unique else id_,
        "papers": row["papers"],
        "first_year": first_year(rows(asked.store, "roles", row["kind"], id=id_)),
        "spreads": _spreads(results, "on"),
        "spellings": list(dict.fromkeys([row["name"], *(row["aliases"] or ())])),
        "based_on": kin["ancestors"],
        "led_to": kin["descendants"],
    }


def _paper_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": row["id"], "title": row["title"], "address": address("paper", row["id"]), "authors": list(row["authors"] or ()), "date": row["date"]}


def _naming_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return _paper_row(row) | {"role": row["role"], "sentence": row["sentence"], "marks": pairs(row["marks"])}


def _kin(found: Iterable[Mapping[str, Any]], end: str) -> list[dict[str, Any]]:
    out: dict[str, dict[str, Any]] = {}
    for row in found:
        kin = out.setdefault(row[end], _link(row, end, kind=row[f"{end}_kind"]) | {"papers": row["papers"], "said": []})
        kin["said"].append({"paper": row["paper"], "address": address("paper", row["paper"]), "sentence": row["sentence"], "marks": pairs(row["marks"])})
    return list(out.values())


def _found(sentence: str, names: Iterable[str]) -> list[list[int]]:
    return [list(mark) for mark in occurrences(sentence, [n for n in names if len(n) <= _LONGEST])]


def _results(store: Store, kind: str, id_: str) -> list[dict[str, Any]]:
    """Return the results that a paper states, or that are stated for a method, or on a benchmark, dataset or task; none of what cannot have any."""
    found = rows(store, "results-of-paper" if kind == "paper" else "results-of", kind, id=id_) if kind != "metric" else []
    if not found:
        return []
    ends = (("method", "methods-of-results"), ("on", "collections-of-results"), ("metric", "metrics-of-results"))
    of = {end: {r["result"]: _link(r) for r in rows(store, asked, kind, id=id_)} for end, asked in ends}
    kept = ("id", "value", "number", "relative", "sentence", "paper", "title", "date")
    return [
        {k: r[k] for k in kept}
        | {"address": address("paper", r["paper"]), "marks": _found(r["sentence"], [r["value"]])}
        | {end: of[end].get(r["id"]) for end in of}
        for r in found
    ]


def _spreads(results: Iterable[Mapping[str, Any]], end: str) -> list[dict[str, Any]]:
    """Return the stated values by one of their ends and the metric: a spread, not a ranking; differences and ratios are left out."""
    groups: dict[tuple[str, str | None], list[Mapping[str, Any]]] = defaultdict(list)
    for row in results:
        if not row["relative"] and row["number"] is not None and row[end]:
            groups[row[end]["id"], row["metric"] and row["metric"]["name"]].append(row)
    out = []
    for (_, metric), of in groups.items():
        values = sorted(of, key=lambda r: r["number"])
        whole = all(0 <= r["number"] <= 100 for r in values)
        out.append(
            {"on": of[0][end], "metric": metric, "numbers": [r["number"] for r in values] if whole else [], "lowest": values[0]["value"]}
            | {"highest": values[-1]["value"], "papers": len({r["paper"] for r in values}), "stated": len(values)}
        )
    return sorted(out, key=lambda s: (-s["papers"], -s["stated"], s["on"]["id"], s["metric"] or ""))


def _pieces(text: str, field: str, facts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Cut a field of a paper at its mentions: those in the sentence that a fact was read from, and those of its names in its further sentences."""
    spans: dict[tuple[int, int], Mapping[str, Any]] = {}
    for fact in facts:
        if fact["field"] == field:
            spans |= {(fact["from_char"] + a, fact["from_char"] + b): fact for a, b in pairs(fact["marks"])}
        for sentence in fact["further"] or ():
            at = text.find(sentence)
            if at >= 0:
                spans |= {(at + a, at + b): fact for a, b in _found(sentence, {fact["name"], *(fact["aliases"] or ())})}
    out: list[dict[str, Any]] = []
    done = 0
    for (start, end), fact in sorted(spans.items(), key=lambda item: (item[0][0], -item[0][1])):
        if start < done or end > len(text):
            continue
        told = {"role": fact["role"]} | _link(fact, "target", kind=fact["target_kind"])
        out += [{"text": text[done:start]}, {"text": text[start:end], "entity": told}]
        done = end
    return [piece for piece in [*out, {"text": text[done:]}] if piece["text"]]


def _shared(asked: Asked, id_: str, own: Sequence[Mapping[str, Any]], generic: bool) -> list[dict[str, Any]]:
    """Return the papers that share methods with a paper, those with the rarest first; each with the shared methods, the rarest first, and both sentences."""
    total = rows(asked.store, "counts", "paper")[0]["nodes"]
    others = rows(asked.store, "sharing", id=id_, total=total, generic=generic, limit=_BESIDES)
    methods = {f["target"]: f for f in own if f["target_kind"] == "method" and (generic or not f["generic"])}
    there: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for fact in rows(asked.store, "shared-methods", id=id_, ids=[o["id"] for o in others]) if others else []:
        if fact["target"] in methods:
            there[fact["source"]].append(fact)
    out = []
    for other in others:
        shared = [
            _link(f, "target", kind="method")
            | {"papers": f["papers"], "role": methods[f["target"]]["role"], "other_role": f["role"]}
            | {"sentence": methods[f["target"]]["sentence"], "marks": pairs(methods[f["target"]]["marks"])}
            | {"other_sentence": f["sentence"], "other_marks": pairs(f["marks"])}
            for f in there[other["id"]]
        ]
        said = {"id": other["id"], "title": other["title"], "date": other["date"], "address": address("paper", other["id"])}
        out.append(said | {"score": other["score"], "methods": shared})
    return out


def _web(text: str | None) -> str | None:
    return text if text and text.lower().startswith(("http://", "https://")) else None


# -- the small neighbourhood -----------------------------------------------------------------------------------------------------

_WIDE, _HIGH = 304, 286
_SIDES = {"based_on": 4, "led_to": 4, "tasks": 3, "benchmarks": 3}


def neighbourhood(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return a small picture of an entity's surroundings, placed and not forced: left what it is based on, right what it led to, above tasks, below benchmarks.

    Nodes have ``x``, ``y`` and ``r`` in pixels of a picture of 304 × 286.
    """
    x, y = 134.0, _HIGH / 2
    together = said["together"]
    groups = {"based_on": said["based_on"], "led_to": said["led_to"], "tasks": together["task"], "benchmarks": together["benchmark"] or together["dataset"]}
    nodes = [{"x": x, "y": y, "r": min(15.0, size(said["papers"])), "role": None, "centre": True} | {k: said[k] for k in ("id", "kind", "name", "address")}]
    for side, group in groups.items():
        shown = group[: _SIDES[side]]
        for i, other in enumerate(shown):
            along = (i + 0.5) / len(shown)
            if side in ("based_on", "led_to"):
                angle = (along - 0.5) * 1.8
                reach = -92 if side == "based_on" else 72
                place = {"x": round(x + reach * math.cos(angle), 1), "y": round(y + 108 * math.sin(angle), 1)}
            else:
                place = {"x": round(16 + (_WIDE - 32) * along, 1), "y": 26 if side == "tasks" else _HIGH - 40}
            node = {k: other[k] for k in ("id", "kind", "name", "address")}
            nodes.append(place | {"r": min(9.0, size(other["papers"]) / 1.4), "role": side, "centre": False} | node)
    more = {side: len(group) - _SIDES[side] for side, group in groups.items() if len(group) > _SIDES[side]}
    return {"width": _WIDE, "height": _HIGH, "nodes": nodes, "more": more}
