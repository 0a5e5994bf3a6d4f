import pytest

from kg.extract import pipeline
from kg.pipes.acronyms import find_definitions, is_short_form, long_form_start

BORDER = "\n\n"


def definitions(text: str) -> list[tuple[str, str]]:
    return [(text[a:b], text[c:d]) for (a, b), (c, d) in find_definitions(text)]


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("we use singular value decomposition (SVD) here", ("SVD", "singular value decomposition")),
        ("with Low-Rank Adaptation (LoRA), we", ("LoRA", "Low-Rank Adaptation")),
        ("for large language models (LLMs) that", ("LLMs", "large language models")),
        ("by data-dependent uncertainty (DDU)", ("DDU", "data-dependent uncertainty")),
        ("the Gated Recurrent Unit (GRU; 2014) is", ("GRU", "Gated Recurrent Unit")),
        ("We use SVD (singular value decomposition) here", ("SVD", "singular value decomposition")),
        ("an LLM (large language model).", ("LLM", "large language model")),
        ("We present BLock Sparse Transformers (BLaST).", ("BLaST", "BLock Sparse Transformers")),
        ("Tracking Any Point (TAP)", ("TAP", "Tracking Any Point")),
        ("heat shock protein (HSP)", ("HSP", "heat shock protein")),
    ],
)
def test_definition_is_found(text: str, pair: tuple[str, str]) -> None:
    assert definitions(text) == [pair]


@pytest.mark.parametrize(
    "text",
    [
        "we use a transformer (SVD) here",
        "the results (see Table 3) show",
        "models (e.g., BERT) are",
        "a new idea (2024) and",
        "unlike BERT (BERT) itself",
        "It ends. Singular. Value (SVD)",
        "no brackets at all",
        "()( )((SVD",
        "accuracy (92.3%)",
    ],
)
def test_other_brackets_define_nothing(text: str) -> None:
    assert definitions(text) == []


def test_several_definitions_are_found_in_order() -> None:
    assert [s for s, _ in definitions("parameter-efficient fine-tuning (PEFT) and low-rank adaptation (LoRA)")] == ["PEFT", "LoRA"]


@pytest.mark.parametrize("text", ["SVD", "GPT-4", "3D", "k-NN", "LLMs"])
def test_short_forms(text: str) -> None:
    assert is_short_form(text)


@pytest.mark.parametrize("text", ["A", "2024", "lower", "a long text here", "(SVD", "Abcdefghijk"])
def test_no_short_forms(text: str) -> None:
    assert not is_short_form(text)


def test_long_form_begins_at_a_word() -> None:
    assert long_form_start("SVD", "the unusual value decomposition ") is None
    assert long_form_start("VD", "the unusual value decomposition ") == 12


def test_definition_does_not_run_from_the_title_into_the_abstract() -> None:
    doc = pipeline()(f"A Study of Retrieval Augmented{BORDER}Generation (RAG) is used. We propose RAG for tasks.")
    assert not any(BORDER in s.text for g in ("acronyms", "mentions") for s in doc.spans[g])


def test_tagged_half_of_a_definition_tags_the_other() -> None:
    doc = pipeline()(f"On models{BORDER}Fine-tuning uses low-rank adaptation (LoRA) for large language models.")
    found = {s.text: s for s in doc.spans["mentions"]}
    assert found["LoRA"].kb_id == found["low-rank adaptation"].kb_id
    assert found["LoRA"].label == found["low-rank adaptation"].label
    assert {(s.label_, s.text) for s in doc.spans["acronyms"]} == {("short", "LoRA"), ("long", "low-rank adaptation")}
