"""Roles, lineage and results, on sentences whose reading nobody disputes."""

import pytest

from kg.extract import read
from kg.records import Reading


def names(reading: Reading) -> list[set[str]]:
    return [{m.surface for m in reading.mentions if m.entity == i} for i in range(len(reading.entities))]


def roles(title: str, abstract: str) -> dict[str, str]:
    reading = read(title, abstract)
    return {name: e.role for e, surfaces in zip(reading.entities, names(reading), strict=True) for name in surfaces}


@pytest.mark.parametrize(
    ("title", "abstract", "name", "role"),
    [
        ("QLoRA: Efficient Finetuning", "Finetuning is costly.", "QLoRA", "introduces"),
        ("On finetuning", "In this paper, we propose QLoRA, a method that saves memory.", "QLoRA", "introduces"),
        ("On finetuning", "We introduce a new benchmark called MathBench for reasoning.", "MathBench", "introduces"),
        ("On finetuning", "We propose QLoRA. We evaluate it on GSM8K and MMLU.", "GSM8K", "evaluates_on"),
        ("On finetuning", "We propose QLoRA. QLoRA outperforms strong baselines such as LoRA on MMLU.", "LoRA", "compares"),
        ("On finetuning", "We fine-tune LLaMA with LoRA.", "LoRA", "uses"),
    ],
)
def test_role(title: str, abstract: str, name: str, role: str) -> None:
    assert roles(title, abstract)[name] == role


def test_evidence_of_a_role_names_the_entity() -> None:
    abstract = "Models are big. We propose QLoRA. We evaluate QLoRA on GSM8K."
    reading = read("On finetuning", abstract)
    shown = {
        min(n): abstract[e.evidence.start : e.evidence.end] for e, n in zip(reading.entities, names(reading), strict=True) if e.evidence.field == "abstract"
    }
    assert shown["QLoRA"] == "We propose QLoRA."
    assert shown["GSM8K"] == "We evaluate QLoRA on GSM8K."


@pytest.mark.parametrize(
    ("abstract", "pair"),
    [
        ("We propose FastBoost, which is based on AdaBoost.", ("FastBoost", "AdaBoost")),
        ("We propose RiemannLoRA, and compare it with LoRA.", ("RiemannLoRA", "LoRA")),
    ],
)
def test_lineage(abstract: str, pair: tuple[str, str]) -> None:
    reading = read("On learning", abstract)
    found = names(reading)
    assert pair in {(c, p) for x in reading.lineage for c in found[x.child] for p in found[x.parent]}


def test_nothing_is_based_on_anything_where_nothing_is_introduced() -> None:
    assert read("A survey", "LoRA is based on matrix factorization.").lineage == ()


def test_result_belongs_to_its_data_and_metric() -> None:
    reading = read("On reasoning", "We propose QLoRA. QLoRA achieves 72.9% accuracy on GSM8K.")
    found = names(reading)
    (result,) = reading.results
    assert (result.value, result.relative) == ("72.9%", False)
    assert result.dataset is not None
    assert result.metric is not None
    assert result.method is not None
    assert ("GSM8K" in found[result.dataset], "accuracy" in found[result.metric], "QLoRA" in found[result.method]) == (True, True, True)


def test_gain_is_a_relative_result() -> None:
    (result,) = read("On reasoning", "We propose QLoRA. QLoRA improves accuracy by 3.2% on GSM8K.").results
    assert (result.value, result.relative) == ("3.2%", True)


@pytest.mark.parametrize("abstract", ["We propose QLoRA with 30% fewer parameters.", "We use 7.5 billion tokens of GSM8K.", "In 2024 we use GSM8K."])
def test_other_numbers_are_no_results(abstract: str) -> None:
    assert read("On reasoning", abstract).results == ()
