import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.assemble import Built, build
from kg.errors import GraphError, InputError, KgError
from kg.records import FIELDS
from kg.tables import SCHEMAS, Tables

BUILD = "import sys; from kg.assemble import build; build(sys.argv[2:], sys.argv[1], processes=1)"
VERSIONS = (
    '{"id": "p1", "title": "LoRA", "abstract": "We propose LoRA, evaluated on GSM8K.", "date": "--08-28"}\n',
    '{"id": "p1", "title": "LoRA", "abstract": "We propose LoRA, evaluated on GSM8K and GLUE.", "date": "2024-05-12", "venue": "ACL"}\n',
    '{"id": "p2", "title": "QLoRA", "abstract": "We present QLoRA, based on LoRA."}\n{"id": "p1", "title": "LoRA", "authors": ["Ann Lee"]}\n',
    '{"id": "p3", "title": "A note", "abstract": ""}\n',
)

Write = Callable[[str, str], Path]


@pytest.fixture
def file(tmp_path: Path) -> Write:
    def write(name: str, content: str) -> Path:
        path = tmp_path / "in" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return path

    return write


def content(graph: Path) -> dict[str, bytes]:
    """Return the graph's files; the store is a cache of its own."""
    return {p.name: p.read_bytes() for p in sorted(graph.iterdir()) if p.suffix in (".parquet", ".json")}


def make(files: list[Path], graph: Path, **options: bool) -> Built:
    return build(files, graph, processes=1, **options)


# -- same input, same bytes ----------------------------------------------------------------------------------------------------


def test_order_of_the_files_does_not_matter(sample: Path, pages: list[Path], tmp_path: Path) -> None:
    files = [sample, pages[0]]
    assert content(make(files, tmp_path / "a").folder) == content(make(files[::-1], tmp_path / "b").folder)


def test_hash_seed_does_not_matter(sample: Path, tmp_path: Path) -> None:
    for seed in "01":
        subprocess.run([sys.executable, "-c", BUILD, str(tmp_path / seed), str(sample)], check=True, env={**os.environ, "PYTHONHASHSEED": seed})
    assert content(tmp_path / "0") == content(tmp_path / "1")


def test_incremental_build_is_the_fresh_build(pages: list[Path], pages_graph: Path, tmp_path: Path) -> None:
    for page in reversed(pages):
        last = make([page], tmp_path / "graph")
    assert content(tmp_path / "graph") == content(pages_graph)
    assert last.papers == 245
    assert last.read < 60


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["a.jsonl", "b.jsonl", "c.jsonl"]), st.sampled_from(VERSIONS)), min_size=1, max_size=5))
def test_any_sequence_of_builds_ends_where_one_build_does(tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str]]) -> None:
    folder = tmp_path_factory.mktemp("steps")
    # A later file of the same name replaces what it said of its papers; papers that it no longer names stay.
    said: dict[str, dict[str, str]] = {}
    for name, text in steps:
        (folder / name).write_text(text, encoding="utf-8")
        make([folder / name], folder / "graph")
        said.setdefault(name, {}).update({json.loads(line)["id"]: line for line in text.splitlines()})
    for name, lines in said.items():
        (folder / name).write_text("\n".join(lines.values()), encoding="utf-8")
    assert content(folder / "graph") == content(make([folder / n for n in said], folder / "fresh").folder)


def test_building_twice_changes_nothing_and_reads_nothing(file: Write, tmp_path: Path) -> None:
    path = file("a.jsonl", VERSIONS[2])
    first, second = make([path], tmp_path / "g"), make([path], tmp_path / "g")
    assert (first.papers, first.new, first.read, first.changed_graph) == (2, 2, 2, True)
    assert (second.papers, second.new, second.changed, second.read, second.changed_graph) == (2, 0, 0, 0, False)


def test_only_new_and_changed_papers_are_read(file: Write, tmp_path: Path) -> None:
    make([file("a.jsonl", VERSIONS[0])], tmp_path / "g")
    added = make([file("b.jsonl", VERSIONS[2])], tmp_path / "g")
    assert (added.papers, added.new, added.changed, added.read) == (2, 1, 0, 1)
    changed = make([file("a.jsonl", VERSIONS[1])], tmp_path / "g")
    assert (changed.papers, changed.new, changed.changed, changed.read) == (2, 0, 1, 1)


def test_fresh_starts_over(file: Write, tmp_path: Path) -> None:
    make([file("a.jsonl", VERSIONS[0])], tmp_path / "g")
    built = make([file("b.jsonl", VERSIONS[3])], tmp_path / "g", fresh=True)
    assert (built.papers, built.without_abstract) == (1, 1)
    assert Tables.open(tmp_path / "g").read("papers")["id"].to_list() == ["p3"]


# -- papers of several sources -------------------------------------------------------------------------------------------------


def test_dated_version_stands_and_every_source_is_kept(file: Write, tmp_path: Path) -> None:
    make([file("a.jsonl", VERSIONS[1]), file("b.jsonl", VERSIONS[0]), file("c.jsonl", VERSIONS[2])], tmp_path / "g")
    row = Tables.open(tmp_path / "g").read("papers").row(0, named=True)
    assert (row["id"], row["date"], row["year"], row["month"], row["venue"]) == ("p1", "2024-05-12", 2024, 5, "ACL")
    assert row["abstract"].endswith("and GLUE.")
    assert row["authors"] == ["Ann Lee"]
    assert row["sources"] == ["a.jsonl", "b.jsonl", "c.jsonl"]
    assert [(v["source"], v["date"]) for v in row["versions"]] == [("a.jsonl", "2024-05-12"), ("b.jsonl", "--08-28"), ("c.jsonl", None)]


def test_partial_date_stays_partial(file: Write, tmp_path: Path) -> None:
    make([file("a.jsonl", VERSIONS[0])], tmp_path / "g")
    row = Tables.open(tmp_path / "g").read("papers").row(0, named=True)
    assert (row["date"], row["year"], row["month"]) == ("--08-28", None, 8)


# -- what the tables say -------------------------------------------------------------------------------------------------------


def test_evidence_is_in_the_text(pages_graph: Path) -> None:
    tables = Tables.open(pages_graph)
    text = {(p["id"], f): p[f] for p in tables.read("papers").iter_rows(named=True) for f in FIELDS}
    for m in tables.read("mentions").iter_rows(named=True):
        assert text[m["paper"], m["field"]][m["start"] : m["end"]] == m["surface"]
    for name in ("facts", "results"):
        rows = tables.read(name)
        assert rows.height
        for row in rows.iter_rows(named=True):
            assert text[row["paper"], row["field"]][row["start"] : row["end"]] == row["sentence"]
            assert row["sentence"].strip() == row["sentence"] != ""


def test_marks_name_the_ends_of_a_fact(pages_graph: Path) -> None:
    tables = Tables.open(pages_graph)
    aliases = {e["id"]: {*e["aliases"]} for e in tables.read("entities").iter_rows(named=True)}
    for fact in tables.read("facts").iter_rows(named=True):
        named = aliases[fact["target"]] | aliases.get(fact["source"], set())
        marked = {fact["sentence"][a:b] for a, b in fact["marks"]}
        assert marked
        assert marked <= named


def test_tables_fit_together(pages_graph: Path) -> None:
    tables = Tables.open(pages_graph)
    entities, papers, facts = tables.read("entities"), tables.read("papers"), tables.read("facts")
    ids, known = set(entities["id"]), set(papers["id"])
    assert len(ids) == entities.height
    assert entities.select("name", family=entities["id"].str.split(":").list.first()).is_unique().all()
    assert set(tables.read("mentions")["entity"]) == ids
    assert set(facts["target"]) <= ids
    assert set(facts["source"]) <= ids | known
    assert set(tables.read("links")["entity"]) <= ids
    assert facts.filter(facts["role"] != "based_on").select("source", "target").is_unique().all()
    named = facts.filter(facts["role"] != "based_on").group_by("target").len()
    assert dict(named.iter_rows()) == dict(entities.select("id", "papers").iter_rows())


def test_every_alias_on_disk_has_a_judgement(pages_graph: Path) -> None:
    tables = Tables.open(pages_graph)
    links = tables.read("links").filter(tables.read("links")["same"])
    judged = {(row["entity"], name) for row in links.iter_rows(named=True) for name in (row["name"], row["other"])}
    assert {(e["id"], a) for e in tables.read("entities").iter_rows(named=True) for a in e["aliases"] if a != e["name"]} - judged == set()


# -- what goes wrong -----------------------------------------------------------------------------------------------------------


def test_input_error_leaves_the_graph_untouched(file: Write, tmp_path: Path) -> None:
    make([file("a.jsonl", VERSIONS[0])], tmp_path / "g")
    before = content(tmp_path / "g")
    with pytest.raises(InputError):
        make([file("b.jsonl", VERSIONS[2] + "[]\n")], tmp_path / "g")
    assert content(tmp_path / "g") == before
    with pytest.raises(InputError):
        make([tmp_path / "none"], tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_skip_bad_counts(file: Write, tmp_path: Path) -> None:
    built = make([file("a.jsonl", VERSIONS[2] + "[]\n{}\n")], tmp_path / "g", skip_bad=True)
    assert (built.papers, built.skipped) == (2, 2)


def test_folder_of_other_files_is_refused(file: Write, tmp_path: Path) -> None:
    path = file("a.jsonl", VERSIONS[0])
    with pytest.raises(GraphError, match=r"a\.jsonl"):
        make([path], path.parent)
    with pytest.raises(GraphError, match="a file stands"):
        make([path], path)
    assert [p.name for p in path.parent.iterdir()] == ["a.jsonl"]


@pytest.mark.parametrize("fresh", [False, True])
def test_damaged_graph_is_an_error_and_fresh_mends_it(file: Write, tmp_path: Path, fresh: bool) -> None:
    path = file("a.jsonl", VERSIONS[0])
    make([path], tmp_path / "g")
    good = content(tmp_path / "g")
    (tmp_path / "g" / "papers.parquet").write_bytes(b"PAR1 nothing")
    (tmp_path / "g" / "manifest.json").write_text("{" if fresh else json.dumps({**json.loads(good["manifest.json"]), "x": 1}), encoding="utf-8")
    if not fresh:
        with pytest.raises(GraphError, match="--fresh"):
            make([path], tmp_path / "g")
    make([path], tmp_path / "g", fresh=True)
    assert content(tmp_path / "g") == good


# -- killed builds -------------------------------------------------------------------------------------------------------------


def journal(graph: Path, readings: list[str], version: str) -> None:
    graph.mkdir(exist_ok=True)
    (graph / ".readings.jsonl").write_text(version + "\n" + "".join(readings), encoding="utf-8")


@pytest.mark.parametrize("tail", ["", '["p2","abc', "garbage", "\x00\x00", "[]\n", "garbage\n"])
def test_readings_of_a_killed_build_are_kept_whatever_its_last_line(file: Write, tmp_path: Path, tail: str) -> None:
    path = file("a.jsonl", VERSIONS[2])
    fresh = content(make([path], tmp_path / "fresh").folder)
    tables = Tables.open(tmp_path / "fresh")
    first = tables.read("readings")["reading"][0]
    journal(tmp_path / "g", [first + "\n", tail], tables.manifest["pipeline"])
    assert make([path], tmp_path / "g").read == 1
    assert content(tmp_path / "g") == fresh


def test_readings_of_another_pipeline_are_read_again(file: Write, tmp_path: Path) -> None:
    path = file("a.jsonl", VERSIONS[2])
    make([path], tmp_path / "fresh")
    first = Tables.open(tmp_path / "fresh").read("readings")["reading"][0]
    journal(tmp_path / "g", [first + "\n"], "0" * 12)
    assert make([path], tmp_path / "g").read == 2


def test_kill_at_any_moment_leaves_the_old_graph_or_the_new_one(sample: Path, pages: list[Path], tmp_path: Path) -> None:
    old = content(make([sample], tmp_path / "g").folder)
    new = content(make([sample, pages[0]], tmp_path / "new").folder)
    dice = random.Random(0)
    start = time.monotonic()
    subprocess.run([sys.executable, "-c", BUILD, str(tmp_path / "timed"), str(sample), str(pages[0])], check=True)
    usual = time.monotonic() - start
    for moment in [dice.uniform(0.2, 1.05) * usual for _ in range(6)]:
        killed = subprocess.Popen([sys.executable, "-c", BUILD, str(tmp_path / "g"), str(pages[0])])
        time.sleep(moment)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        tables = Tables.open(tmp_path / "g")
        assert {name: tables.read(name).height for name in SCHEMAS} == tables.manifest["rows"]
        assert content(tmp_path / "g") in (old, new)
    make([pages[0]], tmp_path / "g")
    assert content(tmp_path / "g") == new
    assert sorted(p.name for p in (tmp_path / "g").iterdir() if p.name.startswith(".")) in ([], [".lock"])


def test_two_texts_that_one_file_gives_for_one_id_are_both_recorded(tmp_path: Path) -> None:
    records = [{"id": "a", "title": "A paper", "abstract": t} for t in ("We use LoRA.", "We use LoRA and BERT.")]
    for name, texts in (("one", records), ("other", records[::-1])):
        (tmp_path / name).mkdir()
        (tmp_path / name / "p.jsonl").write_text("".join(json.dumps(r) + "\n" for r in texts), encoding="utf-8")
    graphs = [make([tmp_path / name / "p.jsonl"], tmp_path / name / "graph").folder for name in ("one", "other")]
    assert content(graphs[0]) == content(graphs[1])
    (paper,) = Tables.open(graphs[0]).read("papers").to_dicts()
    assert paper["abstract"] == "We use LoRA and BERT."
    assert [v["abstract"] for v in paper["versions"]] == ["We use LoRA and BERT.", "We use LoRA."]
    (tmp_path / "one" / "p.jsonl").write_text(json.dumps(records[0]) + "\n", encoding="utf-8")
    make([tmp_path / "one" / "p.jsonl"], graphs[0])
    assert Tables.open(graphs[0]).read("papers")["abstract"].to_list() == ["We use LoRA."]


# -- the reader ----------------------------------------------------------------------------------------------------------------


def test_a_graph_is_read_by_the_model_it_was_made_with_unless_another_is_asked_for(sample: Path, tmp_path: Path) -> None:
    graph = tmp_path / "g"
    first = build([sample], graph, processes=1, model="fast", threshold=0.5)
    again = build([sample], graph, processes=1)
    assert (first.read, again.read, again.changed_graph) == (first.papers, 0, False)
    assert {k: Tables.open(graph).manifest[k] for k in ("model", "threshold")} == {"model": "fast", "threshold": 0.5}
    other = build([sample], graph, processes=1, model="best")
    fresh = build([sample], tmp_path / "fresh", processes=1)
    assert (other.read, other.changed_graph) == (first.papers, True)
    assert Tables.open(graph).content == Tables.open(fresh.folder).content


@pytest.mark.parametrize(
    ("options", "message"), [({"model": "fats"}, "near: fast"), ({"threshold": 7.0}, "between 0 and 1"), ({"threshold": float("nan")}, "between")]
)
def test_a_reader_that_cannot_be_is_refused_before_anything_is_written(sample: Path, tmp_path: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(KgError, match=message):
        build([sample], tmp_path / "g", **options)
    assert not (tmp_path / "g" / "manifest.json").exists()
