import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.names import LEAST_SHARE, Known, canonical_form, known, without_head
from kg.records import TYPES, family
from kg.text import normal_form, version

LINES = (files("kg.pipes") / "model" / "names.tsv").read_text(encoding="utf-8").splitlines()
ROWS = [tuple(line.split("\t")[:3]) for line in LINES]
"""Type family, name and what it means, both as normal forms."""


@pytest.mark.parametrize(
    ("names", "meaning"),
    [
        (["VLM", "VLMs", "vision-language model", "Vision Language Models"], "vision-language model"),
        (["LLM", "LLMs", "large language models"], "large language model"),
        (["RAG", "retrieval-augmented generation"], "retrieval-augmented generation"),
        (["RL", "reinforcement learning"], "reinforcement learning"),
        (["CNN", "CNNs", "ConvNets"], "convolutional neural network"),
    ],
)
def test_names_of_one_thing_have_one_canonical_form(names: list[str], meaning: str) -> None:
    assert {canonical_form("method", normal_form(n, "method")) for n in names} == {normal_form(meaning, "method")}


def test_how_many_papers_say_so_is_known() -> None:
    said = known("method", "vlm")
    assert said is not None
    assert said.canonical == "visionlanguagemodel"
    assert 2 <= said.agree <= said.papers


def test_a_name_means_something_within_its_type_only() -> None:
    assert known("metric", "vlm") is None
    assert canonical_form("metric", "vlm") == "vlm"


@given(st.sampled_from(TYPES), st.text())
def test_an_unknown_name_stands_for_itself(kind: str, form: str) -> None:
    said = known(kind, form)
    assert canonical_form(kind, form) == (said.canonical if said else form)


# -- the list ------------------------------------------------------------------------------------------------------------------


def test_every_line_is_known_as_it_stands() -> None:
    for line in LINES:
        kind, form, canonical, agree, papers = line.split("\t")
        assert known(kind, form) == Known(canonical, int(agree), int(papers))


def test_lines_are_sorted_and_name_each_name_once() -> None:
    keys = [row[:2] for row in ROWS]
    assert keys == sorted(set(keys))


def test_kinds_are_families_of_types() -> None:
    assert {kind for kind, _, _ in ROWS} <= {family(t) for t in TYPES}


def test_names_are_in_lower_case_and_without_blanks() -> None:
    for _, form, canonical in ROWS:
        for text in (form, canonical):
            assert text == "".join(text.split()).casefold() != ""


def test_most_papers_that_use_a_name_agree() -> None:
    for line in LINES:
        agree, papers = map(int, line.split("\t")[3:])
        assert 2 <= papers >= agree >= LEAST_SHARE * papers


def test_no_meaning_changes_a_version() -> None:
    assert [row for row in ROWS if version(row[1]) != version(row[2])] == []


def test_a_meaning_means_itself() -> None:
    assert [row for row in ROWS if canonical_form(row[0], row[2]) != row[2]] == []


def test_meanings_of_meanings_come_to_an_end() -> None:
    for kind, form, canonical in ROWS:
        steps = [form]
        while canonical != steps[-1]:
            assert canonical not in steps
            steps.append(canonical)
            canonical = canonical_form(kind, canonical)


def test_a_name_that_means_itself_is_there_to_keep_its_head() -> None:
    assert [row for row in ROWS if row[1] == row[2] and not without_head(row[1])] == []


# -- heads ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "stem"),
    [
        ("diffusionmodel", "diffusion"),
        ("viterbialgorithm", "viterbi"),
        ("kernelmethod", "kernel"),
        ("coldstartproblem", "coldstart"),
        ("multiagentsystem", "multiagent"),
        ("model", ""),
        ("mymodel", ""),
        ("modelzoo", ""),
        ("lora", ""),
        ("", ""),
    ],
)
def test_without_head(form: str, stem: str) -> None:
    assert without_head(form) == stem


@given(st.text() | st.builds(str.__add__, st.text(), st.sampled_from(["model", "algorithm", "system", "metric"])))
def test_a_stem_is_a_beginning_of_at_least_four_characters_or_nothing(form: str) -> None:
    stem = without_head(form)
    assert form.startswith(stem)
    assert stem == "" or (len(stem) >= 4 and re.fullmatch(r"[a-z]+", form.removeprefix(stem)))
