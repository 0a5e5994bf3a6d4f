"""The wheel, installed as a user installs it: no checkout, no development tools."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the tree."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("kg_papers-*.whl"))


def test_the_wheel_holds_queries_pages_model_card_and_sample(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for name in (
        "kg/cypher/shared-method.cypher",
        "kg/cypher/store/paper.cypher",
        "kg/viz/picture.html",
        "kg/viz/openapi.json",
        "kg/viz/bundle/picture.js",
        "kg/viz/bundle/LICENSES.txt",
        "kg/cypher/pages/facts.cypher",
        "kg/pipes/model/encoder.onnx",
        "kg/pipes/model/field.npz",
        "kg/pipes/model/CARD.md",
    ):
        assert name in names
    assert "kg/sample/papers.jsonl" in names
    assert not any(n.startswith(("tests", "training", "benchmarks")) for n in names)


def test_the_installed_wheel_runs_the_demo_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    home, empty = tmp_path / "env", tmp_path / "empty"
    empty.mkdir()
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / "requirements" / "run.txt")], check=True, cwd=empty)
    subprocess.run([*pip, "--no-deps", str(wheel)], check=True, cwd=empty)
    done = subprocess.run([str(home / "bin" / "kg"), "demo"], cwd=empty, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    assert "DoRA" in done.stdout
    assert (empty / "kg-demo" / "lora.html").stat().st_size > 100_000
    subprocess.run([str(python), "-m", "pip", "check"], check=True, cwd=empty, capture_output=True)
