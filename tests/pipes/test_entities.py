import pytest
from spacy.tokens import Doc

from kg.extract import pipeline
from kg.pipes import mentions_by_entity
from kg.pipes.generic import find_generic, generic_forms
from kg.records import Reader
from kg.text import normal_form

TEXT = (
    "FastLoRA: a study\n\nLarge language models (LLMs) are big, and an LLM is costly. "
    "We propose FastLoRA, based on low-rank adaptation (LoRA), on GSM8K and GSM-8K."
)


@pytest.fixture(scope="module")
def doc() -> Doc:
    return pipeline(Reader(threshold=0.0))(TEXT)


def surfaces(doc: Doc) -> list[set[str]]:
    return [{s.text for s in spans} for spans in mentions_by_entity(doc).values()]


@pytest.mark.parametrize("names", [{"Large language models", "LLMs", "LLM"}, {"low-rank adaptation", "LoRA"}, {"FastLoRA"}, {"GSM8K", "GSM-8K"}])
def test_names_of_one_thing_get_one_key(doc: Doc, names: set[str]) -> None:
    assert names in surfaces(doc)


def test_keys_are_numbered_by_first_mention(doc: Doc) -> None:
    assert list(mentions_by_entity(doc)) == [f"e{i}" for i in range(len(surfaces(doc)))]


def test_broad_entities_are_generic_by_any_of_their_names(doc: Doc) -> None:
    assert {s.text for s in find_generic(doc)} == {"Large language models"}


def test_generic_list_holds_normal_forms() -> None:
    forms = generic_forms()
    assert {normal_form(n, "method") for n in ("LLMs", "deep learning", "neural networks")} <= forms
    assert not {normal_form(n, "method") for n in ("LoRA", "BERT", "Adam")} & forms
