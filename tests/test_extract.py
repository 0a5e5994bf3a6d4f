import random
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
import spacy
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kg.extract import COMPONENTS, extract, from_json, pipeline, pipeline_version, read, to_json
from kg.records import ROLES, TYPES, Paper, Passage, Reading
from kg.text import collapse, text_hash

TITLE = "FastLoRA: Low-Rank Adaptation in Minutes"
ABSTRACT = (
    "Low-rank adaptation (LoRA) is a popular method for fine-tuning large language models (LLMs). "
    "We propose FastLoRA, which is based on LoRA. "
    "FastLoRA reaches 72.9% accuracy on GSM8K and outperforms QLoRA."
)
PIECES = [
    "LoRA",
    "FastLoRA",
    "(LoRA)",
    "low-rank adaptation",
    "We propose",
    "a method called",
    "based on",
    "outperforms",
    "72.9%",
    "accuracy on",
    "GSM8K",
    "improves by 3.2 points",
    "BLEU on WMT14",
    "ImageNet",
    "(",
    ")",
    ".",
    "?",
    "e.g.",
    "\\textbf{LoRA}",
    "$x^2$",
    "İ",
    "ß",
    "ﬁ",
    "İİ (İİ)",
    "é",
    "é",
    "̀",
    "\u200b",
    "\u202e",
    "\x1b",
    "_",
    "🧑\u200d💻",
    "漢字",
]
WORDS = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30).map(" ".join)
TEXTS = (st.text(max_size=60) | WORDS).map(collapse)


def passages(reading: Reading) -> Iterator[Passage]:
    yield from (m.at for m in reading.mentions)
    yield from (e.evidence for e in reading.entities)
    yield from (x.evidence for x in reading.lineage)
    for result in reading.results:
        yield from (result.at, result.evidence)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, TEXTS)
@example("", "1A")
@example("I", "0(I0@)")
@example("Retrieval Augmented", "Generation (RAG) is used.")
@example(TITLE, ABSTRACT)
def test_reading_of_any_text_points_into_it(title: str, abstract: str) -> None:
    texts = {"title": title, "abstract": abstract}
    reading = read(title, abstract, "p")
    assert (reading.paper, reading.text_hash) == ("p", text_hash(title, abstract))
    for at in passages(reading):
        assert 0 <= at.start < at.end <= len(texts[at.field])
    for mention in reading.mentions:
        assert texts[mention.at.field][mention.at.start : mention.at.end] == mention.surface
        assert mention.type in TYPES
        assert mention.rule in ("model", "names", "acronym", "propagated")
        assert 0 <= mention.score <= 1
    assert {m.entity for m in reading.mentions} == set(range(len(reading.entities)))
    assert all(e.role in ROLES and e.type in TYPES and 0 <= e.role_score <= 1 for e in reading.entities)
    known = {None, *range(len(reading.entities))}
    assert all({x.child, x.parent} <= known and x.child != x.parent for x in reading.lineage)
    for result in reading.results:
        assert {result.method, result.metric, result.dataset} <= known
        assert texts[result.at.field][result.at.start : result.at.end] == result.value
    assert from_json(to_json(reading)) == reading


def test_reading_holds_what_a_plain_abstract_says() -> None:
    reading = read(TITLE, ABSTRACT)
    names = [{m.surface for m in reading.mentions if m.entity == i} for i in range(len(reading.entities))]
    role = {name: e.role for e, surfaces in zip(reading.entities, names, strict=True) for name in surfaces}
    assert role["FastLoRA"] == "introduces"
    assert role["GSM8K"] == "evaluates_on"
    lora = next(i for i, surfaces in enumerate(names) if "LoRA" in surfaces)
    assert "Low-rank adaptation" in names[lora]
    assert (reading.entities[lora].name, reading.entities[lora].defined) == ("Low-rank adaptation", True)
    fast = next(i for i, surfaces in enumerate(names) if "FastLoRA" in surfaces)
    assert (fast, lora) in {(x.child, x.parent) for x in reading.lineage}
    assert [r.value for r in reading.results] == ["72.9%"]


def test_half_a_surrogate_pair_is_no_text() -> None:
    assert [m.surface for m in read("On \ud800LoRA", "We use LoRA\udfff.").mentions] == ["LoRA", "LoRA"]


def test_no_text_gives_no_mentions() -> None:
    assert read("", "") == Reading("", text_hash("", ""))
    assert read("A title", "").results == ()


def test_mentions_stand_in_order_and_do_not_overlap() -> None:
    found = [m.at for m in read(TITLE, ABSTRACT).mentions]
    assert found == sorted(found, key=lambda p: (p.field != "title", p))
    assert all(a.end <= b.start for a, b in pairwise(found) if a.field == b.field)


@pytest.mark.parametrize(
    "abstract",
    [f"{ABSTRACT} " * 600, "LoRA " * 2_000, "x" * 100_000, "(" * 10_000, "." * 50_000, f"{'(' * 10_000}LoRA{')' * 10_000}", "A. " * 5_000],
)
def test_very_long_texts_are_read_in_seconds(abstract: str) -> None:
    read("A title", ABSTRACT)
    start = time.monotonic()
    read("A title", abstract.strip())
    assert time.monotonic() - start < 15


# -- many papers ---------------------------------------------------------------------------------------------------------------


def papers(n: int) -> list[Paper]:
    return [Paper(id=f"p{i}", title=f"Net{i}: a study", abstract=f"We propose Net{i}, based on LoRA, for task {i % 7}.") for i in range(n)]


def test_readings_are_the_same_for_one_and_two_processes() -> None:
    many = papers(300)
    one = list(extract(many, processes=1))
    assert [r.paper for r in one] == [p.id for p in many]
    assert list(extract(many, processes=2)) == one


def test_reading_does_not_depend_on_the_papers_before_it() -> None:
    many = papers(40)
    shuffled = random.Random(1).sample(many, len(many))
    assert sorted(map(to_json, extract(shuffled, processes=1))) == sorted(map(to_json, extract(many, processes=1)))


def test_pool_ends_with_the_reader() -> None:
    readings = extract(papers(300), processes=2)
    assert next(readings).paper == "p0"
    readings.close()  # type: ignore[attr-defined]


# -- the pipeline --------------------------------------------------------------------------------------------------------------


def test_factories_are_found_by_entry_points_with_any_tokenizer() -> None:
    nlp = spacy.blank("en")
    for name in COMPONENTS:
        nlp.add_pipe(name)
    doc = nlp(f"{TITLE}\n\n{ABSTRACT}")
    assert {"FastLoRA", "LoRA"} <= {s.text for s in doc.spans["mentions"]}
    assert {s.label_ for s in doc.spans["roles"]} <= set(ROLES)


def test_tagger_alone_writes_mentions() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("kg_tagger")
    doc = nlp(ABSTRACT)
    assert "GSM8K" in {s.text for s in doc.spans["mentions"]}
    assert {s.label_ for s in doc.spans["mentions"]} <= set(TYPES)


def test_results_survive_the_bytes_of_a_doc() -> None:
    doc = pipeline()(f"{TITLE}\n\n{ABSTRACT}")
    again = spacy.tokens.Doc(doc.vocab).from_bytes(doc.to_bytes())
    for group in ("mentions", "acronyms", "roles", "lineage", "results"):
        assert [(s.text, s.label_, s.kb_id_, s.id_) for s in again.spans[group]] == [(s.text, s.label_, s.kb_id_, s.id_) for s in doc.spans[group]]
    assert again.spans["mentions"].attrs["scores"] == doc.spans["mentions"].attrs["scores"]


def test_pipeline_version_is_a_short_hash() -> None:
    assert len(pipeline_version()) == 12
    assert int(pipeline_version(), 16)


@pytest.mark.parametrize("line", ["", "[]", "{}", "null", '["p","h",[["a"]],[],[],[]]', '["p","h",[],[],[]'])
def test_from_json_refuses_other_lines(line: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        from_json(line)
