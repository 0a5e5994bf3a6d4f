"""A load makes a server hold exactly the graph, beside what others keep there, however often it is cut off."""

import contextlib
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import neo4j
import polars as pl
import pytest
from conftest import available
from generated import generated
from neo4j_server import LTS, Server, empty, running
from networkx.utils import graphs_equal
from proxy import COMMIT, between

from kg.ask import ask
from kg.assemble import build, remove
from kg.errors import KgError, StoreError
from kg.graph import from_neo4j
from kg.graph import load as load_folder
from kg.stores.model import LABELS, Source
from kg.stores.neo4j import Neo4j
from kg.stores.neo4j_load import Loaded, Progress, load, parts
from kg.tables import SCHEMAS, Tables, frame

KG = Path(sys.executable).with_name("kg")
PAPERS = 700  # of a graph that takes a few seconds to load


@dataclass(frozen=True)
class Made:
    """A graph in memory."""

    frames: Mapping[str, pl.DataFrame]

    def read(self, table: str) -> pl.DataFrame:
        return self.frames[table]

    def but(self, table: str, id_: str, **values: Any) -> "Made":
        """Return the graph with other values in a row."""
        rows = [{**row, **(values if row["id"] == id_ else {})} for row in self.frames[table].to_dicts()]
        return replace(self, frames={**self.frames, table: frame(table, rows)})


NAMED = {
    "a": ["method:lora", "dataset:glue", "metric:f1"],
    "b": ["method:lora", "method:adam", "dataset:glue"],
    "c": ["method:adam", "task:parsing"],
}
ALIASES = {"method:lora": ["LoRA", "Low-Rank Adaptation"]}


def made(*papers: str) -> Made:
    """Return a graph of some of three papers, which share entities; `b` says that LoRA is based on Adam."""
    passage: dict[str, Any] = {"score": 0.5, "field": "abstract", "start": 0, "end": 9, "sentence": "We use x."}
    named = Counter(name for paper in papers for name in NAMED[paper])
    facts = [{**passage, "source": p, "target": e, "role": "uses", "paper": p, "marks": [[7, 8]], "further": []} for p in papers for e in NAMED[p]]
    if "b" in papers:
        facts += [{**facts[0], "source": "method:lora", "target": "method:adam", "role": "based_on", "paper": "b"}]
    lists: dict[str, list[str]] = {name: [] for name in ("categories", "code_urls", "other_ids", "versions")}
    rows: dict[str, list[dict[str, Any]]] = {
        "papers": [{"id": p, "title": f"On {p}", "abstract": "We use x.", "authors": ["Ada", p], "sources": ["x.jsonl"], **lists} for p in papers],
        "entities": [
            {
                "id": e,
                "name": e.split(":")[1],
                "type": e.split(":")[0],
                "aliases": ALIASES.get(e, [e.split(":")[1]]),
                "generic": False,
                "papers": n,
                "other_ids": [],
            }
            for e, n in sorted(named.items())
        ],
        "facts": facts,
        "results": [
            {**passage, "id": f"{p}#1", "paper": p, "value": "9.1", "relative": False, "method": "method:lora", "dataset": "dataset:glue"}
            for p in papers
            if "method:lora" in NAMED[p]
        ],
    }
    return Made({name: frame(name, rows.get(name, [])) for name in SCHEMAS})


@pytest.fixture
def store(neo4j: Server) -> Iterator[Neo4j]:
    """An empty database."""
    with Neo4j(neo4j.uri, auth=neo4j.auth) as opened:
        opened.write("MATCH (n) DETACH DELETE n")
        yield opened


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """A graph that is loaded in a dozen batches."""
    return Tables.open(generated(tmp_path_factory.mktemp("larger") / "graph", papers=PAPERS))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a server of the tests' own keeps its data from start to start; nothing is said of what it holds."""
    available(LTS)
    return tmp_path_factory.mktemp("neo4j") / "home"


Content = dict[str, Counter[str]]


def content(store: Neo4j) -> Content:
    """Return all nodes and relations of a database, as text."""
    nodes = [[sorted(labels), properties] for labels, properties in store.read("MATCH (n) RETURN labels(n), properties(n)")]
    relations = store.read("MATCH (a)-[r]->(b) RETURN type(r), a.id, b.id, properties(r)")
    return {"nodes": Counter(json.dumps(n, sort_keys=True) for n in nodes), "relations": Counter(json.dumps(r, sort_keys=True) for r in relations)}


def fresh(store: Neo4j, graph: Source) -> Content:
    """Return what a database holds into which nothing but this graph was loaded."""
    store.write("MATCH (n) DETACH DELETE n")
    load(store, graph)
    return content(store)


def identities(found: Content) -> set[str]:
    """Return of each node of ours its id, of each relation its type, ends and paper."""
    nodes, relations = ([json.loads(text) for text in found[kind]] for kind in ("nodes", "relations"))
    ids = {properties["id"] for labels, properties in nodes if "Kg" in labels}
    return ids | {json.dumps([type_, a, b, properties["paper"]]) for type_, a, b, properties in relations if properties.get("kg")}


def holds(store: Neo4j, graph: Source) -> bool:
    """Tell whether the database has each node and relation of the graph once, as the graph has it, and no other of ours."""
    wanted: Counter[int] = Counter()
    for part in parts(graph):
        wanted.update(part.frame["kg_hash"].to_list())
    found = store.read("MATCH (n:Kg) RETURN n.kg_hash UNION ALL MATCH ()-[r {kg: true}]->() RETURN r.kg_hash AS `n.kg_hash`")
    return Counter(hash_ for (hash_,) in found) == wanted


def said(error: KgError, auth: tuple[str, str] | None = None) -> str:
    """Return the message, which is one line and shows no password."""
    text = str(error)
    assert "\n" not in text
    assert len(text) < 400
    assert auth is None or auth[1] not in text
    return text


# -- what a load makes of what is there ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("server", ["neo4j", "newest_neo4j"])
def test_every_release_holds_the_graph_once_and_a_second_load_writes_nothing(request: pytest.FixtureRequest, server: str, sample_graph: Path) -> None:
    release: Server = request.getfixturevalue(server)
    empty(release)
    tables = Tables.open(sample_graph)
    with Neo4j(release.uri, auth=release.auth) as store:
        first = load(store, tables)
        assert holds(store, tables)
        ((nodes, relations),) = store.read("MATCH (n) WITH count(n) AS nodes MATCH ()-[r]->() RETURN nodes, count(r)")
        assert first == Loaded(nodes=nodes, relations=relations, written=nodes + relations)
        assert load(store, tables) == Loaded(nodes=nodes, relations=relations)
        assert load(store, tables, replace=True) == first
        assert holds(store, tables)
    assert graphs_equal(from_neo4j(release.uri, auth=release.auth), load_folder(sample_graph))


def test_papers_removed_added_and_changed_leave_what_a_fresh_load_would(store: Neo4j, sample: Path, tmp_path: Path) -> None:
    lines = sample.read_text(encoding="utf-8").splitlines()[:12]
    papers = [json.loads(line) for line in lines]
    changed = {**papers[3], "abstract": f"We use LoRA with Adam. {papers[3]['abstract']}"}
    added = {"id": "new", "title": "A paper that is new", "abstract": "We introduce Newton and train it with LoRA and Adam on GLUE."}
    (tmp_path / "papers.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "more.jsonl").write_text("".join(json.dumps(p) + "\n" for p in (changed, added)), encoding="utf-8")
    folder = build([tmp_path / "papers.jsonl"], tmp_path / "graph", model="fast").folder
    old = Tables.open(shutil.copytree(folder, tmp_path / "old"))
    remove([papers[0]["id"], papers[7]["id"]], folder)
    build([tmp_path / "more.jsonl"], folder)
    new = Tables.open(folder)
    after, before = fresh(store, new), fresh(store, old)
    for graph, there, here in ((new, before, after), (old, after, before)):
        done = load(store, graph)
        assert content(store) == here
        assert done.nodes == here["nodes"].total()
        assert done.relations == here["relations"].total()
        assert done.written == sum((here[kind] - there[kind]).total() for kind in here) > 0
        assert done.removed == len(identities(there) - identities(here)) > 0
        assert done.released == 0
        assert load(store, graph) == Loaded(done.nodes, done.relations)


def test_a_row_that_changed_is_written_alone(store: Neo4j) -> None:
    load(store, made("a", "b"))
    changed = made("a", "b").but("papers", "a", venue="ACL", title="it's \\ `new` $x {y}")
    assert load(store, changed).written == 1
    assert store.read("MATCH (p:Paper {id: 'a'}) RETURN p.venue, p.title") == [("ACL", "it's \\ `new` $x {y}")]
    assert load(store, made("a", "b")).written == 1
    assert store.read("MATCH (p:Paper {id: 'a'}) RETURN p.venue, p.title") == [(None, "On a")]


def test_a_graph_without_papers_takes_all_that_is_ours_away(store: Neo4j) -> None:
    load(store, made("a", "b", "c"))
    store.write("CREATE (:Theirs {id: 'a'})")
    ((before,),) = store.read("MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN count(DISTINCT n) + count(r)")
    assert load(store, made()) == Loaded(removed=before - 1)
    assert store.read("MATCH (n) RETURN labels(n), n.id") == [(["Theirs"], "a")]


def test_what_was_deleted_by_hand_comes_back(store: Neo4j) -> None:
    graph = made("a", "b", "c")
    load(store, graph)
    store.write("MATCH (n {id: 'method:lora'}) DETACH DELETE n")
    store.write("MATCH ()-[r:AUTHORED]->() DELETE r")
    assert not holds(store, graph)
    load(store, graph)
    assert holds(store, graph)


def test_a_data_set_that_becomes_a_benchmark_stays_the_node_it_was(store: Neo4j) -> None:
    load(store, made("a", "b"))
    store.write("MATCH (g:Dataset {id: 'dataset:glue'}) CREATE (:Theirs {name: 'us'})-[:LIKES]->(g)")
    who = "MATCH (n {id: 'dataset:glue'}) RETURN elementId(n)"
    before = store.read(who)
    done = load(store, made("a", "b").but("entities", "dataset:glue", type="benchmark"))
    assert store.read(who) == before
    ((labels, kind),) = store.read("MATCH (n {id: 'dataset:glue'}) RETURN labels(n), n.kind")
    assert (set(labels), kind) == ({"Kg", "Entity", "Benchmark"}, "benchmark")
    assert store.read("MATCH (:Theirs)-[:LIKES]->(b:Benchmark)<-[:USES]-(p:Paper) RETURN count(p)") == [(2,)]
    assert (done.written, done.removed, done.released) == (1, 0, 0)


# -- what is theirs ------------------------------------------------------------------------------------------------------------

THEIRS = [
    "CREATE (:Paper {title: 'without an id'})",
    "CREATE (:Theirs {id: 'a', name: 'with the id of one of ours'})",
    "CREATE (:Person {name: 'Ada'})-[:LIKES {since: 2020}]->(:Theirs {name: 'theirs'})",
    "MATCH (a:Paper {id: 'a'}), (b:Paper {id: 'b'}) CREATE (a)-[:LIKES {how: 'much'}]->(b)",
    "MATCH (a:Paper {id: 'a'}), (m:Method {id: 'method:lora'}) CREATE (a)-[:USES {paper: 'a', by: 'hand'}]->(m)",
    "MATCH (m:Method {id: 'method:lora'}) CREATE (:Person {name: 'Bo'})-[:USES {paper: 'x'}]->(m)",
    "MATCH (m:Method {id: 'method:lora'}) CREATE (m)-[:CALLED]->(:Theirs {name: 'a name'})",
]


def theirs(store: Neo4j) -> Content:
    """Return the nodes and relations that are not ours."""
    nodes = store.read("MATCH (n) WHERE NOT n:Kg RETURN elementId(n), labels(n), properties(n)")
    relations = store.read("MATCH (a)-[r]->(b) WHERE r.kg IS NULL RETURN elementId(a), elementId(r), type(r), elementId(b), properties(r)")
    return {"nodes": Counter(map(json.dumps, nodes)), "relations": Counter(map(json.dumps, relations))}


def test_nodes_and_relations_of_others_are_left_alone(store: Neo4j) -> None:
    load(store, made("a", "b"))
    for statement in THEIRS:
        store.write(statement)
    before = theirs(store)
    assert before["nodes"].total() == 6
    assert before["relations"].total() == 5
    changed = made("a", "b", "c").but("entities", "method:lora", name="LORA").but("papers", "a", title="Other")
    for graph, anew in ((made("a", "b"), False), (changed, False), (made("a", "b"), True), (changed, False)):
        load(store, graph, replace=anew)
        assert holds(store, graph)
        assert theirs(store) == before


def test_properties_and_labels_that_others_gave_our_nodes_survive_until_replace(store: Neo4j) -> None:
    load(store, made("a", "b"))
    store.write("MATCH (p:Paper {id: 'a'}) SET p:Read, p.stars = 5, p.title = 'Edited by hand'")
    store.write("MATCH (:Paper {id: 'a'})-[r:USES]->(:Method) SET r.sure = true, r.sentence = 'Edited by hand'")
    paper = "MATCH (p:Read {id: 'a'})-[r:USES]->(:Method) RETURN p.stars, p.title, r.sure, r.sentence"
    assert load(store, made("a", "b")).written == 0
    assert store.read(paper) == [(5, "Edited by hand", True, "Edited by hand")]
    load(store, made("a", "b").but("papers", "a", venue="ACL"))
    assert store.read(paper) == [(5, "On a", True, "Edited by hand")]
    load(store, made("a", "b"), replace=True)
    assert store.read(paper) == [(None, "On a", None, "We use x.")]
    assert holds(store, made("a", "b"))


def test_a_node_that_the_graph_lost_but_others_hold_is_released(store: Neo4j) -> None:
    load(store, made("a", "b", "c"))
    store.write("MATCH (p:Paper {id: 'c'}), (t:Task {id: 'task:parsing'}) SET p.stars = 5 CREATE (:Person {name: 'Bo'})-[:LIKES]->(p), (p)-[:NEEDS]->(t)")
    before = content(store)
    done = load(store, made("a", "b"))
    assert holds(store, made("a", "b"))
    assert done.released == 2
    kept = store.read("MATCH (:Person)-[:LIKES]->(p)-[:NEEDS]->(t) RETURN labels(p), p.title, p.stars, p.kg_hash, labels(t), t.name")
    assert kept == [([], "On c", 5, None, [], "parsing")]
    assert done.removed == len(identities(before) - identities(content(store))) - 2 > 0


def test_a_released_node_is_not_counted_and_comes_back_as_a_node_of_its_own(store: Neo4j) -> None:
    load(store, made("a", "b"))
    expected = ask(store, "overview", {})
    load(store, made("a", "b", "c"))
    store.write("MATCH (p:Paper {id: 'c'}) CREATE (:Person {name: 'Bo'})-[:LIKES]->(p)")
    assert load(store, made("a", "b")).released == 1
    assert ask(store, "overview", {}) == expected
    assert load(store, made("a", "b")).released == 0
    load(store, made("a", "b", "c"))
    assert holds(store, made("a", "b", "c"))
    assert store.read("MATCH (:Person)-[:LIKES]->(p) RETURN labels(p), p.title") == [([], "On c")]


def test_a_paper_of_others_with_the_id_of_ours_is_named_and_left(store: Neo4j) -> None:
    load(store, made("a"))
    store.write("CREATE (:Paper {id: 'b', title: 'Theirs'})")
    with pytest.raises(KgError) as refused:
        load(store, made("a", "b"))
    assert store.uri in said(refused.value)
    assert "Paper" in str(refused.value)
    assert store.read("MATCH (p {id: 'b'}) RETURN labels(p), p.title") == [(["Paper"], "Theirs")]
    assert store.read("MATCH (p:Paper&Kg) RETURN p.id") == [("a",)]


def test_papers_of_others_that_share_an_id_are_named_and_left(clean_neo4j: Server) -> None:
    with Neo4j(clean_neo4j.uri, auth=clean_neo4j.auth) as store:
        store.write("CREATE (:Paper {id: 'x', title: 'One'}), (:Paper {id: 'x', title: 'Two'})")
        with pytest.raises(StoreError) as refused:
            load(store, made("a"))
        text = said(refused.value)
        assert store.uri in text
        assert "Paper" in text
        assert store.read("MATCH (p) RETURN p.title ORDER BY p.title") == [("One",), ("Two",)]
        store.write("MATCH (p {title: 'Two'}) DELETE p")
        load(store, made("a"))
        assert holds(store, made("a"))


# -- constraints, indexes, progress ----------------------------------------------------------------------------------------------


def test_ids_are_unique_and_names_titles_and_aliases_are_searched(clean_neo4j: Server) -> None:
    search = "CALL db.index.fulltext.queryNodes('kg_names', $words) YIELD node RETURN node.id"
    with Neo4j(clean_neo4j.uri, auth=clean_neo4j.auth) as store:
        load(store, made("a", "b"))
        constraints = store.read("SHOW CONSTRAINTS YIELD name, type, labelsOrTypes, properties RETURN name, type, labelsOrTypes[0], properties")
        assert sorted(constraints) == sorted((f"kg_{label}_id", "UNIQUENESS", label, ["id"]) for label in (*LABELS, "Entity"))
        assert store.read("SHOW INDEXES YIELD state RETURN DISTINCT state") == [("ONLINE",)]
        with pytest.raises(KgError):
            store.write("CREATE (:Method {id: 'method:lora'})")
        assert store.read(search, {"words": "adaptation"}) == store.read(search, {"words": "lora"}) == [("method:lora",)]
        assert store.read(search, {"words": '"On a"'}) == [("a",)]
        load(store, made("b").but("entities", "method:lora", aliases=["LoRA", "adapters of low rank"]))
        assert store.read(search, {"words": "adapters"}) == [("method:lora",)]
        assert store.read(search, {"words": "adaptation"}) == []


def test_progress_says_what_is_done_of_how_much(store: Neo4j, sample_graph: Path) -> None:
    tables = Tables.open(sample_graph)
    steps: list[tuple[str, int, int]] = []
    done = load(store, tables, progress=lambda *step: steps.append(step))
    assert list(dict.fromkeys(what for what, _, _ in steps)) == ["compare", "nodes", "relations", "remove"]
    counts = [rows for what, rows, _ in steps if what in ("nodes", "relations")]
    assert counts == sorted(counts)
    assert len(counts) > 12  # at least one for each label and type
    assert {total for what, _, total in steps if what in ("nodes", "relations")} == {counts[-1]} == {done.written}
    steps.clear()
    load(store, tables, progress=lambda *step: steps.append(step))
    assert {what for what, _, _ in steps} == {"compare", "remove"}


# -- cut off -------------------------------------------------------------------------------------------------------------------


def half(act: Callable[[], object], after: float = 0.05) -> Progress:
    """Return what does something once, a little after half of the rows are written: amid a batch."""
    timers: list[threading.Timer] = []

    def show(what: str, done: int, total: int) -> None:
        if total and done > total / 2 and not timers:
            timers.append(threading.Timer(after, act))
            timers[0].start()

    return show


def test_a_load_whose_server_is_killed_goes_on_where_it_was(home: Path, larger: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    driver = neo4j.GraphDatabase.driver
    monkeypatch.setattr(neo4j.GraphDatabase, "driver", lambda uri, **options: driver(uri, **{**options, "max_transaction_retry_time": 2}))  # for 15 s
    with running(LTS, home) as server, Neo4j(server.uri, auth=server.auth) as store:
        store.write("MATCH (n) DETACH DELETE n")
        with pytest.raises(StoreError) as cut:
            load(store, larger, progress=half(server.kill))
        assert "no Neo4j server answers" in said(cut.value, server.auth)
        assert "load again" in str(cut.value)
    with running(LTS, home) as server, Neo4j(server.uri, auth=server.auth) as store:
        ((held,),) = store.read("MATCH (n:Kg) RETURN count(n)")
        done = load(store, larger)
        assert held > 0
        assert 0 < done.written < (done.nodes + done.relations) * 0.6
        assert (done.removed, done.released) == (0, 0)
        assert holds(store, larger)


def test_a_connection_that_is_cut_amid_a_batch_is_taken_up_again(store: Neo4j, neo4j: Server, larger: Tables) -> None:
    sent: list[int] = []

    def cut(data: bytes) -> bool:
        sent.append(len(data))
        return len(data) > 40_000 and len([n for n in sent if n > 40_000]) in (3, 8)

    with between(neo4j.uri, cut=cut) as address, Neo4j(f"bolt://{address}", auth=neo4j.auth) as cut_off:
        done = load(cut_off, larger)
    assert len([n for n in sent if n > 40_000]) > 8
    assert done.written == done.nodes + done.relations
    assert holds(store, larger)


def test_a_connection_that_is_cut_amid_a_commit_leaves_nothing_double(store: Neo4j, neo4j: Server, larger: Tables) -> None:
    load(store, made("a"))
    commits: list[bytes] = []

    def cut(data: bytes) -> bool:
        if data.endswith(COMMIT):
            commits.append(data)
        return data.endswith(COMMIT) and bool(started) and len(commits) == 5

    started: list[bool] = []

    def show(what: str, done: int, total: int) -> None:
        if done and not started:
            started.append(True)
            commits.clear()

    with between(neo4j.uri, cut=cut) as address, Neo4j(f"bolt://{address}", auth=neo4j.auth) as cut_off, contextlib.suppress(StoreError):
        load(cut_off, larger, progress=show)
    assert len(commits) >= 5
    load(store, larger)
    assert holds(store, larger)


def test_ctrl_c_amid_a_load_is_one_line_and_the_next_goes_on(store: Neo4j, neo4j_env: Server, larger: Tables) -> None:
    command: list[str | Path] = [KG, "load", neo4j_env.uri, "-g", larger.folder]
    for rows in (500, 2_500, 4_500):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
        while store.read("MATCH ()-[r {kg: true}]->() RETURN count(r) > $rows", {"rows": rows}) == [(False,)]:
            assert process.poll() is None
            time.sleep(0.02)
        shown = Path(f"/proc/{process.pid}/cmdline")
        if shown.exists():
            assert neo4j_env.auth[1] not in shown.read_text(encoding="utf-8")
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=30)
        assert process.returncode == 130, err
        assert re.fullmatch(r"\n?kg: stopped; what was loaded.* stays; load again to go on\n", err)
        assert out == ""
        assert not holds(store, larger)
    again = subprocess.run(command, capture_output=True, text=True)
    assert (again.returncode, again.stdout, again.stderr.count("\n")) == (0, "", 1)
    assert " rows written in " in again.stderr
    assert holds(store, larger)


# -- others at the same time -----------------------------------------------------------------------------------------------------


def test_two_loads_of_one_graph_at_once_leave_it_once(store: Neo4j, neo4j: Server, larger: Tables) -> None:
    errors: list[KgError] = []
    ended: list[Loaded] = []

    def run() -> None:
        try:
            with Neo4j(neo4j.uri, auth=neo4j.auth) as own:
                ended.append(load(own, larger))
        except KgError as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ended) + len(errors) == 2
    assert all(said(error, neo4j.auth) for error in errors)
    twice = store.read("MATCH (n:Kg) WITH n.id AS id, count(*) AS times WHERE times > 1 RETURN id")
    assert twice == []
    again = load(store, larger)
    assert again.written == 0 or errors
    assert holds(store, larger)


def test_a_load_that_another_one_takes_the_nodes_from_says_so(store: Neo4j, neo4j: Server) -> None:
    taken: list[Loaded] = []

    def take(what: str, done: int, total: int) -> None:
        if what == "relations" and not taken:
            with Neo4j(neo4j.uri, auth=neo4j.auth) as other:
                taken.append(load(other, made("c")))

    with pytest.raises(StoreError) as refused:
        load(store, made("a", "b"), progress=take)
    assert taken[0].removed > 0
    assert "load again" in said(refused.value)
    load(store, made("a", "b"))
    assert holds(store, made("a", "b"))


# -- a server that does not take it ----------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="another process cannot be kept from writing")
def test_a_full_disk_is_said_and_the_next_load_goes_on(home: Path, larger: Tables) -> None:
    with running(LTS, home) as server, Neo4j(server.uri, auth=server.auth) as store:
        assert server.process
        store.write("MATCH (n) DETACH DELETE n")
        largest = max(path.stat().st_size for path in home.rglob("*") if path.is_file())
        _, hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (largest + 2_000_000, hard))  # as if the disk were full
        with pytest.raises(StoreError) as refused:
            load(store, larger)
        assert "disk" in said(refused.value)
        with pytest.raises(StoreError) as refused:
            load(store, larger)
        assert "restart" in said(refused.value)
    with running(LTS, home) as server, Neo4j(server.uri, auth=server.auth) as store:
        load(store, larger)
        assert holds(store, larger)


def test_a_database_that_only_reads_is_named_and_stays_as_it_was(home: Path) -> None:
    if not home.exists():
        with running(LTS, home):
            pass
    with running(LTS, home, {"server.databases.read_only": "neo4j"}) as server, Neo4j(server.uri, auth=server.auth) as store:
        before = content(store)
        for graph in (made("a"), made()):
            with pytest.raises(KgError) as refused:
                load(store, graph)
            assert server.uri in said(refused.value)
            assert "read" in str(refused.value)
        assert content(store) == before


# -- the command -----------------------------------------------------------------------------------------------------------------


def kg(*words: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([KG, *map(str, words)], capture_output=True, text=True, env={**os.environ, **env}, timeout=120)


def test_the_command_says_in_one_line_what_it_did(store: Neo4j, neo4j_env: Server, sample_graph: Path) -> None:
    first, second = (kg("load", neo4j_env.uri, "-g", sample_graph) for _ in range(2))
    ((nodes, relations),) = store.read("MATCH (n) WITH count(n) AS nodes MATCH ()-[r]->() RETURN nodes, count(r)")
    held = f"{neo4j_env.uri}: {nodes:,} nodes and {relations:,} relations of {sample_graph}; "
    assert first.stderr.startswith(f"{held}{nodes + relations:,} rows written in ")
    assert second.stderr == f"{held}nothing was new\n"
    for done in (first, second):
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (0, "", 1)
        assert neo4j_env.auth[1] not in done.stderr
    store.write("MATCH (p:Paper {id: 'arxiv:1706.03762'}) SET p.stars = 5, p.title = 'Edited by hand'")
    assert kg("load", neo4j_env.uri, "-g", sample_graph, "--replace").returncode == 0
    assert store.read("MATCH (p {id: 'arxiv:1706.03762'}) RETURN p.title, p.stars") == [("Attention Is All You Need", None)]


def test_the_command_says_what_it_took_away(store: Neo4j, neo4j_env: Server, sample_graph: Path) -> None:
    load(store, made("a", "b"))
    store.write("MATCH (p:Paper {id: 'a'}) CREATE (:Person {name: 'Bo'})-[:LIKES]->(p)")
    done = kg("load", neo4j_env.uri, "-g", sample_graph)
    assert done.stderr.endswith(" removed, 1 released, for relations of others hold them\n")


@pytest.mark.parametrize("password", ["s3cret-of-a-person", ""], ids=["wrong", "none"])
def test_the_command_without_the_password_names_the_variables(neo4j: Server, sample_graph: Path, password: str) -> None:
    done = kg("load", neo4j.uri, "-g", sample_graph, NEO4J_USERNAME="neo4j", NEO4J_PASSWORD=password)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "NEO4J_PASSWORD" in done.stderr
    assert "s3cret" not in done.stderr


@pytest.mark.parametrize("words", [(), ("bolt://localhost:1", "--bulk", "out"), ("--bulk", "out", "--replace"), ("graph",), ("http://localhost:7474",)])
def test_the_command_takes_a_server_or_a_folder_for_files(sample_graph: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    done = subprocess.run([KG, "load", *words, "-g", sample_graph], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "SERVER" in done.stderr
    assert list(tmp_path.iterdir()) == []
