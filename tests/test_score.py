import json
import subprocess
import sys
from pathlib import Path

import pytest

from kg.assemble import build
from kg.errors import InputError
from kg.exports.annotations import lines
from kg.score import FIGURES, Score, read_annotations, report, score
from kg.tables import Tables


@pytest.fixture(scope="module")
def dev(shared: Path) -> Path:
    return shared / "data" / "gold" / "dev.jsonl"


@pytest.fixture(scope="module")
def system(dev: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What kg, from file to export, reads from the annotated texts."""
    folder = tmp_path_factory.mktemp("score")
    graph = build([dev], folder / "graph", processes=1).folder
    (folder / "system.jsonl").write_text("".join(f"{line}\n" for line in lines(Tables.open(graph))), encoding="utf-8")
    return folder / "system.jsonl"


@pytest.fixture(scope="module")
def scored(dev: Path, system: Path) -> Score:
    return score(read_annotations(dev), read_annotations(system))


def test_figures_equal_those_of_the_annotators_scorer(shared: Path, dev: Path, system: Path, scored: Score) -> None:
    command = [sys.executable, str(shared / "data" / "gold" / "score.py"), str(dev), str(system), "--json"]
    theirs = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "0"}).stdout)
    ours = {name: {"p": c.precision, "r": c.recall, "f1": c.f1} for name, c in scored.figures.items()}
    assert set(ours) == set(FIGURES) == set(theirs) - {"role"}
    for name, figure in ours.items():
        assert figure == pytest.approx({k: theirs[name][k] for k in figure}, rel=1e-12), name
    assert scored.role_accuracy == theirs["role"]["accuracy"]
    assert scored.confusion.total() == theirs["role"]["n"]


def test_extraction_is_as_good_as_the_card_says(scored: Score) -> None:
    assert scored.papers == 150
    assert scored.figures["mention"].f1 >= 0.56


def test_annotation_scores_full_marks_against_itself(dev: Path) -> None:
    gold = read_annotations(dev)
    perfect = score(gold, gold)
    assert {name: c.f1 for name, c in perfect.figures.items()} == dict.fromkeys(FIGURES, 1.0)
    assert perfect.role_accuracy == 1.0


def test_missing_papers_count_as_missed(dev: Path) -> None:
    nothing = score(read_annotations(dev), {})
    assert {c.f1 for c in nothing.figures.values()} == {0.0}
    assert nothing.figures["mention"].missed > 1000


def test_generic_entities_are_neutral() -> None:
    entity = {"name": "LLM", "type": "method", "mentions": ["LLMs"], "role": "uses"}
    for gold, ours in [([{**entity, "generic": True}], [entity]), ([{**entity, "generic": True}], [])]:
        figures = score({"a": {"id": "a", "entities": gold}}, {"a": {"id": "a", "entities": ours}}).figures
        assert (figures["mention"].right, figures["mention"].spurious, figures["mention"].missed) == (0, 0, 0)
        assert (figures["entity"].spurious, figures["entity"].missed) == (0, 0)


def test_report_names_every_figure(scored: Score) -> None:
    shown = report(scored, by_type=True)
    assert all(f"\n{name:9} P " in shown for name in FIGURES)
    assert "role      accuracy" in shown


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "no annotated paper"),
        ("[]\n", ":1: not an annotated paper"),
        ('\n{"id": "a"}\n', ":2: not an annotated paper"),
        ('{"id": 1, "entities": []}\n', ":1: not an annotated paper"),
        ('{"id": "a", "entities": [{"name": "x"}]}\n', ":1: an entity needs"),
        ('{"id": "a", "entities": []}\n{"id"', ":2: not JSON"),
    ],
)
def test_other_files_are_an_error_that_names_the_line(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_annotations(path)
    assert says in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_missing_annotation_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.jsonl"):
        read_annotations(tmp_path / "none.jsonl")
