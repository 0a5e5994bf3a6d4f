"""Pictures: what each view holds and leaves out, the page that is made of it, and the command. What a reader does with a page is in test_picture."""

import os
import random
import re
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from click.testing import CliRunner
from neo4j_server import Server

import kg
from kg import draw, views
from kg.cli import cli
from kg.graph import Graph
from kg.records import ROLES
from kg.stores import Store, connect
from kg.views import SCORED, TOGETHER, View

KG = Path(sys.executable).with_name("kg")
LORA, GSM8K = "method:lora", "dataset:gsm8k"
ASKED: dict[str, Any] = {
    "around": "LoRA",
    "paper": "PiSSA",
    "shared": "LoRA",
    "lineage": "LoRA",
    "benchmark": "GSM8K",
    "compare": ["PiSSA", "Language model compression with weighted low-rank factorization"],
    "cooccurrence": True,
    "communities": True,
    "top": 20,
}
"""What each view is of, here: names that both graphs have."""
ALL = 1000
"""Nodes that no view of these graphs reaches."""


@pytest.fixture(scope="module", params=["sample", "pages"])
def folder(request: pytest.FixtureRequest) -> Path:
    """The folder of each graph."""
    found: Path = request.getfixturevalue(f"{request.param}_graph")
    return found


@pytest.fixture(scope="module")
def store(folder: Path) -> Iterator[Store]:
    with connect(str(folder)) as store:
        yield store


@pytest.fixture(scope="module")
def whole(folder: Path) -> Graph:
    """All of the graph, to compare views with."""
    return kg.load(folder)


@pytest.fixture(scope="module")
def limited(store: Store) -> Callable[[str, int], View]:
    """Each view with a limit, drawn once."""
    return cache(lambda name, limit: chosen(store, name, limit=limit))


@pytest.fixture(scope="module")
def everything(limited: Callable[[str, int], View]) -> dict[str, View]:
    """Each view with nothing left out."""
    return {name: limited(name, ALL) for name in views.VIEWS}


def chosen(store: Store, name: str, **options: Any) -> View:
    return views.choose(store, {name: ASKED[name]}, **options)


def of_kind(graph: Graph, *kinds: str) -> set[str]:
    return {n for n, data in graph.nodes(data=True) if data["kind"] in kinds}


def papers_naming(whole: Graph, entity: str) -> set[str]:
    return {a for a, _, data in whole.in_edges(entity, data=True) if data["role"] in ROLES}


def telling(whole: Graph, paper: str) -> set[str]:
    """Return what a paper names, without what is too broad to say anything."""
    return {e for e in whole.successors(paper) if not whole.nodes[e]["generic"]}


# -- what the views promise --------------------------------------------------------------------------------------------------------


def test_every_view_is_tried() -> None:
    assert ASKED.keys() == views.VIEWS.keys()


def test_around_is_the_entity_with_its_lineage_and_the_papers_that_name_it(store: Store, whole: Graph) -> None:
    view = chosen(store, "around", limit=ALL, hops=1)
    assert view.centre == LORA
    assert of_kind(view.graph, "paper") == papers_naming(whole, LORA)
    kin = {*whole.successors(LORA), *whole.predecessors(LORA)} - of_kind(whole, "paper")
    assert set(view.graph) == {LORA} | papers_naming(whole, LORA) | kin


def test_around_adds_what_several_of_its_papers_name(store: Store, whole: Graph, everything: dict[str, View]) -> None:
    near, view = chosen(store, "around", limit=ALL, hops=1), everything["around"]
    papers = papers_naming(whole, LORA)
    count = Counter(e for p in papers for e in telling(whole, p))
    assert set(view.graph) - set(near.graph) == {e for e, n in count.items() if n > 1} - set(near.graph)


def test_around_adds_what_else_names_that(store: Store, whole: Graph, everything: dict[str, View]) -> None:
    near, view = everything["around"], chosen(store, "around", limit=ALL, hops=3)
    entities = set(near.graph) - of_kind(near.graph, "paper") - {LORA}
    assert of_kind(view.graph, "paper") == set().union(*(papers_naming(whole, e) for e in {LORA, *entities}))
    assert set(view.graph) - of_kind(view.graph, "paper") == {LORA, *entities}


def test_a_paper_stands_with_all_it_names(everything: dict[str, View], whole: Graph) -> None:
    view = everything["paper"]
    assert view.title.startswith("PiSSA:")
    assert set(view.graph.successors(view.centre)) == set(whole.successors(view.centre))


def test_beside_a_paper_stand_those_that_share_the_rarest_with_it(store: Store, whole: Graph) -> None:
    view = chosen(store, "paper", limit=20)
    own = {e for e in telling(whole, str(view.centre)) if whole.nodes[e]["papers"] <= 100}
    papers = {p for p in of_kind(whole, "paper") if telling(whole, p) & own & set(view.graph)} - {view.centre}  # that hang on something that is drawn
    weight = {p: sum(1 / whole.nodes[e]["papers"] for e in own & telling(whole, p)) for p in papers}
    drawn = of_kind(view.graph, "paper") - {view.centre}
    assert set() != drawn <= papers
    assert min(weight[p] for p in drawn) >= max((weight[p] for p in papers - drawn), default=0) - 0.001


def test_sharing_is_a_method_its_papers_and_what_several_of_them_name(everything: dict[str, View], whole: Graph) -> None:
    papers = papers_naming(whole, LORA)
    count = Counter(e for p in papers for e in telling(whole, p) if whole.nodes[e]["kind"] == "method")
    assert set(everything["shared"].graph) == {LORA, *papers, *(e for e, n in count.items() if n > 1)}


@pytest.mark.parametrize("hops", [1, 3])
def test_a_lineage_goes_back_and_on_by_generations(store: Store, whole: Graph, hops: int) -> None:
    view = chosen(store, "lineage", limit=ALL, hops=hops)
    based = nx.DiGraph((a, b) for a, b, data in whole.edges(data=True) if data["role"] == "based_on")
    ancestors = nx.single_source_shortest_path_length(based, LORA, hops)
    descendants = nx.single_source_shortest_path_length(based.reverse(), LORA, hops)
    assert view.layers
    assert view.layers == descendants | {n: -steps for n, steps in ancestors.items()}
    assert view.layers.keys() == set(view.graph)
    assert {data["role"] for *_, data in view.graph.edges(data=True)} == {"based_on"}
    assert max(view.layers.values()) > 0


def test_a_lineage_knows_the_year_in_which_a_method_was_first_named(everything: dict[str, View], whole: Graph) -> None:
    for entity, data in everything["lineage"].graph.nodes(data=True):
        assert data["year"] == min((y for p in papers_naming(whole, entity) if (y := whole.nodes[p]["year"]) is not None), default=None)


def test_a_benchmark_stands_with_papers_methods_and_results(everything: dict[str, View], whole: Graph) -> None:
    graph = everything["benchmark"].graph
    papers = {a for a, _, data in whole.in_edges(GSM8K, data=True) if data["role"] == "evaluates_on"}
    results = [(p, r) for p, data in whole.nodes(data=True) for r in data.get("results", ()) if r["dataset"] == GSM8K and r["method"]]
    stated = [(r["method"], p, " ".join([r["value"], *(whole.nodes[m]["name"] for m in [r["metric"]] if m)])) for p, r in results]
    introduced = {b for p in papers for _, b, data in whole.out_edges(p, data=True) if data["role"] == "introduces"} & of_kind(whole, "method")
    assert set(graph) == {GSM8K} | papers | introduced | {method for method, *_ in stated}
    scores = [(a, data["paper"], data["value"]) for a, _, data in graph.in_edges(GSM8K, data=True) if data["role"] == SCORED]
    assert sorted(scores) == sorted(stated) != []


def test_a_comparison_shows_what_several_papers_name_and_then_the_rest(store: Store, whole: Graph, everything: dict[str, View]) -> None:
    papers = of_kind(everything["compare"].graph, "paper")
    named = [set(whole.successors(p)) for p in papers]
    assert len(papers) == 2
    assert set(everything["compare"].graph) == papers.union(*named)
    common = set.intersection(*named)
    assert set(chosen(store, "compare", limit=2 + len(common)).graph) == papers | common != papers


def test_methods_named_together_weigh_how_many_papers_say_so(store: Store, whole: Graph, everything: dict[str, View]) -> None:
    for a, b, data in everything["cooccurrence"].graph.edges(data=True):
        both = papers_naming(whole, a) & papers_naming(whole, b)
        assert (data["role"], data["weight"]) == (TOGETHER, len(both))
        assert data["paper"] in both
    assert min(data["weight"] for *_, data in everything["cooccurrence"].graph.edges(data=True)) == 2
    assert min(data["weight"] for *_, data in chosen(store, "cooccurrence", limit=ALL, least=3).graph.edges(data=True)) == 3


def test_the_pairs_that_meet_most_come_first(store: Store, everything: dict[str, View]) -> None:
    most = max(data["weight"] for *_, data in everything["cooccurrence"].graph.edges(data=True))
    (weight,) = {data["weight"] for *_, data in chosen(store, "cooccurrence", limit=2).graph.edges(data=True)}
    assert weight == most


def test_a_community_holds_its_most_named_methods(everything: dict[str, View], whole: Graph) -> None:
    graph = everything["communities"].graph
    everyone: dict[int, list[str]] = {}
    for method in sorted(of_kind(whole, "method"), key=lambda m: (-whole.nodes[m]["papers"], m)):
        everyone.setdefault(whole.nodes[method]["community"], []).append(method)
    everyone.pop(None, None)  # type: ignore[call-overload]
    assert of_kind(graph, "community") == {f"community:{number}" for number in everyone}
    for number, members in everyone.items():
        host = f"community:{number}"
        inside = {n for n, data in graph.nodes(data=True) if data.get("inside") == host}
        assert inside == set(members[: len(inside)]) != set()
        assert graph.nodes[host]["papers"] == len(members)
        assert graph.nodes[host]["name"] == ", ".join(whole.nodes[m]["name"] for m in members[:3])


def test_an_edge_between_communities_is_a_paper_that_names_methods_of_both(everything: dict[str, View], whole: Graph) -> None:
    graph = everything["communities"].graph
    between = [(a, b, data) for a, b, data in graph.edges(data=True) if a.startswith("community:")]
    assert between
    for *ends, data in between:
        communities = {f"community:{whole.nodes[e].get('community')}" for e in whole.successors(data["paper"])}
        assert set(ends) <= communities
        assert data["sentence"]


def test_an_overview_is_what_is_named_most_and_the_papers_that_join_it(store: Store, whole: Graph) -> None:
    view = chosen(store, "top")
    entities = set(view.graph) - of_kind(view.graph, "paper")
    rest = {n for n, data in whole.nodes(data=True) if data["kind"] != "paper" and not data["generic"]} - entities
    assert len(entities) == 20
    assert min(whole.nodes[n]["papers"] for n in entities) >= max(whole.nodes[n]["papers"] for n in rest)
    assert all(len(entities & set(whole.successors(p))) > 1 for p in of_kind(view.graph, "paper"))


def test_nothing_asked_for_is_an_overview(store: Store) -> None:
    view = views.choose(store, {})
    assert (view.title, view.asked) == ("Overview", {"top": 60})


@pytest.mark.parametrize("number", [60, 200])
def test_an_overview_of_many_has_papers_as_well(store: Store, number: int) -> None:
    assert of_kind(views.choose(store, {"top": number}).graph, "paper")


@pytest.mark.parametrize("name", ASKED)
def test_a_view_says_what_the_graph_says(everything: dict[str, View], whole: Graph, name: str) -> None:
    for node, data in everything[name].graph.nodes(data=True):
        told = ("name", "kind", "label", "aliases", "generic", "papers", "date", "url")
        assert data["kind"] == "community" or {k: data[k] for k in told if k in data} == {k: whole.nodes[node][k] for k in told if k in data}
    for a, b, key, data in everything[name].graph.edges(data=True, keys=True):
        if data["role"] not in (SCORED, TOGETHER):
            told = ("role", "type", "paper", "title", "sentence", "marks", "further", "score")
            assert {k: data[k] for k in told} == {k: whole.edges[a, b, key][k] for k in told}


def test_neighbours_are_what_is_not_drawn_yet_with_all_that_joins_it(store: Store, whole: Graph) -> None:
    drawn = set(chosen(store, "around", limit=20).graph)
    for node in (LORA, min(drawn & of_kind(whole, "paper"))):
        found = views.neighbours(store, node, whole.nodes[node]["kind"], drawn, limit=5)
        fresh = set(found.graph) - drawn
        assert 0 < len(fresh) <= 5
        assert fresh <= {*whole.successors(node), *whole.predecessors(node)}
        assert bool(found.left_out) == (len({*whole.successors(node), *whole.predecessors(node)} - drawn) > 5)
        joins = {(a, b) for a, b in whole.edges() if {a, b} & fresh and {a, b} <= drawn | fresh}
        assert {(a, b) for a, b in found.graph.edges() if {a, b} & fresh} == joins


# -- how much ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", [1, 5, 20, 150])
@pytest.mark.parametrize("name", ASKED)
def test_a_view_is_bounded(limited: Callable[[str, int], View], name: str, limit: int) -> None:
    asked_for = len(ASKED["compare"]) if name == "compare" else 0  # what is compared is drawn in any case
    assert 0 < len(limited(name, limit).graph) <= max(limit, asked_for)


@pytest.mark.parametrize("limit", [1, 5, 20, 150])
@pytest.mark.parametrize("name", ASKED)
def test_a_view_says_that_it_leaves_something_out(limited: Callable[[str, int], View], everything: dict[str, View], name: str, limit: int) -> None:
    view = limited(name, limit)
    if len(view.graph) < len(everything[name].graph):
        assert "Not drawn: " in draw.note(view)
        assert f"--limit {view.larger}" in draw.note(view)
        assert view.larger
        assert len(limited(name, view.larger).graph) > len(view.graph)
    else:
        assert "--limit" not in draw.note(view)


def test_a_wide_surrounding_says_that_it_leaves_something_out(store: Store) -> None:
    view = chosen(store, "around", hops=3, limit=60)
    assert len(view.graph) == 60 < len(chosen(store, "around", hops=3, limit=ALL).graph)
    assert "--limit 120" in draw.note(view)


@pytest.mark.parametrize("limit", [1, 5, 20])
@pytest.mark.parametrize("name", [name for name in ASKED if name != "communities"])
def test_what_is_left_out_is_counted(limited: Callable[[str, int], View], everything: dict[str, View], name: str, limit: int) -> None:
    """Papers, and co-occurring methods, exactly; of names only those are known that hang on what is drawn."""
    view = limited(name, limit)
    missing, papers = set(everything[name].graph) - set(view.graph), of_kind(everything[name].graph, "paper")
    said = {noun: int(n.replace(",", "")) for n, noun in re.findall(r"([\d,]+) (paper|name|method)", view.left_out.partition("Not drawn")[2])}
    assert said.pop("paper", 0) == len(missing & papers)
    assert sum(said.values()) <= len(missing - papers)
    assert name != "cooccurrence" or sum(said.values()) == len(missing)


@pytest.mark.parametrize("limit", [5, 20])
@pytest.mark.parametrize("name", ["around", "paper", "shared", "lineage", "benchmark", "compare", "cooccurrence"])
def test_nothing_hangs_in_the_air(limited: Callable[[str, int], View], name: str, limit: int) -> None:
    graph = limited(name, limit).graph
    assert [n for n in graph if not graph.degree(n)] == []


# -- what cannot be drawn ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", [{name: value} for name in ("around", "paper", "shared", "lineage", "benchmark") for value in ("no such thing", "")], ids=str)
def test_a_name_that_does_not_exist(sample_graph: Path, asked: dict[str, Any]) -> None:
    with pytest.raises(kg.UnknownName):
        kg.view(sample_graph, **asked)


def test_a_name_of_another_kind(sample_graph: Path) -> None:
    for asked in ({"shared": "GSM8K"}, {"benchmark": "LoRA"}, {"compare": ["PiSSA", "LoRA rank one million"]}):
        with pytest.raises(kg.UnknownName):
            kg.view(sample_graph, **asked)


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"around": "LoRA", "top": 5}, "one thing, not around and top"),
        ({"elsewhere": "LoRA"}, "no view “elsewhere”"),
        ({"top": 5, "hops": 2}, "hops is not an option of the view top"),
        ({"around": "LoRA", "least": 2}, "least is not an option of the view around; it has hops"),
        ({"around": "LoRA", "limit": 0}, "at least one node"),
        ({"compare": ["PiSSA"]}, "two papers or more"),
        ({"compare": "PiSSA"}, "two papers or more"),
        ({"compare": ["PiSSA", "PiSSA"]}, "two papers or more"),
        ({"compare": ["PiSSA", "arxiv:2404.02948"]}, "two papers or more"),
    ],
)
def test_a_picture_that_makes_no_sense(sample_graph: Path, asked: dict[str, Any], reason: str) -> None:
    with pytest.raises(kg.KgError, match=reason):
        kg.view(sample_graph, **asked)


def test_a_part_of_a_graph_is_drawn_as_it_is(sample_graph: Path) -> None:
    with pytest.raises(kg.KgError, match="drawn as it is"):
        kg.view(kg.load(sample_graph, around="LoRA"), around="LoRA")
    with pytest.raises(kg.KgError, match="drawn as it is"):
        kg.view(kg.load(sample_graph, around="LoRA"), limit=5)


# -- the page ----------------------------------------------------------------------------------------------------------------------


def markup(html: str) -> str:
    """Return a page without what is inside its scripts and styles."""
    return re.sub(r"(<(script|style)[^>]*>).*?</\2>", r"\1", html, flags=re.DOTALL)


@pytest.mark.parametrize("name", ASKED)
def test_the_same_graph_gives_the_same_page(sample_graph: Path, name: str) -> None:
    random.seed(1)
    first = kg.view(sample_graph, **{name: ASKED[name]})
    random.seed(2)
    before = random.getstate()
    assert kg.view(sample_graph, **{name: ASKED[name]}) == first
    assert random.getstate() == before


@pytest.mark.parametrize("name", ASKED)
def test_drawing_leaves_the_graph_alone(everything: dict[str, View], name: str) -> None:
    before = nx.MultiDiGraph(everything[name].graph)
    draw.page(everything[name])
    assert nx.utils.graphs_equal(before, everything[name].graph)


def test_a_page_asks_for_nothing_and_runs_its_own_scripts_only(sample_graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for many in (draw.MANY, 1):  # vis-network, sigma.js
        monkeypatch.setattr(draw, "MANY", many)
        html = kg.view(sample_graph, around="LoRA")
        (policy,) = map(unescape, re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html))
        scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
        assert policy.startswith("default-src 'none'; ")
        assert re.search("script-src ([^;]*)", policy)[1].split() == list(map(draw._hash_source, scripts))  # type: ignore[index]
        assert "unsafe-eval" not in policy
        assert re.findall(r"""(?:src|href)=["']?([^"'>\s]*)""", markup(html)) == ["#panel"]
        assert "//" not in markup(html)


def test_a_title_cannot_end_the_data(sample_graph: Path) -> None:
    graph = kg.load(sample_graph, around="LoRA")
    graph.nodes[LORA]["name"] = "</script><script>"
    html = kg.view(graph)
    assert "</script><script>" not in html
    assert r"\u003c/script\u003e" in html


def test_a_part_of_a_graph_is_drawn(sample_graph: Path, tmp_path: Path) -> None:
    graph = kg.load(sample_graph, around="LoRA")
    html = kg.view(graph, output=tmp_path / "part.html")
    assert html == (tmp_path / "part.html").read_text(encoding="utf-8")
    assert f"Picture of {len(graph)} nodes" in html
    assert "<code>" not in markup(html)  # no command draws it


def test_a_paper_beside_the_graph_is_drawn_with_its_address(sample_graph: Path) -> None:
    """Of a graph that `kg.load` gave, as of a folder: each sentence has a link to its paper."""
    graph = kg.load(sample_graph, around="LoRA")
    for node in of_kind(graph, "paper"):
        graph.nodes[node]["url"] = "https://example.org/paper"
    said = draw.picture(View(graph, "A part"))["papers"]
    assert {url for _, url in said.values()} == {"https://example.org/paper"}


def test_a_server_is_drawn_like_a_folder(clean_neo4j: Server, neo4j_env: Server, sample_graph: Path) -> None:
    kg.load(sample_graph).to_neo4j(clean_neo4j.uri)
    for name, value in ASKED.items():
        assert kg.view(neo4j_env.uri, **{name: value}) == kg.view(sample_graph, **{name: value}), name


def test_a_server_that_does_not_answer() -> None:
    with pytest.raises(kg.StoreError):
        kg.view("neo4j://localhost:1", around="LoRA")


# -- the command -------------------------------------------------------------------------------------------------------------------


def fails(folder: Path, *words: str) -> str:
    """Check that `kg view` takes the words for a mistake in the usage; return the one line that it says."""
    done = subprocess.run([KG, "view", "-g", folder, "-o", "-", *words], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    return done.stderr


OPTIONS: list[dict[str, Any]] = [{"around": "LoRA", "hops": 3}, {"lineage": "LoRA", "hops": 1}, {"cooccurrence": True, "least": 3}]


@pytest.mark.parametrize(
    "asked",
    [
        *({name: value} for name, value in ASKED.items()),
        *OPTIONS,
        *({name: value, "limit": 30} for name, value in ASKED.items()),
        *({"around": id_} for id_ in ("method:glue", "dataset:glue", "method:palm")),  # names of two entities
    ],
    ids=str,
)
def test_the_command_on_a_page_draws_the_same(sample_graph: Path, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any]) -> None:
    monkeypatch.setenv("KG_GRAPH", str(sample_graph))
    given = dict(asked)
    options = {k: given.pop(k) for k in ("hops", "least", "limit") if k in given}
    with connect(str(sample_graph)) as store:
        view = views.choose(store, given, **options)
    done = CliRunner().invoke(cli, [*shlex.split(draw.command(view))[1:], "-o", "-"])
    assert done.exit_code == 0, done.exception
    assert done.stdout_bytes.decode() == draw.page(view)


def test_another_process_draws_the_same(sample_graph: Path) -> None:
    words = [str(KG), "view", "--paper", "PiSSA", "-g", str(sample_graph), "-o", "-"]
    for seed in ("1", "2"):
        done = subprocess.run(words, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed}, check=True)
        assert done.stdout.decode() == kg.view(sample_graph, paper="PiSSA")


def test_a_picture_is_saved_by_a_name_after_what_it_shows(sample_graph: Path, tmp_path: Path) -> None:
    for words, name in ((["--around", "LoRA"], "lora.html"), ([], "overview.html"), (["--communities"], "communities.html")):
        done = subprocess.run([KG, "view", "-g", sample_graph, *words], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert (done.stdout, done.stderr) == ("", f"{name}\n")
        assert (tmp_path / name).read_text(encoding="utf-8").startswith("<!doctype html>")


def test_mistakes_in_the_usage_get_one_line(sample_graph: Path) -> None:
    assert "one thing: --around or --top" in fails(sample_graph, "--around", "LoRA", "--top", "5")
    assert "--paper or --communities" in fails(sample_graph, "--paper", "PiSSA", "--communities")
    assert "“Adaptation” belongs to no option" in fails(sample_graph, "--around", "Low-Rank", "Adaptation")
    assert "two papers or more" in fails(sample_graph, "--compare", "PiSSA")
    assert "--limit" in fails(sample_graph, "--limit", "0")
    assert "--hops" in fails(sample_graph, "--around", "LoRA", "--hops", "x")


def test_an_option_of_another_view_is_a_mistake(sample_graph: Path) -> None:
    assert "hops" in fails(sample_graph, "--cooccurrence", "--hops", "2")


def test_an_empty_name_is_no_overview(sample_graph: Path, tmp_path: Path) -> None:
    done = subprocess.run([KG, "view", "-g", sample_graph, "--around", ""], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
