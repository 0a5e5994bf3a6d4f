from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from kg.extract import pipeline
from kg.pipes import write
from kg.pipes.propagate import Propagate
from kg.text import occurrences


def doc_of(text: str, *mentions: tuple[str, str, float]) -> Doc:
    """Return a Doc with a mention (surface, type, score) at each surface's first place."""
    doc = pipeline().make_doc(text)
    spans = []
    for surface, type_, _ in mentions:
        start = text.index(surface)
        spans.append(doc.char_span(start, start + len(surface), label=type_, span_id="model"))
    return write(doc, "mentions", spans, [s for _, _, s in mentions])


def found(doc: Doc) -> list[tuple[str, str, str, int]]:
    return [(s.text, s.label_, s.id_, s.start_char) for s in doc.spans["mentions"]]


def test_further_occurrences_become_mentions_with_the_best_score() -> None:
    doc = Propagate()(doc_of("On LoRA\n\nWe use LoRA and LoRAX.", ("LoRA", "method", 0.7)))
    assert found(doc) == [("LoRA", "method", "model", 3), ("LoRA", "method", "propagated", 16)]
    assert doc.spans["mentions"].attrs["scores"] == [0.7, 0.7]


def test_longer_surface_wins_where_two_overlap() -> None:
    assert list(occurrences("BERT large and BERT", ["BERT", "BERT large"])) == [(0, 10), (15, 19)]


def test_one_surface_gets_one_type_by_the_sum_of_scores() -> None:
    doc = pipeline().make_doc("GLUE, GLUE and GLUE")
    spans = [doc.char_span(a, a + 4, label=t, span_id="model") for a, t in ((0, "dataset"), (6, "benchmark"), (15, "benchmark"))]
    doc = Propagate()(write(doc, "mentions", spans, [0.9, 0.5, 0.5]))
    assert [s.label_ for s in doc.spans["mentions"]] == ["benchmark"] * 3


def test_text_without_mentions_stays_so() -> None:
    doc = Propagate()(write(pipeline().make_doc("nothing"), "mentions", [], []))
    assert not doc.spans["mentions"]


def test_occurrences_stand_between_ends_of_words() -> None:
    assert list(occurrences("LoRA, QLoRA, LoRA-X and LoRAs", ["LoRA"])) == [(0, 4), (13, 17)]
    assert list(occurrences("anything", [])) == []


@given(st.text(max_size=40), st.lists(st.text(min_size=1, max_size=4), min_size=1, max_size=4))
def test_occurrences_are_of_the_surfaces_in_order_and_apart(text: str, surfaces: list[str]) -> None:
    places = list(occurrences(text, surfaces))
    assert all(text[a:b] in surfaces for a, b in places)
    assert all(a[1] <= b[0] for a, b in pairwise(places))
