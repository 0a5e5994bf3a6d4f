"""Ask a graph: resolve what a user calls papers and entities, run a named query or a statement of the user's own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kg.errors import AmbiguousName, UnknownName
from kg.naming import CLEAR_RATIO
from kg.papers import known_id
from kg.queries import NAMED, Query, lookup, named
from kg.records import TYPES
from kg.stores import Rows, Store, connect
from kg.text import collapse, normal_form


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
        elif parameter.type in NAMED:
            out[parameter.name] = entity_id(store, values[parameter.name], NAMED[parameter.type])
    return out


def paper_id(store: Store, name: str) -> str:
    """Return the id of the paper with this id, this title, or this part of its title. Raises `UnknownName`."""
    found = papers_called(store, name)
    if len(found) == 1:
        return str(found[0]["id"])
    if not found:
        raise UnknownName.near("paper", name, {title.split(":")[0] for title in _names(store, {"paper"})}, "any part of a title will do, or an id")
    shown = "".join(f"\n  {row['id']}  {row['name']}" for row in found[:10])
    more = f"\n  and {len(found) - 10}{'+' if len(found) == 50 else ''} more" if len(found) > 10 else ""
    raise AmbiguousName(f"“{name}” stands in {len(found)}{'+' if len(found) == 50 else ''} titles; say more of one, or its id:{shown}{more}")


def papers_called(store: Store, name: str) -> list[dict[str, Any]]:
    """Return id and name of the paper that is meant, or of the papers that may be."""
    for id_ in (name, *([":".join(known)] if (known := known_id(name)) else [])):
        if found := store.run(lookup("paper").text, {"id": id_}).dicts():
            return found
    part = collapse(name).lower()
    found = store.run(lookup("find-paper").text, {"part": part, "id": name}).dicts() if part else []
    titles = [(row, row["name"].lower()) for row in found]
    exact = [r for r in found if r["exact"]] or [r for r, title in titles if title == part] or [r for r, title in titles if title.startswith(f"{part}:")]
    return exact if len(exact) == 1 else found


def entity_id(store: Store, name: str, kinds: tuple[str, ...] = TYPES) -> str:
    """Return the id of the entity with this id, name or alias, of one of `kinds`. Raises `UnknownName`."""
    found = entities_called(store, name, kinds)
    if not found:
        what = "entity" if kinds == TYPES else " or ".join(kinds)
        raise UnknownName.near(what, name, _names(store, set(kinds)), "kg query top lists them")
    if len(found) > 1:
        shown = "".join(f"\n  {r['id']}  {r['name']}, {r['kind']}, {r['papers']} papers" for r in found[:10])
        raise AmbiguousName(f"“{name}” is the name of {len(found)} entities; give the id of one:{shown}")
    return str(found[0]["id"])


def entities_called(store: Store, name: str, kinds: tuple[str, ...] = TYPES) -> list[dict[str, Any]]:
    """Return id, name, kind and number of papers of the entity that is meant, or of the entities that may be, the most named first."""
    # By an index; what follows looks at every entity.
    if (found := store.run(lookup("entity").text, {"id": name}).dicts()) and found[0]["kind"] in kinds:
        return found
    text = collapse(name)
    ids = {kind: f"{kind}:{normal_form(text, kind)}" for kind in ("method", "dataset", "task", "metric")}
    found = store.run(lookup("find-entity").text, {"name": text, "lower": text.lower(), **ids}).dicts()
    found = [r for r in found if r["kind"] in kinds]
    found = [r for r in found if r["exact"]] or found
    return found[:1] if len(found) > 1 and found[0]["papers"] >= CLEAR_RATIO * found[1]["papers"] else found


def _names(store: Store, kinds: set[str]) -> list[str]:
    return [name for kind, name in store.run(lookup("names").text, {}).rows if kind in kinds]
