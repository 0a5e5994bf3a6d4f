"""Questions as forms: values that know what they name, and the same question as a command and in Python."""

import csv
import io
import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.apart import Apart
from kg.asked import Asked, NotFound
from kg.errors import QueryError
from kg.forms import answer, as_command, as_csv, as_python, ids, linked
from kg.queries import Query, library
from kg.stores import Rows, connect
from kg.suggest import Index, Names

KG = Path(sys.executable).with_name("kg")


@pytest.fixture(scope="module")
def home(sample_graph: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the sample's graph is the one that commands ask."""
    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(sample_graph, folder / "graph")
    return folder


@pytest.fixture(scope="module")
def asked(home: Path) -> Iterator[Asked]:
    with connect(str(home / "graph")) as store:
        yield Asked(store, Index(store), {})


@pytest.fixture(scope="module")
def aside(home: Path) -> Iterator[Apart]:
    made = Apart(str(home / "graph"))
    yield made
    made.close()


def filled(question: Query | None, **given: str) -> dict[str, str]:
    return {p.name: given.get(p.name, "") for p in question.parameters} if question else given


# -- the same question elsewhere

QUESTIONS: list[tuple[str, dict[str, str]]] = [
    ("lineage", {"entity": "LoRA"}),
    ("lineage", {"entity": "method:lora", "limit": "2"}),
    ("lineage", {"entity": "Low-Rank Adaptation"}),
    ("lineage", {"entity": "low-rank ADAPTATION"}),
    ("about", {"entity": "natural language processing"}),
    ("about", {"entity": "gsm-8k"}),
    ("about", {"entity": "gsm-8k"}),
    ("leaderboard", {"benchmark": "GSM8K", "relative": "1"}),
    ("leaderboard", {"benchmark": "ImageNet", "relative": "0"}),
    ("leaderboard", {"benchmark": "ImageNet", "relative": "false"}),
    ("shared-method", {"paper": "PiSSA", "limit": "3"}),
    ("shared-method", {"paper": "arxiv:2404.02948", "generic": "1"}),
    ("path-papers", {"paper": "arxiv:2404.02948", "other": "QLoRA: Efficient Finetuning of Quantized LLMs"}),
    ("papers-of", {"entity": "LoRA", "role": "uses"}),
    ("top", {"kind": "benchmark", "limit": "5"}),
    ("top", {}),
    ("trends", {"kind": "method", "fading": "1", "months": "36", "least": "1"}),
    ("untested", {"task": "commonsense reasoning", "benchmark": "GSM8K"}),
    ("both", {"entity": "LoRA", "other": "GLUE"}),
]


@pytest.mark.parametrize(("name", "given"), QUESTIONS, ids=[f"{n} {' '.join(g.values())}" for n, g in QUESTIONS])
def test_a_question_gives_the_same_rows_as_its_command_and_in_python(home: Path, asked: Asked, aside: Apart, name: str, given: dict[str, str]) -> None:
    question = library()[name]
    said = filled(question, **given)
    rows = json.loads(json.dumps(answer(aside, asked, question, said, seconds=20).dicts()))
    assert eval(as_python(question, said, str(home / "graph")), {"kg": kg}) == rows
    done = subprocess.run(shlex.split(as_command(question, said)), executable=KG, cwd=home, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert [json.loads(line) for line in done.stdout.splitlines()] == rows


STATEMENTS = (
    "MATCH (m:Method {name: 'LoRA'}) RETURN m.id AS id",
    'MATCH (m:Method)\nWHERE m.name = "LoRA" // it\'s\nRETURN m.id AS id',
    "RETURN 'it\\'s $HOME `x` \\\\ !! %s {x}' AS x",
    "RETURN 'naïve 漢字 😀 \u202e' AS x",
    "RETURN '\\n\\t' AS x, '--help' AS y",
    " \n RETURN 1 AS x ; ",
)


@pytest.mark.parametrize("text", STATEMENTS)
def test_a_statement_gives_the_same_rows_as_its_command_and_in_python(home: Path, asked: Asked, aside: Apart, text: str) -> None:
    rows = answer(aside, asked, None, {"q": text}, seconds=20).dicts()
    assert eval(as_python(None, {"q": text}, str(home / "graph")), {"kg": kg}) == rows
    done = subprocess.run(shlex.split(as_command(None, {"q": text})), executable=KG, cwd=home, capture_output=True, text=True, timeout=60)
    assert [json.loads(line) for line in done.stdout.splitlines()] == rows, done.stderr


HARM = ("; rm -rf ~", "$(touch x)", "`touch x`", "'\"; touch x #", "a\nb", "--help", "-x", "\\", "it's", "😀", "{0}", "%s", "')+exit()#", "\u2028")


@pytest.mark.parametrize("text", HARM)
def test_what_is_filled_in_stays_one_word_of_a_command_and_one_text_in_python(text: str) -> None:
    question = library()["both"]
    assert shlex.split(as_command(question, {"entity": text, "other": text, "limit": ""})) == ["kg", "query", "both", "--entity", text, "--other", text]
    assert shlex.split(as_command(None, {"q": text})) == ["kg", "query", "--cypher", text]

    class Said:
        @staticmethod
        def query(*args: Any, **given: Any) -> Any:
            return args, given

    assert eval(as_python(question, {"entity": text, "other": text, "limit": ""}, text), {"kg": Said}) == (("both", text), {"entity": text, "other": text})
    assert eval(as_python(None, {"q": text}, text), {"kg": Said}) == ((text, text), {})


# -- what is filled in


@pytest.mark.parametrize("text", ["one", "1.5", "nan", "inf", "-1", "1e3", "1" * 5000, "1000000000", "0x1", "1;", "", " ", "\ud800"])
def test_a_number_that_is_none_is_refused(asked: Asked, aside: Apart, text: str) -> None:
    question = library()["top"]
    if text.strip():
        with pytest.raises(QueryError, match="limit"):
            answer(aside, asked, question, filled(question, limit=text), seconds=20)


def test_a_switch_is_on_or_off(asked: Asked, aside: Apart) -> None:
    question = library()["top"]
    off, on = (answer(aside, asked, question, filled(question, generic=text), seconds=20) for text in ("", "1"))
    assert off != on
    for text in ("0", "false", "no"):
        assert answer(aside, asked, question, filled(question, generic=text), seconds=20) == off
    for text in ("banana", "'; DROP TABLE Paper"):
        with pytest.raises(QueryError, match="generic"):
            answer(aside, asked, question, filled(question, generic=text), seconds=20)


@pytest.mark.parametrize(
    ("name", "given"), [("about", {"entity": "nothing like it"}), ("shared-method", {"paper": "LoRA is all"}), ("lineage", {"entity": "low-rank adapt"})]
)
def test_a_name_that_stands_for_nothing_or_several_is_told_with_what_is_near(asked: Asked, aside: Apart, name: str, given: dict[str, str]) -> None:
    with pytest.raises(NotFound) as told:
        answer(aside, asked, library()[name], filled(library()[name], **given), seconds=20)
    assert "low-rank" not in given.get("entity", "") or len(told.value.hits) > 1


def test_a_name_of_another_type_is_not_taken(asked: Asked, aside: Apart) -> None:
    question = library()["leaderboard"]
    for text in ("LoRA", "method:lora", "arxiv:2404.02948"):
        with pytest.raises(NotFound):
            answer(aside, asked, question, filled(question, benchmark=text), seconds=20)


# -- what an answer names


@pytest.fixture(scope="module")
def names(asked: Asked) -> Names:
    return asked.names


def cells(names: Names, **columns: Any) -> list[tuple[str, str | None, str | None]]:
    """Return text, kind and address of the values of a row."""
    told = linked(Rows(tuple(columns), [tuple(columns.values())]), names)
    return [(c["text"], c["kind"], c["address"]) for c in told["rows"][0]]


def test_ids_nodes_and_names_in_columns_that_are_called_by_a_type_are_links(names: Names) -> None:
    lora = ("LoRA", "method", "/method/lora")
    assert cells(names, x="method:lora") == [("method:lora", *lora[1:])]
    assert cells(names, method="LoRA", name="LoRA", other_method="LoRA", through="LoRA") == [lora] * 4
    assert cells(names, paper="PiSSA: Principal Singular Values and Singular Vectors Adaptation of Large Language Models")[0][1:] == (
        "paper",
        "/paper/arxiv:2404.02948",
    )
    assert cells(names, benchmark="GLUE") == [("GLUE", "benchmark", "/benchmark/glue")]
    assert cells(names, x={"_LABEL": "Method", "id": "method:lora", "name": "LoRA"})[0][1:] == lora[1:]


def test_a_name_in_any_other_column_is_a_text(names: Names) -> None:
    told = cells(names, x="LoRA", title="LoRA", sentence="LoRA", task="LoRA", n=1, f=1.5, b=True, none=None)
    assert told == [(text, None, None) for text in ("LoRA", "LoRA", "LoRA", "LoRA", "1", "1.50", "yes", "–")]


def test_a_list_of_several_things_is_a_text_and_its_ids_are_found(names: Names) -> None:
    rows = Rows(("methods", "x"), [(["method:lora", "method:qlora"], {"id": "arxiv:2404.02948", "of": [{"id": "method:lora"}]}), (None, "nothing")])
    assert ids(rows, names) == ["method:lora", "method:qlora", "arxiv:2404.02948"]
    assert linked(rows, names)["rows"][0][0] == {"text": '["method:lora", "method:qlora"]', "kind": None, "address": None}


def test_a_path_and_relations_are_followed_to_their_nodes(names: Names, asked: Asked) -> None:
    rows = asked.store.run("MATCH p=(a:Paper {id: 'arxiv:2404.02948'})-[r:INTRODUCES]->(b:Method) RETURN p, r, b LIMIT 1", {})
    assert "arxiv:2404.02948" in ids(rows, names)
    assert len(ids(rows, names)) == 2


def test_columns_of_numbers_are_told(names: Names) -> None:
    assert linked(Rows(("a", "b", "c"), [(1, "x", None), (2.5, "y", 3)]), names)["numeric"] == [True, False, True]


def test_a_long_value_is_cut(names: Names) -> None:
    assert len(cells(names, x=["a" * 10_000])[0][0]) <= 2000


# -- as CSV


def test_csv_is_read_back_as_it_was() -> None:
    rows = Rows(
        ("a", 'b "c", d'), [("x,y", 'say "hi"'), ("two\r\nlines", None), ("漢字 😀", 1.5), ("", True), ([1, "a"], {"k": None}), (date(2024, 5, 12), -3)]
    )
    text = as_csv(rows)
    assert text.endswith("\r\n")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        list(rows.columns), ["x,y", 'say "hi"'], ["two\r\nlines", ""], ["漢字 😀", "1.5"], ["", "True"], ['[1, "a"]', '{"k": null}'], ["2024-05-12", "-3"],
    ]  # fmt: skip
    assert as_csv(Rows(("a",), [])) == "a\r\n"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_text_of_csv_is_a_formula(text: str) -> None:
    assert list(csv.reader(io.StringIO(as_csv(Rows(("a", "b"), [(text, -1)])), newline="")))[1] == [f"'{text}", "-1"]
