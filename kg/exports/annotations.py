"""The graph as annotated papers: JSON Lines, one object a paper, as annotators of abstracts write them.

``{"id", "entities": [{"name", "type", "mentions", "role", "generic"?, "based_on"?}],
"results": [{"method", "dataset", "task", "metric", "value", "relative"?}]}``
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from kg.records import ROLES
from kg.tables import Tables


def lines(tables: Tables) -> Iterator[str]:
    """Yield one line a paper, in order of the ids."""
    for paper in papers(tables):
        yield json.dumps(paper, ensure_ascii=False)


def papers(tables: Tables) -> Iterator[dict[str, Any]]:
    """Yield the annotation of each paper. An entity's type is the one that this paper's mentions have."""
    entities = {row["id"]: row for row in tables.read("entities").iter_rows(named=True)}
    surfaces: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    types: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for paper, surface, type_, entity in tables.read("mentions").select("paper", "surface", "type", "entity").iter_rows():
        surfaces[paper, entity][surface] += 1
        types[paper, entity][type_] += 1
    roles: dict[str, list[tuple[str, str]]] = defaultdict(list)
    parents: dict[tuple[str, str], list[str]] = defaultdict(list)
    for source, target, role, paper in tables.read("facts").select("source", "target", "role", "paper").iter_rows():
        if role in ROLES:
            roles[paper].append((target, role))
        else:
            parents[paper, source].append(target)
    results = defaultdict(list)
    for row in tables.read("results").iter_rows(named=True):
        results[row["paper"]].append(_result(row, entities))
    for paper in tables.read("papers")["id"]:
        rows = []
        for entity, role in sorted(roles[paper], key=lambda x: (ROLES.index(x[1]), x[0])):
            kinds = types[paper, entity]
            row = {
                "name": entities[entity]["name"],
                "type": min(kinds, key=lambda t: (-kinds[t], t)),
                "mentions": sorted(surfaces[paper, entity]),
                "role": role,
            }
            if entities[entity]["generic"]:
                row["generic"] = True
            if role == "introduces" and parents[paper, entity]:
                row["based_on"] = [entities[p]["name"] for p in sorted(parents[paper, entity])]
            rows.append(row)
        yield {"id": paper, "entities": rows, "results": results[paper]}


def _result(row: dict[str, Any], entities: dict[str, dict[str, Any]]) -> dict[str, Any]:
    name = {k: entities[row[k]]["name"] if row[k] else None for k in ("method", "metric", "dataset")}
    is_task = bool(row["dataset"]) and entities[row["dataset"]]["type"] == "task"
    out = {
        "method": name["method"],
        "dataset": None if is_task else name["dataset"],
        "task": name["dataset"] if is_task else None,
        "metric": name["metric"],
        "value": row["value"],
    }
    return out | {"relative": True} if row["relative"] else out
