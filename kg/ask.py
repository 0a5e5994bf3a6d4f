"""Ask a graph: resolve what a user calls papers and entities, run a named query or a statement of the user's own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kg.errors import AmbiguousName, UnknownName
from kg.naming import CLEAR_RATIO
from kg.papers import known_id
from kg.queries import Query, lookup, named
from kg.stores import Rows, Store, connect
from kg.text import collapse, normal_form

_KINDS = {"entity": None, "method": ("method",), "benchmark": ("benchmark", "dataset"), "task": ("task",)}


def query(question: str, graph: str | Path = "graph", **parameters: Any) -> list[dict[str, Any]]:
    """Answer a named query, or a statement in Cypher (anything with a blank in it), on a folder or a ``neo4j://`` server.

    Returns one dictionary a row. Raises `UnknownName`, `QueryError`, `GraphError`, `StoreError`.
    """
    with connect(str(graph)) as store:
        named = not any(c.isspace() for c in question.strip())
        return (ask(store, question, parameters) if named else store.run(question, parameters)).dicts()


def ask(store: Store, name: str, given: Mapping[str, Any]) -> Rows:
    """Answer the shipped query `name`. Raises `UnknownName` for a query, paper or entity that does not exist or is ambiguous."""
    query = named(name)
    return store.run(query.text, resolve(store, query, query.bind(given)))


def resolve(store: Store, query: Query, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with names of papers and entities replaced by ids."""
    out = dict(values)
    for parameter in query.parameters:
        if parameter.type == "paper":
            out[parameter.name] = paper_id(store, values[parameter.name])
        elif parameter.type in _KINDS:
            out[parameter.name] = entity_id(store, values[parameter.name], _KINDS[parameter.type])
    return out


def paper_id(store: Store, name: str) -> str:
    """Return the id of the paper with this id, this title, or this part of its title. Raises `UnknownName`."""
    for id_ in (name, *([":".join(known)] if (known := known_id(name)) else [])):
        if store.run(lookup("paper").text, {"id": id_}).rows:
            return id_
    part = collapse(name).lower()
    found = store.run(lookup("find-paper").text, {"part": part, "id": name}).rows if part else []
    exact = [r for r in found if r[2]] or [r for r in found if r[1].lower() == part] or [r for r in found if r[1].lower().startswith(f"{part}:")]
    if len(found) == 1 or len(exact) == 1:
        return str((exact or found)[0][0])
    if not found:
        raise UnknownName.near("paper", name, {title.split(":")[0] for title in _names(store, {"paper"})}, "any part of a title will do, or an id")
    shown = "".join(f"\n  {id_}  {title}" for id_, title, _ in found[:10])
    more = f"\n  and {len(found) - 10}{'+' if len(found) == 50 else ''} more" if len(found) > 10 else ""
    raise AmbiguousName(f"“{name}” stands in {len(found)}{'+' if len(found) == 50 else ''} titles; say more of one, or its id:{shown}{more}")


def entity_id(store: Store, name: str, kinds: tuple[str, ...] | None = None) -> str:
    """Return the id of the entity with this id, name or alias, of one of `kinds`. Raises `UnknownName`."""
    # By an index; what follows looks at every entity.
    if (row := store.run(lookup("entity").text, {"id": name}).rows) and (kinds is None or row[0][1] in kinds):
        return name
    text = collapse(name)
    ids = {kind: f"{kind}:{normal_form(text, kind)}" for kind in ("method", "dataset", "task", "metric")}
    rows = store.run(lookup("find-entity").text, {"name": text, "lower": text.lower(), **ids}).dicts()
    rows = [r for r in rows if kinds is None or r["kind"] in kinds]
    rows = [r for r in rows if r["exact"]] or rows
    if not rows:
        wanted = set(kinds or ("method", "dataset", "benchmark", "task", "metric"))
        raise UnknownName.near(" or ".join(kinds) if kinds else "entity", name, _names(store, wanted), "kg query top lists them")
    if len(rows) > 1 and rows[0]["papers"] < CLEAR_RATIO * rows[1]["papers"]:
        shown = "".join(f"\n  {r['id']}  {r['name']}, {r['kind']}, {r['papers']} papers" for r in rows[:10])
        raise AmbiguousName(f"“{name}” is the name of {len(rows)} entities; give the id of one:{shown}")
    return str(rows[0]["id"])


def _names(store: Store, kinds: set[str]) -> list[str]:
    return [name for kind, name in store.run(lookup("names").text, {}).rows if kind in kinds]
