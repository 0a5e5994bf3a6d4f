"""`kg.load`: everything, or a selection, in NetworkX."""

from pathlib import Path

import networkx as nx
import pytest

import kg
from kg.records import ROLES
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
