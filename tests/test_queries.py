"""Query files: what a header may say, how values are bound, and what every shipped file must look like."""

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
    assert len(library()) >= 20


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_a_shipped_file_says_in_short_what_it_answers_and_what_each_parameter_is(path: Path) -> None:
    query = parse(path.stem, path.read_text(encoding="utf-8"), str(path))
    assert 15 <= len(query.summary) <= 140
    assert not query.summary.endswith(".")
    assert all(p.help.strip() and not p.help.endswith(".") for p in query.parameters)


@pytest.mark.parametrize("query", library().values(), ids=lambda q: q.name)
def test_what_a_query_requires_is_a_name_and_what_it_limits_has_a_default(query: Query) -> None:
    assert {p.type for p in query.parameters if p.required} <= {"paper", "entity", "method", "benchmark", "task"}
    assert all(p.default > 0 for p in query.parameters if p.name == "limit")
    assert all(p.type == "int" for p in query.parameters if p.name in ("limit", "least"))
