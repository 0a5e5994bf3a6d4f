import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from kg.errors import GraphError
from kg.tables import FORMAT, SCHEMAS, Tables, frame, write, writing

HOLD = "import sys; from pathlib import Path; from kg.tables import writing\nwith writing(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"


@pytest.fixture
def graph(sample_graph: Path, tmp_path: Path) -> Path:
    """A copy of the sample's graph, to be damaged."""
    return Path(shutil.copytree(sample_graph, tmp_path / "graph"))


def empty() -> dict[str, pl.DataFrame]:
    return {name: frame(name, []) for name in SCHEMAS}


def test_manifest_counts_and_hashes_the_tables(sample_graph: Path) -> None:
    tables = Tables.open(sample_graph)
    assert tables.manifest["format"] == FORMAT
    assert {name: tables.read(name).height for name in SCHEMAS} == tables.manifest["rows"]
    assert tables.manifest["rows"]["papers"] > 40
    assert len(tables.content) == 64


@pytest.mark.parametrize("table", SCHEMAS)
def test_tables_have_their_schema(sample_graph: Path, table: str) -> None:
    tables = Tables.open(sample_graph)
    assert dict(tables.read(table).schema) == {name: type_() if isinstance(type_, type) else type_ for name, type_ in SCHEMAS[table].items()}
    assert tables.scan(table).collect().equals(tables.read(table))


def test_equal_content_has_equal_hashes(tmp_path: Path) -> None:
    for name in "ab":
        with writing(tmp_path / name) as folder:
            write(folder, empty(), {"pipeline": "test"})
    a, b = Tables.open(tmp_path / "a"), Tables.open(tmp_path / "b")
    assert a.content == b.content
    with writing(tmp_path / "b") as folder:
        write(
            folder,
            {**empty(), "entities": frame("entities", [{"id": "x", "name": "X", "type": "task", "aliases": ["X"], "generic": False, "papers": 1}])},
            {"pipeline": "test"},
        )
    assert Tables.open(tmp_path / "b").content != a.content


def test_missing_graph_is_an_error_that_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="kg build"):
        Tables.open(tmp_path / "none")
    (tmp_path / "file").write_text("x")
    with pytest.raises(GraphError, match="file"):
        Tables.open(tmp_path / "file")


def refused(graph: Path) -> str:
    with pytest.raises(GraphError) as caught:
        Tables.open(graph)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", "3", "\x00"])
def test_damaged_manifest_is_an_error(graph: Path, text: str) -> None:
    (graph / "manifest.json").write_text(text, encoding="utf-8")
    assert "--fresh" in refused(graph)


def test_binary_manifest_is_an_error(graph: Path) -> None:
    (graph / "manifest.json").write_bytes(b"\xff\xfe\x00")
    assert "--fresh" in refused(graph)


def test_other_format_is_refused(graph: Path) -> None:
    manifest = json.loads((graph / "manifest.json").read_text(encoding="utf-8"))
    (graph / "manifest.json").write_text(json.dumps({**manifest, "format": FORMAT + 1}), encoding="utf-8")
    assert f"format {FORMAT + 1}" in refused(graph)


def test_missing_table_is_an_error_that_names_it(graph: Path) -> None:
    (graph / "links.parquet").unlink()
    assert "links.parquet is missing" in refused(graph)


@pytest.mark.parametrize("damage", [b"", b"PAR1", b"nothing"])
def test_damaged_table_is_an_error_that_names_it(graph: Path, damage: bytes) -> None:
    (graph / "facts.parquet").write_bytes(damage)
    with pytest.raises(GraphError, match=r"facts\.parquet"):
        Tables.open(graph).read("facts")


def test_commit_cut_short_is_finished_on_opening(sample_graph: Path, tmp_path: Path) -> None:
    for moved in (0, 3, len(SCHEMAS) + 1):
        folder = tmp_path / f"graph{moved}"
        with writing(folder):
            write(folder, empty(), {"pipeline": "test"})
        shutil.copytree(sample_graph, folder / ".commit", ignore=shutil.ignore_patterns(".*", "store*"))
        for path in sorted((folder / ".commit").iterdir(), key=lambda p: p.name == "manifest.json")[:moved]:
            path.replace(folder / path.name)
        assert Tables.open(folder).content == Tables.open(sample_graph).content
        assert not (folder / ".commit").exists()


def test_tables_of_a_write_cut_short_are_not_read(graph: Path) -> None:
    content = Tables.open(graph).content
    (graph / ".next").mkdir()
    (graph / ".next" / "papers.parquet").write_bytes(b"half")
    assert Tables.open(graph).content == content
    with writing(graph):
        write(graph, empty(), {"pipeline": "test"})
    assert not (graph / ".next").exists()


# -- one writer at a time ------------------------------------------------------------------------------------------------------

Hold = Callable[[], subprocess.Popen[str]]


@pytest.fixture
def hold(graph: Path) -> Hold:
    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen([sys.executable, "-c", HOLD, str(graph)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        return process

    return start


def test_second_writer_is_refused_and_told_who_writes(graph: Path, hold: Hold) -> None:
    with hold() as owner:
        with pytest.raises(GraphError, match=f"process {owner.pid} "), writing(graph):
            pass
        assert Tables.open(graph).manifest["rows"]["papers"] > 40  # reading goes on
        owner.communicate("")
    with writing(graph):
        pass


def test_lock_of_a_killed_writer_is_free(graph: Path, hold: Hold) -> None:
    with hold() as owner:
        owner.kill()
        owner.communicate()
    assert (graph / ".owner").exists()
    with writing(graph):
        assert str(os.getpid()) in (graph / ".owner").read_text(encoding="utf-8")
    assert not (graph / ".owner").exists()


def test_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(GraphError, match="cannot be written"), writing(tmp_path / "file" / "graph"):
        pass
