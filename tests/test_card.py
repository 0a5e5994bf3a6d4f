import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from kg import score
from kg.assemble import build
from kg.exports.annotations import papers
from kg.records import MODELS
from kg.tables import Tables

ROOT = Path(__file__).parents[1]
CARD = (ROOT / "kg" / "pipes" / "model" / "CARD.md").read_text(encoding="utf-8")


NUMBER = re.compile(r"\d\.\d{3}")


def figures(lines: list[str]) -> list[float]:
    return [float(n) for line in lines for n in NUMBER.findall(line)]


@pytest.fixture(scope="module")
def card() -> ModuleType:
    spec = importlib.util.spec_from_file_location("card", ROOT / "training" / "card.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("model", MODELS)
def test_the_shipped_models_have_the_figures_of_their_card(card: ModuleType, shared: Path, tmp_path: Path, model: str) -> None:
    dev = shared / "data" / "gold" / "dev.jsonl"
    graph = build([dev], tmp_path / "graph", model=model).folder
    annotated = score.read_annotations(dev)
    lines = card.table(annotated, {p["id"]: p for p in papers(Tables.open(graph))})
    at = card.precision_at(annotated, graph, (0.3, 0.4, 0.5))
    lines.append("Precision of the surest mentions at recall 0.5 / 0.4 / 0.3: " + " / ".join(f"{p:.3f}" for p in reversed(at)))
    stated = [line for line in CARD.split(f"**`--model {model}`**")[1].splitlines() if line][: len(lines)]
    assert [NUMBER.sub("#", line) for line in stated] == [NUMBER.sub("#", line) for line in lines]
    # Eight-bit arithmetic differs in its last digits between kinds of processors.
    assert figures(stated) == pytest.approx(figures(lines), abs=0.01)


def test_the_models_are_small_enough_for_the_wheel() -> None:
    files = [f for f in (ROOT / "kg" / "pipes" / "model").iterdir() if f.is_file()]
    assert sum(f.stat().st_size for f in files) <= 40_000_000
    assert max(f.stat().st_size for f in files) <= 30_000_000
