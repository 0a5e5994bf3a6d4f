from collections import Counter, defaultdict
from importlib.resources import files
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.names import LEAST_SHARE, Known, canonical_form, is_generic, known, listed, long_forms, reduced
from kg.records import TYPES, family
from kg.text import normal_form, version

FAMILIES = sorted({family(t) for t in TYPES})


def lines(table: str) -> list[str]:
    return [line for line in (files("kg.pipes") / "model" / table).read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def rows(table: str) -> list[tuple[str, ...]]:
    return [tuple(line.split("\t")) for line in lines(table)]


NAMES = rows("names.tsv")
"""Type family, name and what it means, both as normal forms; papers that say so, papers that name it."""
WORDS = rows("words.tsv")
"""Type family, whether it begins or ends a name, the word; pairs of names that it does not tell apart, pairs."""
SHORT_FORMS = rows("short_forms.tsv")
"""Type family, short form, long form, both as normal forms; papers that define it so."""
LISTED = rows("known.tsv")
"""Type family, type, name, long form, other spellings, sources, licences."""

TABLES = pytest.mark.parametrize(("table", "columns"), [("names.tsv", 5), ("words.tsv", 5), ("short_forms.tsv", 4), ("known.tsv", 7), ("generic.txt", 1)])


@TABLES
def test_tables_are_complete_and_name_nothing_twice(table: str, columns: int) -> None:
    found = rows(table)
    assert found
    assert {len(row) for row in found} == {columns}
    assert len(set(found)) == len(found)
    assert b"\r" not in (files("kg.pipes") / "model" / table).read_bytes()


@pytest.mark.parametrize("table", ["names.tsv", "words.tsv", "short_forms.tsv", "known.tsv"])
def test_kinds_are_families_of_types(table: str) -> None:
    assert {row[0] for row in rows(table)} <= set(FAMILIES)


# -- what people took names to mean ----------------------------------------------------------------------------------------------


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


def test_how_sure_a_name_is_grows_with_the_papers_that_agree() -> None:
    assert 0 < Known("a", 1, 2).score < Known("a", 1, 1).score < Known("a", 5, 5).score < Known("a", 50, 50).score < 1
    assert Known("a", 5, 5).evidence == "5 of 5 annotated papers"


def test_a_name_means_something_within_its_type_only() -> None:
    assert known("metric", "vlm") is None
    assert canonical_form("metric", "vlm") == "vlm"


@given(st.sampled_from(TYPES), st.text())
def test_an_unknown_name_stands_for_itself(kind: str, form: str) -> None:
    said = known(kind, form)
    assert canonical_form(kind, form) == (said.canonical if said else form)


def test_every_line_is_known_as_it_stands() -> None:
    for kind, form, canonical, agree, papers in NAMES:
        assert known(kind, form) == Known(canonical, int(agree), int(papers))


def test_lines_are_sorted_and_name_each_name_once() -> None:
    keys = [row[:2] for row in NAMES]
    assert keys == sorted(set(keys))


def test_names_are_in_lower_case_and_without_blanks() -> None:
    assert [row for row in NAMES if any(text != "".join(text.split()).casefold() or not text for text in row[1:3])] == []


def test_macros_of_one_paper_mean_nothing_in_another() -> None:
    assert [row for row in NAMES if "\\" in row[1] or "\\" in row[2]] == []


def test_most_papers_that_use_a_name_agree() -> None:
    for *_, agree, papers in NAMES:
        assert 1 <= int(papers) >= int(agree) >= max(1, LEAST_SHARE * int(papers))


def test_no_meaning_changes_a_version() -> None:
    assert [row for row in NAMES if version(row[1]) != version(row[2])] == []


def test_a_meaning_means_itself() -> None:
    assert [row for row in NAMES if canonical_form(row[0], row[2]) != row[2]] == []


def test_meanings_of_meanings_come_to_an_end() -> None:
    for kind, form, canonical, *_ in NAMES:
        steps = [form]
        while canonical != steps[-1]:
            assert canonical not in steps
            steps.append(canonical)
            canonical = canonical_form(kind, canonical)


def test_a_name_that_means_itself_is_there_to_keep_a_word() -> None:
    kept = {(kind, place): tuple(w for k, p, w, *_ in WORDS if (k, p) == (kind, place)) for kind in FAMILIES for place in ("begins", "ends")}
    alone = [row[:2] for row in NAMES if row[1] == row[2]]
    assert [(kind, form) for kind, form in alone if not form.startswith(kept[kind, "begins"]) and not form.endswith(kept[kind, "ends"])] == []


# -- words that change nothing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name", "without"),
    [
        ("method", "quux routing algorithm", {"quuxrouting"}),
        ("method", "Quux Models", {"quux"}),
        ("method", "standard quux model", {"standardquux", "quuxmodel"}),
        ("task", "automated theorem proving", {"theoremproving"}),
        ("task", "the cold-start problem", {"thecoldstart"}),
        ("metric", "QuuxBLEU scores", {"quuxbleu"}),
        ("metric", "quux routing algorithm", set()),
        ("dataset", "quux model", set()),
        ("method", "model", set()),
        ("method", "models of quux", set()),
        ("method", "supermodel", set()),
        ("method", "", set()),
        ("method", "$\\alpha$", set()),
    ],
)
def test_reduced(kind: str, name: str, without: set[str]) -> None:
    assert {found.form for found in reduced(kind, name)} == without


def test_a_word_that_changes_nothing_comes_with_its_evidence() -> None:
    (found,) = reduced("method", "quux algorithm")
    assert (found.word, found.form) == ("algorithm", "quux")
    assert found.evidence == f"“algorithm” changes nothing in {found.same} of {found.pairs} annotated names"
    assert 0 < found.score < found.same / found.pairs


@given(st.sampled_from(FAMILIES), st.text() | st.builds("{} {}".format, st.text(), st.sampled_from(["model", "algorithm", "task", "score"])))
def test_what_is_left_of_a_name_is_less_of_it(kind: str, name: str) -> None:
    for found in reduced(kind, name):
        assert found.form
        assert 0 < found.score < 1
        assert (kind, found.word) in {(k, w) for k, _, w, *_ in WORDS}


def test_words_change_nothing_in_two_names_of_three() -> None:
    for _, place, word, same, pairs in WORDS:
        assert place in ("begins", "ends")
        assert word == word.casefold() == "".join(word.split()) != ""
        assert 8 <= int(pairs) >= int(same)
        assert (int(same) + 1) / (int(pairs) + 2) >= 2 / 3


def test_words_are_sorted_and_each_once_in_its_place() -> None:
    assert [row[:3] for row in WORDS] == sorted({row[:3] for row in WORDS})


# -- the list of known names -----------------------------------------------------------------------------------------------------


def of_form() -> dict[tuple[str, str], list[tuple[str, ...]]]:
    """Return the rows of the list by family and each normal form of theirs."""
    found: dict[tuple[str, str], list[tuple[str, ...]]] = defaultdict(list)
    for row in LISTED:
        kind, _, name, long, others, *_ = row
        for form in {normal_form(n, kind) for n in (name, long, *others.split("|")) if n}:
            found[kind, form].append(row)
    return found


def test_every_listed_form_leads_back_to_its_row_or_to_none_of_several() -> None:
    for (kind, form), found in of_form().items():
        row = listed(kind, form)
        if len(found) > 1:
            assert row is None
        else:
            assert row is not None
            assert (row.type, row.name, row.long, "|".join(row.others), "|".join(row.sources)) == found[0][1:6]
            assert form in row.forms()


@pytest.mark.parametrize(("kind", "name"), [("dataset", "ARC"), ("method", "LDA"), ("method", "SAM")])
def test_a_name_of_several_things_is_no_known_name(kind: str, name: str) -> None:
    assert len(of_form()[kind, normal_form(name, kind)]) > 1
    assert listed(kind, normal_form(name, kind)) is None


@pytest.mark.parametrize(
    ("kind", "spellings", "name"),
    [
        ("dataset", ["GSM8K", "gsm-8k", "Grade School Math 8K"], "GSM8K"),
        ("dataset", ["MMLU", "Massive Multitask Language Understanding"], "MMLU"),
        ("method", ["LoRA", "low-rank adaptation"], "LoRA"),
        ("metric", ["FID", "Fréchet inception distance", "Frechet Inception Distance"], "FID"),
        ("task", ["VQA", "visual question answering"], "visual question answering"),
    ],
)
def test_spellings_of_a_known_name_lead_to_it(kind: str, spellings: list[str], name: str) -> None:
    for spelling in spellings:
        row = listed(kind, normal_form(spelling, kind))
        assert row is not None
        assert row.name == name


def test_a_known_name_is_known_within_its_type_only() -> None:
    assert listed("dataset", "gsm8k") is not None
    assert listed("method", "gsm8k") is None


@given(st.sampled_from(FAMILIES), st.text())
def test_what_the_list_does_not_hold_is_not_known(kind: str, form: str) -> None:
    assert (listed(kind, form) is None) or (kind, form) in of_form()


# -- long forms of a large corpus --------------------------------------------------------------------------------------------------


def test_long_forms_of_a_short_form_come_with_their_papers() -> None:
    found = long_forms("task", "vqa")
    assert max(found, key=lambda long: found[long]) == "visualquestionanswering"
    assert "videoqualityassessment" in found
    assert long_forms("metric", "vqa") == {}


def test_every_short_form_leads_to_its_long_forms() -> None:
    for (kind, short), found in groupby(SHORT_FORMS, key=lambda row: row[:2]):
        assert long_forms(kind, short) == {long: int(papers) for _, _, long, papers in found}


def test_short_forms_are_sorted() -> None:
    keys = [row[:2] for row in SHORT_FORMS]
    assert keys == sorted(keys)


def test_short_forms_are_defined_by_several_papers_and_change_no_version() -> None:
    for kind, short, long, papers in SHORT_FORMS:
        assert int(papers) >= 3
        assert short != long
        assert version(short) == version(long)
        for text in (short, long):
            assert text == "".join(text.split()).casefold() != ""
        assert kind in FAMILIES


def test_no_short_form_has_a_long_form_twice() -> None:
    assert [key for key, n in Counter(row[:3] for row in SHORT_FORMS).items() if n > 1] == []


# -- generic names ---------------------------------------------------------------------------------------------------------------


def test_generic_names_are_sorted_normal_forms() -> None:
    found = lines("generic.txt")
    assert found == sorted(set(found))
    assert all(is_generic(form) for form in found)
    assert [form for form in found if not any(normal_form(form, kind) == form for kind in FAMILIES)] == []


@pytest.mark.parametrize("name", ["LLMs", "large language models", "deep learning", "neural networks", "AI"])
def test_broad_names_are_generic(name: str) -> None:
    assert is_generic(normal_form(name, "method"))


@pytest.mark.parametrize("name", ["LoRA", "GPT-4", "protein language model", ""])
def test_other_names_are_not_generic(name: str) -> None:
    assert not is_generic(normal_form(name, "method"))
