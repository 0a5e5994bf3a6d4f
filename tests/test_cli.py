"""The command: what it prints where, and what a mistake gets."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from neo4j_server import Server

from kg.cli import cli
from kg.queries import library

KG = Path(sys.executable).with_name("kg")


def kg(*words: str | Path, cwd: Path | None = None, stdin: str | bytes | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    given = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run([KG, *map(str, words)], cwd=cwd, input=given, capture_output=True, env={**os.environ, **env}, timeout=120)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def fails(done: subprocess.CompletedProcess[str], code: int, *parts: str) -> None:
    """Check that a command failed with one line on standard error that holds the parts."""
    assert done.returncode == code, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr
    for part in parts:
        assert part in done.stderr


def commands() -> list[tuple[str, ...]]:
    groups = {name: command for name, command in cli.commands.items() if isinstance(command, click.Group)}
    under = [(name, under) for name, group in groups.items() for under in group.list_commands(click.Context(group))]
    return [*((name,) for name in cli.commands), *under]


def test_the_commands_of_groups_are_known() -> None:
    assert {("query", name) for name in library()} | {("alias", name) for name in ("explain", "list", "same", "apart", "forget", "review")} <= {*commands()}
    assert {("build",), ("remove",), ("diff",)} <= {*commands()}


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_has_help_with_an_example(words: tuple[str, ...]) -> None:
    from click.testing import CliRunner

    done = CliRunner().invoke(cli, [*words, "--help"])
    assert done.exit_code == 0
    assert f"Example:\n    kg {' '.join(words)}" in done.output


def test_help_is_quick() -> None:
    kg("--help")
    times = []
    for _ in range(3):
        start = time.perf_counter()
        kg("--help")
        times.append(time.perf_counter() - start)
    assert min(times) < 0.3


def test_help_imports_nothing_heavy() -> None:
    heavy = "spacy", "polars", "networkx", "neo4j", "ladybug", "pyvis", "igraph", "jinja2", "numpy"
    code = f"import sys, kg.cli; sys.exit(', '.join(m for m in {heavy!r} if m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stderr == "\n"


def test_build_query_view_and_export_from_an_empty_folder(tmp_path: Path, sample: Path) -> None:
    built = kg("build", sample, cwd=tmp_path)
    assert built.returncode == 0
    assert built.stdout == ""
    assert "52 papers (52 new, 0 changed)" in built.stderr
    rows = [json.loads(line) for line in kg("query", "shared-method", "--paper", "QLoRA", cwd=tmp_path).stdout.splitlines()]
    assert {"paper", "method", "sentence", "other_sentence"} <= rows[0].keys()
    assert kg("view", "--around", "LoRA", cwd=tmp_path).stderr == "lora.html\n"
    assert (tmp_path / "lora.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert len(kg("export", "--to", "annotations", cwd=tmp_path).stdout.splitlines()) == 52
    assert sorted(p.name for p in tmp_path.iterdir()) == ["graph", "lora.html"]


def test_a_graph_grows_shrinks_and_says_what_changed(tmp_path: Path) -> None:
    lora = {"id": "a", "title": "Quick adapters", "abstract": "We use Low-Rank Adaptation (LoRA) to train GPT-3 with Adam."}
    bert = {"id": "b", "title": "Slow adapters", "abstract": "We use BERT with Adam and LoRA."}
    (tmp_path / "a.jsonl").write_text(json.dumps(lora) + "\n", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(json.dumps(bert) + "\n", encoding="utf-8")
    first = kg("build", "a.jsonl", "--model", "fast", cwd=tmp_path)
    assert first.stderr.count("\n") == 1  # nothing to differ from
    before = {p.name: p.read_bytes() for p in (tmp_path / "graph").glob("*.*t")}
    shutil.copytree(tmp_path / "graph", tmp_path / "old")

    added = kg("build", "b.jsonl", cwd=tmp_path)
    assert (added.returncode, added.stdout) == (0, "")
    head, counts = added.stderr.splitlines()
    assert head.startswith("graph: 2 papers (1 new, 0 changed), ")
    assert re.fullmatch(r"\+1 paper; \+\d entit(y|ies); \+\d facts", counts)
    again = kg("build", "b.jsonl", cwd=tmp_path)
    assert again.stderr.count("\n") == 1
    assert "nothing changed" in again.stderr
    anew = kg("build", cwd=tmp_path)
    assert "2 papers (nothing changed)" in anew.stderr

    told = kg("diff", "old", "graph", "--short", cwd=tmp_path)
    assert (told.returncode, told.stdout, told.stderr) == (0, f"{counts}\n", "")
    assert "“We use BERT with Adam and LoRA.”" in kg("diff", "old", "graph", cwd=tmp_path).stdout
    assert [p["id"] for p in json.loads(kg("diff", "old", "graph", "--json", cwd=tmp_path).stdout)["papers_added"]] == ["b"]

    fails(kg("remove", "Slow adapter", cwd=tmp_path), 1, "near: Slow adapters")
    gone = kg("remove", "slow adapters", cwd=tmp_path)
    assert (gone.returncode, gone.stdout) == (0, "")
    head, less = gone.stderr.splitlines()
    assert head.startswith("graph: 1 paper")
    assert less == counts.replace("+", "−")
    assert {p.name: p.read_bytes() for p in (tmp_path / "graph").glob("*.*t")} == before
    same = kg("diff", "old", "graph", cwd=tmp_path)
    assert (same.returncode, same.stdout, same.stderr) == (0, "", "no difference in papers, entities and facts\n")


def test_the_environment_names_the_graph(tmp_path: Path, sample_graph: Path) -> None:
    assert "52 papers" in kg("info", cwd=tmp_path, KG_GRAPH=str(sample_graph)).stdout
    assert "52 papers" not in kg("info", "-g", tmp_path / "none", cwd=tmp_path, KG_GRAPH=str(sample_graph)).stdout


def test_graph_option_works_before_and_after_the_question(tmp_path: Path, sample_graph: Path) -> None:
    after = kg("query", "top", "--limit", "2", "-g", sample_graph, cwd=tmp_path)
    before = kg("query", "-g", sample_graph, "top", "--limit", "2", cwd=tmp_path)
    assert after.stdout == before.stdout != ""


def test_forms_hold_the_same_rows(sample_graph: Path) -> None:
    words = "query", "top", "--limit", "3", "-g", sample_graph
    lines = [json.loads(line) for line in kg(*words, "--nl").stdout.splitlines()]
    assert json.loads(kg(*words, "--json").stdout) == lines == [json.loads(line) for line in kg(*words).stdout.splitlines()]
    assert kg(*words, "--csv").stdout.splitlines()[0] == "name,kind,papers,id"
    table = kg(*words, "--table").stdout
    assert all(row["name"] in table for row in lines)


def test_a_statement_of_ones_own_and_from_standard_input(sample_graph: Path) -> None:
    text = "MATCH (p:Paper) WHERE p.id = $id RETURN p.title AS title"
    for words, stdin in ((("--cypher", text), None), (("--cypher", "-"), text)):
        done = kg("query", *words, "-p", "id=arxiv:1706.03762", "-g", sample_graph, stdin=stdin)
        assert json.loads(done.stdout) == {"title": "Attention Is All You Need"}


def test_a_writing_statement_is_refused(sample_graph: Path) -> None:
    for text in ("CREATE (:Method {id: 'x'})", "MATCH (p:Paper) SET p.title = 'x' RETURN p.id", "MATCH (p:Paper) DETACH DELETE p"):
        fails(kg("query", "--cypher", text, "-g", sample_graph), 1)


def test_ambiguous_title_lists_the_candidates(sample_graph: Path) -> None:
    done = kg("query", "shared-method", "--paper", "models", "-g", sample_graph)
    assert done.returncode == 1
    assert "arxiv:" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "parts"),
    [
        (("query", "shared-metod"), 2, ("shared-method",)),
        (("query", "shared-method"), 2, ("--paper",)),
        (("query", "about", "--entity", "LoRAA"), 1, ("LoRA",)),
        (("query", "shared-method", "--paper", "no such paper at all"), 1, ("no such paper",)),
        (("query", "top", "--limit", "many"), 2, ("--limit",)),
        (("query", "--cypher", "MATCH (p RETURN"), 1, ("Parser",)),
        (("query",), 2, ("--help",)),
        (("view", "--around", "zzz"), 1, ("zzz",)),
        (("load", "localhost"), 2, ("neo4j://",)),
        (("load", "neo4j://127.0.0.1:1"), 1, ("no Neo4j server answers",)),
        (("nonsense",), 2, ("nonsense",)),
        (("remove",), 2, ("PAPERS",)),
        (("remove", "Attention Is All You Nee"), 1, ("near: Attention Is All You Need",)),
        (("remove", "arxiv:1706.03762", "no such paper at all"), 1, ("no such paper at all",)),
        (("build", "--fresh"), 2, ("FILES",)),
        (("build", "-f", "none.tsv"), 1, ("none.tsv",)),
        (("diff", "old"), 2, ("NEW",)),
        (("diff", "none", "none"), 1, ("none: no graph here",)),
        (("diff", "none", "none", "--short", "--json"), 2, ("--short", "--json")),
        (("alias", "sane", "a", "b"), 2, ("same",)),
        (("alias", "same", "LoRA", "LoRAA"), 1, ("LoRAA", "near: LoRA")),
        (("alias", "same", "LoRA", "GSM8K"), 1, ("“LoRA” is a method", "“GSM8K” a data set or benchmark")),
        (("alias", "same", "LoRA", "BERT", "-f", "no/such/place.tsv"), 1, ("no/such/place.tsv",)),
        (("alias", "explain", "LoRAA"), 1, ("LoRAA", "LoRA")),
        (("alias", "review", "--html", "--json"), 2, ("not both",)),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, tuple) else "",
)
def test_a_mistake_is_one_line_that_says_what_to_do(tmp_path: Path, sample_graph: Path, words: tuple[str, ...], code: int, parts: tuple[str, ...]) -> None:
    graph = Path(shutil.copytree(sample_graph, tmp_path / "graph"))
    before = {p.name: p.read_bytes() for p in graph.iterdir() if p.suffix in (".parquet", ".json", ".tsv")}
    fails(kg(*words, cwd=tmp_path), code, *parts)
    assert {p.name: p.read_bytes() for p in graph.iterdir() if p.suffix in (".parquet", ".json", ".tsv")} == before


def test_no_graph_says_how_to_make_one(tmp_path: Path) -> None:
    fails(kg("query", "top", cwd=tmp_path), 1, "kg build")


def test_bad_input_is_one_line_and_leaves_the_graph(tmp_path: Path, sample: Path) -> None:
    kg("build", sample, cwd=tmp_path)
    before = (tmp_path / "graph" / "manifest.json").read_bytes()
    bad = {
        "empty.txt": b"",
        "binary.txt": bytes(range(256)) * 10,
        "page.html": b"<!doctype html><html><body>Title</body></html>",
        "latin.jsonl": '{"title": "Caf\xe9"}'.encode("latin-1"),
        "cut.jsonl": b'{"title": "A", "abs',
        "list.jsonl": b'{"title": ["A"]}',
        "head.csv": b"title,abstract\nA\n",
    }
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
        fails(kg("build", name, cwd=tmp_path), 1, name)
    fails(kg("build", "absent.txt", cwd=tmp_path), 1, "absent.txt")
    fails(kg("build", "-f", "binary.txt", cwd=tmp_path), 1, "binary.txt")
    assert (tmp_path / "graph" / "manifest.json").read_bytes() == before


def test_skip_bad_counts_what_it_left_out(tmp_path: Path) -> None:
    (tmp_path / "some.jsonl").write_text('{"title": "A paper on LoRA"}\nnonsense\n{"abstract": "no title"}\n')
    fails(kg("build", "some.jsonl", cwd=tmp_path), 1, "some.jsonl:2")
    done = kg("build", "some.jsonl", "--skip-bad", cwd=tmp_path)
    assert done.returncode == 0
    assert "1 without abstract; 2 skipped" in done.stderr


def test_terminal_escapes_and_bidi_controls_are_shown_not_sent(tmp_path: Path) -> None:
    title = "LoRA \x1b[31mred\x1b]0;owned\x07 \u202egnirts \u2066x"
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "a", "title": title, "abstract": "We use LoRA."}) + "\n")
    kg("build", "a.jsonl", cwd=tmp_path)
    out = kg("query", "papers-of", "--entity", "LoRA", "--table", cwd=tmp_path).stdout
    assert "\\x1b[31mred" in out
    assert not any(c in out for c in "\x1b\x07\u202e\u2066")
    assert json.loads(kg("query", "papers-of", "--entity", "LoRA", cwd=tmp_path).stdout)["paper"] == " ".join(title.split())


def test_ctrl_c_keeps_the_old_graph_and_the_next_build_goes_on(tmp_path: Path, sample: Path) -> None:
    kg("build", sample, cwd=tmp_path)
    before = (tmp_path / "graph" / "manifest.json").read_bytes()
    many = [{"id": str(i), "title": f"Paper {i}", "abstract": "We train a Transformer with Adam on ImageNet and CIFAR-10. " * 8} for i in range(3000)]
    (tmp_path / "many.jsonl").write_text("".join(json.dumps(p) + "\n" for p in many))
    process = subprocess.Popen([KG, "build", "many.jsonl"], cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True)
    journal = tmp_path / "graph" / ".readings.jsonl"
    while not journal.exists() or journal.stat().st_size < 10_000:
        assert process.poll() is None
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.lstrip("\n") == "kg: stopped; the graph is as it was, and what was read is kept for the next build\n"
    assert (tmp_path / "graph" / "manifest.json").read_bytes() == before
    assert "52 papers" in kg("info", cwd=tmp_path).stdout
    assert "1 new" in kg("build", "-", cwd=tmp_path, stdin='{"title": "One more"}\n').stderr


def test_a_closed_pipe_is_no_error(sample_graph: Path) -> None:
    done = subprocess.run(f"'{KG}' export --to annotations -g '{sample_graph}' | head -n 1", shell=True, capture_output=True, text=True)
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


def test_info_as_json_counts_what_the_tables_hold(sample_graph: Path) -> None:
    facts = json.loads(kg("info", "-g", sample_graph, "--json").stdout)
    assert facts["papers"] == 52
    assert sum(facts["entities"].values()) == facts["rows"]["entities"]
    assert sum(facts["facts"].values()) == facts["rows"]["facts"]
    assert facts["sources"] == {"papers.jsonl": 52}
    assert facts["bytes"]["papers.parquet"] > 0


def test_demo_builds_asks_and_draws(tmp_path: Path) -> None:
    done = kg("demo", cwd=tmp_path)
    assert done.returncode == 0
    assert "DoRA" in done.stdout
    assert (tmp_path / "kg-demo" / "lora.html").exists()
    assert "52 papers" in kg("info", "-g", "kg-demo/graph", cwd=tmp_path).stdout


def test_output_goes_through_pipes_and_links(tmp_path: Path, sample_graph: Path) -> None:
    words = "export", "--to", "annotations", "-g", sample_graph
    plain = kg(*words).stdout
    os.mkfifo(tmp_path / "pipe")
    reader = subprocess.Popen(["cat", tmp_path / "pipe"], stdout=subprocess.PIPE, text=True)
    assert kg(*words, "-o", tmp_path / "pipe").returncode == 0
    assert reader.communicate(timeout=20)[0] == plain
    (tmp_path / "file").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    assert kg(*words, "-o", tmp_path / "link").returncode == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text(encoding="utf-8") == plain


def test_an_output_that_cannot_be_written_is_named_as_typed(tmp_path: Path, sample_graph: Path) -> None:
    fails(kg("view", "-g", sample_graph, "-o", "no/such/place.html", cwd=tmp_path), 1, "no/such/place.html")


def test_building_the_folder_that_holds_the_graph_leaves_the_graph_out(tmp_path: Path, sample: Path) -> None:
    (tmp_path / "papers.jsonl").write_bytes(sample.read_bytes())
    assert "52 new" in kg("build", ".", cwd=tmp_path).stderr
    assert "52 papers (nothing changed)" in kg("build", ".", cwd=tmp_path).stderr


def test_a_killed_filling_of_the_store_is_made_up_for(tmp_path: Path, sample: Path) -> None:
    kg("build", sample, cwd=tmp_path)
    for seconds in (0.3, 0.4, 0.5, 0.6):
        process = subprocess.Popen([KG, "query", "top"], cwd=tmp_path, stdout=subprocess.DEVNULL)
        time.sleep(seconds)
        process.kill()
        process.wait()
        assert kg("query", "top", "--limit", "1", cwd=tmp_path).returncode == 0
        for left in (tmp_path / "graph").glob("store*"):
            left.unlink()


def test_a_server_is_no_folder(tmp_path: Path, sample: Path) -> None:
    names = (("alias", "explain", "a"), ("alias", "list", "a"), ("alias", "review"), ("alias", "same", "a", "b"), ("alias", "forget", "a", "b"))
    for words in (("build", sample), ("build",), ("remove", "a"), ("info",), ("export", "--to", "annotations"), *names):
        fails(kg(*words, "-g", "neo4j://localhost:7687", cwd=tmp_path), 1, "not on a server")
    fails(kg("diff", "neo4j://localhost:7687", "graph", cwd=tmp_path), 1, "not on a server")
    assert list(tmp_path.iterdir()) == []


def test_the_database_named_before_the_question_is_asked(neo4j_env: Server) -> None:
    fails(kg("query", "--database", "nowhere", "top", "-g", neo4j_env.uri), 1, "nowhere")


def test_load_and_ask_a_server(clean_neo4j: Server, neo4j_env: Server, sample_graph: Path) -> None:
    assert kg("load", neo4j_env.uri, "-g", sample_graph).returncode == 0
    words = "query", "shared-method", "--paper", "QLoRA", "-g"
    assert kg(*words, neo4j_env.uri).stdout == kg(*words, sample_graph).stdout != ""
