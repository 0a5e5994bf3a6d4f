import gzip
import importlib.util
import json
import re
import unicodedata
from importlib.resources import files
from pathlib import Path
from types import ModuleType

import pytest

from kg.records import TYPES, family
from kg.text import normal_form, version

ROOT = Path(__file__).parents[1]
PERMISSIVE = {"Apache-2.0", "BSD-3-Clause", "MIT"}
HEADER, *LINES = (files("kg.pipes") / "model" / "known.tsv").read_text(encoding="utf-8").splitlines()
ROWS = [tuple(line.split("\t")) for line in LINES]
"""Family, type, name, long form, other spellings, sources, licences."""


@pytest.fixture(scope="module")
def known() -> ModuleType:
    spec = importlib.util.spec_from_file_location("known", ROOT / "training" / "known.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def meanings(kind: str, name: str) -> set[tuple[str, str]]:
    """Return the types and long forms under which the list has a name."""
    return {(type_, long) for family_, type_, spelled, long, *_ in ROWS if (family_, spelled) == (kind, name)}


def forms(text: str, kind: str) -> set[str]:
    return {normal_form(form, kind) for form in text.split("|") if form}


# -- the list ------------------------------------------------------------------------------------------------------------------


def test_the_header_names_the_columns() -> None:
    assert HEADER.removeprefix("# ").split("\t") == ["family", "type", "name", "long form", "other spellings", "sources", "licences"]


def test_every_row_is_complete() -> None:
    for row in ROWS:
        assert len(row) == 7
        kind, type_, name, _, _, sources, licences = row
        assert type_ in TYPES
        assert kind == family(type_)
        assert name
        assert sources
        assert licences


def test_rows_are_text_without_control_or_direction_characters() -> None:
    bad = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
    assert [line for line in LINES if any(unicodedata.category(c) in bad for c in line.replace("\t", ""))] == []
    for row in ROWS:
        for cell in row:
            assert cell == " ".join(cell.split())
            assert "" not in cell.split("|") or not cell


def test_rows_are_sorted_and_mean_one_thing_each() -> None:
    assert sorted(ROWS, key=lambda row: (row[0], row[2].casefold(), row[2:])) == ROWS
    keys = [(row[0], normal_form(row[2], row[0]), normal_form(row[3], row[0])) for row in ROWS]
    assert len(keys) == len(set(keys))


def test_one_name_has_one_spelling() -> None:
    spelled: dict[tuple[str, str], str] = {}
    for kind, _, name, *_ in ROWS:
        assert spelled.setdefault((kind, normal_form(name, kind)), name) == name


def test_every_row_has_permissively_licensed_sources_only(known: ModuleType) -> None:
    for *_, sources, licences in ROWS:
        assert {known.LICENCES[source] for source in sources.split("|")} == set(licences.split("|"))
        assert set(licences.split("|")) <= PERMISSIVE


def test_a_long_form_spells_its_short_form_out(known: ModuleType) -> None:
    said = {(kind, target.name, target.long) for kind, rows in known.TABLES.items() for target in rows.values()}
    odd = {(kind, name, long) for kind, _, name, long, *_ in ROWS if long and not known.stands_for(name, long)}
    assert odd <= said
    assert len(odd) < 10


def test_short_forms_among_other_spellings_are_spelled_out_by_the_name(known: ModuleType) -> None:
    pairs = [(other, name) for _, _, name, _, others, *_ in ROWS for other in others.split("|") if re.fullmatch(r"s?[A-Z]{2,}", other) and " " in name]
    assert len(pairs) > 50
    assert [pair for pair in pairs if not known.stands_for(*pair)] == []


def test_no_spelling_changes_a_version() -> None:
    wrong = [
        (name, other)
        for kind, _, name, _, others, *_ in ROWS
        for other in others.split("|")
        if other and version(normal_form(other, kind)) != version(normal_form(name, kind))
    ]
    assert wrong == []


def test_a_long_form_holds_no_number_that_its_name_does_not() -> None:
    wrong = [
        (name, long)
        for _, _, name, long, *_ in ROWS
        if long and not set(version(normal_form(long, ""))) <= set(version(normal_form(name, ""))) and name != "ARC"
    ]
    assert wrong == []


def test_other_spellings_are_not_folded_by_the_normal_form_and_name_nothing_else() -> None:
    names = {(kind, normal_form(name, kind)) for kind, _, name, *_ in ROWS}
    for kind, _, name, long, others, *_ in ROWS:
        assert not forms(others, kind) & forms(f"{name}|{long}", kind)
        assert not {(kind, form) for form in forms(others, kind)} & names


def test_the_list_is_of_modest_size() -> None:
    assert 4_000 < len(ROWS) < 10_000
    assert sum(map(len, LINES)) < 1_000_000


# -- what it says --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name", "meaning"),
    [
        ("dataset", "GSM8K", {("benchmark", "Grade School Math 8K")}),
        ("dataset", "MMLU", {("benchmark", "Massive Multitask Language Understanding")}),
        ("dataset", "ImageNet", {("dataset", "")}),
        ("dataset", "CIFAR-10", {("benchmark", "")}),
        ("dataset", "C4", {("dataset", "Colossal Clean Crawled Corpus")}),
        ("method", "LoRA", {("method", "low-rank adaptation")}),
        ("method", "PPO", {("method", "proximal policy optimization")}),
        ("method", "BERT", {("method", "bidirectional encoder representations from Transformers")}),
        ("method", "LLaMA-2", {("method", "")}),
        ("metric", "FID", {("metric", "Fréchet inception distance")}),
    ],
)
def test_well_known_names(kind: str, name: str, meaning: set[tuple[str, str]]) -> None:
    assert meanings(kind, name) == meaning


@pytest.mark.parametrize(
    ("kind", "name", "other"),
    [
        ("task", "visual question answering", "VQA"),
        ("task", "named entity recognition", "NER"),
        ("method", "principal component analysis", "PCA"),
        ("method", "retrieval-augmented generation", "RAG"),
        ("metric", "mean absolute error", "MAE"),
    ],
)
def test_established_concepts_are_spelled_out(kind: str, name: str, other: str) -> None:
    assert [row[4] for row in ROWS if (row[0], row[2]) == (kind, name)] == [other]


def test_a_short_form_keeps_all_its_meanings() -> None:
    assert {long for _, long in meanings("dataset", "ARC")} == {"AI2 Reasoning Challenge", "Abstraction and Reasoning Corpus"}
    assert {long for _, long in meanings("method", "SAM")} == {"segment anything model", "sharpness-aware minimization"}
    assert {row[2] for row in ROWS if "LDA" in row[4].split("|")} == {"latent Dirichlet allocation", "linear discriminant analysis"}


def test_aliases_of_tables_of_results_are_no_spellings() -> None:
    assert [row for row in ROWS if {"Top-1", "max", "mean", "CS", "Conditional"} & set(row[4].split("|"))] == []
    assert [row[4] for row in ROWS if row[2] == "accuracy"] == [""]


# -- the script ----------------------------------------------------------------------------------------------------------------


def made(known: ModuleType, folder: Path, rows: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch) -> bytes:
    with gzip.open(folder / "names.jsonl.gz", "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)
    monkeypatch.setattr("sys.argv", ["known.py", str(folder / "names.jsonl.gz"), "-o", str(folder / "known.tsv")])
    known.main()
    return (folder / "known.tsv").read_bytes()


def row(name: str, type_: str = "benchmark", aliases: tuple[str, ...] = (), sources: tuple[str, ...] = ("BenchmarkCards",)) -> dict[str, object]:
    return {"name": name, "type": type_, "aliases": list(aliases), "sources": list(sources), "licences": []}


def test_the_shipped_list_is_what_the_script_makes(known: ModuleType, shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["known.py", str(shared / "data" / "names" / "names.jsonl.gz"), "-o", str(tmp_path / "known.tsv")])
    known.main()
    assert (tmp_path / "known.tsv").read_bytes() == (files("kg.pipes") / "model" / "known.tsv").read_bytes()


def test_the_order_of_the_rows_changes_nothing(known: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        row("FooBench (Fancy Object-Oriented Benchmark)"),
        row("Foobench", sources=("OpenCompass",)),
        row("QuuxQA"),
        row("BarNet", "method", sources=("timm",)),
    ]
    first = made(known, tmp_path, rows, monkeypatch)
    assert first == made(known, tmp_path, rows[::-1], monkeypatch)
    assert b"\r" not in first
    assert len(first.splitlines()) == 4


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("ARC (Abstraction and Reasoning Corpus)", ("ARC", "Abstraction and Reasoning Corpus")),
        ("MMLU (Massive Multitask Language Understanding)", ("MMLU", "Massive Multitask Language Understanding")),
        ("Privacy Policy Language Understanding Evaluation (PLUE) benchmark", ("PLUE", "Privacy Policy Language Understanding Evaluation benchmark")),
        ("CapArena (Detailed Image Captioning Benchmark)", ("CapArena", "")),
        ("AL-Bench: A Benchmark for Automatic Logging", ("AL-Bench", "")),
        ("CoCo-CoLa (Correct Concept", ("CoCo-CoLa", "")),
    ],
)
def test_names_are_taken_apart(known: ModuleType, text: str, parts: tuple[str, str]) -> None:
    assert known.taken_apart(text) == parts


@pytest.mark.parametrize(
    ("text", "name"), [("AIR-B ENCH", "AIR-Bench"), ("BEA VER", "BEAVER"), ("AGENT BENCH", "AgentBench"), ("E DITSET", "EDITSET"), ("GLUE", "GLUE")]
)
def test_names_broken_by_small_capitals_are_repaired(known: ModuleType, text: str, name: str) -> None:
    assert known.repaired(text) == name


@pytest.mark.parametrize(
    ("short", "long", "stands"),
    [
        ("SVD", "singular value decomposition", True),
        ("C4", "Colossal Clean Crawled Corpus", True),
        ("GSM8K", "Grade School Math 8K", True),
        ("SQuAD 2.0", "Stanford Question Answering Dataset", False),
        ("ARC", "AI2 Reasoning Challenge", False),
        ("MNIST", "Conditional", False),
    ],
)
def test_a_short_form_stands_for_what_its_letters_and_numbers_are_those_of(known: ModuleType, short: str, long: str, stands: bool) -> None:
    assert known.stands_for(short, long) is stands


def test_a_name_without_a_permissive_source_is_left_out(known: ModuleType) -> None:
    assert list(known.names_of(row("FooBench", sources=("Papers with Code tasks",)))) == []


def test_an_alias_that_a_share_alike_source_may_have_brought_is_kept_only_if_it_matches(known: ModuleType) -> None:
    mixed = ("BenchmarkCards", "Papers with Code tasks")
    (name,) = known.names_of(row("FOOD", aliases=("Conditional", "Finding Objects Outside of Distribution"), sources=mixed))
    assert (name.name, name.long, name.others, name.sources) == ("FOOD", "Finding Objects Outside of Distribution", frozenset(), {"BenchmarkCards"})


def test_a_subtitle_is_no_long_form(known: ModuleType) -> None:
    (name,) = known.names_of(row("API-Bank", aliases=("A Comprehensive Benchmark for Tool-Augmented LLMs",)))
    assert (name.name, name.long) == ("API-Bank", "")


def test_a_tasks_id_adds_a_source_to_a_name_but_is_none(known: ModuleType) -> None:
    ids = [row("quux_qa", sources=("lm-evaluation-harness",)), row("mmlu_pro_math", sources=("lm-evaluation-harness",))]
    assert [line[2:6] for line in known.compiled([*ids, row("QuuxQA")])] == [("QuuxQA", "", "", "BenchmarkCards|lm-evaluation-harness")]


def test_a_class_is_a_name_only_where_a_table_says_which(known: ModuleType) -> None:
    lines = known.compiled([row("fast ica", "method", sources=("scikit-learn",)), row("params dict", "method", sources=("scikit-learn",))])
    assert [line[2] for line in lines] == ["FastICA"]


def test_sizes_drop_out_of_names_and_versions_stay(known: ModuleType) -> None:
    assert [known.method_name(n) for n in ("Mistral 7B Instruct on Amazon Bedrock", "Llama 3.1 Instruct Turbo", "CLIPVisionModel")] == [
        "Mistral",
        "LLaMA-3.1",
        "",
    ]
