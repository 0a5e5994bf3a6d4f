"""Files for neo4j-admin: what they hold, that the real thing imports them as a load would, and that they are written as a whole or not at all."""

import csv
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from neo4j_import import run_import
from neo4j_server import LTS, empty, running

from kg.errors import GraphError, StoreError
from kg.stores.model import ENTITIES, LABELS, RELATIONS, nodes, relations
from kg.stores.neo4j import Neo4j
from kg.stores.neo4j_bulk import write_bulk
from kg.stores.neo4j_load import load, read
from kg.tables import Tables, frame

from .test_ladybug import unprivileged

KG = Path(sys.executable).with_name("kg")
ODD = """a "b" it's $c; d, e"""
HARD = (
    'say "hi", """twice""" and "" nothing',
    '"',
    '",',
    "back\\slash\\",
    '\\"',
    "it's; a|list, of `things`\ttabbed",
    "two\nlines, \r\nthree\r and \u2028four\u2029",
    "\n",
    " blanks around ",
    "".join(map(chr, range(1, 0x1F))) + "\x7f\x80\x85\x9f",
    "\u202eright to left\u202c \u200b\ufeff",
    "naïve 漢字 😀 👩‍👩‍👧 e\u0301",
    "NULL",
    "null",
    "-1",
    "1e5",
    "true",
    "#comment",
    "=SUM(A1)",
    "",
)
"""Texts that a reader of CSV files may stumble over."""
LABELLED = "MATCH (n) UNWIND labels(n) AS label WITH n.id AS id, label ORDER BY id, label RETURN id, collect(label) AS labels"


@dataclass(frozen=True)
class Made:
    """A graph made for a test."""

    tables: dict[str, pl.DataFrame]

    def read(self, table: str) -> pl.DataFrame:
        return self.tables[table]


def hard(texts: tuple[str, ...]) -> Made:
    """Return a graph in which each of the texts is a title, an abstract, an author, a name, an alias, an id and a sentence."""
    named = [text for text in texts if text.strip()]
    papers: list[dict[str, Any]] = [
        {"id": f"p{i} {text[:50]}", "title": text, "abstract": text, "authors": [text[:50], *named[:i]] if text.strip() else [], "categories": named[:i]}
        for i, text in enumerate(texts)
    ]
    for i, paper in enumerate(papers):
        paper |= {
            "code_urls": [],
            "sources": [f"{i}.jsonl"],
            "other_ids": named[i : i + 1],
            "date": None if i % 2 else "2024-05",
            "year": 2024 if i % 3 else None,
        }
        paper |= {"venue": texts[-i], "versions": []}
    lists = ("aliases", "reasons", "apart", "apart_reasons")
    methods = [
        {"id": f"method:{i} {t[:50]}", "name": t[:50], "type": "method", "papers": i, "other_ids": [], **{key: [t[:50], "x"] for key in lists}}
        for i, t in enumerate(texts)
    ]
    dataset = {"id": "dataset:x", "name": "x", "type": "dataset", "papers": 1, "other_ids": [], "community": None, **{key: [] for key in lists}}
    place = {"field": "abstract", "start": 0, "end": 1, "score": 0.25, "sentence": "s"}
    facts: list[dict[str, Any]] = [
        {
            **place,
            "source": p["id"],
            "target": m["id"],
            "role": "uses",
            "paper": p["id"],
            "sentence": t,
            "marks": [[0, 1], [2, 3]][: i % 3],
            "further": named[: i % 4],
        }
        for i, (p, m, t) in enumerate(zip(papers, methods, texts, strict=True))
    ]
    ties = [{**place, "source": m["id"], "target": "dataset:x", "role": "based_on", "paper": "p", "marks": [], "further": []} for m in methods[:1]]
    results = [
        {
            **place,
            "id": f"{p['id']}#1",
            "paper": p["id"],
            "value": t[:50],
            "relative": bool(i % 2),
            "method": m["id"],
            "dataset": "dataset:x" if i % 2 else None,
        }
        for i, (p, m, t) in enumerate(zip(papers, methods, texts, strict=True))
    ]
    rows = {"papers": papers, "entities": [{"generic": False, **e} for e in (*methods, dataset) if methods], "facts": facts + ties, "results": results}
    return Made({name: frame(name, rows[name]) for name in rows})


def held(folder: Path) -> dict[str, bytes]:
    """Return what stands in a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


# -- the files


def test_there_is_a_file_and_a_header_for_every_label_and_type_that_has_rows(sample_graph: Path, tmp_path: Path) -> None:
    tables = Tables.open(sample_graph)
    heights = {label: rows.height for label, rows in nodes(tables)}
    for part in relations(tables):
        heights[part.type] = heights.get(part.type, 0) + part.frame.height
    script = write_bulk(tables, tmp_path / "bulk")
    assert script == tmp_path / "bulk" / "import.sh"
    assert set(held(tmp_path / "bulk")) == {"import.sh", *(f"{name}{end}.csv" for name, n in heights.items() if n for end in ("", ".header"))}
    for name, n in heights.items():
        if n:
            with open(tmp_path / "bulk" / f"{name}.csv", encoding="utf-8", newline="") as rows:
                assert sum(1 for _ in csv.reader(rows)) == n


def test_headers_type_every_column_and_put_ids_in_groups(sample_graph: Path, tmp_path: Path) -> None:
    tables = Tables.open(sample_graph)
    write_bulk(tables, tmp_path)
    headers = {p.name.partition(".")[0]: p.read_text(encoding="utf-8").rstrip("\n").split(",") for p in tmp_path.glob("*.header.csv")}
    assert set(headers) == {*LABELS, *RELATIONS}
    assert headers["Paper"][:4] == ["id:ID(Paper)", "title:string", "abstract:string", "authors:string[]"]
    assert {"year:long", "code_urls:string[]", "kg_hash:long"} <= set(headers["Paper"])
    assert {headers[label][0] for label in ENTITIES} == {"id:ID(Entity)"}
    assert {"generic:boolean", "papers:long", "community:long", "aliases:string[]"} <= set(headers["Method"])
    assert {"id:ID(Result)", "number:double", "relative:boolean"} <= set(headers["Result"])
    assert headers["USES"][:3] == [":START_ID(Paper)", ":END_ID(Entity)", "paper:string"]
    assert headers["BASED_ON"][:2] == [":START_ID(Entity)", ":END_ID(Entity)"]
    assert headers["AUTHORED"] == [":START_ID(Author)", ":END_ID(Paper)", "paper:string", "kg_hash:long", "kg:boolean"]
    assert {"marks:long[]", "further:string[]", "score:double", "from_char:long"} <= set(headers["USES"])
    assert all(re.fullmatch(r"(\w+|):(ID|START_ID|END_ID|string|long|double|boolean|string\[\]|long\[\])(\(\w+\))?", c) for h in headers.values() for c in h)


def test_the_same_graph_gives_the_same_files(sample_graph: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_bulk(Tables.open(sample_graph), tmp_path / name)
    assert held(tmp_path / "a") == held(tmp_path / "b")


def test_a_graph_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="no papers"):
        write_bulk(hard(()), tmp_path / "bulk")
    assert not (tmp_path / "bulk").exists()


def test_progress_ends_at_the_number_of_rows(sample_graph: Path, tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    write_bulk(Tables.open(sample_graph), tmp_path, progress=lambda *step: steps.append(step))
    rows = sum(len(p.read_bytes().splitlines()) for p in tmp_path.glob("*.csv") if ".header." not in p.name)
    assert [done for _, done, _ in steps] == sorted(done for _, done, _ in steps)
    assert steps[-1][1:] == (rows, rows)


# -- the import


def test_an_import_makes_what_a_load_makes(neo4j_release: str, hostile: tuple[str, ...], tmp_path: Path) -> None:
    long = 'naïve "words", ' * 500_000  # 8 MB
    tables = hard((*HARD, *hostile))
    tables.tables["papers"] = pl.concat([tables.read("papers"), hard(("short",)).read("papers").with_columns(abstract=pl.lit(long))])
    script = write_bulk(tables, tmp_path / ODD)
    run_import(script, tmp_path / "home", neo4j_release)
    with running(neo4j_release, tmp_path / "home") as server, Neo4j(server.uri, auth=server.auth) as opened:
        first = load(opened, tables)
        assert (first.written, first.removed, first.released) == (0, 0, 0)
        imported, labels = read(opened), opened.read(LABELLED)
        empty(server)
        second = load(opened, tables)
        assert second.written == first.nodes + first.relations > 0
        assert_equal(imported, read(opened))
        assert sorted(labels) == sorted(opened.read(LABELLED))
    assert {len(row["abstract"]) for row in imported["Paper"]} > {len(long)}


def assert_equal(imported: dict[str, list[dict[str, Any]]], loaded: dict[str, list[dict[str, Any]]]) -> None:
    assert imported.keys() == loaded.keys()
    for name, rows in loaded.items():
        assert len(imported[name]) == len(rows)
        for one, other in zip(imported[name], rows, strict=True):
            assert one == other, name
            assert {k: type(v) for k, v in one.items()} == {k: type(v) for k, v in other.items()}


@pytest.mark.parametrize("neo4j_release", [LTS], indirect=True)
def test_a_second_import_is_refused_but_for_the_option_that_is_passed_on(sample_graph: Path, neo4j_release: str, tmp_path: Path) -> None:
    script = write_bulk(Tables.open(sample_graph), tmp_path / "bulk")
    run_import(script, tmp_path / "home", neo4j_release)
    with pytest.raises(RuntimeError, match="overwrite-destination"):
        run_import(script, tmp_path / "home", neo4j_release)
    assert "nodes" in run_import(script, tmp_path / "home", neo4j_release, "--overwrite-destination")


# -- the command


@pytest.fixture
def recorder(tmp_path: Path) -> Path:
    """What stands in for neo4j-admin: it prints its folder and each of its arguments on a line."""
    tool = tmp_path / "record it"
    tool.write_text("""#!/bin/sh\npwd\nprintf '%s\\n' "$@"\n""", encoding="utf-8")
    tool.chmod(0o755)
    return tool


@pytest.mark.parametrize("database", ["neo4j", 'it\'s a "b" $HOME `id`'])
def test_the_command_prints_what_imports_the_files(sample_graph: Path, tmp_path: Path, recorder: Path, database: str) -> None:
    done = subprocess.run([KG, "load", "--bulk", ODD, "-g", sample_graph, "--database", database], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, f"sh {shlex.quote(f'{ODD}/import.sh')}\n")
    assert f"“{database}”" in done.stderr
    (tmp_path / "other" / ODD).mkdir(parents=True)
    environment = {**os.environ, "NEO4J_ADMIN": str(recorder), "CDPATH": str(tmp_path / "other")}
    ran = subprocess.run(["sh", "-c", done.stdout], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    place, *arguments = ran.stdout.splitlines()
    assert place == str(tmp_path / ODD)
    assert arguments[:4] == ["database", "import", "full", database]
    files = [name for a in arguments if a.startswith(("--nodes=", "--relationships=")) for name in a.rpartition("=")[2].split(",")]
    assert {(tmp_path / ODD / name).resolve() for name in files} == {p.resolve() for p in (tmp_path / ODD).glob("*.csv")}


# -- as a whole or not at all


def test_writing_again_replaces_what_was_written_before(sample_graph: Path, pages_graph: Path, tmp_path: Path) -> None:
    write_bulk(Tables.open(sample_graph), tmp_path / "bulk")  # with authors, which the pages lack
    write_bulk(Tables.open(pages_graph), tmp_path / "bulk")
    write_bulk(Tables.open(pages_graph), tmp_path / "fresh")
    assert held(tmp_path / "bulk") == held(tmp_path / "fresh")


@pytest.mark.parametrize("names", [["notes.txt"], ["sub/notes.txt"], ["import.sh"], ["import.sh", "notes.csv"]])
def test_a_folder_that_holds_other_files_is_refused_and_left_alone(sample_graph: Path, tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("mine", encoding="utf-8")
    before = held(tmp_path)
    with pytest.raises(StoreError, match="holds other files") as refused:
        write_bulk(Tables.open(sample_graph), tmp_path)
    assert "\n" not in str(refused.value)
    assert held(tmp_path) == before


def test_a_file_of_others_beside_ours_is_not_deleted(sample_graph: Path, tmp_path: Path) -> None:
    write_bulk(Tables.open(sample_graph), tmp_path)
    (tmp_path / "mine.csv").write_text("mine", encoding="utf-8")
    outcome = None
    try:
        write_bulk(Tables.open(sample_graph), tmp_path)
    except StoreError as error:
        outcome = str(error)
    assert outcome is None or "holds other files" in outcome
    assert (tmp_path / "mine.csv").read_text(encoding="utf-8") == "mine"


def test_what_an_import_leaves_behind_does_not_stop_the_next_writing(sample_graph: Path, tmp_path: Path) -> None:
    write_bulk(Tables.open(sample_graph), tmp_path)
    before = held(tmp_path)
    (tmp_path / "import.report").write_text("", encoding="utf-8")
    write_bulk(Tables.open(sample_graph), tmp_path)
    assert before.items() <= held(tmp_path).items()


KILLED = """
import os, signal, sys
from kg.stores.neo4j_bulk import write_bulk
from kg.tables import Tables
event, name = sys.argv[3:]
sys.addaudithook(lambda *said: said[0] == event and str(said[1][event == "os.rename"]).endswith(name) and os.kill(os.getpid(), signal.SIGKILL))
write_bulk(Tables.open(sys.argv[1]), sys.argv[2])
"""


@pytest.mark.parametrize(("event", "name"), [("open", "USES.header.csv"), ("os.rename", "USES.csv"), ("os.rename", "import.sh")])
def test_a_writing_that_is_killed_does_not_stop_the_next(sample_graph: Path, tmp_path: Path, event: str, name: str) -> None:
    write_bulk(Tables.open(sample_graph), tmp_path)
    before = held(tmp_path)
    cut = subprocess.run([sys.executable, "-c", KILLED, sample_graph, tmp_path, event, name])
    assert cut.returncode == -signal.SIGKILL
    assert (before.items() <= held(tmp_path).items()) == (event == "open"), "the script is there if its files are"
    assert (tmp_path / "import.sh").exists() == (event == "open")
    write_bulk(Tables.open(sample_graph), tmp_path)
    assert before.items() <= held(tmp_path).items()


LIMITED = """
import resource, sys
from kg.errors import StoreError
from kg.stores.neo4j_bulk import write_bulk
from kg.tables import Tables
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    write_bulk(Tables.open(sys.argv[1]), sys.argv[2])
except StoreError as error:
    print(error)
"""


@pytest.mark.parametrize("limit", [0, 100, 20_000])
def test_a_disk_that_is_full_leaves_the_former_files(sample_graph: Path, tmp_path: Path, limit: int) -> None:
    folder = tmp_path / "bulk"
    write_bulk(hard(("former",)), folder)
    before = held(folder)
    done = subprocess.run([sys.executable, "-c", LIMITED, sample_graph, folder, str(limit)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(rf"{re.escape(str(folder))}: cannot be written \(.+\)\n", done.stdout)
    assert held(folder) == before


@pytest.mark.parametrize("former", [False, True])
def test_a_folder_that_cannot_be_written_is_said_and_keeps_its_files(sample_graph: Path, former: bool) -> None:
    tables = Tables.open(sample_graph)
    graph = Made({name: tables.read(name) for name in ("papers", "entities", "facts", "results")})
    with tempfile.TemporaryDirectory(prefix="kg-read-only-") as place:
        folder = Path(place) / "bulk"
        folder.mkdir()
        if former:
            write_bulk(graph, folder)
        before = held(folder)
        Path(place).chmod(0o755)
        folder.chmod(0o555)
        with unprivileged(), pytest.raises(StoreError, match="Permission denied") as refused:
            write_bulk(graph, folder)
        folder.chmod(0o755)
        assert held(folder) == before
    assert str(refused.value) == f"{folder}: cannot be written (Permission denied)"


def test_a_file_where_the_folder_should_be_is_said(sample_graph: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for folder in (tmp_path / "file", tmp_path / "file" / "under"):
        with pytest.raises(StoreError, match="cannot be written") as refused:
            write_bulk(Tables.open(sample_graph), folder)
        assert "\n" not in str(refused.value)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"
