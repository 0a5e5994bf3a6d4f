"""What is wrong with a query file: text that the engines read differently, columns without a name, rows without an order, names or plans
that an engine objects to. ``python -m kg.lint [GRAPH …]`` checks the shipped files, also against graphs (folders or servers).
"""

import re
import sys
from collections.abc import Iterator
from typing import Any

from kg import resources
from kg.errors import KgError, QueryError
from kg.queries import LOOKUPS, NOT_CODE, Query, for_pages, library, lookup
from kg.records import TYPES
from kg.stores import Store, check, connect
from kg.stores.neo4j import Neo4j

INSTEAD = {
    "log10(": r"\b(?:log|ln|exp)\s*\(",
    "left(, right(": r"\bsubstring\s*\(",
    "the property kind": r"\blabels?\s*\(|\bkeys\s*\(|\(\s*\w+\s+AND\s+\w+:[A-Z]|\bWHERE\s+\w+:[A-Z]",
    "the string property id": r"(?<![.\w])(?:id|elementId)\s*\(",
    "list[..n] or UNWIND": r"[\w\])]\[\s*(?:-?\d+|\$\w+)\s*(?:\.\.[^\]]*)?\]",
    "UNWIND instead of a comprehension": r"\[\s*\w+\s+IN\b|\breduce\s*\(|\b(?:any|all|none|single)\s*\(\s*\w+\s+IN\b",
    "rows in order, grouped in Python": r"\bORDER BY\b(?!.*\bMATCH\b).*\b(?:collect|sum|count|avg)\s*\(",
    "round(x, n)": r"\bround\s*\([^,()]*\)",
    "coalesce(sum(x), 0) or a sum of CASE … ELSE 0": r"(?<!coalesce\()\bsum\s*\(\s*[\w.]+\s*\)",
    "a flat chain of WITH": r"\bCALL\s*(?:\(\w*\)\s*)?\{|\bFOREACH\b|\bSET\s+\w+\s*\+=|\bshortestPath\b|\bSHORTEST\b",
    "EXISTS { MATCH … }": r"\b(?:EXISTS|COUNT)\s*\{\s*\(",
    "(x:A|B)": r"\(\s*\w*:\w+:\w+|\[\s*\w*:\w+\|:",
    "no UNION": r"\bUNION\b",
    "another alias": r"\bAS\s+(?:order|desc|group|table|end)\b",
    "an integer property": r"\b(?:datetime|duration|date)\s*\(|\w\.\w+\.(?:year|month|day)\b|\bCYPHER\b",
    "no procedures": r"\bCALL\b",
}
"""What both engines read alike → a pattern of what one of them refuses or, worse, answers otherwise than the other (``docs/cypher.md``)."""

INDEXED = ("id",)
"""Properties by which Neo4j finds the nodes of every label without looking at all of them."""

_EXAMPLES: dict[str, Any] = {"int": 1, "float": 1.0, "bool": False, "list": ["x"]}


def problems(query: Query) -> Iterator[str]:
    """Yield what is wrong with a query's text."""
    code = " ".join(NOT_CODE.sub(lambda found: " " if found[0].startswith("/") else '""', query.text).split())
    try:
        check(query.text, {})
    except QueryError as error:
        yield str(error)
    for instead, pattern in INSTEAD.items():
        if found := re.search(pattern, code, re.IGNORECASE):
            yield f"“{found[0]}” does not mean the same in both engines; write {instead}"
    returned = re.split(r"\bRETURN\b", code)
    if len(returned) != 2:
        yield "not one RETURN"
        return
    columns, _, order = returned[1].partition("ORDER BY")
    columns = re.sub(r"^\s*DISTINCT\b", "", columns)
    names = [re.fullmatch(r"(?:.*\bAS )?(\w+)", column.strip()) for column in _outside_brackets(columns)]
    if not all(names):
        yield f"a column without a name: {next(c.strip() for c, n in zip(_outside_brackets(columns), names, strict=True) if not n)}"
    elif len({n[1] for n in names if n}) < len(names):
        yield "two columns of one name"
    if not order:
        yield "rows in no order: it needs ORDER BY, to the last tie"
    if "limit" in {p.name for p in query.parameters} and not re.search(r"\bLIMIT \$limit\b", code):
        yield "a parameter “limit” that limits nothing"


def _outside_brackets(text: str) -> list[str]:
    """Return the parts between the commas that stand outside brackets."""
    parts, depth = [""], 0
    for c in text:
        depth += (c in "([{") - (c in ")]}")
        if c == "," and not depth:
            parts.append("")
        else:
            parts[-1] += c
    return parts


def objections(query: Query, store: Store) -> Iterator[str]:
    """Yield what an engine has against a query: labels, types and properties that it does not know, and scans where it has an index."""
    values = {p.name: _EXAMPLES.get(p.type, "") for p in query.parameters}
    try:
        if isinstance(store, Neo4j):
            plan, notes = store.explain(query.text, values)
            yield from notes
            yield from _scans(plan)
        else:
            store.run(f"EXPLAIN {query.text}", values)
    except QueryError as error:
        yield str(error)


_INDEXED = re.compile(rf"(?<!NOT )\b\w+\.(?:{'|'.join(INDEXED)}) (?:=|IN) ")


def _scans(plan: dict[str, Any], conditions: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the scans of a plan whose nodes are then found by a property that has an index."""
    details = re.sub(r"cache\[([\w.]+)\]", r"\1", str(plan.get("args", {}).get("Details", "")))
    operator = plan["operatorType"].partition("@")[0]
    if operator == "AllNodesScan":
        yield f"a scan of all nodes: {details}"
    elif operator.endswith(("LabelScan", "LabelsScan", "NodeIndexScan")):
        scanned = re.search(r"(\w+):[\w|]+", details)
        by_id = rf"(?<!NOT )\b{scanned[1]}\.(?:{'|'.join(INDEXED)}) (?:=|IN) " if scanned else "(?!)"
        for condition in conditions:
            # Where a part of it has no index, there is nothing but to look at every node.
            if (found := re.search(by_id, condition)) and all(map(_INDEXED.search, condition.split(" OR "))):
                yield f"a scan where an index is: {scanned[0] if scanned else ''}, {found[0].strip()} …"
    if operator == "Filter":
        conditions += tuple(details.split(" AND "))
    for child in plan.get("children", ()):
        yield from _scans(child, conditions)


def main(graphs: list[str]) -> int:
    """Print what is wrong with the shipped queries, one line each, and return 1 if anything is."""
    queries = {f"cypher/{name}.cypher": query for name, query in library().items()} | {f"cypher/store/{name}.cypher": lookup(name) for name in LOOKUPS}
    pages = [path.stem for path in sorted((resources.folder("cypher") / "pages").glob("*.cypher"))]
    queries |= {f"cypher/pages/{name}.cypher ({kind})": for_pages(name, kind) for name in pages for kind in TYPES}
    found = [(file, text) for file, query in queries.items() for text in problems(query)]
    for graph in graphs:
        with connect(graph) as store:
            found += [(file, f"{graph}: {text}") for file, query in queries.items() for text in objections(query, store)]
    for file, text in found:
        print(f"{file}: {text}")
    return int(bool(found))


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KgError as error:
        sys.exit(f"kg.lint: {error}")
