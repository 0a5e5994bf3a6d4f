"""What the tests share: the corpora, graphs built from them, hostile texts, and a real Neo4j."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import polars as pl
import pytest
from generated import generated
from neo4j_server import LTS, NEWEST, Server, Unavailable, empty, given, holds_nodes, jars, running
from playwright.sync_api import Browser, Page, sync_playwright

from kg.assemble import build
from kg.tables import SCHEMAS, Tables, write, writing

ROOT = Path(__file__).resolve().parents[1]
HOSTILE = (
    "it's",
    'say "hi"',
    "back\\slash\\",
    "\\'; DROP TABLE Paper; //",
    "$limit {x} `y` %s",
    "a, b|c;d",
    "naïve 漢字 😀 \u202e",
    "<b>&amp;</b>",
    "NULL",
    "[a]",
)


def missing(what: str) -> NoReturn:
    """Skip the test for want of something; in CI, where everything must be there, fail it."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of corpora and pages that is not part of the repository."""
    folder = Path(os.environ.get("KG_SHARED") or ROOT.parent / "shared")
    return folder if folder.is_dir() else missing(f"no shared data at {folder}: set KG_SHARED")


@pytest.fixture(scope="session")
def pages(shared: Path) -> list[Path]:
    """Three saved pages."""
    return sorted((shared / "data" / "pages").glob("*.txt")) or missing(f"no pages under {shared}")


@pytest.fixture(scope="session")
def sample() -> Path:
    """The corpus that ships with kg."""
    return ROOT / "kg" / "sample" / "papers.jsonl"


@pytest.fixture(scope="session")
def sample_graph(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of the sample; not to be changed."""
    return build([sample], tmp_path_factory.mktemp("sample") / "graph").folder


@pytest.fixture(scope="session")
def pages_graph(pages: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of the pages; not to be changed."""
    return build(pages, tmp_path_factory.mktemp("pages") / "graph").folder


@pytest.fixture(scope="session")
def hostile() -> tuple[str, ...]:
    """Texts that break what pastes them into a statement or a file."""
    return HOSTILE


@pytest.fixture(scope="session")
def hostile_graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph whose papers (id, title, author) and entities (name, alias) are called by hostile texts."""
    folder = tmp_path_factory.mktemp("hostile")
    abstract = (
        "We introduce LoRA and train BERT with Adam. LoRA extends BERT. "
        "We evaluate LoRA on GLUE and SQuAD, where it reaches 91.2 F1 and 90 accuracy, better than GPT-2, T5 and RoBERTa."
    )
    papers = [{"id": f"{text}{i}", "title": f"Title {text} end", "abstract": abstract, "authors": [f"Au {text}"]} for i, text in enumerate(HOSTILE)]
    source = folder / "papers.jsonl"
    source.write_text("".join(json.dumps(p) + "\n" for p in papers), encoding="utf-8")
    tables = Tables.open(build([source], folder / "graph").folder)
    frames = {name: tables.read(name) for name in SCHEMAS}
    height = frames["entities"].height
    names = [HOSTILE[i] if i < len(HOSTILE) else f"{HOSTILE[i % len(HOSTILE)]}{i}" for i in range(height)]
    frames["entities"] = frames["entities"].with_columns(name=pl.Series(names), aliases=pl.Series([[n, f"{n} {n}"] for n in names]))
    with writing(tables.folder):
        write(tables.folder, frames, {"pipeline": "hostile"})
    return tables.folder


@pytest.fixture(scope="session")
def generated_graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up graph of 20,000 papers; not to be changed."""
    return generated(tmp_path_factory.mktemp("generated") / "graph")


def available(version: str) -> str:
    """Return a release of Neo4j that can be started here."""
    try:
        jars(version)
    except Unavailable as e:
        missing(f"no Neo4j {version}: {e}")
    return version


@pytest.fixture(scope="session", name="neo4j")
def _neo4j() -> Iterator[Server]:
    """A real Neo4j: the one at ``NEO4J_URI``, whose database must be empty and is emptied again, or one of our own."""
    if uri := os.environ.get("NEO4J_URI"):
        server = given(uri, (os.environ.get("NEO4J_USERNAME", "neo4j"), os.environ.get("NEO4J_PASSWORD", "")))
        if holds_nodes(server):
            pytest.fail(f"{uri} holds a graph, and the tests would delete it: give them an empty database")
        yield server
        empty(server)
        return
    with running(available(LTS)) as server:
        yield server


@pytest.fixture(scope="session")
def newest_neo4j() -> Iterator[Server]:
    """A Neo4j of the newest release, always one of our own."""
    with running(available(NEWEST)) as server:
        yield server


@pytest.fixture(scope="session", params=[LTS, NEWEST])
def neo4j_release(request: pytest.FixtureRequest) -> str:
    """Each release of Neo4j, for a test that starts servers of its own."""
    return available(request.param)


@pytest.fixture
def neo4j_env(neo4j: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The Neo4j, its user and password in the environment."""
    monkeypatch.setenv("NEO4J_USERNAME", neo4j.auth[0])
    monkeypatch.setenv("NEO4J_PASSWORD", neo4j.auth[1])
    return neo4j


@pytest.fixture
def clean_neo4j(neo4j: Server) -> Server:
    """The Neo4j, its database empty."""
    empty(neo4j)
    return neo4j


# -- a browser ---------------------------------------------------------------------------------------------------------------------

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or missing("no chromium on the PATH (apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails the test when anything but a file is asked for, a dialog opens, or a script breaks."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    trouble: list[str] = []
    page.on("request", lambda r: trouble.append(r.url) if not r.url.startswith("file:") else None)
    page.on("pageerror", lambda e: trouble.append(str(e)))
    page.on("console", lambda m: trouble.append(m.text) if m.type == "error" else None)
    page.on("dialog", lambda d: trouble.append(d.message))
    yield page
    asked = page.evaluate("performance.getEntriesByType('resource').map(r => r.name)")
    page.close()
    assert trouble == []
    assert asked == []
