import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.link import Linked, link
from kg.records import Entity, LocalEntity, Mention, Passage, Reading, family


def reading(paper: str, *entities: tuple[str, str | None, list[str]], role: str = "uses") -> Reading:
    """Return the reading of a paper with entities (type, long form, surfaces), one mention a surface."""
    mentions, local = [], []
    for i, (type_, long_form, surfaces) in enumerate(entities):
        local.append(LocalEntity(type_, long_form, role, 0.5, Passage("abstract", 0, 10), generic=False))
        for surface in surfaces:
            start = 100 * len(mentions)
            mentions.append(Mention(Passage("abstract", start, start + len(surface)), surface, type_, 0.9, "model", i))
    return Reading(paper, "hash", tuple(mentions), tuple(local))


def defining(paper: str, short: str, long_form: str, type_: str = "task") -> Reading:
    return reading(paper, (type_, long_form, [short, long_form]))


def naming(paper: str, *names: str, type_: str = "task") -> Reading:
    return reading(paper, *((type_, None, [n]) for n in names))


def entity_of(linked: Linked, paper: str) -> Entity:
    (id_,) = linked.entity_of[paper]
    return next(e for e in linked.entities if e.id == id_)


ANSWERING, QUALITY = "visual question answering", "video quality assessment"
CORPUS = [
    defining("a", "VQA", ANSWERING),
    defining("b", "VQA", QUALITY),
    naming("c", "VQA"),
    defining("d", "LoRA", "Low-Rank Adaptation", "method"),
    defining("e", "LoRA", "low-rank adapters", "method"),
    naming("f", "LoRA", "GPT-3", "GPT-4", "GPT 4", type_="method"),
    defining("g", "BLaST", "BLock Sparse Transformers", "method"),
    defining("h", "BLAST", "Block-Level Adaptive Structured Matrices", "method"),
    reading("i", ("benchmark", None, ["CIFAR-10"]), ("dataset", None, ["CIFAR10 dataset"])),
    naming("j", "CIFAR-10", "CIFAR-100", type_="dataset"),
    naming("k", "LLMs", "LLM", 'Nystr\\"om', "Nyström", type_="method"),
]


def test_spellings_of_one_name_are_one_entity() -> None:
    linked = link([naming("a", "GSM8K", type_="benchmark"), naming("b", "GSM8k", type_="dataset"), naming("c", "GSM8K", type_="benchmark")])
    (entity,) = linked.entities
    assert (entity.id, entity.name, entity.type, entity.aliases) == ("dataset:gsm8k", "GSM8K", "benchmark", ("GSM8K", "GSM8k"))
    assert ("GSM8k", "GSM8K", True, "normal form") in {(x.name, x.other, x.same, x.reason) for x in linked.links}


def test_short_form_is_one_with_the_long_form_that_its_paper_gives() -> None:
    linked = link(
        [defining("a", "LoRA", "Low-Rank Adaptation", "method"), naming("b", "LoRA", type_="method"), naming("c", "low rank adaptation", type_="method")]
    )
    assert linked.entity_of == {p: ["method:lora"] for p in "abc"}
    (row,) = [x for x in linked.links if x.reason == "acronym"]
    assert (row.name, row.other, row.same, row.evidence, row.entity) == ("LoRA", "Low-Rank Adaptation", True, "Low-Rank Adaptation (LoRA)", "method:lora")


def test_a_name_introduced_with_other_capitals_is_another_thing() -> None:
    coined = reading("a", ("method", None, ["BLaST"]), role="introduces")
    linked = link([coined, defining("b", "BLAST", "Block-Level Adaptive Structured Matrices", "method"), naming("c", "BLaST", type_="method")])
    assert entity_of(linked, "a") == entity_of(linked, "c") != entity_of(linked, "b")
    assert "introduced under another spelling" in {x.reason for x in linked.links if not x.same}


def test_a_name_introduced_as_another_paper_defines_it_is_that_thing() -> None:
    coined = reading("a", ("method", None, ["LoRA"]), role="introduces")
    assert len(link([coined, defining("b", "LoRA", "Low-Rank Adaptation", "method"), naming("c", "LoRA", type_="method")]).entities) == 1


def test_expansions_that_differ_in_spelling_are_one() -> None:
    linked = link([defining("a", "LoRA", "Low-Rank Adaptation", "method"), defining("b", "LoRA", "low-rank adapters", "method")])
    assert len(linked.entities) == 1
    assert "expansion differs in spelling" in {x.reason for x in linked.links if x.same}


def test_two_expansions_of_one_short_form_stay_apart() -> None:
    linked = link([defining("a", "VQA", ANSWERING), defining("b", "VQA", QUALITY)])
    a, b = entity_of(linked, "a"), entity_of(linked, "b")
    assert (a.name, b.name) == (ANSWERING, QUALITY)
    assert a.id != b.id
    assert [(x.same, x.reason) for x in linked.links if {x.name, x.other} == {f"{ANSWERING} (VQA)", f"{QUALITY} (VQA)"}] == [(False, "other expansion")]


def test_short_forms_that_differ_in_case_and_expansion_stay_apart() -> None:
    linked = link([defining("a", "BLaST", "BLock Sparse Transformers", "method"), defining("b", "BLAST", "Block-Level Adaptive Structured Matrices", "method")])
    assert {e.name for e in linked.entities} == {"BLaST", "BLAST"}
    assert len({e.id for e in linked.entities}) == 2


def test_undefined_short_form_takes_the_sense_of_a_clear_majority() -> None:
    linked = link([*(defining(p, "VQA", ANSWERING) for p in "abc"), defining("d", "VQA", QUALITY), naming("e", "VQA")])
    assert entity_of(linked, "e").name == ANSWERING
    (row,) = [x for x in linked.links if x.reason == "acronym, sense of the majority"]
    assert (row.evidence, row.score, row.entity) == ("3 of 4 papers that define it", 0.75, entity_of(linked, "a").id)


def test_undefined_short_form_stays_apart_where_no_sense_is_clear() -> None:
    linked = link([defining("a", "VQA", ANSWERING), defining("b", "VQA", QUALITY), naming("c", "VQA")])
    assert len({entity_of(linked, p).id for p in "abc"}) == 3
    (row,) = [x for x in linked.links if x.reason == "acronym without a clear sense"]
    assert not row.same
    assert row.entity == entity_of(linked, "c").id


def test_versions_stay_apart_and_the_table_says_so() -> None:
    linked = link([naming("a", "GPT-3", "GPT-4", type_="method"), naming("b", "GPT 4", "GPT-3.5", type_="method")])
    assert {e.id for e in linked.entities} == {"method:gpt3", "method:gpt3.5", "method:gpt4"}
    assert [(x.name, x.same) for x in linked.links if x.reason == "version"] == [("GPT-3", False), ("GPT-3", False), ("GPT-3.5", False)]


def test_types_of_one_name_stay_apart_but_for_benchmarks() -> None:
    linked = link([naming("a", "SQuAD", type_="benchmark"), naming("b", "SQuAD", type_="dataset"), naming("c", "SQuAD", type_="method")])
    assert linked.entity_of == {"a": ["dataset:squad"], "b": ["dataset:squad"], "c": ["method:squad"]}


def test_generic_follows_the_majority_of_papers() -> None:
    plain = naming("a", "LLM", type_="method")
    generic = Reading("b", "h", plain.mentions, (LocalEntity("method", None, "uses", 0.5, Passage("abstract", 0, 3), generic=True),))
    assert [e.generic for e in link([plain, generic]).entities] == [True]
    assert [e.generic for e in link([plain, generic, naming("c", "LLM", type_="method")]).entities] == [False]


def test_nothing_links_to_nothing() -> None:
    assert link([]) == Linked([], [], {})
    assert link([Reading("a", "h")]).entity_of == {"a": []}


@settings(max_examples=60, deadline=None)
@given(st.permutations(CORPUS))
def test_linking_does_not_depend_on_the_order_of_the_papers(readings: list[Reading]) -> None:
    a, b = link(CORPUS), link(readings)
    assert (a.entities, a.links, a.entity_of) == (b.entities, b.links, b.entity_of)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(CORPUS), unique_by=lambda r: r.paper))
def test_ids_are_unique_and_names_in_a_family_too(readings: list[Reading]) -> None:
    linked = link(readings)
    assert len({e.id for e in linked.entities}) == len(linked.entities)
    assert len({(family(e.type), e.name) for e in linked.entities}) == len(linked.entities)
    assert {i for ids in linked.entity_of.values() for i in ids} == {e.id for e in linked.entities}


def test_every_alias_has_a_judgement_with_a_reason() -> None:
    linked = link(CORPUS)
    judged = {(x.entity, name) for x in linked.links if x.same and x.reason and x.evidence for name in (x.name, x.other)}
    assert {(e.id, a) for e in linked.entities for a in e.aliases if a != e.name} - judged == set()


def test_every_judgement_belongs_to_an_entity_that_bears_the_name() -> None:
    linked = link(CORPUS)
    aliases = {e.id: {*e.aliases, e.name} for e in linked.entities}
    assert all(any(alias in row.name for alias in aliases[row.entity]) for row in linked.links)


@pytest.mark.parametrize("surface", ["$", "\\", "...", "漢字", "\u0301", "_"])
def test_any_surface_gets_an_id_and_a_name(surface: str) -> None:
    (entity,) = link([naming("a", surface)]).entities
    assert entity.name
    assert entity.id.removeprefix("task:")
