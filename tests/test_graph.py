"""`kg.load`: everything, or a selection, in NetworkX; and from there to Neo4j and back."""

from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from neo4j_server import Server

import kg
from kg.graph import Graph
from kg.records import ROLES
from kg.stores.neo4j import Neo4j
from kg.stores.neo4j_load import Loaded, load
from kg.tables import Tables


def test_the_whole_graph_has_every_paper_entity_and_fact(sample_graph: Path) -> None:
    graph, tables = kg.load(sample_graph), Tables.open(sample_graph)
    assert isinstance(graph, nx.MultiDiGraph)
    assert graph.number_of_nodes() == tables.manifest["rows"]["papers"] + tables.manifest["rows"]["entities"]
    assert graph.number_of_edges() == tables.manifest["rows"]["facts"]


def test_edges_carry_role_type_and_a_sentence_that_names_the_entity(sample_graph: Path) -> None:
    graph = kg.load(sample_graph)
    for source, target, key, data in graph.edges(keys=True, data=True):
        assert key.split()[0] == data["role"]
        assert data["type"] == data["role"].upper()
        named = [data["sentence"][a:b] for a, b in data["marks"]]
        ends = (source, target) if data["role"] == "based_on" else (target,)
        assert set(named) & {alias for end in ends for alias in graph.nodes[end]["aliases"]}


def test_around_an_entity_holds_it_its_papers_and_its_lineage_only(sample_graph: Path) -> None:
    graph = kg.load(sample_graph, around="LoRA")
    assert graph.nodes["method:lora"]["label"] == "Method"
    near = set(graph.predecessors("method:lora")) | set(graph.successors("method:lora"))
    assert set(graph) == near | {"method:lora"}
    assert {graph.nodes[n]["kind"] for n in graph.predecessors("method:lora")} >= {"paper", "method"}


def test_around_a_paper_by_part_of_its_title(sample_graph: Path) -> None:
    graph = kg.load(sample_graph, around="Attention Is All You Need")
    assert "arxiv:1706.03762" in graph
    assert set(graph.successors("arxiv:1706.03762")) | {"arxiv:1706.03762"} == set(graph)


def test_two_hops_reach_further_than_one(sample_graph: Path) -> None:
    assert set(kg.load(sample_graph, around="LoRA")) < set(kg.load(sample_graph, around="LoRA", hops=2))


def test_types_keep_papers_and_entities_of_these_types(sample_graph: Path) -> None:
    graph = kg.load(sample_graph, types={"benchmark"})
    assert {d["kind"] for _, d in graph.nodes(data=True)} == {"paper", "benchmark"}


def test_top_takes_the_most_named_that_say_something(sample_graph: Path) -> None:
    graph = kg.load(sample_graph, top=5)
    entities = [d for _, d in graph.nodes(data=True) if d["kind"] != "paper"]
    assert len(entities) == 5
    assert not any(d["generic"] for d in entities)
    rest = [d["papers"] for _, d in kg.load(sample_graph).nodes(data=True) if d["kind"] != "paper" and not d["generic"]]
    assert sorted((d["papers"] for d in entities), reverse=True) == sorted(rest, reverse=True)[:5]


def test_sharing_a_method_holds_the_papers_that_name_it(sample_graph: Path) -> None:
    graph = kg.load(sample_graph, sharing="LoRA")
    papers = {n for n, d in graph.nodes(data=True) if d["kind"] == "paper"}
    assert papers == {s for s, _, d in kg.load(sample_graph).in_edges("method:lora", data=True) if d["role"] in ROLES}


def test_an_unknown_name_lists_near_ones(sample_graph: Path) -> None:
    with pytest.raises(kg.UnknownName, match="LoRA"):
        kg.load(sample_graph, around="LoRAA")


def test_an_unknown_type_lists_the_types(sample_graph: Path) -> None:
    with pytest.raises(kg.UnknownName, match="method"):
        kg.load(sample_graph, types={"methods"})


# -- Neo4j ---------------------------------------------------------------------------------------------------------------------


def same(one: Graph, other: Graph) -> bool:
    """Tell whether two graphs have the same nodes and edges, in the same order, with the same data."""
    edges = (list(graph.edges(keys=True)) for graph in (one, other))
    return bool(nx.utils.graphs_equal(one, other)) and list(one) == list(other) and next(edges) == next(edges)


@pytest.mark.parametrize("name", ["sample", "pages", "hostile"])
def test_a_graph_comes_back_from_a_server_as_it_is_loaded_from_its_folder(request: pytest.FixtureRequest, clean_neo4j: Server, name: str) -> None:
    folder = request.getfixturevalue(f"{name}_graph")
    graph = kg.load(folder)
    done = graph.to_neo4j(clean_neo4j.uri, auth=clean_neo4j.auth)
    assert done.written == done.nodes + done.relations > 0
    back = kg.from_neo4j(clean_neo4j.uri, auth=clean_neo4j.auth)
    assert isinstance(back, Graph)
    assert same(back, graph)
    with Neo4j(clean_neo4j.uri, auth=clean_neo4j.auth) as server:
        assert load(server, Tables.open(folder)) == Loaded(done.nodes, done.relations)


@pytest.mark.parametrize(
    "selection",
    [{"around": "LoRA"}, {"around": "PiSSA", "hops": 2}, {"sharing": "LoRA"}, {"types": {"benchmark"}}, {"top": 5}],
    ids=lambda selection: " ".join(selection),
)
def test_a_selection_comes_back_with_the_scores_whose_ends_it_has(neo4j_env: Server, sample_graph: Path, selection: dict[str, Any]) -> None:
    graph = kg.load(sample_graph, **selection)
    graph.to_neo4j(neo4j_env.uri)
    back = kg.from_neo4j(neo4j_env.uri)
    for _, data in graph.nodes(data=True):
        for result in data.get("results", ()):
            result.update({end: result[end] if result[end] in graph else None for end in ("method", "metric", "dataset")})
    assert same(back, graph)


def test_what_was_changed_in_networkx_is_changed_on_the_server(neo4j_env: Server, sample_graph: Path) -> None:
    graph = kg.load(sample_graph)
    graph.to_neo4j(neo4j_env.uri)
    other = graph.copy()
    other.remove_node("arxiv:1706.03762")
    other.nodes["method:lora"].update(name="it's \\ $x {y}", aliases=["it's \\ $x {y}", 'nul \x00 "new"'])
    named = {"aliases": ["New"], "reasons": ["its name"], "apart": [], "apart_reasons": []}
    other.add_node("method:new", label="Method", kind="method", name="New", **named, generic=False, papers=0, community=None, other_ids=[])
    done = other.to_neo4j(neo4j_env.uri)
    assert done.removed > 1
    back = kg.from_neo4j(neo4j_env.uri)
    assert set(back) == set(other)
    assert all(back.nodes[id_] == other.nodes[id_] for id_ in ("method:lora", "method:new"))
    assert graph.subgraph(list(graph)).to_neo4j(neo4j_env.uri, replace=True).written > done.written
    assert same(kg.from_neo4j(neo4j_env.uri), graph)


def test_a_graph_without_the_papers_that_it_rests_on_comes_back(neo4j_env: Server, sample_graph: Path) -> None:
    graph = kg.load(sample_graph)
    graph.remove_nodes_from([id_ for id_, data in graph.nodes(data=True) if data["kind"] == "paper"])
    assert {role for _, _, role in graph.edges(data="role")} == {"based_on"}
    graph.to_neo4j(neo4j_env.uri)
    back = kg.from_neo4j(neo4j_env.uri)
    assert list(back) == list(graph)
    assert list(back.edges(keys=True)) == list(graph.edges(keys=True))


def test_an_empty_server_gives_an_empty_graph(clean_neo4j: Server) -> None:
    back = kg.from_neo4j(clean_neo4j.uri, auth=clean_neo4j.auth)
    assert same(back, Graph())
    assert back.to_neo4j(clean_neo4j.uri, auth=clean_neo4j.auth) == Loaded()


def broken(graph: Graph, what: str) -> Graph:
    if what == "kind":
        graph.add_edge("method:lora", "thing", role="based_on")
    elif what == "role":
        graph.add_edge("method:lora", "method:adam")
    elif what == "name":
        graph.nodes["method:lora"]["name"] = 5
    elif what == "results":
        graph.nodes["arxiv:1706.03762"]["results"] = 5
    else:
        graph.add_edge("method:lora", "method:adam", role="uses", sentence="x", marks=[])
    return graph


@pytest.mark.parametrize(("what", "part"), [("kind", "“thing”"), ("role", "“method:lora”"), ("name", "5"), ("results", ""), ("source", "method:lora")])
def test_a_graph_that_kg_cannot_keep_is_refused_in_one_line(neo4j_env: Server, sample_graph: Path, what: str, part: str) -> None:
    kg.load(sample_graph).to_neo4j(neo4j_env.uri)
    with pytest.raises(kg.GraphError) as refused:
        broken(kg.load(sample_graph), what).to_neo4j(neo4j_env.uri)
    assert part in str(refused.value)
    assert "\n" not in str(refused.value)
    assert same(kg.from_neo4j(neo4j_env.uri), kg.load(sample_graph))


def test_a_server_that_refuses_is_said(neo4j: Server, sample_graph: Path) -> None:
    for use in (kg.load(sample_graph).to_neo4j, kg.from_neo4j):
        with pytest.raises(kg.StoreError, match="refused the user name or password"):
            use(neo4j.uri, auth=("neo4j", "wrong"))
        with pytest.raises(kg.StoreError, match="nowhere"):
            use(neo4j.uri, auth=neo4j.auth, database="nowhere")
