import json
from pathlib import Path

from kg import exports
from kg.assemble import build
from kg.exports.annotations import lines, papers
from kg.records import ROLES, TYPES
from kg.score import read_annotations
from kg.tables import Tables

PAPER = {
    "id": "p",
    "title": "FastLoRA: Low-Rank Adaptation in Minutes",
    "abstract": "Low-rank adaptation (LoRA) is popular for large language models (LLMs). "
    "We propose FastLoRA, which is based on LoRA. FastLoRA reaches 72.9% accuracy on GSM8K.",
}


def test_every_paper_is_one_line_in_order_of_the_ids(sample_graph: Path) -> None:
    tables = Tables.open(sample_graph)
    ids = [json.loads(line)["id"] for line in lines(tables)]
    assert ids == sorted(tables.read("papers")["id"])
    assert all("\n" not in line for line in lines(tables))


def test_paper_is_annotated_as_the_guidelines_say(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(PAPER), encoding="utf-8")
    (paper,) = papers(Tables.open(build([tmp_path / "a.jsonl"], tmp_path / "g").folder))
    entities = {e["name"]: e for e in paper["entities"]}
    assert entities["FastLoRA"]["role"] == "introduces"
    assert entities["FastLoRA"]["based_on"] == ["LoRA"]
    assert {"LoRA", "Low-rank adaptation"} <= set(entities["LoRA"]["mentions"])
    assert entities["large language model"]["generic"] is True
    assert "generic" not in entities["GSM8K"]
    assert [(r["value"], r["dataset"], r["metric"], r["task"]) for r in paper["results"]] == [("72.9%", "GSM8K", "accuracy", None)]


def test_annotations_can_be_read_back_for_scoring(sample_graph: Path, tmp_path: Path) -> None:
    path = tmp_path / "system.jsonl"
    path.write_text("\n".join(exports.lines("annotations", Tables.open(sample_graph))), encoding="utf-8")
    read = read_annotations(path)
    assert len(read) == Tables.open(sample_graph).manifest["rows"]["papers"]
    entities = [e for p in read.values() for e in p["entities"]]
    assert {e["role"] for e in entities} <= set(ROLES)
    assert {e["type"] for e in entities} <= set(TYPES)
    assert all(e["mentions"] for e in entities)
