"""The file of the user's judgements: what a line may be, what is refused, how it changes; and what the names in it are to linking."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.aliases import FAMILIES, UserJudgement, added, bearers, judgement, parse, text_of, without
from kg.errors import InputError, UnknownName
from kg.link import link
from kg.records import TYPES, Entity, LocalEntity, Mention, Passage, Reading


def said(text: str) -> list[tuple[bool, str, str, str | None]]:
    return [(j.same, j.name, j.other, j.family) for j in parse(text)]


def naming(paper: str, *names: str, type_: str = "method") -> Reading:
    """Return the reading of a paper that names things, each by one name."""
    mentions = [Mention(Passage("abstract", 100 * i, 100 * i + len(name)), name, type_, 0.9, "model", i) for i, name in enumerate(names)]
    return Reading(paper, "h", tuple(mentions), tuple(LocalEntity(type_, n, False, "uses", 0.5, Passage("abstract", 0, 10), False) for n in names))


def entities(text: str, *readings: Reading) -> list[Entity]:
    return link(readings, parse(text)).entities


def together(text: str, *readings: Reading) -> list[set[str]]:
    """Return the names of the entities that have several, under the judgements in a text."""
    return [set(e.aliases) for e in entities(text, *readings) if len(e.aliases) > 1]


# -- what a line may be --------------------------------------------------------------------------------------------------------


def test_a_line_is_a_verdict_two_names_and_perhaps_a_type() -> None:
    assert said("same\tLow-rank adapters\tLoRA\napart\tlinear attention\tattention\tmethod\n") == [
        (True, "Low-rank adapters", "LoRA", None),
        (False, "linear attention", "attention", "method"),
    ]
    assert [j.where for j in parse("\n# mine\n\nsame\ta\tb\n", "my.tsv")] == ["my.tsv:4"]


def test_a_benchmark_is_judged_as_a_dataset() -> None:
    assert said("same\tGLUE\tSuperGLUE\tbenchmark") == [(True, "GLUE", "SuperGLUE", "dataset")]
    assert parse("same\tGLUE\tSuperGLUE")[0].families() == FAMILIES
    assert {f for t in TYPES for f in parse(f"same\ta\tb\t{t}")[0].families()} == set(FAMILIES)


@pytest.mark.parametrize("text", ["", "\n", "\n \n\t\n", "# same\ta\tb\n", "#same\ta\tb", "#\n", "\r\n"])
def test_blank_lines_and_comments_say_nothing(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize("text", ["same\ta\tb", "same\ta\tb\n", "same\ta\tb\r\n", " same \t a \tb \n", "same\ta\tb\t\n", "same\ta\tb\t \n"])
def test_ends_of_lines_and_blanks_around_names_do_not_matter(text: str) -> None:
    assert said(text) == [(True, "a", "b", None)]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "BOM"])
def test_a_file_may_begin_with_a_mark_and_end_its_lines_as_windows_does(tmp_path: Path, mark: bytes, ends: str) -> None:
    path = tmp_path / "mine.tsv"
    path.write_bytes(mark + ends.join(["# mine", "same\tBERT\tCamemBERT", "apart\tGPT\tGPT-2", ""]).encode())
    assert said(text_of(path)) == [(True, "BERT", "CamemBERT", None), (False, "GPT", "GPT-2", None)]
    assert [j.where for j in parse(text_of(path), "mine.tsv")] == ["mine.tsv:2", "mine.tsv:3"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("merge\ta\tb", "“merge” is not a judgement"),
        ("Same\ta\tb", "“Same” is not a judgement"),
        ("same a b", "“same a b” is not a judgement"),
        ("\ta\tb", "“” is not a judgement"),
        ("same", "0 names"),
        ("same\ta", "1 name"),
        ("same\t\tb", "1 name"),
        ("same\ta\t", "1 name"),
        ("same\ta\t \tmethod", "1 name; a line is same or apart"),
        ("same\ta\tb\tc\td", "too many columns; a line is same or apart"),
        ("same\ta\tb\tmethod\t# why", "a line is same or apart"),
        ("same\ta\tb\tmethods", "“methods” is not a type; there are method, dataset, benchmark, task, metric"),
        ("same\ta\tb\tMethod", "“Method” is not a type"),
        ("same\ta\ta", "about one name"),
        ("apart\ta \t a", "about one name"),
    ],
)
def test_a_malformed_line_is_named_by_file_and_line(line: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        parse(f"# mine\nsame\tx\ty\n{line}\nnonsense\n", "my.tsv")
    assert str(error.value).startswith("my.tsv:3: ")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_message_stays_short_however_long_the_line() -> None:
    for line in ("x" * 100_000, f"same\ta\tb\t{'x' * 100_000}"):
        with pytest.raises(InputError) as error:
            parse(line)
        assert len(str(error.value)) < 300


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "latin.tsv").write_bytes("same\tNystr\xf6m\tNystroem\n".encode("latin-1"))
    (tmp_path / "zip.tsv").write_bytes(b"\x80\x00\xff")
    for path, message in (
        (tmp_path / "latin.tsv", "not UTF-8"),
        (tmp_path / "zip.tsv", "not UTF-8"),
        (tmp_path, "directory"),
        (tmp_path / "none.tsv", "no such"),
    ):
        with pytest.raises(InputError, match=message) as error:
            text_of(path)
        assert str(error.value).startswith(f"{path}: ")
    assert text_of(tmp_path / "none.tsv", missing=True) == ""


def test_tabs_line_ends_and_nul_never_get_into_a_name() -> None:
    name = "a\tb\nc\r\nd\x0be\x85f\u2028g\x00h"
    given = judgement(True, name, " x ")
    assert (given.name, given.other) == ("a b c d e f g\ufffdh", "x")
    assert said(added("", given, "f")) == [(True, given.name, "x", None)]


@pytest.mark.parametrize("name", ["a\x1b[31mred", "\u202eevil", "it's", 'say "hi"', "$x$", "\\textsc{LoRA}", "漢字 😀", "-x", "C#", "a#b", "same", "*"])
def test_any_name_is_written_and_read_back(name: str) -> None:
    given = judgement(False, name, "other", "task")
    assert said(added("# mine\n", given, "f")) == [(False, name, "other", "task")]


@pytest.mark.parametrize(("name", "other"), [("", "b"), (" \t", "b"), ("a", ""), ("a", "a"), ("a b", " a  b ")])
def test_no_name_or_one_name_is_no_judgement(name: str, other: str) -> None:
    with pytest.raises(InputError):
        judgement(True, name, other)


def test_a_judgement_of_no_type_there_is_is_refused() -> None:
    with pytest.raises(InputError, match=r"“methods” is not a type; there are method, dataset"):
        judgement(True, "a", "b", "methods")


# -- contradictions ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        ["same\tA1\tB1", "apart\tA1\tB1"],
        ["apart\tB1\tA1", "same\tA1\tB1"],
        ["same\tA1\tB1\tmethod", "apart\tA1\tB1"],
        ["same\tA1\tB1", "apart\tA1\tB1\ttask"],
        ["same\tAlpha\tBeta", "apart\talpha\tbetas"],
        ["same\tA1\tB1", "same\tB1\tC1", "apart\tA1\tC1"],
        ["same\tB1\tA1", "same\tC1\tB1", "apart\tC1\tA1"],
        ["apart\tA1\tD1", "same\tC1\tD1", "same\tA1\tB1\tdataset", "same\tC1\tB1\tbenchmark"],
        ["same\tLLMs\tLLM", "apart\tLLM\tLLMs"],
        ["apart\tLLMs\tLLM", "same\tLLM\tLLMs"],
        ["apart\tBLaST\tBLAST", "same\tBLaST\tX1", "same\tX1\tBLAST"],
    ],
    ids="; ".join,
)
def test_a_contradiction_shows_all_its_lines(lines: list[str]) -> None:
    text = "# mine\n" + "".join(f"{line}\n" for line in ["same\tother\tthing", *lines])
    with pytest.raises(InputError, match="contradiction") as error:
        parse(text, "my.tsv")
    for number, line in enumerate(lines, 3):
        verdict, name, other = line.split("\t")[:3]
        assert f"my.tsv:{number}: {verdict} “{name}” “{other}”" in str(error.value)
    assert "my.tsv:2:" not in str(error.value)
    assert "\n" not in str(error.value)


def test_a_contradiction_through_several_names_shows_the_shortest_way() -> None:
    text = "same\tA1\tB1\nsame\tB1\tC1\nsame\tC1\tD1\nsame\tA1\tD1\napart\tA1\tD1\n"
    with pytest.raises(InputError) as error:
        parse(text, "f")
    assert [n for n in range(1, 6) if f"f:{n}:" in str(error.value)] == [4, 5]


@pytest.mark.parametrize(
    "lines",
    [
        ["same\tA1\tB1\tmethod", "apart\tA1\tB1\ttask"],
        ["same\tA1\tB1\tmethod", "same\tB1\tC1\ttask", "apart\tA1\tC1"],
        ["same\tA1\tB1", "apart\tA1\tC1", "apart\tB1\tC1"],
        ["apart\tA1\tB1", "apart\tB1\tC1", "same\tA1\tC1"],
        ["apart\tLLMs\tLLM", "same\tLLM\tlarge language model"],
    ],
    ids="; ".join,
)
def test_what_holds_together_is_no_contradiction(lines: list[str]) -> None:
    assert len(parse("\n".join(lines))) == len(lines)


@pytest.mark.parametrize(
    "lines",
    [
        ["same\tBERT\tGPT", "same\tBERT\tGPT"],
        ["same\tBERT\tGPT", "same\tGPT\tBERT"],
        ["same\tBERT\tGPT", "same\tGPT\tELMo", "same\tELMo\tBERT"],
        ["same\tBERT\tGPT", "same\tBERT\tGPT\tmethod", "same\tbert\tGPTs"],
    ],
    ids="; ".join,
)
def test_repetitions_and_cycles_are_harmless(lines: list[str]) -> None:
    readings = [naming("a", "BERT"), naming("b", "GPT"), naming("c", "ELMo")]
    found = together("\n".join(lines), *readings)
    assert found == [{"BERT", "GPT", "ELMo"} if "ELMo" in " ".join(lines) else {"BERT", "GPT"}]


def test_the_same_apart_twice_is_harmless() -> None:
    readings = [naming("a", "BERT"), naming("b", "BERTs")]
    assert together("", *readings) == [{"BERT", "BERTs"}]
    assert together("apart\tBERT\tBERTs\napart\tBERTs\tBERT\n", *readings) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from("ABCDE"), st.sampled_from("ABCDE")), max_size=7))
def test_judgements_are_refused_where_and_only_where_they_contradict_each_other_and_all_others_hold(lines: list[tuple[bool, str, str]]) -> None:
    names = {letter: f"{letter}1x" for letter in "ABCDE"}
    lines = [line for line in lines if line[1] != line[2]]
    text = "".join(f"{'same' if same else 'apart'}\t{names[a]}\t{names[b]}\n" for same, a, b in lines)
    one = {letter: {letter} for letter in "ABCDE"}
    for same, a, b in lines:
        if same and one[a] is not one[b]:
            one[a] |= one[b]
            for letter in one[b]:
                one[letter] = one[a]
    if any(not same and one[a] is one[b] for same, a, b in lines):
        with pytest.raises(InputError, match="contradiction"):
            parse(text)
        return
    found = {frozenset(e.aliases) for e in entities(text, *(naming(letter, name) for letter, name in names.items()))}
    assert found == {frozenset(names[letter] for letter in group) for group in one.values()}


# -- what the judgements do ----------------------------------------------------------------------------------------------------


def test_what_the_user_says_wins_over_every_rule() -> None:
    assert together("", naming("a", "GPT-3"), naming("b", "GPT-4")) == []
    assert together("same\tGPT-3\tGPT-4\n", naming("a", "GPT-3"), naming("b", "GPT-4")) == [{"GPT-3", "GPT-4"}]
    assert together("apart\tGSM8K\tGSM-8k\tdataset\n", naming("a", "GSM8K", type_="dataset"), naming("b", "GSM-8k", type_="benchmark")) == []


def test_a_type_limits_a_judgement() -> None:
    readings = [naming("a", "BERT"), naming("b", "GPT"), naming("c", "BERT", type_="task"), naming("d", "GPT", type_="task")]
    assert together("same\tBERT\tGPT\ttask\n", *readings) == [{"BERT", "GPT"}]
    assert together("same\tBERT\tGPT\n", *readings) == [{"BERT", "GPT"}] * 2


def test_names_that_no_paper_has_do_no_harm() -> None:
    readings = [naming("a", "BERT"), naming("b", "GPT")]
    for text in ("same\tnobody\tnothing\n", "apart\tnobody\tBERT\n", "apart\tnobody\tnobodies\n", "apart\tBERT\tberts\n"):
        assert [set(e.aliases) for e in entities(text, *readings)] == [{"BERT"}, {"GPT"}]
    assert together("same\tBERT\tnobody\nsame\tnobody\tGPT\n", *readings) == [{"BERT", "GPT"}]


def test_every_judgement_is_recorded_as_the_users() -> None:
    linked = link([naming("a", "BERT"), naming("b", "GPT")], parse("# mine\nsame\tBERT\tGPT\n", "my.tsv"))
    assert [(x.name, x.other, x.same, x.reason, x.score) for x in linked.links] == [("BERT", "GPT", True, "user", 1.0)]
    assert [x for x in linked.links if not x.evidence] == []


def test_an_id_and_a_sense_are_names_too() -> None:
    assert {"method:lora"} <= bearers("method:lora", "method")
    assert "task:vqa" in bearers("VQA (visual question answering)", "task")
    assert "task:visualquestionanswering" in bearers("Visual Question Answering", "task")


# -- changing a file -------------------------------------------------------------------------------------------------------------


def test_a_judgement_is_one_line_at_the_end_and_all_else_stays() -> None:
    text = "# mine\n\nsame\tA1\tB1\n# end"
    new = added(text, judgement(False, "A1", "C1", "task"), "f")
    assert new == f"{text}\napart\tA1\tC1\ttask\n"
    assert added("", judgement(True, "A1", "B1"), "f") == "same\tA1\tB1\n"


@pytest.mark.parametrize(
    "given",
    [judgement(True, "A1", "B1"), judgement(True, "B1", "A1")],
    ids=["as it stands", "the other way round"],
)
def test_what_stands_there_already_is_refused_with_its_line(given: UserJudgement) -> None:
    with pytest.raises(InputError, match=r"f:2: same “A1” “B1”.*already"):
        added("# mine\nsame\tA1\tB1\n", given, "f")


def test_a_contradicting_judgement_is_refused_with_the_lines_it_contradicts() -> None:
    with pytest.raises(InputError, match="contradiction") as error:
        added("same\tA1\tB1\nsame\tB1\tC1\n", judgement(False, "C1", "A1"), "f")
    assert [text for text in ("f:1: same “A1” “B1”", "f:2: same “B1” “C1”", "apart “C1” “A1”") if text not in str(error.value)] == []


def test_a_judgement_is_not_added_to_a_malformed_file() -> None:
    with pytest.raises(InputError, match=r"f:1: “sane”"):
        added("sane\tA1\tB1\n", judgement(True, "A1", "B1"), "f")


@pytest.mark.parametrize(("name", "other"), [("A1", "B1"), ("B1", "A1")])
def test_forgetting_takes_all_judgements_on_two_names_and_nothing_else(name: str, other: str) -> None:
    text = "# A1 B1\nsame\tA1\tB1\n\nsame\tA1\tC1\nsame\tB1\tA1\tmethod\n# end"
    assert without(text, name, other, "f") == "# A1 B1\n\nsame\tA1\tC1\n# end"


def test_forgetting_what_was_not_said_names_what_was() -> None:
    with pytest.raises(UnknownName, match=r"f says nothing of “A1” and “C1”; it says: same “A1” “B1”"):
        without("same\tA1\tB1\n", "A1", "C1", "f")
    with pytest.raises(UnknownName, match=r"f says nothing of “A1” and “C1”$"):
        without("", "A1", "C1", "f")


@pytest.mark.parametrize("odd", ["# a\x0cb", "# a\u2028b", "# a\x85b", "same\tX1\x1dX2\tY1", "# a\x0bb\x1cc"], ids=ascii)
def test_forgetting_takes_the_right_line_whatever_other_lines_hold(odd: str) -> None:
    text = f"{odd}\nsame\tA1\tB1\nsame\tC1\tD1\n"
    assert without(text, "A1", "B1", "f") == f"{odd}\nsame\tC1\tD1\n"


def test_forgetting_finds_names_however_they_are_blank_spaced() -> None:
    assert without("same\tlow-rank  adapters\tLoRA \n", "low-rank adapters", "LoRA", "f") == ""
    assert without("same\tlow-rank adapters\tLoRA\n", " low-rank  adapters", "LoRA", "f") == ""


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(["# a", "", "same\tA1\tB1", "apart\tC1\tD1\ttask", "  ", "same\tA1\tE1\r"]), max_size=6),
    st.booleans(),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
)
def test_forgetting_undoes_adding(lines: list[str], ended: bool, name: str) -> None:
    text = "\n".join(lines) + ("\n" if lines and ended else "")
    try:
        given = judgement(True, name, "F1")
    except InputError:
        return
    new = added(text, given, "f")
    assert parse(new, "f") == [*parse(text, "f"), *parse(new, "f")[-1:]]
    assert (parse(new)[-1].name, parse(new)[-1].other) == (given.name, "F1")
    assert without(new, given.name, "F1", "f") == text + ("" if not text or text.endswith("\n") else "\r\n" if "\r\n" in text else "\n")


# -- much of it ------------------------------------------------------------------------------------------------------------------


def test_a_huge_file_is_read_in_seconds() -> None:
    several = 2_000
    lines = [f"same\tName {i} a\tName {i} b" for i in range(several)] + [f"apart\tName {i} a\tName {i + 1} b" for i in range(several)]
    start = time.perf_counter()
    assert len(parse("\n".join(lines))) == 2 * several
    assert time.perf_counter() - start < 5


def test_a_long_chain_of_names_is_followed() -> None:
    several = 2_000
    lines = [f"same\tName {i} a\tName {i + 1} a" for i in range(several)]
    assert len(parse("\n".join([*lines, "apart\tName 0 a\tName 1 b"]))) == several + 1
    with pytest.raises(InputError, match="contradiction"):
        parse("\n".join([*lines, f"apart\tName 0 a\tName {several} a"]))
