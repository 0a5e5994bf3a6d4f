import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from random import Random

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from kg.aliases import UserJudgement, parse
from kg.errors import InputError
from kg.link import Linked, link
from kg.records import Entity, Link, LocalEntity, Mention, Passage, Reading, family
from kg.text import normal_form, version

Called = tuple[str, str, bool, list[str]]
"""An entity of a paper: type, the name that stands for it, whether the paper defines it so, and all its surfaces."""


def reading(paper: str, *entities: Called, role: str = "uses", generic: bool = False) -> Reading:
    """Return the reading of a paper, one mention a surface."""
    mentions, local = [], []
    for i, (type_, name, defined, surfaces) in enumerate(entities):
        local.append(LocalEntity(type_, name, defined, role, 0.5, Passage("abstract", 0, 10), generic))
        for surface in surfaces:
            start = 100 * len(mentions)
            mentions.append(Mention(Passage("abstract", start, start + len(surface)), surface, type_, 0.9, "model", i))
    return Reading(paper, "hash", tuple(mentions), tuple(local))


def defining(paper: str, short: str, long_form: str, type_: str = "task", *, beside: Iterable[str] = (), generic: bool = False) -> Reading:
    """Return the reading of a paper that defines a short form, and names others beside it."""
    return reading(paper, (type_, long_form, True, [short, long_form]), *((type_, n, False, [n]) for n in beside), generic=generic)


def naming(paper: str, *names: str, type_: str = "task", role: str = "uses", generic: bool = False) -> Reading:
    return reading(paper, *((type_, n, False, [n]) for n in names), role=role, generic=generic)


def coining(paper: str, name: str, type_: str = "method") -> Reading:
    return naming(paper, name, type_=type_, role="introduces")


def calling(paper: str, *surfaces: str, type_: str = "method") -> Reading:
    """Return the reading of a paper that writes several names for one thing, the first most, and defines none."""
    return reading(paper, (type_, surfaces[0], False, list(surfaces)))


def said(*lines: str) -> list[UserJudgement]:
    """Return the judgements in lines whose tabs are written as ``|``."""
    return parse("\n".join(line.replace("|", "\t") for line in lines))


def leads(linked: Linked, of: Reading) -> dict[tuple[int, str], str]:
    """Return, for each entity of a reading (its number) and surface, the id of the entity that it leads to."""
    out = {(m.entity, m.surface): linked.entity_of[of.paper][m.entity] for m in of.mentions}
    return out | {(part.entity, s): part.id for part in linked.divided.get(of.paper, ()) for s in part.surfaces if (part.entity, s) in out}


def entity_of(linked: Linked, paper: str) -> Entity:
    (id_,) = linked.entity_of[paper]
    return by_id(linked, id_)


def first_of(linked: Linked, paper: str) -> Entity:
    return by_id(linked, linked.entity_of[paper][0])


def by_id(linked: Linked, id_: str) -> Entity:
    return next(e for e in linked.entities if e.id == id_)


def because(linked: Linked, reason: str) -> list[Link]:
    return [x for x in linked.links if x.reason == reason]


def partition(linked: Linked) -> set[frozenset[str]]:
    """Return which spellings are one entity; no two entities have the same."""
    found = [frozenset(e.aliases) for e in linked.entities]
    assert len(found) == len(set(found))
    return set(found)


ANSWERING, QUALITY = "visual question answering", "video quality assessment"
ZONING, ZITHER = "quick xenon zoning", "quiet xylophone zither"
"""What QXZ stands for, in these tests; no list knows it."""
MAPPING, MUSIC = ["gas mapping", "leak search", "plume tracing", "drone survey"], ["music making", "tuning", "luthiery", "folk song"]
"""What is named beside it."""
MATRICES, SPARSE = "Block-Level Adaptive Structured Matrices", "BLock Sparse Transformers"
CORPUS = [
    defining("a", "VQA", ANSWERING),
    defining("b", "VQA", QUALITY),
    naming("c", "VQA"),
    defining("d", "LoRA", "Low-Rank Adaptation", "method"),
    defining("e", "LoRA", "low-rank adapters", "method"),
    naming("f", "LoRA", "GPT-3", "GPT-4", "GPT 4.5", type_="method"),
    defining("g", "BLaST", SPARSE, "method"),
    defining("h", "BLAST", MATRICES, "method"),
    reading("i", ("benchmark", "CIFAR-10", False, ["CIFAR-10"]), ("dataset", "CIFAR10 dataset", False, ["CIFAR10 dataset"])),
    naming("j", "CIFAR-10", "CIFAR-100", type_="dataset"),
    naming("k", "LLMs", "LLM", 'Nystr\\"om', "Nyström", type_="method"),
    *(defining(f"l{i}", "QXZ", ZONING, beside=MAPPING) for i in range(3)),
    *(defining(f"m{i}", "QXZ", ZITHER, beside=MUSIC) for i in range(3)),
    naming("n", "QXZ", *MAPPING),
    naming("o", "QXZ", *MAPPING),
    naming("p", "QXZ", *MUSIC),
    naming("q", "QXZ"),
    coining("r", "TransFoo"),
    coining("s", "TransFOO"),
    naming("t", "TransFoo", "large language model", type_="method"),
]


# -- spellings -----------------------------------------------------------------------------------------------------------------


def test_spellings_of_one_name_are_one_entity() -> None:
    linked = link([naming("a", "GSM8K", type_="benchmark"), naming("b", "GSM8k", type_="dataset"), naming("c", "GSM8K", type_="benchmark")])
    (entity,) = linked.entities
    assert (entity.id, entity.name, entity.type, entity.aliases) == ("dataset:gsm8k", "GSM8K", "benchmark", ("GSM8K", "GSM8k"))
    assert ("GSM8k", "GSM8K", True, "normal form") in {(x.name, x.other, x.same, x.reason) for x in linked.links}


@pytest.mark.parametrize(
    ("type_", "spellings"),
    [
        ("dataset", ["GSM8K", "GSM-8k", "GSM8k"]),
        ("dataset", ["CIFAR10", "CIFAR-10"]),
        ("method", ["LLaMA-2", "LLaMa-2", "Llama-2"]),
        ("dataset", ["Wikitext-103", "WikiText-103"]),
        ("method", ["LLM", "LLMs"]),
        ("task", ["tokenisation", "Tokenization"]),
        ("method", ["low-rank adaptation", "Low Rank Adaptation"]),
    ],
)
@pytest.mark.parametrize("together", [True, False], ids=["in one paper", "in several"])
def test_spellings_merge(type_: str, spellings: list[str], together: bool) -> None:
    readings = [calling("a", *spellings, type_=type_)] if together else [naming(s, s, type_=type_) for s in spellings]
    linked = link(readings)
    assert partition(linked) == {frozenset(spellings)}
    assert all(x.same for x in linked.links)


@pytest.mark.parametrize(
    ("type_", "names"),
    [
        ("method", ["GPT-3", "GPT-4", "GPT-3.5", "GPT"]),
        ("dataset", ["CIFAR-10", "CIFAR-100"]),
        ("dataset", ["Wikitext-2", "Wikitext-103"]),
        ("method", ["LLaMA-2", "LLaMA-3"]),
        ("method", ["LMs", "LMS"]),
        ("method", ["ViTs", "ViT-S"]),
        ("method", ["C", "C++", "C#"]),
    ],
)
@pytest.mark.parametrize("role", ["uses", "introduces"])
def test_names_stay_apart(type_: str, names: list[str], role: str) -> None:
    assert partition(link([naming(n, n, type_=type_, role=role) for n in names])) == {frozenset([n]) for n in names}


def test_versions_stay_apart_and_the_table_says_so() -> None:
    linked = link([naming("a", "GPT-3", "GPT-4", type_="method"), naming("b", "GPT 4", "GPT-3.5", type_="method")])
    assert {e.id for e in linked.entities} == {"method:gpt3", "method:gpt3.5", "method:gpt4"}
    assert [(x.name, x.same) for x in because(linked, "version")] == [("GPT-3", False), ("GPT-3", False), ("GPT-3.5", False)]


def test_types_of_one_name_stay_apart_but_for_benchmarks() -> None:
    linked = link([naming("a", "SQuAD", type_="benchmark"), naming("b", "SQuAD", type_="dataset"), naming("c", "SQuAD", type_="method")])
    assert linked.entity_of == {"a": ["dataset:squad"], "b": ["dataset:squad"], "c": ["method:squad"]}


def test_a_word_that_changes_nothing_joins_a_name_with_and_without_it() -> None:
    linked = link([naming("a", "quux routing", type_="method"), naming("b", "quux routing algorithm", type_="method")])
    assert len(linked.entities) == 1
    (row,) = because(linked, "word that changes nothing")
    assert (row.name, row.other, row.same) == ("quux routing algorithm", "quux routing", True)
    assert "algorithm" in row.evidence
    assert 0.5 < row.score < 1


def test_a_word_that_annotators_took_to_change_the_name_changes_it() -> None:
    assert len(link([naming("a", "embedding", type_="method"), naming("b", "embedding model", type_="method")]).entities) == 2


def test_known_names_of_one_thing_are_one() -> None:
    linked = link([naming("a", "VLM", type_="method"), naming("b", "vision-language models", type_="method"), naming("c", "VLM", type_="task")])
    assert linked.entity_of["a"] == linked.entity_of["b"] != linked.entity_of["c"]
    (row,) = because(linked, "known name")
    assert re.fullmatch(r"\d+ of \d+ annotated papers", row.evidence)


def test_spellings_that_a_list_holds_as_one_are_one() -> None:
    linked = link([naming("a", "TER", type_="metric"), naming("b", "translation edit rate", type_="metric"), naming("c", "TER", type_="method")])
    assert linked.entity_of["a"] == linked.entity_of["b"] != linked.entity_of["c"]
    (row,) = because(linked, "list of known names")
    assert row.evidence


def test_a_word_is_not_the_short_form_that_a_list_spells_the_same() -> None:
    long_form = "metric for evaluation of translation with explicit ordering"
    assert len(link([naming("a", "METEOR", type_="metric"), naming("b", long_form, type_="metric")]).entities) == 1
    assert len(link([naming("a", "meteor", type_="metric"), naming("b", long_form, type_="metric")]).entities) == 2


# -- definitions ---------------------------------------------------------------------------------------------------------------


def test_short_form_is_one_with_the_long_form_that_its_paper_gives() -> None:
    linked = link(
        [defining("a", "LoRA", "Low-Rank Adaptation", "method"), naming("b", "LoRA", type_="method"), naming("c", "low rank adaptation", type_="method")]
    )
    assert linked.entity_of == {p: ["method:lora"] for p in "abc"}
    (row,) = because(linked, "definition")
    assert (row.name, row.other, row.same, row.evidence, row.entity) == ("LoRA", "Low-Rank Adaptation", True, "Low-Rank Adaptation (LoRA)", "method:lora")
    assert row.paper == "a"


def test_a_definition_reaches_papers_that_write_one_of_both() -> None:
    linked = link([defining("a", "QXZ", ZONING), naming("b", "QXZ"), naming("c", ZONING)])
    assert len({entity_of(linked, p).id for p in "abc"}) == 1


def test_a_definition_reaches_papers_though_its_short_form_looks_like_a_word() -> None:
    linked = link([defining("a", "Glim", "graph-like incremental memory", "method"), naming("b", "Glim", type_="method")])
    assert entity_of(linked, "a") == entity_of(linked, "b")


COINED = {
    "introduced": [coining("a", "BLAST"), coining("b", "BLaST")],
    "one defined, one introduced": [defining("a", "BLAST", MATRICES, "method"), coining("b", "BLaST")],
    "one introduced, one defined": [coining("a", "BLAST"), defining("b", "BLaST", SPARSE, "method")],
    "defined": [defining("a", "BLAST", MATRICES, "method"), defining("b", "BLaST", SPARSE, "method")],
}


@pytest.mark.parametrize("readings", COINED.values(), ids=COINED.keys())
def test_short_forms_that_two_papers_coin_with_other_capitals_stay_apart(readings: list[Reading]) -> None:
    linked = link(readings)
    assert {e.name for e in linked.entities} == {"BLaST", "BLAST"}
    assert entity_of(linked, "a").id != entity_of(linked, "b").id
    with_uses = link([*readings, naming("c", "BLAST", type_="method"), naming("d", "BLaST", type_="method")])
    assert entity_of(with_uses, "a").id != entity_of(with_uses, "b").id


@pytest.mark.parametrize("readings", COINED.values(), ids=COINED.keys())
def test_an_undefined_short_form_goes_with_those_who_coin_its_spelling(readings: list[Reading]) -> None:
    linked = link([*readings, naming("c", "BLAST", type_="method"), naming("d", "BLaST", type_="method")])
    assert entity_of(linked, "c") == entity_of(linked, "a") != entity_of(linked, "b") == entity_of(linked, "d")


def test_a_name_introduced_with_other_capitals_is_another_thing() -> None:
    linked = link([coining("a", "BLaST"), defining("b", "BLAST", MATRICES, "method"), naming("c", "BLaST", type_="method")])
    assert entity_of(linked, "a") == entity_of(linked, "c") != entity_of(linked, "b")
    assert "introduced under another spelling" in {x.reason for x in linked.links if not x.same}


def test_a_name_introduced_as_another_paper_defines_it_is_that_thing() -> None:
    readings = [coining("a", "LoRA"), defining("b", "LoRA", "Low-Rank Adaptation", "method"), naming("c", "LoRA", type_="method")]
    assert len(link(readings).entities) == 1


def test_a_name_that_one_paper_introduces_is_the_one_that_others_use() -> None:
    linked = link([coining("a", "QuuxNet"), naming("b", "QuuxNet", type_="method"), naming("c", "Quux-Net", type_="method")])
    assert linked.entity_of == {p: ["method:quuxnet"] for p in "abc"}


def test_long_forms_that_differ_in_spelling_are_one() -> None:
    linked = link([defining("a", "LoRA", "Low-Rank Adaptation", "method"), defining("b", "LoRA", "low-rank adapters", "method")])
    assert len(linked.entities) == 1
    assert "spelling variant" in {x.reason for x in linked.links if x.same}


@pytest.mark.parametrize(
    ("short", "type_", "longs"),
    [
        ("MSE", "metric", ["mean squared error", "mean square error", "mean-squared error"]),
        ("QMFZ", "method", ["quantization of matrix factors zonally", "Quantisation of matrix factors, zonally"]),
        ("QTN", "method", ["quaternion transformer network", "quaternion transformer networks"]),
    ],
)
def test_spelling_variants_of_one_long_form_merge(short: str, type_: str, longs: list[str]) -> None:
    readings = [defining(str(i), short, long, type_) for i, long in enumerate(longs)]
    assert partition(link([*readings, naming("x", short, type_=type_)])) == {frozenset([short, *longs])}


def test_two_long_forms_of_one_short_form_stay_apart() -> None:
    linked = link([defining("a", "VQA", ANSWERING), defining("b", "VQA", QUALITY)])
    a, b = entity_of(linked, "a"), entity_of(linked, "b")
    assert (a.name, b.name) == (ANSWERING, QUALITY)
    assert a.id != b.id
    assert [(x.same, x.reason) for x in linked.links if {x.name, x.other} == {f"VQA ({ANSWERING})", f"VQA ({QUALITY})"}] == [(False, "other long form")]


def test_what_papers_define_goes_before_what_is_known() -> None:
    """Annotators took block sparse transformers for BLaST; here papers define two things of that name."""
    linked = link([*COINED["defined"], calling("c", "BLAST", "BLaST")])
    assert len(because(linked, "no clear sense")) == 1
    assert len({entity_of(linked, p).id for p in "abc"}) == 3


def test_what_one_paper_calls_a_thing_is_a_name_of_it_there_only() -> None:
    linked = link([calling("a", "QuuxNet", "our network"), naming("b", "our network", type_="method"), naming("c", "QuuxNet", type_="method")])
    assert entity_of(linked, "a") == entity_of(linked, "c") != entity_of(linked, "b")
    (row,) = because(linked, "one thing in a paper")
    assert (row.name, row.other, row.paper) == ("our network", "QuuxNet", "a")


# -- senses --------------------------------------------------------------------------------------------------------------------

SENSES = [
    (
        "VQA",
        "task",
        (ANSWERING, ["captioning", "visual dialogue", "scene reading", "OCR"]),
        (QUALITY, ["video coding", "bitrates", "streaming", "HDR"]),
    ),
    (
        "RM",
        "method",
        ("reward model", ["preferences", "policy", "PPO", "RLHF"]),
        ("rote memorization", ["spacing", "flash cards", "recall", "drill"]),
    ),
    ("DFT", "method", ("discrete Fourier transform", ["wavelets", "filters", "FFT", "DCT"]), ("density functional theory", ["phonons", "GW", "LDA+U", "PBE"])),
    ("WM", "method", ("world model", ["planning", "dreaming", "rollouts", "MPC"]), ("working memory", ["attention span", "n-back", "rehearsal", "EEG"])),
    ("SGD", "method", ("stochastic gradient descent", ["momentum", "Adam", "decay", "SAM"]), ("schema-guided dialogue", ["slots", "intents", "DST", "TOD"])),
    ("QXZ", "task", (ZONING, MAPPING), (ZITHER, MUSIC)),
]


@pytest.mark.parametrize(("short", "type_", "one", "other"), SENSES, ids=[s[0] for s in SENSES])
class TestSenses:
    """Papers a0..a2 define one sense of a short form, b0..b2 another; u and v write it undefined in the company of either, w alone."""

    @pytest.fixture
    def linked(self, short: str, type_: str, one: tuple[str, list[str]], other: tuple[str, list[str]]) -> Linked:
        readings = [defining(f"{p}{i}", short, long, type_, beside=beside) for p, (long, beside) in (("a", one), ("b", other)) for i in range(3)]
        undefined = [naming("u", short, *one[1], type_=type_), naming("v", short, *other[1], type_=type_), naming("w", short, type_=type_)]
        return link([*readings, *undefined])

    def test_defined_senses_stay_apart(self, linked: Linked, short: str, one: tuple[str, list[str]], other: tuple[str, list[str]]) -> None:
        a, b = ({first_of(linked, f"{p}{i}").id for i in range(3)} for p in "ab")
        assert len(a) == len(b) == 1
        assert a != b
        assert {short, one[0]} <= set(first_of(linked, "a0").aliases)
        assert {short, other[0]} <= set(first_of(linked, "b0").aliases)
        assert not any({one[0], other[0]} <= set(e.aliases) for e in linked.entities)

    def test_company_tells_the_sense(self, linked: Linked, one: tuple[str, list[str]], other: tuple[str, list[str]]) -> None:
        assert first_of(linked, "u") == first_of(linked, "a0")
        assert first_of(linked, "v") == first_of(linked, "b0")
        rows = {x.paper: x for x in because(linked, "sense of its company")}
        assert {p: x.entity for p, x in rows.items()} == {"u": first_of(linked, "a0").id, "v": first_of(linked, "b0").id}
        assert all(x.same for x in rows.values())
        assert one[1][0] in rows["u"].evidence
        assert other[1][0] in rows["v"].evidence

    def test_without_company_goes_with_the_majority_or_stays_apart(self, linked: Linked, short: str) -> None:
        alone = first_of(linked, "w")
        majority, unclear = because(linked, "sense of the majority"), because(linked, "no clear sense")
        (row,) = [*majority, *unclear]
        assert row.entity == alone.id
        assert (alone in [first_of(linked, "a0"), first_of(linked, "b0")]) == row.same == bool(majority)
        assert row.name == short

    def test_what_definitions_elsewhere_show_is_less_sure_than_a_definition(self, linked: Linked) -> None:
        (row,) = (x for x in linked.links if x.reason in ("sense of the majority", "no clear sense"))
        assert row.score < min(x.score for x in because(linked, "definition"))


def test_senses_of_another_type_are_another_matter() -> None:
    quantum = "variational quantum algorithm"
    linked = link([defining("a", "VQA", ANSWERING), defining("b", "VQA", quantum, "method"), naming("c", "VQA"), naming("d", "VQA", type_="method")])
    assert linked.entity_of["a"] == linked.entity_of["c"] == ["task:vqa"]
    assert linked.entity_of["b"] == linked.entity_of["d"] == ["method:vqa"]


def test_a_metric_and_a_data_set_of_one_name_stay_apart() -> None:
    readings = [*(defining(p, "MSE", "mean squared error", "metric") for p in "abc"), naming("d", "MSE", type_="dataset"), naming("e", "MSE", type_="metric")]
    linked = link(readings)
    assert linked.entity_of == {**{p: ["metric:mse"] for p in "abce"}, "d": ["dataset:mse"]}


def test_a_method_and_a_data_set_of_one_name_each_take_the_sense_of_their_type() -> None:
    readings = [defining("a", "SGD", "stochastic gradient descent", "method"), defining("b", "SGD", "schema-guided dialogue", "dataset")]
    linked = link([*readings, naming("c", "SGD", type_="method"), naming("d", "SGD", type_="benchmark")])
    assert linked.entity_of["a"] == linked.entity_of["c"] == ["method:sgd"]
    assert linked.entity_of["b"] == linked.entity_of["d"] == ["dataset:sgd"]


def test_undefined_short_form_takes_the_sense_of_a_clear_majority() -> None:
    linked = link([*(defining(p, "QXZ", ZONING) for p in "abc"), defining("d", "QXZ", ZITHER), naming("e", "QXZ")])
    assert entity_of(linked, "e").name == ZONING
    (row,) = because(linked, "sense of the majority")
    assert (row.evidence, row.score, row.entity) == ("3 of 4 papers that define it", 0.675, entity_of(linked, "a").id)


def test_undefined_short_form_stays_apart_where_no_sense_is_clear() -> None:
    linked = link([defining("a", "QXZ", ZONING), defining("b", "QXZ", ZITHER), naming("c", "QXZ")])
    assert len({entity_of(linked, p).id for p in "abc"}) == 3
    (row,) = because(linked, "no clear sense")
    assert not row.same
    assert row.entity == entity_of(linked, "c").id


def test_definitions_of_a_large_corpus_count_where_the_papers_are_undecided() -> None:
    linked = link([defining("a", "VQA", ANSWERING), defining("b", "VQA", QUALITY), naming("c", "VQA")])
    assert entity_of(linked, "c") == entity_of(linked, "a")
    (row,) = because(linked, "sense of the majority")
    assert re.fullmatch(r"1 of 2 papers that define it, \d+ of \d+ in a large corpus", row.evidence)


def test_definitions_of_a_large_corpus_do_not_outvote_the_papers() -> None:
    linked = link([defining("a", "VQA", ANSWERING), *(defining(p, "VQA", QUALITY) for p in "bcdefghi"), naming("x", "VQA")])
    assert entity_of(linked, "x") == entity_of(linked, "b")


def test_a_sense_that_a_majority_shows_is_less_sure_than_the_definition() -> None:
    linked = link([defining("a", "QXZ", ZONING), naming("b", "QXZ")])
    (row,), (definition,) = because(linked, "sense of the majority"), because(linked, "definition")
    assert row.score < definition.score


def test_without_a_definition_here_a_short_form_is_the_long_form_of_a_large_corpus() -> None:
    linked = link([naming("a", "GRPO", type_="method"), naming("b", "group relative policy optimization", type_="method")])
    assert len(linked.entities) == 1


def test_company_that_speaks_for_both_senses_decides_nothing() -> None:
    readings = [defining(f"{p}{i}", "QXZ", long, beside=["mapping"]) for p, long in (("a", ZONING), ("b", ZITHER)) for i in range(3)]
    linked = link([*readings, naming("u", "QXZ", "mapping")])
    assert because(linked, "sense of its company") == []
    assert len({first_of(linked, p).id for p in ("a0", "b0", "u")}) == 3


def test_company_counts_under_all_its_names() -> None:
    readings = [defining(f"{p}{i}", "QXZ", long, beside=beside) for p, long, beside in (("a", ZONING, MAPPING), ("b", ZITHER, MUSIC)) for i in range(3)]
    linked = link([*readings, naming("u", "QXZ", "Gas-Mapping", "Leak Searches", "plume-tracing")])
    assert first_of(linked, "u") == first_of(linked, "a0")


def test_a_sense_is_generic_if_the_papers_that_bear_it_say_so() -> None:
    readings = [defining(p, "CV", "computer vision", beside=MAPPING, generic=True) for p in "abc"]
    readings += [defining(p, "CV", "cross-validation", beside=MUSIC) for p in "def"]
    readings += [naming(f"u{i}", "CV", *MAPPING, generic=True) for i in range(20)]
    linked = link(readings)
    assert first_of(linked, "u0") == first_of(linked, "a")
    assert first_of(linked, "a").generic
    assert not first_of(linked, "d").generic


def test_no_judgement_is_left_on_a_name_whose_papers_all_found_its_sense() -> None:
    readings = [defining(f"{p}{i}", "QXZ", long, beside=beside) for p, long, beside in (("a", ZONING, MAPPING), ("b", ZITHER, MUSIC)) for i in range(3)]
    linked = link([*readings, naming("u", "QXZ", *MAPPING), naming("v", "QXZ", *MUSIC)])
    assert because(linked, "no clear sense") == because(linked, "sense of the majority") == []


# -- contradictions ------------------------------------------------------------------------------------------------------------

CHAINS = {
    "versions of one long form": [
        reading("a", ("method", "quux network", True, ["QuuxNet-2", "quux network"])),
        reading("b", ("method", "quux network", True, ["QuuxNet-3", "quux network"])),
    ],
    "senses that differ by a word that changes nothing": [defining("a", "QX", "quex system", "method"), defining("b", "QX", "quex", "method")],
    "names of one thing in a paper": [calling("a", "QuuxNet", "Quux-v2"), calling("b", "QuuxNet", "Quux-v3")],
}


@pytest.mark.parametrize("readings", CHAINS.values(), ids=CHAINS.keys())
def test_a_chain_whose_ends_contradict_each_other_is_not_merged(readings: list[Reading]) -> None:
    linked = link(readings)
    one, other = readings[0].mentions[0], readings[1].mentions[0]
    if one.surface == other.surface:
        one, other = readings[0].mentions[1], readings[1].mentions[1]
    assert not any({one.surface, other.surface} <= set(e.aliases) for e in linked.entities)
    (row,) = because(linked, "contradiction")
    assert not row.same
    assert row.entity != row.other_entity
    assert row.evidence


@pytest.mark.parametrize("readings", CHAINS.values(), ids=CHAINS.keys())
def test_papers_of_what_is_not_merged_lead_to_what_they_name(readings: list[Reading]) -> None:
    linked = link(readings)
    written = [{m.surface for m in r.mentions} for r in readings]
    for r, own, others in zip(readings, written, written[::-1], strict=True):
        went = leads(linked, r)
        assert all(surface in by_id(linked, id_).aliases for (_, surface), id_ in went.items())
        (told_apart,) = own - others
        assert not set(by_id(linked, went[0, told_apart]).aliases) & (others - own)
    assert all(e.papers for e in linked.entities)


# -- what users say ------------------------------------------------------------------------------------------------------------


def test_same_joins_names_against_the_rules() -> None:
    readings = [naming("a", "GPT-3", type_="method"), naming("b", "GPT-4", type_="method")]
    assert len(link(readings).entities) == 2
    linked = link(readings, said("same|GPT-3|GPT-4"))
    assert partition(linked) == {frozenset(["GPT-3", "GPT-4"])}
    (row,) = because(linked, "user")
    assert (row.name, row.other, row.same, row.evidence, row.score) == ("GPT-3", "GPT-4", True, "same “GPT-3” “GPT-4”", 1.0)
    assert because(linked, "version") == []


def test_same_joins_names_that_papers_introduce() -> None:
    linked = link([coining("a", "QuuxNet"), naming("b", "quux network", type_="method")], said("same|QuuxNet|quux network"))
    assert partition(linked) == {frozenset(["QuuxNet", "quux network"])}


def test_same_joins_names_that_papers_define() -> None:
    linked = link([defining("a", "QXZ", ZONING), naming("b", "zoning by xenon")], said("same|QXZ|zoning by xenon"))
    assert partition(linked) == {frozenset(["QXZ", ZONING, "zoning by xenon"])}


def test_same_joins_two_senses_by_their_labels() -> None:
    readings = [defining("a", "VQA", ANSWERING), defining("b", "VQA", QUALITY)]
    linked = link(readings, said(f"same|VQA ({ANSWERING})|VQA ({QUALITY})"))
    assert partition(linked) == {frozenset(["VQA", ANSWERING, QUALITY])}


def test_same_is_transitive_through_a_name_that_no_paper_writes() -> None:
    readings = [naming("a", "QuuxNet", type_="method"), naming("b", "Barfoo", type_="method")]
    linked = link(readings, said("same|QuuxNet|Nowhere", "same|Nowhere|Barfoo"))
    assert partition(linked) == {frozenset(["QuuxNet", "Barfoo"])}
    assert "Nowhere" not in {n for e in linked.entities for n in (*e.aliases, e.name)}


@pytest.mark.parametrize("name", ["QuuxNet", "GPT-3.5", "GLM-4-9", "Nyström", "quux networks", "k-means", "recursive least squares"])
def test_a_judgement_may_name_an_entity_by_its_id(name: str) -> None:
    readings = [naming("a", name, type_="method"), naming("b", "Barfoo", type_="method")]
    id_ = entity_of(link(readings), "a").id
    assert partition(link(readings, said(f"same|{id_}|Barfoo"))) == {frozenset([name, "Barfoo"])}


@pytest.mark.parametrize("papers", [["a"], ["a", "b"], ["a", "b", "c"]])
def test_apart_cuts_a_definition(papers: list[str]) -> None:
    readings = [defining("a", "QXZ", ZONING), naming("b", "QXZ"), naming("c", ZONING)]
    linked = link([r for r in readings if r.paper in papers], said(f"apart|QXZ|{ZONING}"))
    assert not any({"QXZ", ZONING} <= set(e.aliases) for e in linked.entities)
    assert all(e.papers for e in linked.entities)
    assert {x.same for x in because(linked, "user")} == {False}


@pytest.mark.parametrize("separately", [True, False])
@pytest.mark.parametrize(("one", "other"), [("BLAST", "BLaST"), ("BLaST", "BLAST")])
def test_apart_cuts_names_of_one_normal_form(separately: bool, one: str, other: str) -> None:
    assert normal_form(one, "method") == normal_form(other, "method")
    readings = [naming("a", "BLAST", type_="method"), naming("b", "BLaST", type_="method")] if separately else [calling("a", "BLAST", "BLaST")]
    assert len(link(readings).entities) == 1
    linked = link(readings, said(f"apart|{one}|{other}"))
    assert partition(linked) == {frozenset(["BLAST"]), frozenset(["BLaST"])}
    with_third = link([*readings, naming("c", "Blast", type_="method")], said(f"apart|{one}|{other}"))
    assert not any({"BLAST", "BLaST"} <= set(e.aliases) for e in with_third.entities)


def test_apart_cuts_a_known_name() -> None:
    readings = [naming("a", "VLM", type_="method"), naming("b", "vision-language model", type_="method")]
    assert len(link(readings).entities) == 1
    linked = link(readings, said("apart|VLM|vision-language model"))
    assert len(linked.entities) == 2
    assert {(x.same, x.reason) for x in linked.links} == {(False, "user")}


def test_apart_cuts_what_one_paper_calls_a_thing() -> None:
    linked = link([calling("a", "QuuxNet", "our network")], said("apart|QuuxNet|our network"))
    assert not any({"QuuxNet", "our network"} <= set(e.aliases) for e in linked.entities)
    assert all(e.papers for e in linked.entities)


def test_apart_cuts_a_word_that_changes_nothing() -> None:
    readings = [naming("a", "quux routing", type_="method"), naming("b", "quux routing algorithm", type_="method")]
    assert len(link(readings, said("apart|quux routing|quux routing algorithm")).entities) == 2


def test_apart_holds_through_other_names() -> None:
    readings = [defining("a", "QXZ", ZONING), defining("b", "QZ", ZONING), naming("c", "QXZ"), naming("d", "QZ")]
    assert len(link(readings).entities) == 1
    linked = link(readings, said("apart|QXZ|QZ"))
    assert not any({"QXZ", "QZ"} <= set(e.aliases) for e in linked.entities)


@pytest.mark.parametrize("line", ["same|QuuxNet|Barfoo|method", "apart|BLAST|BLaST|method"])
def test_a_judgement_on_one_type_leaves_other_types_alone(line: str) -> None:
    names = ("QuuxNet", "Barfoo", "BLAST", "BLaST")
    readings = [naming(f"{type_}{n}", n, type_=type_) for type_ in ("method", "dataset", "task") for n in names]
    before, after = link(readings), link(readings, said(line))
    others = [[e for e in linked.entities if e.type != "method"] for linked in (before, after)]
    assert others[0] == others[1]
    assert partition(Linked([e for e in before.entities if e.type == "method"], [], {})) != partition(
        Linked([e for e in after.entities if e.type == "method"], [], {})
    )


def test_a_judgement_on_data_sets_holds_for_benchmarks() -> None:
    readings = [naming("a", "QuuxQA", type_="benchmark"), naming("b", "Barfoo", type_="dataset")]
    assert len(link(readings, said("same|QuuxQA|Barfoo|benchmark")).entities) == len(link(readings, said("same|QuuxQA|Barfoo|dataset")).entities) == 1


def test_a_judgement_on_no_type_holds_for_all() -> None:
    readings = [naming(f"{type_}{n}", n, type_=type_) for type_ in ("method", "dataset", "task", "metric") for n in ("QuuxNet", "Barfoo")]
    assert len(link(readings, said("same|QuuxNet|Barfoo")).entities) == 4


COMPANIONS = [defining(f"{p}{i}", "QXZ", long, beside=beside) for p, long, beside in (("a", ZONING, MAPPING), ("b", ZITHER, MUSIC)) for i in range(3)]


def test_the_user_wins_over_company() -> None:
    readings = [*COMPANIONS, naming("u", "QXZ", *MAPPING)]
    assert first_of(link(readings), "u").name == ZONING
    assert ZITHER in first_of(link(readings, said(f"same|QXZ|{ZITHER}")), "u").aliases


def test_the_user_wins_over_the_majority() -> None:
    readings = [*(defining(p, "QXZ", ZONING) for p in "abc"), defining("d", "QXZ", ZITHER), naming("e", "QXZ")]
    linked = link(readings, said(f"same|QXZ|{ZITHER}"))
    assert entity_of(linked, "e") == entity_of(linked, "d") != entity_of(linked, "a")


def test_the_user_wins_over_long_forms_that_differ() -> None:
    linked = link([defining("a", "QXZ", ZONING), defining("b", "QXZ", ZITHER)], said(f"same|{ZONING}|{ZITHER}"))
    assert entity_of(linked, "a") == entity_of(linked, "b")


def test_the_user_wins_over_the_list_of_known_names() -> None:
    readings = [naming("a", "TER", type_="metric"), naming("b", "translation edit rate", type_="metric")]
    assert len(link(readings, said("apart|TER|translation edit rate")).entities) == 2


@pytest.mark.parametrize("lines", [["same|Nowhere|Never"], ["apart|Nowhere|Never"], ["same|AAA|ZZZ", "same|ZZZ|MMM", "apart|AAA|aAa"]])
def test_judgements_on_names_that_no_paper_writes_change_nothing(lines: list[str]) -> None:
    assert link(CORPUS, said(*lines)) == link(CORPUS)


@pytest.mark.parametrize("name", ["LoRA", "GPT-3", "CIFAR-10", "LLM", "QXZ", "VQA", "gas mapping", "TransFoo", "Nyström"])
@pytest.mark.parametrize("verdict", ["same", "apart"])
@pytest.mark.parametrize("absent", ["AAA", "zzz", "m-3"])
def test_judgements_on_a_name_and_one_that_no_paper_writes_change_no_entity(name: str, verdict: str, absent: str) -> None:
    before, after = link(CORPUS), link(CORPUS, said(f"{verdict}|{name}|{absent}"))
    assert (after.entities, after.entity_of) == (before.entities, before.entity_of)


@pytest.mark.parametrize("name", ["LoRA", "VQA", "QXZ", "BLAST", "TransFoo", "CIFAR-10"])
@pytest.mark.parametrize("other", ["visual question answering", "GPT-3", "BLaST", "TransFOO", "CIFAR-100", "LLM", "low-rank adapters"])
def test_apart_is_obeyed_whatever_the_papers_write(name: str, other: str) -> None:
    linked = link(CORPUS, said(f"apart|{name}|{other}"))
    assert not any({name, other} <= set(e.aliases) for e in linked.entities)


def test_the_order_of_judgements_changes_nothing() -> None:
    readings = [defining("a", "LoRA", "Low-Rank Adaptation", "method"), naming("b", "LoRA", "low-rank adaptation", type_="method")]
    judgements = said("apart|LoRA|Low-Rank Adaptation", "apart|LoRA|Low-Rank Adaptation|method", "same|LoRA|GPT-3", "same|GPT-3|GPT-4")
    assert link(readings, judgements[::-1]) == link(readings, judgements)


def test_readings_may_be_an_iterator() -> None:
    judgements = said("apart|LLM|LLMs", "same|GPT-3|GPT-4")
    assert link(iter(CORPUS), judgements) == link(CORPUS, judgements)


# -- ids -----------------------------------------------------------------------------------------------------------------------


def test_an_id_is_the_normal_form_that_most_papers_write() -> None:
    readings = [defining("a", "QXZ", ZONING), naming("b", ZONING), naming("c", ZONING), naming("d", "QXZ")]
    (entity,) = link(readings).entities
    assert (entity.id, "task:qxz" in entity.other_ids) == ("task:quickxenonzoning", True)
    (entity,) = link([*readings, naming("e", "QXZ"), naming("f", "QXZ")]).entities
    assert (entity.id, "task:quickxenonzoning" in entity.other_ids) == ("task:qxz", True)


def test_after_a_merge_the_id_that_is_gone_leads_to_the_survivor() -> None:
    readings = [naming("a", "QuuxNet", type_="method"), naming("b", "QuuxNet", type_="method"), naming("c", "Barfoo", type_="method")]
    assert {e.id for e in link(readings).entities} == {"method:quuxnet", "method:barfoo"}
    (entity,) = link(readings, said("same|QuuxNet|Barfoo")).entities
    assert entity.id == "method:quuxnet"
    assert "method:barfoo" in entity.other_ids


MERGES = [
    (f"VQA ({ANSWERING})", f"VQA ({QUALITY})"),
    ("QXZ", ZONING),
    ("QXZ", ZITHER),
    ("VQA", "QXZ"),
    ("GPT-3", "GPT-4"),
    ("CIFAR-10", "CIFAR-100"),
    (f"BLAST ({MATRICES})", f"BLaST ({SPARSE})"),
    ("LoRA", "LLM"),
    ("TransFoo", "LoRA"),
    ("LoRA", "GPT-4"),
]


@pytest.mark.parametrize(("name", "other"), MERGES)
def test_every_id_from_before_a_merge_leads_somewhere_after_it(name: str, other: str) -> None:
    before, after = link(CORPUS), link(CORPUS, said(f"same|{name}|{other}"))
    leads = {i for e in after.entities for i in (e.id, *e.other_ids)}
    assert len(after.entities) < len(before.entities)
    assert {e.id for e in before.entities} - leads == set()


def test_ids_from_before_a_definition_came_lead_to_what_is_defined() -> None:
    readings = [naming("a", "QXZ"), naming("b", ZONING)]
    assert {e.id for e in link(readings).entities} == {"task:qxz", "task:quickxenonzoning"}
    (entity,) = link([*readings, defining("c", "QXZ", ZONING)]).entities
    assert {"task:qxz", "task:quickxenonzoning"} <= {entity.id, *entity.other_ids}


def test_of_two_entities_of_one_name_each_has_a_normal_form_of_its_own_as_its_id() -> None:
    readings = [defining("a", "VQA", ANSWERING), defining("b", "VQA", QUALITY), defining("c", "VQA", ANSWERING), naming("d", "VQA")]
    assert {e.id for e in link(readings).entities} == {"task:vqa", "task:videoqualityassessment"}


# -- entities ------------------------------------------------------------------------------------------------------------------


def test_generic_follows_the_majority_of_papers() -> None:
    plain = naming("a", "LLM", type_="method")
    generic = naming("b", "LLM", type_="method", generic=True)
    assert [e.generic for e in link([plain, generic]).entities] == [True]
    assert [e.generic for e in link([plain, generic, naming("c", "LLM", type_="method")]).entities] == [False]


def test_a_paper_that_names_a_thing_twice_counts_once() -> None:
    (entity,) = link([reading("a", ("dataset", "CIFAR-10", False, ["CIFAR-10"]), ("benchmark", "CIFAR10", False, ["CIFAR10", "CIFAR-10"]))]).entities
    assert entity.papers == 1


def test_nothing_links_to_nothing() -> None:
    assert link([]) == Linked([], [], {})
    assert link([Reading("a", "h")]).entity_of == {"a": []}


@pytest.mark.parametrize("surface", ["$", "\\", "...", "漢字", "\u0301", "_"])
def test_any_surface_gets_an_id_and_a_name(surface: str) -> None:
    (entity,) = link([naming("a", surface)]).entities
    assert entity.name
    assert entity.id.removeprefix("task:")


def test_many_papers_are_linked_in_seconds() -> None:
    readings = [
        defining(f"p{i}", f"S{chr(65 + i % 26)}{chr(65 + i % 17)}Z", f"long form {i % 500} of it", "method", beside=[f"name {i % 700}", f"Net-{i % 900}"])
        for i in range(20_000)
    ]
    start = time.monotonic()
    link(readings)
    assert time.monotonic() - start < 20


# -- whatever is written ---------------------------------------------------------------------------------------------------------

STEMS = ["QuuxNet", "Quuxnet", "Barfoo", "QXZ", "QxZ", "BLAST", "BLaST", "VQA", "LLM", "GPT", "LoRA"]
LONGS = [ZONING, ZITHER, ANSWERING, QUALITY, "low-rank adaptation", "low-rank adapters", "large language model", "quux network", "Quux Networks"]
WORDS = st.sampled_from(["{}", "{}s", "{} model", "{} dataset", "standard {}"])
VERSIONED = st.builds(lambda stem, hyphen, number: f"{stem}{hyphen}{number}", st.sampled_from(STEMS), st.sampled_from(["", "-", " "]), st.sampled_from("23"))
NAMES = st.builds(str.format, WORDS, st.sampled_from(STEMS + LONGS) | VERSIONED)
TYPES = st.sampled_from(["method", "task", "dataset", "benchmark"])
USED = st.builds(lambda type_, name: (type_, name, False, [name]), TYPES, NAMES)
DEFINED = st.builds(lambda type_, short, long: (type_, long, True, [short, long]), TYPES, st.sampled_from(STEMS) | VERSIONED, st.sampled_from(LONGS))
SEVERAL = st.builds(
    lambda type_, surfaces: (type_, surfaces[0], False, surfaces), TYPES, st.lists(NAMES.filter(lambda n: not version(n)), min_size=2, max_size=3, unique=True)
)


def distinct(entities: Sequence[Called]) -> list[Called]:
    """Return the entities of a paper without those of a name that one before them has."""
    kept, taken = [], set()
    for called in entities:
        forms = {(family(called[0]), normal_form(s, family(called[0]))) for s in called[3]}
        if taken.isdisjoint(forms):
            taken |= forms
            kept.append(called)
    return kept


PAPERS = st.lists(
    st.tuples(
        st.lists(USED | DEFINED | SEVERAL, min_size=1, max_size=4).map(distinct),
        st.sampled_from(["uses", "uses", "introduces"]),
        st.sampled_from([False, True]),
    ),
    max_size=8,
).map(lambda papers: [reading(f"p{i}", *entities, role=role, generic=generic) for i, (entities, role, generic) in enumerate(papers)])
LINES = st.lists(st.tuples(st.sampled_from(["same", "apart"]), NAMES, NAMES, st.sampled_from(["", "", "method", "task"])), max_size=3)


def judgements_of(lines: Iterable[tuple[str, str, str, str]]) -> list[UserJudgement]:
    """Return the judgements in lines; discard an example whose lines contradict each other."""
    try:
        return parse("\n".join("\t".join(line) for line in lines))
    except InputError:
        assume(False)
        raise


anything = settings(max_examples=100, deadline=None)


@anything
@given(st.permutations(CORPUS))
def test_linking_does_not_depend_on_the_order_of_the_papers(readings: list[Reading]) -> None:
    assert by_parts(link(readings)) == by_parts(link(CORPUS))


def by_parts(linked: Linked) -> tuple[list[Entity], list[Link], dict[str, list[str]]]:
    return linked.entities, linked.links, linked.entity_of


@anything
@given(PAPERS, LINES, st.randoms(use_true_random=False))
def test_linking_does_not_depend_on_any_order(readings: list[Reading], lines: list[tuple[str, str, str, str]], random: Random) -> None:
    judgements = judgements_of(lines)
    linked = link(readings, judgements)
    random.shuffle(readings)
    random.shuffle(judgements)
    assert by_parts(link(readings, judgements)) == by_parts(linked)


@anything
@given(PAPERS, LINES)
def test_ids_are_unique_and_names_in_a_family_too(readings: list[Reading], lines: list[tuple[str, str, str, str]]) -> None:
    linked = link(readings, judgements_of(lines))
    assert len({(family(e.type), e.name) for e in linked.entities}) == len(linked.entities)
    ids = [i for e in linked.entities for i in (e.id, *e.other_ids)]
    assert [i for i, n in Counter(ids).items() if n > 1] == []
    assert all(i.startswith(f"{family(e.type)}:") for e in linked.entities for i in (e.id, *e.other_ids))


@anything
@given(PAPERS, LINES)
def test_papers_lead_to_what_they_name_and_to_every_entity(readings: list[Reading], lines: list[tuple[str, str, str, str]]) -> None:
    linked = link(readings, judgements_of(lines))
    every = [{*linked.entity_of[r.paper], *(part.id for part in linked.divided.get(r.paper, ()))} for r in readings]
    assert {i for ids in every for i in ids} == {e.id for e in linked.entities}
    assert {e.id: e.papers for e in linked.entities} == Counter(i for ids in every for i in ids)
    for r in readings:
        assert all(surface in by_id(linked, id_).aliases for (_, surface), id_ in leads(linked, r).items())
        assert len(linked.entity_of[r.paper]) == len(r.entities)


@anything
@given(PAPERS)
def test_every_surface_is_an_alias_and_every_alias_a_surface(readings: list[Reading]) -> None:
    linked = link(readings)
    written = {(family(m.type), m.surface) for r in readings for m in r.mentions}
    assert {(family(e.type), a) for e in linked.entities for a in e.aliases} == written
    assert all(len(set(e.aliases)) == len(e.aliases) for e in linked.entities)


def versions_of(entity: Entity) -> dict[str, set[tuple[str, ...]]]:
    """Return the versions of each stem among the names of an entity."""
    found: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for alias in entity.aliases:
        form = normal_form(alias, family(entity.type))
        found["".join(c for c in form if c not in "0123456789.-")].add(version(form))
    return found


@anything
@given(PAPERS)
@example([r for readings in CHAINS.values() for r in readings])
def test_no_entity_holds_two_versions_of_one_stem(readings: list[Reading]) -> None:
    assert [e for e in link(readings).entities if any(len(v) > 1 for v in versions_of(e).values())] == []


@anything
@given(PAPERS, st.sampled_from(STEMS))
def test_an_entity_holds_two_versions_where_the_user_says_so(readings: list[Reading], stem: str) -> None:
    one, other = f"{stem}-2", f"{stem}-3"
    linked = link([*readings, naming("x", one, type_="method"), naming("y", other, type_="method")], said(f"same|{one}|{other}"))
    assert [e.papers > 1 for e in linked.entities if {one, other} <= set(e.aliases)] == [True]


def words_of(row: Link) -> set[str]:
    """Return the names that a judgement is on, in and out of the label of a sense."""
    return {n for text in (row.name, row.other) for n in (text, text.rsplit(" (", 1)[0], text.removesuffix(", introduced so"))}


@anything
@given(PAPERS, LINES)
def test_every_alias_has_a_judgement_with_a_reason(readings: list[Reading], lines: list[tuple[str, str, str, str]]) -> None:
    linked = link(readings, judgements_of(lines))
    judged = {(i, name) for x in linked.links if x.same and x.reason and x.evidence for i in (x.entity, x.other_entity) for name in words_of(x)}
    assert {(e.id, a) for e in linked.entities for a in e.aliases if a != e.name} - judged == set()


def test_every_alias_of_the_corpus_has_a_judgement_with_a_reason() -> None:
    linked = link(CORPUS)
    judged = {(x.entity, name) for x in linked.links if x.same and x.reason and x.evidence for name in words_of(x)}
    assert {(e.id, a) for e in linked.entities for a in e.aliases if a != e.name} - judged == set()


@anything
@given(PAPERS, LINES)
def test_judgements_are_scored_from_nothing_to_one_and_show_papers_that_write_the_name(readings: list[Reading], lines: list[tuple[str, str, str, str]]) -> None:
    linked = link(readings, judgements_of(lines))
    written = {(r.paper, family(m.type), normal_form(m.surface, family(m.type))) for r in readings for m in r.mentions}
    for row in linked.links:
        assert 0 <= row.score <= 1
        assert row.reason
        assert row.evidence
        if row.paper is not None:
            assert any((row.paper, row.family, normal_form(n, row.family)) in written for n in words_of(row))


@anything
@given(PAPERS)
def test_every_judgement_belongs_to_an_entity_that_bears_the_name(readings: list[Reading]) -> None:
    linked = link(readings)
    aliases = {e.id: {*e.aliases, e.name} for e in linked.entities}
    for row in linked.links:
        assert row.entity is not None
        assert row.other_entity is not None
        assert any(alias in row.name for alias in aliases[row.entity])
        assert any(alias in row.other for alias in aliases[row.other_entity])


@anything
@given(PAPERS, LINES)
def test_names_judged_the_same_are_one_entity_and_others_two(readings: list[Reading], lines: list[tuple[str, str, str, str]]) -> None:
    linked = link(readings, judgements_of(lines))
    ids = {e.id for e in linked.entities}
    for row in linked.links:
        assert {row.entity, row.other_entity} <= {*ids, None}
        if row.entity and row.other_entity:
            assert row.same == (row.entity == row.other_entity)


@anything
@given(st.lists(st.lists(USED | DEFINED, min_size=1, max_size=4).map(distinct), max_size=8), st.sampled_from(["task", "method"]))
def test_no_entity_holds_two_senses_of_one_short_form(papers: list[list[Called]], type_: str) -> None:
    readings = [reading(f"p{i}", *entities) for i, entities in enumerate(papers)]
    linked = link([*readings, defining("a", "QXZ", ZONING, type_), defining("b", "QXZ", ZITHER, type_)])
    assert not any({ZONING, ZITHER} <= set(e.aliases) for e in linked.entities if e.type == type_)


@anything
@given(PAPERS, LINES)
def test_what_the_user_says_holds(readings: list[Reading], lines: list[tuple[str, str, str, str]]) -> None:
    judgements = judgements_of(lines)
    linked = link(readings, judgements)
    for judgement, e in ((j, e) for j in judgements for e in linked.entities if family(e.type) in j.families()):
        one, other = judgement.forms(family(e.type))
        if not judgement.same and one == other:
            assert not {judgement.name, judgement.other} <= set(e.aliases)
        elif not judgement.same:
            assert not {one, other} <= {normal_form(a, family(e.type)) for a in e.aliases}


@anything
@given(st.lists(st.lists(st.sampled_from(["QuuxNet", "Barfoo", "Quux-2", "Quux-3", "BLAST"]), min_size=1, unique=True), max_size=6), LINES)
def test_names_that_the_user_calls_the_same_are_one(papers: list[list[str]], lines: list[tuple[str, str, str, str]]) -> None:
    lines = [("same", "QuuxNet", "Quux-2", "task"), ("same", "Quux-3", "Nowhere", ""), ("same", "Nowhere", "BLAST", ""), *lines]
    judgements = judgements_of(lines)
    linked = link([naming(f"p{i}", *names) for i, names in enumerate(papers)], judgements)
    for names in (["QuuxNet", "Quux-2"], ["Quux-3", "BLAST"]):
        assert len({e.id for e in linked.entities if set(names) & set(e.aliases)}) <= 1
