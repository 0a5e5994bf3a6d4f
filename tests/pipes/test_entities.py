import time
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, Span

from kg.extract import pipeline
from kg.names import is_generic
from kg.pipes import mentions_by_entity, write
from kg.pipes.entities import Entities, standing
from kg.pipes.generic import find_generic
from kg.records import Reader
from kg.text import normal_form, version

TEXT = (
    "FastLoRA: a study\n\nLarge language models (LLMs) are big, and an LLM is costly. "
    "We propose FastLoRA, based on low-rank adaptation (LoRA), on GSM8K and GSM-8K."
)


@pytest.fixture(scope="module")
def doc() -> Doc:
    return pipeline(Reader(threshold=0.0))(TEXT)


def surfaces(doc: Doc) -> list[set[str]]:
    return [{s.text for s in spans} for spans in mentions_by_entity(doc).values()]


def doc_of(*names: str, type_: str = "method", defined: dict[str, str] | None = None) -> Doc:
    """Return a Doc that mentions names, each in a sentence; `defined` are short forms among them with their long forms."""
    text, places = "A study\n\n", []
    for name in names:
        start = len(text) + len("We use ")
        places.append((start, start + len(name)))
        text += f"We use {name}. "
    doc = pipeline(Reader("fast")).make_doc(text)
    spans = [doc.char_span(a, b, label=type_, span_id="model") for a, b in places]
    halves: list[Span] = []
    for i, pair in enumerate((defined or {}).items()):
        halves += [Span(doc, s.start, s.end, label, span_id=str(i)) for s, label in zip((spans[names.index(n)] for n in pair), ("short", "long"), strict=True)]
    write(doc, "acronyms", halves)
    return write(doc, "mentions", spans, [0.9] * len(spans))


def grouped(*names: str, type_: str = "method", defined: dict[str, str] | None = None) -> list[set[str]]:
    """Return the names that `Entities` takes for one thing each, things by their first mention."""
    return surfaces(Entities()(doc_of(*names, type_=type_, defined=defined)))


def alone(*names: str) -> list[set[str]]:
    return [{n} for n in names]


# -- normal forms, known names, definitions --------------------------------------------------------------------------------------


@pytest.mark.parametrize("names", [{"Large language models", "LLMs", "LLM"}, {"low-rank adaptation", "LoRA"}, {"FastLoRA"}, {"GSM8K", "GSM-8K"}])
def test_names_of_one_thing_get_one_key(doc: Doc, names: set[str]) -> None:
    assert names in surfaces(doc)


def test_keys_are_numbered_by_first_mention(doc: Doc) -> None:
    assert list(mentions_by_entity(doc)) == [f"e{i}" for i in range(len(surfaces(doc)))]


def test_mentions_keep_their_places_types_rules_and_scores() -> None:
    before = doc_of("LoRA", "BERT", "LoRA", "BLEU")
    kept = [(s.start, s.end, s.label_, s.id_) for s in before.spans["mentions"]], before.spans["mentions"].attrs["scores"]
    after = Entities()(before)
    assert ([(s.start, s.end, s.label_, s.id_) for s in after.spans["mentions"]], after.spans["mentions"].attrs["scores"]) == kept


def test_a_text_without_mentions_stays_so() -> None:
    doc = pipeline(Reader("fast")).make_doc("nothing")
    assert "mentions" not in Entities()(doc).spans


@pytest.mark.parametrize(
    ("type_", "names"),
    [
        ("dataset", ["GSM8K", "GSM-8k", "GSM8k"]),
        ("dataset", ["CIFAR10", "CIFAR-10"]),
        ("method", ["LLaMA-2", "LLaMa-2", "Llama-2"]),
        ("method", ["LLM", "LLMs"]),
        ("method", ["LLM", "large language models"]),
        ("method", ["low-rank adaptation", "Low Rank Adaptation"]),
    ],
)
def test_spellings_and_known_names_of_one_thing_are_one(type_: str, names: list[str]) -> None:
    assert grouped(*names, type_=type_) == [set(names)]


def test_a_data_set_and_a_benchmark_are_one_but_a_method_is_another() -> None:
    doc = doc_of("SQuAD", "SQuAD", "SQuAD")
    write(doc, "mentions", [Span(doc, s.start, s.end, t) for s, t in zip(doc.spans["mentions"], ("dataset", "benchmark", "method"), strict=True)])
    assert [s.kb_id_ for s in Entities()(doc).spans["mentions"]] == ["e0", "e0", "e1"]


def test_what_the_text_defines_is_one() -> None:
    assert grouped("quick xenon zoning", "QXZ", "other zoning", defined={"QXZ": "quick xenon zoning"})[0] == {"quick xenon zoning", "QXZ"}


def test_what_the_text_defines_goes_before_what_is_known() -> None:
    names = ("RAG", "random attention graph", "retrieval-augmented generation")
    assert grouped(*names[::2]) == [set(names[::2])]
    assert grouped(*names, defined={"RAG": "random attention graph"}) == [{"RAG", "random attention graph"}, {"retrieval-augmented generation"}]


def test_definitions_in_a_row_are_one() -> None:
    assert grouped("first name", "FN", "FirstNet", defined={"FN": "first name", "FirstNet": "FN"}) == [{"first name", "FN", "FirstNet"}]


# -- names that share words ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "names"),
    [
        ("method", ["QuuxNet", "QuuxNet framework"]),
        ("method", ["Qwen", "Qwen models"]),
        ("metric", ["BLEU", "BLEU scores"]),
        ("task", ["image generation", "image generation tasks"]),
    ],
)
def test_a_name_and_one_that_says_a_little_more_are_one(type_: str, names: list[str]) -> None:
    assert grouped(*names, *names[:1], type_=type_) == [set(names)]


@pytest.mark.parametrize(
    ("type_", "names"),
    [
        ("method", ["small language models", "large language models"]),
        ("method", ["convolutional neural networks", "recurrent neural networks"]),
        ("method", ["QuuxNet", "BarfooNet"]),
        ("dataset", ["PubMed abstracts", "PubMed Central"]),
        ("task", ["image generation", "video generation"]),
    ],
)
def test_names_that_share_a_word_may_be_two_things(type_: str, names: list[str]) -> None:
    assert grouped(*names, type_=type_) == alone(*names)


def test_names_of_two_types_are_two_things() -> None:
    doc = doc_of("QuuxNet", "QuuxNet framework")
    write(doc, "mentions", [Span(doc, s.start, s.end, t) for s, t in zip(doc.spans["mentions"], ("method", "task"), strict=True)])
    assert [s.kb_id_ for s in Entities()(doc).spans["mentions"]] == ["e0", "e1"]


@pytest.mark.parametrize(
    ("title", "abstract", "together"),
    [
        (
            "Feed-forward 3D reconstruction",
            "3D reconstruction recovers geometry. We propose MonoRec for monocular 3D reconstruction. MonoRec is better at 3D reconstruction than NeRF.",
            {"3D reconstruction", "Feed-forward 3D reconstruction"},
        ),
        (
            "On tracking",
            "Multi-object tracking is hard. We study 3D multi-object tracking. Our tracker QuuxTrack wins, and the QuuxTrack tracker is fast. We report BLEU.",
            {"Multi-object tracking", "3D multi-object tracking"},
        ),
    ],
)
def test_names_in_an_abstract_are_one_thing(title: str, abstract: str, together: set[str]) -> None:
    doc = pipeline(Reader("fast"))(f"{title}\n\n{abstract}")
    assert any(together <= names for names in surfaces(doc))
    assert not any(together & names and names & {"MonoRec", "NeRF", "QuuxTrack", "BLEU"} for names in surfaces(doc))


VERSIONS = [
    ("method", ["GPT-3", "GPT", "GPT-4"]),
    ("method", ["GPT-3 model", "GPT model", "GPT-4 model"]),
    ("method", ["Qwen 2.5", "Qwen", "Qwen 3", "Qwen models"]),
    ("method", ["Stable Diffusion 1.5", "Stable Diffusion", "Stable Diffusion 2"]),
    ("method", ["QuuxNet 2", "QuuxNet framework", "QuuxNet", "QuuxNet 3"]),
    ("dataset", ["CIFAR-10", "CIFAR", "CIFAR-100"]),
    ("dataset", ["Wikitext-2", "Wikitext-103", "Wikitext"]),
    ("metric", ["BLEU-1", "BLEU", "BLEU score", "BLEU-4"]),
    ("metric", ["top-1 accuracy", "accuracy", "top-5 accuracy"]),
]


def same_version(names: set[str], type_: str) -> bool:
    """Tell whether names hold no two version numbers."""
    return len({v for n in names if (v := version(normal_form(n, type_)))}) <= 1


@pytest.mark.parametrize(("type_", "names"), VERSIONS, ids=[names[0] for _, names in VERSIONS])
def test_versions_are_never_one_thing_be_it_through_a_name_without_one(type_: str, names: list[str]) -> None:
    for order in (names, names[::-1]):
        assert all(same_version(group, type_) for group in grouped(*order, type_=type_))


@pytest.mark.parametrize("names", [["LMs", "LMS"], ["C", "C++", "C#"], ["NCSN", "NCSN++"]])
def test_names_that_differ_by_a_sign_or_a_capital_are_two_things(names: list[str]) -> None:
    assert grouped(*names) == alone(*names)


@pytest.mark.parametrize(
    ("generic", "sharper"),
    [
        ("large language model", "Quux large language model"),
        ("language models", "protein language models"),
        ("deep learning", "Quux deep learning"),
        ("neural networks", "spiking neural networks"),
        ("foundation models", "Quux foundation models"),
        ("artificial intelligence", "explainable artificial intelligence"),
        ("machine learning", "machine learning framework of Quux"),
    ],
)
def test_a_generic_name_is_not_one_with_a_sharper_one(generic: str, sharper: str) -> None:
    assert is_generic(normal_form(generic, "method"))
    assert not is_generic(normal_form(sharper, "method"))
    assert grouped(generic, sharper, generic) == alone(generic, sharper)


WORDS = ["quux", "Quux", "graph", "model", "2", "3", "2.5", "neural", "network", "QN", "QuuxNet", "learning", "of", "and", "BLEU", "score", "LLM", "++"]
PHRASES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)


@settings(deadline=None, max_examples=100)
@given(st.lists(PHRASES, min_size=1, max_size=8), st.sampled_from(["method", "task", "dataset", "metric"]))
def test_any_names_are_grouped_by_first_mention_and_equal_names_alike(names: list[str], type_: str) -> None:
    doc = Entities()(doc_of(*names, type_=type_))
    keys = [s.kb_id_ for s in doc.spans["mentions"]]
    assert list(dict.fromkeys(keys)) == [f"e{i}" for i in range(len(set(keys)))]
    for (a, one), (b, other) in combinations(zip(names, keys, strict=True), 2):
        if normal_form(a, type_) == normal_form(b, type_):
            assert one == other


ENDINGS = ["", "-2", "-3", " 2 model", " 3 model", " model", " models", " framework", " 2.5"]


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(["Qwen", "QuuxNet", "quux graph network"]), st.permutations(ENDINGS), st.sampled_from(["method", "task", "dataset"]))
def test_no_thing_of_a_text_holds_two_versions(stem: str, endings: list[str], type_: str) -> None:
    assert all(same_version(group, type_) for group in grouped(*(f"{stem}{e}" for e in endings), type_=type_))


# -- many mentions -------------------------------------------------------------------------------------------------------------


MANY = {
    "one name": ["QuuxNet"] * 5_000,
    "a name with a word more each": [f"neural network {'abcdefghijklmnopqrstuvwxyz'[i % 26]}{i}" for i in range(5_000)],
    "one word in all": [f"{'abcdefghijklmnopqrstuvwxyz'[i % 26] * (1 + i % 7)} network {i // 26}" for i in range(5_000)],
}


@pytest.mark.parametrize("names", MANY.values(), ids=MANY.keys())
def test_thousands_of_mentions_are_grouped_in_seconds(names: list[str]) -> None:
    doc = doc_of(*names)
    start = time.monotonic()
    Entities()(doc)
    assert time.monotonic() - start < 5


def test_time_grows_with_the_mentions() -> None:
    def seconds(n: int) -> float:
        doc = doc_of(*(f"Quux{i} network" for i in range(n)))
        start = time.process_time()
        Entities()(doc)
        return time.process_time() - start

    seconds(100)
    many, few = (min(seconds(n) for _ in range(3)) for n in (8_000, 2_000))
    assert many < 16 * max(few, 0.05)


# -- the name that stands for a thing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "long_form", "stands"),
    [
        ({"QXZ": 5, "quick xenon zoning": 1}, "quick xenon zoning", "quick xenon zoning"),
        ({"VLM": 5, "vision-language model": 1}, None, "vision-language model"),
        ({"VLM": 5, "the vision-language model of Quux": 1, "Vision Language Models": 1}, None, "Vision Language Models"),
        ({"QuuxNet": 1, "QuuxNet framework": 7}, None, "QuuxNet"),
        ({"LLM": 1, "our LLM": 7}, None, "LLM"),
        ({"quux routing": 2, "Quux routing": 5}, None, "Quux routing"),
        ({"quux routing": 2, "Quux routing": 2}, None, "Quux routing"),
        ({"only": 1}, None, "only"),
    ],
    ids=["long form", "meant by the others", "meant, not longer", "shortest", "known", "written most", "first of equals", "the only one"],
)
def test_standing(written: dict[str, int], long_form: str | None, stands: str) -> None:
    for order in (written, dict(reversed(written.items()))):
        assert standing(Counter(order), "method", long_form) == stands


@given(st.dictionaries(st.sampled_from(["VLM", "QuuxNet", "quux", "LLMs", "GPT-3", "a b c"]), st.integers(1, 9), min_size=1))
def test_what_stands_for_a_thing_is_one_of_its_surfaces(written: dict[str, int]) -> None:
    assert standing(Counter(written), "method", None) in written


# -- generic names -------------------------------------------------------------------------------------------------------------


def test_broad_entities_are_generic_by_any_of_their_names(doc: Doc) -> None:
    assert {s.text for s in find_generic(doc)} == {"Large language models"}


def test_generic_list_holds_normal_forms() -> None:
    assert all(is_generic(normal_form(n, "method")) for n in ("LLMs", "deep learning", "neural networks"))
    assert not any(is_generic(normal_form(n, "method")) for n in ("LoRA", "BERT", "Adam"))
