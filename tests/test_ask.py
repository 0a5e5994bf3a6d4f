"""What a user may call papers and entities, and what is said when a name stands for nothing or for several things."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.ask import ask, entity_id, paper_id
from kg.assemble import build
from kg.errors import AmbiguousName, QueryError, UnknownName
from kg.stores import Store
from kg.stores.ladybug import open_store
from kg.tables import Tables

PISSA = "arxiv:2404.02948"


@pytest.fixture(scope="module")
def store(sample_graph: Path) -> Iterator[Store]:
    with open_store(sample_graph) as opened:
        yield opened


# -- papers


@pytest.mark.parametrize(
    "name",
    [
        PISSA,
        "PiSSA",
        "pissa",
        "PiSSA: Principal Singular Values and Singular Vectors Adaptation of Large Language Models",
        "  principal   singular\nvalues ",
        "Singular Vectors Adaptation",
    ],
)
def test_a_paper_is_found_by_id_title_or_a_part_of_it(store: Store, name: str) -> None:
    assert paper_id(store, name) == PISSA


@pytest.mark.parametrize(
    ("name", "id_"), [("LoRA", "arxiv:2106.09685"), ("BERT", "arxiv:1810.04805"), ("Adam", "arxiv:1412.6980"), ("Mistral 7B", "arxiv:2310.06825")]
)
def test_the_name_before_a_title_s_colon_outranks_other_titles_that_hold_it(store: Store, name: str, id_: str) -> None:
    assert paper_id(store, name) == id_


def test_a_part_of_several_titles_is_refused_with_the_candidates(store: Store) -> None:
    with pytest.raises(UnknownName) as refused:
        paper_id(store, "singular value")
    first, *candidates = str(refused.value).splitlines()
    assert "“singular value” stands in 3 titles" in first
    assert [c.split()[0] for c in candidates] == ["arxiv:2312.05821", PISSA, "arxiv:2403.07378"]
    assert "PiSSA: Principal" in candidates[1]


def test_of_many_candidates_some_are_shown_and_the_rest_counted(store: Store) -> None:
    with pytest.raises(UnknownName) as refused:
        paper_id(store, "language model")
    lines = str(refused.value).splitlines()
    total = len(store.run("MATCH (p:Paper) WHERE toLower(p.title) CONTAINS 'language model' RETURN p.id AS id", {}).rows)
    assert f"in {total} titles" in lines[0]
    assert lines[-1].strip() == f"and {total - 10} more"
    assert len(lines) == 12


def test_an_unknown_paper_is_refused_with_near_titles(store: Store) -> None:
    with pytest.raises(UnknownName, match=r"no paper is called “Atention is all you need”; near: Attention Is All You Need"):
        paper_id(store, "Atention is all you need")


@pytest.mark.parametrize("name", ["", "   ", "no such paper at all", "'", '"', "\\", "x' OR 1=1 //", "%", ".*", "$part", "\x00"])
def test_a_name_that_stands_for_no_paper_is_refused_in_one_line(store: Store, name: str) -> None:
    with pytest.raises(UnknownName) as refused:
        paper_id(store, name)
    assert "\n" not in str(refused.value)


# -- entities


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("method:lora", "method:lora"),
        ("LoRA", "method:lora"),
        ("lora", "method:lora"),
        (" LORA ", "method:lora"),
        ("Low-Rank Adaptation", "method:lora"),
        ("GSM8K", "dataset:gsm8k"),
        ("gsm-8k", "dataset:gsm8k"),
        ("GSM-8K", "dataset:gsm8k"),
        ("IMDb dataset", "dataset:imdb"),
        ("Massive Multitask Language Understanding", "dataset:mmlu"),
        ("massive multitask language understanding", "dataset:mmlu"),
        ("Transformers", "method:transformer"),
        ("svd", "method:singularvaluedecomposition"),
        ("fine tuning", "method:finetuning"),
        ("top-5 error", "metric:top5error"),
        ("Wikitext 2", "dataset:wikitext2"),
        ("Penn   Treebank", "dataset:penntreebank"),
    ],
)
def test_an_entity_is_found_by_id_name_alias_or_another_spelling(store: Store, name: str, id_: str) -> None:
    assert entity_id(store, name) == id_


def test_a_name_of_two_entities_means_the_one_that_far_more_papers_name(store: Store) -> None:
    assert store.run("MATCH (e:Method) WHERE e.id = 'method:glue' RETURN e.name AS name", {}).rows == [("GLUE",)]
    assert entity_id(store, "GLUE") == "dataset:glue"
    assert entity_id(store, "method:glue") == "method:glue"


def test_a_name_of_two_entities_is_refused_with_the_candidates(store: Store) -> None:
    with pytest.raises(UnknownName) as refused:
        entity_id(store, "LSUN")
    first, *candidates = str(refused.value).splitlines()
    assert "“LSUN” is the name of 2 entities" in first
    assert [c.split()[0] for c in candidates] == ["dataset:lsun", "method:lsun"]


def test_the_kind_asked_for_settles_a_name_of_two_entities(store: Store) -> None:
    assert entity_id(store, "LSUN", ("method",)) == "method:lsun"
    assert entity_id(store, "LSUN", ("benchmark", "dataset")) == "dataset:lsun"


@pytest.mark.parametrize(("name", "near"), [("LoRAA", "LoRA"), ("Tranformer", "Transformer"), ("imagnet", "ImageNet"), ("perplexty", "perplexity")])
def test_an_unknown_entity_is_refused_with_near_names(store: Store, name: str, near: str) -> None:
    with pytest.raises(UnknownName, match=rf"no entity is called “{name}”; near: .*\b{near}\b"):
        entity_id(store, name)


def test_near_names_are_of_the_kind_asked_for(store: Store) -> None:
    with pytest.raises(UnknownName) as refused:
        entity_id(store, "imagnet", ("method",))
    assert "ImageNet" not in str(refused.value).partition("near:")[2].split(", ")


@pytest.mark.parametrize("name", ["", " ", ":", "-", "'", '"', "\\", "' OR 1=1 //", "%", ".*", "$name", "\x00", "method:", "no such thing"])
def test_a_name_that_stands_for_no_entity_is_refused_in_one_line(store: Store, name: str) -> None:
    with pytest.raises(UnknownName) as refused:
        entity_id(store, name)
    assert "\n" not in str(refused.value)


# -- questions


def test_a_question_takes_names_and_answers_about_what_they_mean(store: Store) -> None:
    by_name, by_id = (ask(store, "evidence", {"paper": p, "entity": e}) for p, e in (("PiSSA", "lora"), (PISSA, "method:lora")))
    assert by_name == by_id
    assert by_name.rows
    assert by_name.dicts()[0]["shows_role"] is True


def test_a_benchmark_is_asked_for_and_a_method_refused(store: Store) -> None:
    assert ask(store, "methods-on", {"benchmark": "gsm-8k"}).rows
    with pytest.raises(UnknownName, match="no benchmark or dataset is called “LoRA”"):
        ask(store, "methods-on", {"benchmark": "LoRA"})


def test_a_dataset_will_do_for_a_benchmark(store: Store) -> None:
    name, id_ = store.run("MATCH (:Paper)-[:USES]->(d:Dataset) RETURN d.name AS name, d.id AS id ORDER BY name LIMIT 1", {}).rows[0]
    assert entity_id(store, name, ("benchmark", "dataset")) == id_
    assert ask(store, "methods-on", {"benchmark": name}).columns


def test_an_unknown_question_or_parameter_is_refused(store: Store) -> None:
    with pytest.raises(UnknownName, match="near: overview"):
        ask(store, "overvew", {})
    with pytest.raises(QueryError, match="no parameter “papr”"):
        ask(store, "shared-method", {"papr": "PiSSA"})


def test_a_hostile_name_stands_for_what_is_called_so(hostile_graph: Path, hostile: tuple[str, ...]) -> None:
    names = dict(Tables.open(hostile_graph).read("entities").select("name", "id").rows())
    with open_store(hostile_graph) as opened:
        for text in hostile:
            assert entity_id(opened, text) == entity_id(opened, f"{text} {text}") == names[text]


def test_a_name_that_several_entities_bear_lists_them(tmp_path: Path) -> None:
    expansions = ("visual question answering", "video quality assessment")
    papers = [{"id": str(i), "title": f"On {e}", "abstract": f"We study {e} (VQA). VQA is a task."} for i, e in enumerate(expansions)]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(p) + "\n" for p in papers), encoding="utf-8")
    with open_store(build([tmp_path / "a.jsonl"], tmp_path / "graph").folder) as opened, pytest.raises(AmbiguousName, match="give the id of one"):
        entity_id(opened, "VQA")


def test_a_paper_with_the_title_of_another_is_told_by_its_id(tmp_path: Path) -> None:
    source = tmp_path / "twins.jsonl"
    source.write_text(
        "".join(json.dumps({"id": i, "title": "The same title", "abstract": f"We train BERT {i} times."}) + "\n" for i in ("one", "two")), encoding="utf-8"
    )
    with open_store(build([source], tmp_path / "graph").folder) as opened:
        assert paper_id(opened, "two") == "two"
        with pytest.raises(UnknownName, match="stands in 2 titles"):
            paper_id(opened, "the same title")
