"""Query files: what a header may say, how values are bound, and what every shipped file must look like."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from kg import resources
from kg.errors import QueryError, UnknownName
from kg.queries import Query, library, lookup, named, parse

HEAD = "// What it answers\n"
BODY = "MATCH (p:Paper) WHERE p.id = $id RETURN p.id AS id ORDER BY id"
SAMPLE = parse(
    "sample",
    """\
// What it answers
// param paper: paper  which
// param limit: int = 5  how many
// param share: float = 0.5  how much
// param all: bool = false  everything
// param kind: text = ""  of a kind
RETURN $paper, $limit, $share, $all, $kind
""",
    "sample.cypher",
)
SHIPPED = [
    *sorted(resources.folder("cypher").glob("*.cypher")),
    *(p for p in sorted(resources.folder("cypher").glob("store/*.cypher")) if not p.name.startswith(("neo4j-", "ladybug-"))),
]

# What one engine refuses or, worse, answers otherwise than the other; see the pattern's name for what to write instead.
FORBIDDEN = {
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
    "an integer property": r"\b(?:datetime|duration|date)\s*\(|\.(?:year|month|day)\.|\bCYPHER\b",
}
WRITING = r"\b(?:CREATE|MERGE|SET|DELETE|DETACH|REMOVE|DROP|ALTER|COPY|LOAD|INSTALL|ATTACH|IMPORT|EXPORT|CALL|FOREACH)\b"


def code(path: Path) -> str:
    """Return a file's statement in one line, its texts emptied."""
    text = re.sub(r"//[^\n]*", "", path.read_text(encoding="utf-8"))
    return " ".join(re.sub(r"\"[^\"]*\"|'[^']*'", '""', text).split())


# -- parsing


def test_a_header_declares_summary_types_defaults_and_help() -> None:
    query = parse(
        "q",
        HEAD + '// param id: paper  which paper\n// param kind: text = "a b"  of this kind\n// param n: int = 3  how many\n' + "RETURN $id, $kind, $n;\n",
        "q.cypher",
    )
    assert (query.name, query.summary, query.text) == ("q", "What it answers", "RETURN $id, $kind, $n")
    assert [(p.name, p.type, p.default, p.help, p.required) for p in query.parameters] == [
        ("id", "paper", None, "which paper", True),
        ("kind", "text", "a b", "of this kind", False),
        ("n", "int", 3, "how many", False),
    ]


@pytest.mark.parametrize("default", ["false", "true", '""', "0", "0.0"])
def test_a_default_that_counts_as_false_is_still_a_default(default: str) -> None:
    type_ = {"f": "bool", "t": "bool", '"': "text"}.get(default[0], "float" if "." in default else "int")
    (parameter,) = parse("q", f"{HEAD}// param x: {type_} = {default}  help\nRETURN $x", "q").parameters
    assert not parameter.required


@pytest.mark.parametrize("source", ["", "\n// What\nRETURN 1", "MATCH (n) RETURN n", "// param id: text  which\nRETURN $id", "//What\nRETURN 1"])
def test_a_file_without_a_summary_is_refused_at_line_1(source: str) -> None:
    with pytest.raises(QueryError, match=r"^dir/q\.cypher:1: .*first line"):
        parse("q", source, "dir/q.cypher")


@pytest.mark.parametrize(
    "line",
    [
        "// param id: text",
        "// param id: text which",
        "// param id text  which",
        "// param id: nope  which",
        "// param Id: text  which",
        "// param: text  which",
        "// param id: int = three  which",
        "// param id: bool = yes  which",
        "// param id: float = x  which",
        "// param id: int = 1.5  which",
        "// params id: text  which",
    ],
)
def test_a_bad_declaration_is_refused_with_its_line(line: str) -> None:
    with pytest.raises(QueryError, match=r"^q\.cypher:3: ") as refused:
        parse("q", f"{HEAD}// param x: int = 1  fine\n{line}\n{BODY}", "q.cypher")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("body", "named_"),
    [
        ("RETURN 1 AS x", "id"),
        ("RETURN $id, $other", "other"),
        ("RETURN $idx", "id, idx"),
        ('RETURN "$id" AS x', "id"),
        ("RETURN 1 AS x // $id", "id"),
        ("RETURN '$id' AS x", "id"),
    ],
)
def test_declared_and_used_parameters_must_agree(body: str, named_: str) -> None:
    with pytest.raises(QueryError, match=rf"q\.cypher: .*differ: {named_}$"):
        parse("q", f"{HEAD}// param id: text  which\n{body}", "q.cypher")


def test_a_parameter_declared_twice_is_refused() -> None:
    with pytest.raises(QueryError, match="id"):
        parse("q", f"{HEAD}// param id: text  which\n// param id: int = 1  which\n{BODY}", "q.cypher")


@pytest.mark.parametrize("text", ["", "  \n", ";"])
def test_a_file_without_a_statement_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match=r"q\.cypher"):
        parse("q", HEAD + text, "q.cypher")


@drawn(st.lists(st.sampled_from([HEAD, "// param x: int = 1  help\n", "// param ", "x", "$x", '"', "'", "\n", "RETURN ", ";", "//"]) | st.text()).map("".join))
def test_any_text_parses_or_is_refused_by_name(source: str) -> None:
    try:
        outcome: object = parse("q", source, "q.cypher")
    except QueryError as e:
        outcome = str(e)
    assert isinstance(outcome, Query) or str(outcome).startswith("q.cypher:")


# -- binding


def test_defaults_stand_where_nothing_is_given() -> None:
    assert SAMPLE.bind({"paper": "x"}) == {"paper": "x", "limit": 5, "share": 0.5, "all": False, "kind": ""}


def test_given_values_stand_before_defaults() -> None:
    given = {"paper": "", "limit": 0, "share": 0.0, "all": True, "kind": "method"}
    assert SAMPLE.bind(given) == given


def test_an_unknown_parameter_is_refused_with_the_known_ones() -> None:
    with pytest.raises(QueryError, match=r"sample.*“lmit”.*paper, limit, share, all, kind"):
        SAMPLE.bind({"paper": "x", "lmit": 1})


@pytest.mark.parametrize("given", [{}, {"paper": None}])
def test_a_missing_parameter_is_refused_with_its_help(given: dict[str, Any]) -> None:
    with pytest.raises(QueryError, match=r"sample: “paper” is missing \(which\)"):
        SAMPLE.bind(given)


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit": "5"},
        {"limit": 5.0},
        {"limit": True},
        {"share": "x"},
        {"share": True},
        {"all": 1},
        {"all": "true"},
        {"kind": 3},
        {"paper": 3},
        {"paper": ["x"]},
    ],
)
def test_a_value_of_another_type_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(QueryError, match=rf"“{next(iter(wrong))}” takes") as refused:
        SAMPLE.bind({"paper": "x", **wrong})
    assert "\n" not in str(refused.value)


def test_a_whole_number_will_do_where_a_number_is_wanted() -> None:
    assert SAMPLE.bind({"paper": "x", "share": 1})["share"] == 1


def test_an_unknown_query_is_refused_with_the_near_ones() -> None:
    assert named("top") is library()["top"]
    with pytest.raises(UnknownName, match=r"shared-metod.*near: shared-method"):
        named("shared-metod")


# -- every shipped file


def test_every_shipped_file_is_loaded() -> None:
    assert {p.stem for p in SHIPPED} == set(library()) | {p.stem for p in SHIPPED if p.parent.name == "store"}
    assert all(lookup(p.stem).text for p in SHIPPED if p.parent.name == "store")
    assert len(library()) >= 10


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_a_shipped_file_says_what_it_answers_and_orders_its_rows(path: Path) -> None:
    query = parse(path.stem, path.read_text(encoding="utf-8"), str(path))
    assert 15 <= len(query.summary) <= 120
    assert not query.summary.endswith(".")
    assert all(p.help.strip() and not p.help.endswith(".") for p in query.parameters)
    last = re.split(r"\bRETURN\b", code(path))
    assert len(last) == 2, "one RETURN"
    assert re.search(r"\bORDER BY\b", last[1])


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_every_column_of_a_shipped_file_has_a_name(path: Path) -> None:
    returned = re.split(r"\bORDER BY\b", re.split(r"\bRETURN\b", code(path))[1])[0]
    columns = [c.strip() for c in outside_brackets(returned)]
    names = [re.fullmatch(r"(?:.*\bAS )?(\w+)", c) for c in columns]
    assert all(names), columns
    assert len({n[1] for n in names if n}) == len(columns)


def outside_brackets(text: str) -> list[str]:
    """Return the parts between the commas that stand outside brackets."""
    parts, depth = [""], 0
    for c in text:
        depth += (c in "([{") - (c in ")]}")
        if c == "," and not depth:
            parts.append("")
        else:
            parts[-1] += c
    return parts


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_a_shipped_file_only_reads(path: Path) -> None:
    assert not re.search(WRITING, code(path), re.IGNORECASE)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_a_shipped_file_says_nothing_that_the_engines_read_differently(path: Path) -> None:
    found = {instead: match.group() for instead, pattern in FORBIDDEN.items() if (match := re.search(pattern, code(path), re.IGNORECASE))}
    assert not found


@pytest.mark.parametrize(
    ("instead", "text"),
    [
        ("log10(", "RETURN log(x) AS y"),
        ("left(, right(", "RETURN substring(s, 1, 3) AS y"),
        ("the property kind", "RETURN labels(n) AS y"),
        ("the property kind", "MATCH (n) WHERE n:Paper RETURN n.id AS id"),
        ("the string property id", "RETURN id(n) AS y"),
        ("list[..n] or UNWIND", "RETURN n.aliases[0] AS y"),
        ("UNWIND instead of a comprehension", "RETURN [x IN l WHERE x > 1] AS y"),
        ("rows in order, grouped in Python", "WITH x ORDER BY x LIMIT 2 RETURN collect(x) AS y"),
        ("round(x, n)", "RETURN round(x) AS y"),
        ("coalesce(sum(x), 0) or a sum of CASE … ELSE 0", "RETURN sum(r.score) AS y"),
        ("a flat chain of WITH", "CALL (m) { RETURN 1 AS x } RETURN x"),
        ("EXISTS { MATCH … }", "MATCH (a) WHERE EXISTS { (a)-->() } RETURN a.id AS id"),
        ("(x:A|B)", "MATCH (x:Method:Dataset) RETURN x.id AS id"),
        ("no UNION", "RETURN 1 AS x UNION RETURN 2 AS x"),
        ("another alias", "RETURN 1 AS end"),
        ("an integer property", "RETURN date('2020-01-01') AS d"),
    ],
)
def test_each_forbidden_construct_is_recognised(instead: str, text: str) -> None:
    assert re.search(FORBIDDEN[instead], text, re.IGNORECASE)
