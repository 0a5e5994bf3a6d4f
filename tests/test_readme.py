"""The documentation does what it says."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from neo4j_server import Server

from kg.cli import cli
from kg.queries import library
from kg.stores.model import LABELS, RELATIONS
from kg.stores.neo4j import Neo4j
from kg.stores.neo4j_load import load
from kg.tables import Tables

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "docs"))
import schema  # noqa: E402

README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return README.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def shell_lines(text: str) -> list[str]:
    blocks = re.findall(r"^```\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [line.split("  #")[0].strip() for block in blocks for line in block.splitlines()]


def test_start_is_two_commands_of_the_makefile() -> None:
    commands = shell_lines(section("Start"))
    assert commands == ["make demo", "make test"]
    makefile = (ROOT / "Makefile").read_text()
    assert all(f"\n{c.split()[1]}:" in makefile for c in commands)


def test_every_command_is_in_the_readme() -> None:
    for name in cli.commands:
        assert f"kg {name}" in README


def test_labels_and_relations_are_in_the_readme() -> None:
    for name in (*LABELS, *RELATIONS):
        assert f"`{name}`" in section("What is in the graph")


def test_every_module_is_in_the_reading_order() -> None:
    listed = section("The files, in reading order")
    for path in (ROOT / "kg").iterdir():
        if (path.suffix == ".py" and path.name != "__init__.py") or (path.is_dir() and path.name not in ("__pycache__", "sample")):
            assert f"kg/{path.name}" in listed


def test_links_lead_to_files() -> None:
    for document in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\((?!https?://)([^)#]+)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


@pytest.mark.parametrize(
    "line",
    [
        x
        for x in shell_lines(section("Next"))
        if x.startswith("kg ") and "pages/*" not in x and "neo4j:" not in x and "dev.jsonl" not in x and not x.startswith("kg serve")
    ],
)
def test_commands_of_the_readme_run_on_the_sample(line: str, sample_graph: Path, tmp_path: Path) -> None:
    for graph in ("graph", "yesterday"):
        shutil.copytree(sample_graph, tmp_path / graph)
    words = [str(Path(sys.executable).with_name("kg")), *shlex.split(line)[1:]]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"})
    assert done.returncode == 0, done.stderr
    changed = "graph: " in done.stderr and Tables.open(tmp_path / "graph").content != Tables.open(sample_graph).content
    assert done.stdout or changed or "no difference" in done.stderr or {p.name for p in tmp_path.iterdir()} > {"graph", "yesterday"}


def test_python_of_the_readme_runs_on_the_sample(sample: Path, tmp_path: Path) -> None:
    code = re.findall(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)[0]
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "papers.jsonl").write_bytes(sample.read_bytes())
    subprocess.run([sys.executable, "-c", code + "\nassert rows and len(graph) > 5 and html"], cwd=tmp_path, check=True)


def test_the_spacy_pipeline_of_the_readme_runs() -> None:
    code = re.findall(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)[1]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "'QLoRA', 'method'" in done.stdout


def test_the_neo4j_section_runs_on_a_real_server(clean_neo4j: Server, neo4j_env: Server, sample_graph: Path, tmp_path: Path) -> None:
    shutil.copytree(sample_graph, tmp_path / "graph")
    (text,) = (part for part in section("Next").split("\n**") if part.startswith("In Neo4j"))
    commands = [line for line in shell_lines(f"\n{text}") if line.startswith("kg ")]
    assert len(commands) == 2
    for command in commands:
        words = [str(Path(sys.executable).with_name("kg")), *shlex.split(command.replace("neo4j://localhost:7687", neo4j_env.uri))[1:]]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=True)
        assert "rows written" in done.stderr or "PiSSA" in done.stdout
    (code,) = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    code = code.replace('"neo4j://localhost:7687"', repr(neo4j_env.uri)).replace('("neo4j", "…")', repr(neo4j_env.auth))
    subprocess.run([sys.executable, "-c", f"import kg\n{code}\nassert len(graph) > 100"], cwd=tmp_path, check=True)


def test_queries_for_neo4j_browser_draw_something(clean_neo4j: Server, sample_graph: Path) -> None:
    files = sorted((ROOT / "viz" / "neo4j").glob("*.cypher"))
    with Neo4j(clean_neo4j.uri, auth=clean_neo4j.auth) as server:
        load(server, Tables.open(sample_graph))
        for file in files:
            text = file.read_text(encoding="utf-8")
            assert text.startswith("// "), "the first line is the name that Browser gives it"
            assert server.run(text, {}).rows, file.name
    assert len(files) >= 5


def test_the_style_for_neo4j_browser_knows_every_label_and_only_properties_that_there_are() -> None:
    style = (ROOT / "viz" / "neo4j.grass").read_text(encoding="utf-8")
    held = schema.properties()
    captions = dict(re.findall(r'^node\.(\w+) .*caption: "\{(\w+)\}"', style, re.MULTILINE))
    assert set(captions) == set(LABELS)
    assert all(name in held[label] for label, name in captions.items())
    assert set(re.findall(r"^relationship\.(\w+)", style, re.MULTILINE)) <= set(RELATIONS)


def test_questions_and_schema_of_the_readme_are_those_of_the_code() -> None:
    assert schema.written(README) == README, "make pictures writes them"
    assert (ROOT / "docs" / "schema.svg").read_text(encoding="utf-8") == schema.picture()
    held = {name for names in schema.properties().values() for name in names}
    assert set(schema.MEANS) <= held


def test_questions_of_the_documentation_exist() -> None:
    for document in (README, (ROOT / "docs" / "cypher.md").read_text(encoding="utf-8")):
        for name in re.findall(r"kg query ([a-z][\w-]+)", document):
            assert name in library()


def test_figures_of_the_readme_are_what_kg_score_says(shared: Path) -> None:
    from kg.score import score_file

    result = score_file(shared / "data" / "gold" / "dev.jsonl")
    figures = [result.figures[n].f1 for n in ("mention", "entity", "edge")] + [result.role_accuracy]
    figures += [result.figures[n].f1 for n in ("share", "linking", "lineage", "result")]
    (row,) = (line for line in section("How good it is").splitlines() if line.startswith("| `best` |"))
    stated = [float(cell) for cell in row.strip("| ").split(" | ")[1 : len(figures) + 1]]
    card = (ROOT / "kg" / "pipes" / "model" / "CARD.md").read_text(encoding="utf-8").split("**`--model fast`**")[0]
    of_card = {row.split(" | ")[0].strip("| "): row.split(" | ")[1] for row in card.splitlines() if row.count(" | ") >= 3}
    names = ("mention", "entity", "edge", "role accuracy", "share", "linking", "lineage", "result")
    assert [f"**{n:.3f}**" for n in stated] == [of_card[name].split()[-1] for name in names]
    assert stated == pytest.approx(figures, abs=0.01)  # eight-bit arithmetic differs in its last digits between kinds of processors
