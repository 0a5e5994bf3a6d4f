"""The explorer over HTTP: a real server, asked over a socket; every page as HTML and JSON, and what no request may do to it."""

import hashlib
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

import openapi_spec_validator
import polars as pl
import pytest
from jsonschema import Draft202012Validator
from neo4j_server import Server
from stores.test_ladybug import FILES, WRITES

from kg import resources
from kg.apart import DEEPEST
from kg.assemble import build
from kg.explorer import STATIC, static_version
from kg.forms import ROWS
from kg.queries import library
from kg.records import TYPES
from kg.serve import HEADERS, LONGEST, is_ours
from kg.stores.neo4j import Neo4j
from kg.stores.neo4j_load import load
from kg.tables import SCHEMAS, Tables, write, writing

KG = Path(sys.executable).with_name("kg")
SOON = 30.0
"""Seconds within which what is waited for must have come."""

ENDLESS = "UNWIND range(1, 100000) AS x UNWIND range(1, 100000) AS y UNWIND range(1, 100000) AS z RETURN count(*) AS n"


# -- a server and who asks it ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What came back for a request."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name), None)

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        assert self.header("content-type") == "application/json"
        return json.loads(self.body)


@dataclass(frozen=True)
class Site:
    """A running explorer."""

    host: str
    process: "subprocess.Popen[bytes]"
    stderr: Path

    def raw(self, request: bytes, timeout: float = 60) -> bytes:
        """Return all that comes back for these bytes."""
        name, _, port = self.host.rpartition(":")
        with socket.create_connection((name.strip("[]"), int(port)), timeout) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(1 << 16), b""))

    def ask(self, target: str, *, method: str = "GET", headers: tuple[str, ...] | None = None, timeout: float = 60) -> Answer:
        """Return the answer to a request; the address goes out as it is."""
        lines = [f"{method} {target} HTTP/1.1", *((f"Host: {self.host}",) if headers is None else headers), "Connection: close", "", ""]
        name, _, port = self.host.rpartition(":")
        with socket.create_connection((name.strip("[]"), int(port)), timeout) as connection:
            connection.sendall("\r\n".join(lines).encode())
            came = b"".join(iter(lambda: connection.recv(1 << 16), b""))
        head, _, body = came.partition(b"\r\n\r\n")
        first, *rest = head.decode("latin-1").split("\r\n")
        pairs = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in rest)]
        return Answer(int(first.split()[1]), pairs, body)

    def get(self, target: str) -> Answer:
        """Return a page that is there."""
        answer = self.ask(target)
        assert answer.status == 200, (target, answer.status, answer.body[:500])
        return answer

    def json(self, target: str) -> Any:
        return self.get(target).json

    def cypher(self, text: str, form: str = "json") -> Answer:
        return self.ask(f"/query/cypher.{form}?{urlencode({'q': text})}")


def until(true: Callable[[], Any], seconds: float = SOON) -> Any:
    """Return what becomes true within some seconds."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it did not become true in time"
        time.sleep(0.02)
    return found


@contextmanager
def serving(graph: Path | str, folder: Path, *options: str, cwd: Path | None = None) -> Iterator[Site]:
    """Run ``kg serve`` on a free port; it must end at Ctrl-C, and may never have shown a traceback."""
    stderr = folder / f"stderr-{time.monotonic_ns()}.txt"
    with stderr.open("wb") as errors:
        process = subprocess.Popen([KG, "serve", "-g", str(graph), "--port", "0", *options], stderr=errors, stdout=errors, cwd=cwd, start_new_session=True)
    try:
        address = until(lambda: process.poll() is not None or re.match(r"http://(\S+)/  \(Ctrl-C stops it\)\n", stderr.read_text()))
        assert address is not True, stderr.read_text()
        yield Site(address[1], process, stderr)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(SOON)
    assert process.returncode in (0, 130)
    assert "Traceback" not in stderr.read_text()


@pytest.fixture(scope="module")
def served(sample_graph: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("served")
    graph = Path(shutil.copytree(sample_graph, folder / "graph"))
    with serving(graph, folder, "--timeout", "1") as site:
        yield site


@pytest.fixture
def site(served: Site) -> Iterator[Site]:
    """The sample's explorer; a test fails whose requests make it show a traceback."""
    before = served.stderr.read_text().count("Traceback")
    yield served
    assert served.stderr.read_text().count("Traceback") == before
    assert served.process.poll() is None


# -- the description ---------------------------------------------------------------------------------------------------------------


@cache
def description() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(resources.text("viz", "openapi.json"))
    return found


@cache
def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Return pattern, path and operation of each address that is described, those without a variable part first."""
    out = []
    for path, item in sorted(description()["paths"].items(), key=lambda p: p[0].count("{")):
        item = description()["components"]["pathItems"][item["$ref"].rpartition("/")[2]] if "$ref" in item else item
        out.append((re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)), path, item["get"]))
    return out


def operation(target: str) -> dict[str, Any]:
    path = urlsplit(target).path
    return next(found for pattern, _, found in operations() if re.fullmatch(pattern, path))


@cache
def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": {"schemas": description()["components"]["schemas"]}})


def assert_described(target: str, answer: Answer) -> None:
    """Check that an answer in JSON is what the description says of its address."""
    told = operation(target)["responses"][str(answer.status)]
    told = description()["components"]["responses"][told["$ref"].rpartition("/")[2]] if "$ref" in told else told
    schema = told["content"]["application/json"]["schema"]
    if "$ref" in schema:
        error = next(validator(schema["$ref"].rpartition("/")[2]).iter_errors(answer.json), None)
        assert error is None, (target, error.json_path, error.message[:300])


def as_json(target: str) -> str:
    """Return the address of a page's JSON."""
    path, question, query = target.partition("?")
    return f"{'/index' if path == '/' else path}.json{question}{query}"


def test_the_description_is_one() -> None:
    openapi_spec_validator.validate(description())
    assert description()["servers"] == [{"url": "/"}]


def test_the_description_has_every_question_and_its_parameters() -> None:
    for path in ("/query/{name}.json", "/query/{name}.csv"):
        parameters = {p["name"]: p["schema"] for p in description()["paths"][path]["get"]["parameters"]}
        assert parameters.pop("name")["enum"] == list(library())
        assert set(parameters) == {p.name for q in library().values() for p in q.parameters}


def test_the_description_lets_no_field_in_that_it_does_not_name() -> None:
    def objects(schema: Any) -> Iterator[dict[str, Any]]:
        if isinstance(schema, dict):
            if isinstance(schema.get("properties"), dict):
                yield schema
            for inner in schema.values():
                yield from objects(inner)
        elif isinstance(schema, list):
            for inner in schema:
                yield from objects(inner)

    for schema in objects(description()["components"]["schemas"]):
        assert schema["additionalProperties"] is False
        assert {"entity", "address"} >= set(schema["properties"]) - set(schema["required"])


def test_a_parameter_is_refused_exactly_when_it_is_not_described(site: Site) -> None:
    for _, path, told in operations():
        if path == "/openapi.json" or path.endswith(".csv"):
            continue
        target = path.replace("{key}", "lora" if "/method/" in path else "x").replace("{name}", "top")
        refused = site.ask(f"{target}?no_such_parameter=1&id=lora" if "id" in map(named, told["parameters"]) else f"{target}?no_such_parameter=1")
        assert refused.status == 400, path
        assert_described(target, refused)
        if path.count("/") == 1:  # of lists and of pages of one kind the refusal names all parameters
            listed = re.search(r"it has ([\w, ]+)$", refused.json["error"])
            assert listed, refused.json
            assert set(listed[1].split(", ")) - {"none"} == set(map(named, told["parameters"])) | ({"id"} if path.startswith("/paper.") else set()), path


def named(parameter: dict[str, Any]) -> str:
    """Return the name of a parameter of an operation."""
    found = description()["components"]["parameters"][parameter["$ref"].rpartition("/")[2]] if "$ref" in parameter else parameter
    return str(found["name"])


# -- pages -------------------------------------------------------------------------------------------------------------------------


class Read(HTMLParser):
    """A page as read: its links, what it loads, and what it may not hold."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.faults: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        self.loads += [given[name] or "" for name in ("src", "href") if name in given and tag != "a"]
        inline = tag == "script" and "src" not in given and given.get("type") != "application/json"
        handled = [name for name in given if name.startswith("on") or name in ("style", "srcdoc")]
        if tag in ("style", "base", "iframe", "object", "embed") or inline or handled or (given.get("href") or "").lower().startswith("javascript:"):
            self.faults.append(f"{tag} {given}")


def own(page: str, links: list[str]) -> list[str]:
    """Return the targets of a page's links that stay on the site."""
    whole = [urlsplit(urljoin(f"http://site{page}", link)) for link in links]
    return [f"{u.path}{'?' if u.query else ''}{u.query}" for u in whole if u.scheme == "http" and u.netloc == "site"]


def shape(target: str) -> tuple[str, ...]:
    """Return what pages of one sort have in common."""
    path, _, query = target.partition("?")
    first = path.split("/")[1]
    return (path if first == "query" else first, *sorted({name for name, _ in parse_qsl(query)}))


EACH, CRAWLED = 12, 300
"""Pages of one sort that are looked at, and pages in all, at most."""


def crawled(site: Site) -> Iterator[tuple[str, Answer]]:
    """Yield the pages that are reached from the first by links, some of each sort."""
    waiting, seen, sorts = deque(["/"]), {"/"}, Counter[tuple[str, ...]]()
    while waiting and len(seen) < CRAWLED * 20:
        target = waiting.popleft()
        sorts[shape(target)] += 1
        if sorts[shape(target)] > EACH:
            continue
        answer = site.ask(target)
        yield target, answer
        if answer.header("content-type") == "text/html; charset=utf-8":
            fresh = [t for t in dict.fromkeys(own(target, Read(answer.text).links)) if t not in seen]
            seen.update(fresh)
            waiting.extend(fresh)


def test_every_page_that_links_lead_to_answers_and_its_json_is_as_described(site: Site) -> None:
    sorts = set()
    for target, answer in crawled(site):
        assert answer.status == 200, (target, answer.body[:300])
        path = target.partition("?")[0]
        if path.endswith((".csv", ".json")):
            continue
        page = Read(answer.text)
        assert page.faults == [], target
        assert all(load.startswith(f"/static/{static_version()}/") for load in page.loads), target
        assert "�" not in answer.text, target
        sorts.add(shape(target))
        twin = site.ask(as_json(target))
        asks = library().get(path.rpartition("/")[2]) if path.startswith("/query/") else None
        unasked = path == "/query/cypher" or (asks and any(p.required for p in asks.parameters))
        assert twin.status == (400 if unasked and "=" not in target else 200), (target, twin.body[:300])
        if "&as=picture" not in target:
            assert_described(as_json(target), twin)
    assert {("",), ("methods",), ("papers", "sort"), ("compare", "id"), ("picture", "around"), ("picture", "lineage"), ("picture", "benchmark")} <= sorts
    assert {("method",), ("benchmark",), ("task",), ("metric",), ("dataset",), ("paper",), ("method", "role", "sort"), ("paper", "generic")} <= sorts
    assert {(f"/query/{name}",) for name in library()} <= sorts


PAGES = (
    "/search?q=language+model", "/search?q=language&page=2", "/search", "/names?q=lo", "/names?q=a&kind=paper&kind=task", "/names", "/compare?id=lora",
    "/compare?id=lora&id=BERT", "/compare?id=lora&id=QLoRA&id=PiSSA&id=BERT", "/compare?id=arxiv:2404.02948&id=arxiv:2106.09685",
    "/compare?id=arxiv:2404.02948&id=arxiv:2106.09685&id=arxiv:2305.14314", "/compare?id=GLUE&id=accuracy", "/picture?communities=1", "/picture?cooccurrence=1",
    "/picture?cooccurrence=1&least=1&limit=200", "/picture?top=10&limit=5", "/picture?compare=arxiv:2404.02948&compare=arxiv:2106.09685",
    "/picture?benchmark=GLUE", "/picture?shared=LoRA", "/picture?around=LoRA&hops=3", "/picture?lineage=LoRA&hops=1", "/picture?paper=arxiv:2404.02948",
    "/neighbours?id=method:lora", "/neighbours?id=arxiv:2404.02948&drawn=method:lora&limit=3", "/query/cypher?q=MATCH+p%3D(a)-[r]-(b)+RETURN+p,a,r+LIMIT+3",
    "/query/cypher?q=RETURN+date('2024-05-12')+AS+d,+1.0/0+AS+x,+{a:+[1]}+AS+m,+''+AS+e", "/query/top?generic=1&limit=3", "/query",
    "/paper?id=arxiv:2404.02948", "/method?id=lora", "/method/lora?role=&sort=title", "/paper/arxiv:2404.02948?generic=1", "/methods?sort=name&page=2",
    "/papers?sort=title&page=2",
)  # fmt: skip


@pytest.mark.parametrize("target", PAGES)
def test_a_page_with_parameters_is_as_described(site: Site, target: str) -> None:
    answer = site.get(as_json(target))
    assert_described(as_json(target), answer)
    if not target.startswith(("/names", "/neighbours")):
        assert Read(site.get(target).text).faults == []


def test_every_entity_and_paper_is_as_described(site: Site, sample_graph: Path) -> None:
    tables = Tables.open(sample_graph)
    entities = tables.read("entities").sort("papers", descending=True).select("id", "type").rows()
    for id_, type_ in [*entities[:60], *entities[60::10]]:
        target = f"/{type_}/{quote(id_.split(':', 1)[1])}.json"
        answer = site.get(target)
        assert_described(target, answer)
        assert (answer.json["id"], answer.json["kind"]) == (id_, type_)
    for id_ in tables.read("papers")["id"]:
        target = f"/paper/{id_}.json"
        answer = site.get(target)
        assert_described(target, answer)
        assert "".join(piece["text"] for piece in answer.json["marked"]["abstract"]) == answer.json["abstract"]


def test_addresses_in_json_lead_to_pages(site: Site) -> None:
    pictures = [site.json(t)["picture"] for t in ("/method/lora.json", "/paper/arxiv:2404.02948.json", "/compare.json?id=arxiv:2404.02948&id=arxiv:2106.09685")]
    for picture in pictures:
        assert site.json(as_json(picture))["picture"]
        site.get(picture)
    drawn = site.json("/picture.json?lineage=LoRA")
    for node in drawn["nodes"]:
        site.get(node["address"])


def test_the_papers_of_all_roles_are_all_listed(site: Site) -> None:
    named = site.json("/method/finetuning.json?role=")
    assert named["papers"] == sum(r["papers"] for r in named["roles"]) > 0
    assert sum(len(site.json(f"/metric/accuracy.json?role=&page={p + 1}")["listed"]) for p in range(site.json("/metric/accuracy.json?role=")["pages"])) == 19


@pytest.mark.parametrize("asked", ["top=10&limit=5", "around=LoRA&limit=7&hops=1", "cooccurrence=1&least=3", "lineage=LoRA&hops=1", "benchmark=GLUE&limit=4"])
def test_the_address_of_a_picture_leads_to_the_same_picture(site: Site, asked: str) -> None:
    drawn = site.json(f"/picture.json?{asked}")
    assert site.json(as_json(drawn["picture"])) == drawn


def test_the_command_of_a_question_gives_the_same_rows_from_any_folder(site: Site, tmp_path: Path) -> None:
    page = site.get("/query/leaderboard?benchmark=GSM8K&limit=3").text
    command = shlex.split(unescape(re.findall(r'<code id="as-command">(.*?)</code>', page)[0]))
    done = subprocess.run(command, executable=KG, cwd=tmp_path, capture_output=True, text=True, timeout=SOON)
    answer = site.json("/query/leaderboard.json?benchmark=GSM8K&limit=3")
    assert [list(json.loads(line).values()) for line in done.stdout.splitlines()] == answer["rows"], done.stderr


def test_a_question_gives_the_same_rows_as_html_json_and_csv(site: Site) -> None:
    asked = "/query/leaderboard{}?benchmark=GSM8K"
    rows = site.json(asked.format(".json"))
    csv = site.get(asked.format(".csv"))
    assert csv.header("content-type") == "text/csv; charset=utf-8"
    assert csv.text.count("\r\n") == len(rows["rows"]) + 1
    assert csv.text.startswith(",".join(rows["columns"]))
    assert site.get(asked.format("")).text.count("<tr>") == len(rows["rows"]) + 1


# -- one address each --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("/method/LoRA", "/method/lora"),
        ("/paper/PiSSA", "/paper/arxiv:2404.02948"),
        ("/method/Low-Rank%20Adaptation", "/method/lora"),
        ("/method/low-rank%20%20ADAPTATION", "/method/lora"),
        ("/dataset/glue", "/benchmark/glue"),
        ("/dataset/GLUE", "/benchmark/glue"),
        ("/task/translation", "/task/machinetranslation"),
        ("/dataset/mscoco", "/benchmark/coco"),
        ("/benchmark/gsm-8k", "/benchmark/gsm8k"),
        ("/paper/LoRA:%20Low-Rank%20Adaptation%20of%20Large%20Language%20Models", "/paper/arxiv:2106.09685"),
        ("/paper/https:%2F%2Farxiv.org%2Fabs%2F2106.09685v2", "/paper/arxiv:2106.09685"),
    ],
)  # fmt: skip
def test_a_name_an_old_id_and_another_type_lead_to_the_one_address(site: Site, asked: str, address: str) -> None:
    for target, expected in ((asked, address), (as_json(asked), as_json(address))):
        answer = site.ask(target)
        assert (answer.status, answer.header("location"), answer.body) == (308, expected, b""), target
        site.get(expected)


def test_a_further_id_of_a_paper_leads_to_its_address(tmp_path: Path) -> None:
    given = {"title": "Low-Rank Adapters Revisited", "abstract": "We use LoRA to train BERT.", "authors": ["A B"]}
    ids = [{"id": "arxiv:2401.00001", **given}, {"id": "doi:10.1000/xyz", **given}]
    (tmp_path / "p.jsonl").write_text("".join(json.dumps(p) + "\n" for p in ids), encoding="utf-8")
    graph = build([tmp_path / "p.jsonl"], tmp_path / "graph").folder
    (row,) = Tables.open(graph).read("papers").select("id", "other_ids").rows()
    assert row[1], "the two are not one paper"
    with serving(graph, tmp_path) as site:
        for id_ in row[1]:
            assert site.ask(f"/paper/{quote(id_, safe=':')}").header("location") == f"/paper/{quote(row[0], safe=':')}"


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("/method/qlor", "QLoRA"),
        ("/method/lorra", "LoRA"),
        ("/benchmark/gsm9k", "GSM8K"),
        ("/task/lora", "LoRA"),
        ("/paper/language%20models", "Language Models are Few-Shot Learners"),
    ],
)
def test_what_there_is_not_is_told_with_what_is_near(site: Site, asked: str, near: str) -> None:
    answer = site.ask(f"{asked}.json")
    assert answer.status == 404
    assert_described("/method/x.json", answer)
    assert any(hit["name"].startswith(near) for hit in answer.json["near"]), answer.json
    page = site.ask(asked)
    assert page.status == 404
    assert set(own("/", Read(page.text).links)) >= {hit["address"] for hit in answer.json["near"]}


def test_a_question_about_what_there_is_not_is_the_same_in_every_form(site: Site) -> None:
    assert {form: site.ask(f"/query/about{form}?entity=zzzz").status for form in ("", ".json", ".csv")} == {"": 404, ".json": 404, ".csv": 404}


AWKWARD = (
    "..", ".", "...", "a/b", "/a", "a/", "a//b", "../x", "x", "x.json", "x.csv", ".json", "index", "%", "%2e%2e", "%2F", "#", "a#b", "?", "a?b=c",
    "x?generic=1", "&", "a&b", "+", "a+b", "a b", "naïve 漢字 😀", "\u202eabc", "<b>&amp;</b>", "'", '"', "\\", "..\\x", "//evil.example/x",
    "http://evil.example/", "javascript:alert(1)", ";", "a;b", ":", "arxiv:", "$(x)", "`x`", "long" + "x" * 5000, "ÄÖÜ" * 400, "=", "*", "~", "-x", "--help",
)  # fmt: skip


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An explorer of papers and methods with ids that are awkward in addresses; one paper without an id of its own."""
    folder = tmp_path_factory.mktemp("awkward")
    abstract = (
        "We introduce LoRA and train BERT with Adam. LoRA extends BERT. We evaluate LoRA on GLUE and SQuAD, where it reaches 91.2 F1, better than GPT-2 and T5."
    )
    papers = [{"id": id_, "title": f"Number {i} of them", "abstract": abstract} for i, id_ in enumerate(AWKWARD)] + [
        {"title": "Without / id? #1", "abstract": abstract}
    ]
    (folder / "p.jsonl").write_text("".join(json.dumps(p) + "\n" for p in papers), encoding="utf-8")
    tables = Tables.open(build([folder / "p.jsonl"], folder / "graph").folder)
    methods = tables.read("entities").filter(pl.col("type") == "method")["id"].to_list()
    keys = ["..", "a/b", "x.json", "?", "#", "%2e", "漢 字", "c++"]
    renamed = {old: f"method:{key}" for old, key in zip(methods, keys, strict=False)}
    frames = {name: tables.read(name) for name in SCHEMAS}
    for name, columns in {
        "entities": ["id"],
        "facts": ["source", "target"],
        "results": ["method"],
        "mentions": ["entity"],
        "links": ["entity", "other_entity"],
    }.items():
        frames[name] = frames[name].with_columns(pl.col(columns).replace(renamed))
    with writing(tables.folder):
        write(tables.folder, frames, {"pipeline": "awkward"})
    with serving(tables.folder, folder) as site:
        yield site


def linked(site: Site, plural: str) -> dict[str, str]:
    """Return id → address, as the list of all of a type gives them."""
    first = site.json(f"/{plural}.json")
    rows = [row for page in range(1, first["pages"] + 1) for row in site.json(f"/{plural}.json?page={page}")["listed"]]
    html = [target for page in range(1, first["pages"] + 1) for target in own(f"/{plural}", Read(site.get(f"/{plural}?page={page}").text).links)]
    assert {row["address"] for row in rows} <= set(html)
    return {row["id"]: row["address"] for row in rows}


@pytest.mark.parametrize("plural", ["papers", "methods"])
def test_what_has_an_awkward_id_is_reached_by_the_links_of_pages(awkward: Site, plural: str) -> None:
    addresses = linked(awkward, plural)
    assert len(addresses) >= (len(AWKWARD) if plural == "papers" else 6)
    if plural == "papers":
        assert set(AWKWARD) < set(addresses)
        assert any(id_.startswith("title:") for id_ in addresses)
    for id_, address in addresses.items():
        page = awkward.get(address)
        assert Read(page.text).faults == []
        kind, key = plural.removesuffix("s"), id_ if plural == "papers" else id_.split(":", 1)[1]
        said = awkward.json(f"/{kind}.json?{urlencode({'id': key})}")
        assert said["id"] == id_
        assert said["address"] == address
        assert str(said.get("title") or said["name"]) in page.text
        for link in own(address, Read(page.text).links):
            assert awkward.ask(link).status == 200, (id_, link)
    # one pair is told apart by the form only: the JSON of “x” has the address of the paper “x.json”
    for id_, address in addresses.items():
        if f"{id_}.json" not in addresses:
            assert awkward.json(as_json(address))["id"] == id_, id_


def test_a_comparison_a_picture_and_neighbours_of_awkward_ids(awkward: Site) -> None:
    ids = list(linked(awkward, "papers"))
    for one, two in pairwise(ids):
        compared = awkward.json(f"/compare.json?{urlencode({'id': [one, two]}, doseq=True)}")
        assert [c["id"] for c in compared["columns"]] == [one, two]
        assert_described("/neighbours.json", awkward.get(f"/neighbours.json?{urlencode({'id': one})}"))
    assert awkward.json(f"/picture.json?{urlencode({'compare': ['..', 'a/b']}, doseq=True)}")["nodes"]


def test_the_command_below_a_page_holds_the_id_as_one_word(awkward: Site) -> None:
    for id_, address in linked(awkward, "papers").items():
        assert shlex.split(awkward.json(f"/paper.json?{urlencode({'id': id_})}")["command"])[-1] == id_, address


def test_two_papers_whose_addresses_run_together_are_told_apart(awkward: Site) -> None:
    one, two = awkward.json("/paper/x%3Fgeneric=1.json"), awkward.json("/paper.json?id=x&generic=1")
    assert (one["id"], two["id"]) == ("x?generic=1", "x")
    awkward.get("/paper/x%3Fgeneric=1")
    assert awkward.ask("/paper/x?generic=1?").status == 400


# -- who may ask, and what every answer says ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "QUERY"])
@pytest.mark.parametrize("target", ["/", "/query/cypher?q=RETURN+1", "/static/x/kg.css", "/nowhere"])
def test_only_get_is_answered(site: Site, method: str, target: str) -> None:
    answer = site.ask(target, method=method)
    if method == "QUERY" and answer.status == 400:  # a method that the server's parser does not know
        return
    assert (answer.status, answer.header("allow")) == (405, "GET, HEAD")
    assert_guarded(answer)


def test_a_head_is_a_get_without_the_body(site: Site) -> None:
    for target in ("/", "/method/lora.json", f"/static/{static_version()}/kg.css", "/nowhere"):
        head, got = site.ask(target, method="HEAD"), site.ask(target)
        assert (head.status, head.body) == (got.status, b"")
        assert head.header("content-length") == got.header("content-length") == str(len(got.body))


def foreign(host: str) -> dict[str, tuple[str, ...]]:
    """Return what others than the server's own pages send."""
    mine = f"Host: {host}"
    name, _, port = host.rpartition(":")
    return {
        "another host": ("Host: evil.example",),
        "another host with the port": (f"Host: evil.example:{port}",),
        "without the port": (f"Host: {name}",),
        "another port": (f"Host: {name}:1",),
        "a host with more behind": (f"Host: {host}.evil.example",),
        "a user before the host": (f"Host: {host}@evil.example",),
        "an empty host": ("Host:",),
        "two hosts": (mine, mine),
        "two different hosts": (mine, "Host: evil.example"),
        "two in one": (f"Host: {host}, evil.example",),
        "a foreign origin": (mine, "Origin: http://evil.example"),
        "the origin of nothing": (mine, "Origin: null"),
        "an empty origin": (mine, "Origin:"),
        "another scheme": (mine, f"Origin: https://{host}"),
        "another port of the origin": (mine, f"Origin: http://{name}:1"),
        "one origin of two": (mine, f"Origin: http://{host}", "Origin: http://evil.example"),
        "a script of another site": (mine, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Dest: script"),
        "an image of another site": (mine, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Dest: image"),
        "a frame of another site": (mine, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Dest: iframe"),
        "a fetch of another site": (mine, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Dest: empty"),
        "another port's fetch": (mine, "Sec-Fetch-Site: same-site", "Sec-Fetch-Dest: empty"),
    }


@pytest.mark.parametrize("who", foreign("x:1"))
def test_others_than_its_own_pages_are_refused(site: Site, who: str) -> None:
    for target in ("/", "/index.json", "/nowhere", f"/static/{static_version()}/explorer.js"):
        answer = site.ask(target, headers=foreign(site.host)[who])
        assert answer.status == 403
        assert_guarded(answer)
        assert b"LoRA" not in answer.body


def test_a_request_without_a_host_is_refused(site: Site) -> None:
    for version in ("1.0", "1.1"):
        assert site.raw(f"GET / HTTP/{version}\r\nConnection: close\r\n\r\n".encode()).startswith(b"HTTP/1.1 403 ")


def test_its_own_pages_and_a_link_from_elsewhere_are_answered(site: Site) -> None:
    port = site.host.rpartition(":")[2]
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"LocalHost:{port}", f"[::1]:{port}"):
        for more in (
            (),
            (f"Origin: http://{host}",),
            ("Sec-Fetch-Site: same-origin", "Sec-Fetch-Dest: empty"),
            ("Sec-Fetch-Site: cross-site", "Sec-Fetch-Dest: document"),
        ):
            assert site.ask("/index.json", headers=(f"Host: {host}", *more)).status == 200


def test_a_server_for_others_is_called_by_its_address(sample_graph: Path, tmp_path: Path) -> None:
    with serving(Path(shutil.copytree(sample_graph, tmp_path / "graph")), tmp_path, "--host", "0.0.0.0") as site:
        port = site.host.rpartition(":")[2]
        assert site.ask("/index.json", headers=(f"Host: 127.0.0.1:{port}",)).status == 200
        assert site.ask("/index.json", headers=(f"Host: evil.example:{port}",)).status == 403


@pytest.mark.parametrize(
    ("listens", "port", "ours", "theirs"),
    [
        (
            "127.0.0.1",
            8000,
            "127.0.0.1:8000 localhost:8000 LOCALHOST:8000 [::1]:8000",
            "127.0.0.1 127.0.0.1:80 127.0.0.2:8000 evil.example:8000",
        ),
        ("::1", 8000, "127.0.0.1:8000 localhost:8000 [::1]:8000", "::1:8000 [::2]:8000"),
        ("localhost", 80, "localhost localhost:80 127.0.0.1 [::1]", "localhost:8000 localhost.evil.example evil.example:80"),
        ("192.0.2.7", 8000, "192.0.2.7:8000", "127.0.0.1:8000 localhost:8000 192.0.2.8:8000"),
        ("MyBox.local", 8000, "mybox.local:8000 MyBox.local:8000", "mybox:8000 box.local:8000"),
        ("0.0.0.0", 80, "192.168.1.5 10.0.0.1:80 localhost [fe80::1]", "evil.example 192.168.1.5.evil.example 192.168.1.5:8000 0x7f.1"),
        ("::", 8000, "192.168.1.5:8000 [fe80::1]:8000 localhost:8000", "evil.example:8000"),
    ],
)
def test_the_names_of_a_host(listens: str, port: int, ours: str, theirs: str) -> None:
    assert [name for name in ours.split() if not is_ours(name, listens, port)] == []
    strange = ["", ":", f":{port}", "127.0.0.1:x", "127.0.0.1:99999", f"x@127.0.0.1:{port}", f"127.0.0.1:{port}/x", "[", "[::1", f"127.0.0.1:{port} ", "a b"]
    assert [name for name in [*theirs.split(), *strange] if is_ours(name, listens, port)] == []


def assert_guarded(answer: Answer) -> None:
    """Check that an answer says what every answer says, and nothing that it may not."""
    for name, value in HEADERS.items():
        assert [v for n, v in answer.headers if n == name] == [value]
    names = {name for name, _ in answer.headers}
    assert "set-cookie" not in names
    assert "server" not in names
    assert not any(name.startswith("access-control-") for name in names)


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/", 200), ("/index.json", 200), ("/method/lora", 200), ("/method/LoRA", 308), ("/nowhere", 404), ("/nowhere.json", 404), ("/methods?page=0", 400),
        ("/methods.json?page=0", 400), ("/picture", 200), ("/query/top.csv", 200), ("/query/cypher.json?q=x", 400),
        (f"/static/{static_version()}/kg.css", 200), ("/static/x/nothing", 404), ("/favicon.ico", 200), ("/search?q=" + "x" * LONGEST, 414),
        ("/openapi.json", 200), ("/%00", 400),
    ],
)  # fmt: skip
def test_every_answer_has_the_same_guards(site: Site, target: str, status: int) -> None:
    answer = site.ask(target, headers=(f"Host: {site.host}", f"Origin: http://{site.host}", "Cookie: a=b"))
    assert answer.status == status
    assert_guarded(answer)


def test_the_policy_lets_nothing_in_that_is_not_served() -> None:
    policy = {name: values for name, *values in (part.split() for part in HEADERS["content-security-policy"].split(";"))}
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    assert not any(value in HEADERS["content-security-policy"] for value in ("unsafe", "http:", "https:", "*"))


def test_style_and_scripts_are_kept_by_the_browser_only_under_their_version(site: Site) -> None:
    for name, (type_, text) in STATIC.items():
        kept, other = site.get(f"/static/{static_version()}/{name}"), site.get(f"/static/older/{name}")
        assert kept.text == other.text == text()
        assert kept.header("content-type") == f"{type_}; charset=utf-8"
        assert "immutable" in str(kept.header("cache-control"))
        assert other.header("cache-control") == "no-cache"


# -- hostile parameters ------------------------------------------------------------------------------------------------------------

INJECTIONS = (
    "' OR 1=1 --",
    "'}) DETACH DELETE n //",
    '") RETURN 1 //',
    "`",
    "$id",
    "\\",
    "\\u0027",
    "'; COPY x TO 'y'; //",
    "MATCH (n) RETURN n",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "%s%n",
)
NUMBERS = tuple(
    quote(n, safe="%")
    for n in (
        "0",
        "-1",
        "1e9",
        "1000000000",
        str(10**30),
        "9" * 5000,
        "1;",
        "1.5",
        "nan",
        "inf",
        "0x1",
        "1_0",
        "%2B1",
        "٣",
        "１",
        "²",
        "1%00",
        "one",
        "1%202",
        "true",
        "%ED%A0%80",
        "%C0%B1",
        "%FF",
    )
)
REFUSED = {
    **{f"/methods?page={n}": 400 for n in NUMBERS},
    **{f"/search?q=a&page={n}": 400 for n in NUMBERS},
    **{f"/method/lora?page={n}": 400 for n in NUMBERS},
    **{f"/picture?top={n}": 400 for n in NUMBERS},
    **{f"/picture?limit={n}": 400 for n in ("0", "-1", "2001", "1e3", "nan")},
    **{f"/picture?around=LoRA&hops={n}": 400 for n in ("0", "6", "-1", "1.0")},
    **{f"/neighbours?id=method:lora&limit={n}": 400 for n in ("0", "101", "-1", "nan")},
    **{f"/query/top?limit={n}": 400 for n in ("-1", "1e9", str(10**30), "9" * 5000, "1;", "1.5", "nan", "inf", "one", "1%00", "%ED%A0%80")},
    "/methods?page=6000": 400,
    "/methods?page=1&page=1": 400,
    "/methods?page=1&page=2": 400,
    "/methods?sort=newest": 400,
    "/methods?sort=papers%00": 400,
    "/methods?sort=DESC": 400,
    "/methods?generic=x": 400,
    "/methods?generic=1&generic=2": 400,
    "/papers?sort=papers": 400,
    "/papers?generic=1": 400,
    "/methods?Page=1": 400,
    "/methods?%00=1": 400,
    "/methods?page[]=1": 400,
    "/method/lora?role=nonsense": 400,
    "/method/lora?role=INTRODUCES": 400,
    "/method/lora?role=based_on": 400,
    "/method/lora?role=uses&role=uses": 400,
    "/method/lora?sort=papers": 400,
    "/method/lora?page=2": 400,
    "/method/lora?q=1": 400,
    "/paper/arxiv:2404.02948?generic=2": 400,
    "/paper/arxiv:2404.02948?page=1": 400,
    "/?q=1": 400,
    "/?": 200,
    "/search?q=%00": 400,
    "/search?q=%ED%A0%80": 400,
    "/search?q=%ED%A0%BD%ED%B8%80": 400,
    "/search?q=%C0%AF": 400,
    "/search?q=%F8%88%80%80%80": 400,
    "/search?q=%FF": 400,
    "/search?q=" + "x" * 301: 400,
    "/search?q=a&q=b": 400,
    "/search?q=a&sort=x": 400,
    "/search?" + "&".join(f"q{i}=1" for i in range(5000)): 400,
    "/search?" + "q=x&" * 5000: 400,
    "/search?q=" + "a" * LONGEST: 414,
    "/" + "a" * LONGEST: 414,
    "/method/" + "x" * 5000: 404,
    "/method/%00": 400,
    "/method/%ED%A0%80": 400,
    "/method/%C0%AF": 400,
    "/method/..%2f..%2fetc%2fpasswd": 404,
    "/static/..%2f..%2f..%2fetc/passwd": 404,
    "/static/x/..%2fpages.py": 404,
    "/%2e%2e/%2e%2e/etc/passwd": 404,
    "//evil.example": 404,
    "/compare?id=nothing%20like%20it": 404,
    "/compare?id=lora&id=arxiv:2404.02948": 400,
    "/compare?" + "&".join(f"id={t}" for t in ("lora", "BERT", "GLUE", "SQuAD", "QLoRA")): 400,
    "/compare?with=lora": 400,
    "/compare?id=%00": 400,
    "/picture?around=LoRA&lineage=LoRA": 400,
    "/picture?around=LoRA&around=LoRA": 400,
    "/picture?around=GLUE&least=2": 400,
    "/picture?around=nothing+like+it": 404,
    "/picture?paper=method:lora": 404,
    "/picture?compare=arxiv:2404.02948": 400,
    "/picture?compare=arxiv:2404.02948&compare=arxiv:2404.02948": 400,
    "/picture?cooccurrence=no": 400,
    "/picture?communities=banana": 400,
    "/picture?least=2": 400,
    "/picture?nonsense=1": 400,
    "/names?q=a&kind=nonsense": 400,
    "/names?q=a&q=b": 400,
    "/names?q=" + "x" * 301: 400,
    "/neighbours": 404,
    "/neighbours?id=nothing": 404,
    "/neighbours?id=method:lora&id=method:lora": 400,
    "/neighbours?id=%00": 400,
    "/query/nothing": 404,
    "/query/../store/names": 404,
    "/query/store%2Fnames": 404,
    "/query/top?kind=nonsense": 400,
    "/query/top?nonsense=1": 400,
    "/query/top?limit=1&limit=2": 400,
    "/query/top?generic=banana": 400,
    "/query/about?entity=nothing+like+it": 404,
    "/query/about?entity=LoRA&entity=BERT": 400,
    "/query/about?entity=LoRA&as=nonsense": 400,
    "/query/papers-of?entity=LoRA&role=nonsense": 400,
    "/query/cypher?q=": 200,
    "/query/cypher?q=%00": 400,
    "/query/cypher?q=%ED%A0%80": 400,
    "/query/cypher?q=RETURN+1&q=RETURN+2": 400,
    "/query/cypher?q=RETURN+1&timeout=1000": 400,
    "/query/cypher?q=RETURN+$x&x=1": 400,
    "/query/cypher?q=" + "(" * 20_000: 400,
    **{f"/method/lora?{name}={quote(text)}": 400 for name in ("role", "sort", "page") for text in INJECTIONS},
    **{f"/methods?sort={quote(text)}": 400 for text in INJECTIONS},
    **{f"/names?q=lora&kind={quote(text)}": 400 for text in INJECTIONS},
    **{f"/query/top?kind={quote(text)}": 400 for text in INJECTIONS},
    **{f"/neighbours?id={quote(text)}": 404 for text in INJECTIONS},
    **{f"/query/about?entity={quote(text)}": 404 for text in INJECTIONS if text != "\\"},
}  # fmt: skip
ONLY_JSON = ("/names", "/neighbours")


def test_there_are_many_hostile_addresses() -> None:
    assert len(REFUSED) >= 60


@pytest.mark.parametrize("target", REFUSED, ids=[f"{i} {unquote(t, errors='replace')[:40].encode('ascii', 'replace').decode()}" for i, t in enumerate(REFUSED)])
def test_a_hostile_parameter_is_refused_in_every_form(site: Site, target: str) -> None:
    path, question, query = target.partition("?")
    forms = {"": path, "json": as_json(path)} | ({"csv": f"{path}.csv"} if path.startswith("/query/") else {})
    for form, asked in forms.items():
        answer = site.ask(f"{asked}{question}{query}")
        if form == "" and path.startswith(ONLY_JSON):
            assert answer.status in (404, REFUSED[target])
        elif REFUSED[target] == 200 and path.startswith("/query/") and form:
            assert answer.status == 400
        else:
            assert answer.status == REFUSED[target], (form, answer.body[:300])
        assert_guarded(answer)
        if answer.status in (400, 404) and form:
            assert not list(validator("Error").iter_errors(answer.json))
        elif form == "" and answer.status != 414:
            assert Read(answer.text).faults == []
            assert "<script>alert(1)</script>" not in answer.text


@pytest.mark.parametrize(
    "text", [*INJECTIONS, "%", "%zz", "a b", "naïve 漢字 😀", "AND", "NEAR(a b)", "*", '"', "a*", "title:x", "-", "x" * 300, "a " * 150, "\r\n", "\x1b[31m"]
)
@pytest.mark.parametrize("page", ["/search?q=", "/names?q=", "/compare?id=", "/method/", "/paper/", "/picture?around=", "/query/about?entity="])
def test_a_hostile_text_is_shown_as_text(site: Site, page: str, text: str) -> None:
    for target in (as_json(page + quote(text, safe="")), page + quote(text, safe="")):
        answer = site.ask(target)
        assert answer.status in (200, 400, 404)
        assert_guarded(answer)
        if answer.header("content-type") == "application/json":
            assert json.loads(answer.body)
        else:
            assert Read(answer.text).faults == []
            assert "<script>alert(1)" not in answer.text


@pytest.mark.parametrize("ending", ["json", "csv"])
def test_a_page_that_has_no_such_form_says_so(site: Site, ending: str) -> None:
    for page in ("/picture", "/query", "/names?q=a", "/search?q=a", "/methods", "/", "/method/lora", "/openapi"):
        path, question, query = page.partition("?")
        answer = site.ask(f"{'/index' if path == '/' else path}.{ending}{question}{query}")
        assert answer.status == 200 if ending == "json" else answer.status in (400, 404), page
        assert answer.header("content-type") == "application/json"


GARBAGE = (
    b"\x00" * 1000, b"\xff" * 70_000, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 500, b"GET\r\n\r\n", b"\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
    b"GET / HTTP/1.1\r\n", b"GET /\xe9 HTTP/1.1\r\nHost: x\r\n\r\n", b"GET / HTTP/1.1\r\nHost: \xff\xfe\r\n\r\n", b"GET / HTTP/1.1\r\nHost\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"*1\r\n$4\r\nPING\r\n", b"GET * HTTP/1.1\r\nHost: x\r\n\r\n", b"GET x HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"GET /" + b"a" * 300_000,
    b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 20_000 + b"\r\n", b"GET / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
)  # fmt: skip


@pytest.mark.parametrize("garbage", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_gets_no_page_and_does_not_stop_the_server(site: Site, garbage: bytes) -> None:
    try:
        came = site.raw(garbage)
    except ConnectionError:
        came = b""
    assert came[:12] in (b"", b"HTTP/1.1 400", b"HTTP/1.1 403", b"HTTP/1.1 404", b"HTTP/1.1 405", b"HTTP/1.1 414")
    assert site.get("/index.json").json


def test_many_who_connect_and_say_nothing_do_not_stop_the_server(site: Site) -> None:
    name, _, port = site.host.rpartition(":")
    waiting = [socket.create_connection((name, int(port))) for _ in range(100)]
    try:
        for connection in waiting:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: ")
        assert site.get("/methods?sort=name").status == 200
    finally:
        for connection in waiting:
            connection.close()


# -- statements --------------------------------------------------------------------------------------------------------------------

FURTHER_WRITES = (
    "MATCH (p:Paper) DELETE p",
    "DETACH/**/DELETE p",
    "MATCH (p:Paper) FOREACH (x IN [1] | SET p.title = 'x')",
    "cReAtE (:Paper {id: 'x'})",
    "MATCH (p:Paper)\u2028SET\u2028p.title = 'x'",
    "MATCH (p:Paper) S\u200bET p.title = 'x'",
    "ＣＲＥＡＴＥ (:Paper {id: 'x'})",
    "MATCH (p:Paper) WITH p MERGE (q:Paper {id: 'x'}) RETURN q",
    "RETURN 1 AS x UNION CREATE (:Paper {id: 'x'}) RETURN 1 AS x",
    "RETURN 1; CREATE (:Paper {id: 'x'})",
    "RETURN 1;;RETURN 2",
    "LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row",
    "LOAD FROM '/etc/passwd' (file_format='csv') RETURN *",
    "CALL apoc.load.json('http://example.org/')",
    "CALL dbms.shutdown()",
    "CALL fts.query_fts_index('Paper', 'x', 'y') RETURN *",
    "INSTALL httpfs; LOAD EXTENSION httpfs",
    "LOAD '/tmp/x.lbug_extension'",
    "UPDATE EXTENSION httpfs",
    "UNINSTALL httpfs",
    "FORCE INSTALL httpfs",
    "DETACH other",
    "USE other",
    "CALL threads=64",
    "CALL home_directory='/tmp'",
    "CALL enable_multi_writes=true",
    "CALL timeout=0",
    "CALL progress_bar=true RETURN *",
    "CALL spill_to_disk=true",
    "CREATE MACRO m(x) AS x + 1",
    "CREATE SEQUENCE s",
    "CREATE TYPE t AS INT64",
    "DROP MACRO m",
    "COMMENT ON TABLE Paper IS 'x'",
    "COMMIT",
    "ROLLBACK",
    "IMPORT DATABASE '/tmp'",
    "CALL CREATE_FTS_INDEX('Paper', 'i', ['title'])",
    "CALL DROP_FTS_INDEX('Paper', 'i')",
    "CALL project_graph('g', ['Paper'], ['USES'])",
    "EXPLAIN CREATE (:Paper {id: 'x'})",
    "PROFILE MATCH (p:Paper) SET p.title = 'x'",
    "MATCH (p:Paper) WHERE EXISTS { LOAD FROM '/etc/passwd' RETURN 1 } RETURN p",
)


def state(folder: Path) -> dict[str, str]:
    """Return what is in a folder."""
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("form", ["", ".json", ".csv"])
def test_a_statement_that_writes_reads_files_or_installs_is_refused_and_changes_nothing(site: Site, form: str) -> None:
    folder = site.stderr.parent
    until(lambda: (folder / "graph" / "store.stamp").exists())
    before = state(folder)
    for text in (*WRITES, *FILES, *FURTHER_WRITES):
        answer = site.ask(f"/query/cypher{form}?{urlencode({'q': text})}")
        assert answer.status == 400, text
        assert b"root:" not in answer.body
        if form:
            assert "\n" not in answer.json["error"]
    assert state(folder) == before
    assert site.cypher("MATCH (p:Paper) RETURN count(p) AS n").json["rows"] == [[52]]


def test_rows_are_bounded_and_that_there_are_more_is_told(site: Site) -> None:
    for asked, more in ((ROWS - 1, False), (ROWS, False), (ROWS + 1, True), (100_000, True)):
        answer = site.cypher(f"UNWIND range(1, {asked}) AS x RETURN x ORDER BY x")
        assert answer.json["rows"] == [[x] for x in range(1, min(asked, ROWS) + 1)]
        assert answer.json["more"] is more
    page = site.get("/query/cypher?q=UNWIND+range(1,+1001)+AS+x+RETURN+x").text
    assert "there are more" in page
    assert site.cypher("UNWIND range(1, 5000) AS x RETURN x", "csv").text.count("\r\n") == ROWS + 1
    assert site.json("/query/top.json?limit=999999999&generic=1")["more"] is False


def test_an_endless_statement_ends_in_time_and_other_pages_go_on_meanwhile(site: Site) -> None:
    with ThreadPoolExecutor(8) as asking:
        began = time.monotonic()
        endless = [asking.submit(site.cypher, f"{ENDLESS} // {i}") for i in range(2)]
        times = []
        for target in ("/search?q=model+of", "/methods?sort=name", "/method/bert?sort=title", "/names.json?q=bert+x", "/"):
            start = time.monotonic()
            site.get(target)
            times.append(time.monotonic() - start)
        assert max(times) < 1
        for answer in (e.result() for e in endless):
            assert answer.status == 400
            assert "more than 1 seconds" in answer.json["error"]
        assert time.monotonic() - began < 2 * (1 + 1) + 2
    assert site.cypher("RETURN 1 AS x").json["rows"] == [[1]]


def test_many_endless_statements_at_once_keep_no_page_waiting(site: Site) -> None:
    with ThreadPoolExecutor(12) as asking:
        endless = [asking.submit(site.cypher, f"{ENDLESS} // many {i}") for i in range(12)]
        until(lambda: any(e.running() for e in endless))
        time_left = time.monotonic() + 0.3
        until(lambda: time.monotonic() > time_left)  # all have been sent
        start = time.monotonic()
        site.get("/names.json?q=never+asked+before")
        waited = time.monotonic() - start
        assert {e.result().status for e in endless} <= {400, 503}
    assert waited < 1


LARGE = {
    "a text": "RETURN repeat('a', 2000000000) AS x",
    "texts": "UNWIND range(1, 1000) AS x RETURN repeat('a', 1000000) AS y",
    "a range": "RETURN range(1, 500000000) AS x",
    "a list": "UNWIND range(1, 100000000) AS x RETURN collect(x) AS y",
    "all triples": "MATCH (a), (b), (c) RETURN collect([a.id, b.id, c.id]) AS x",
    "a sort": "MATCH (a), (b), (c) RETURN a.abstract, b.abstract, c.abstract ORDER BY a.abstract, b.id DESC, c.id",
    "nested lists": "RETURN " + "[" * 300 + "1" + "]" * 300 + " AS x",
    "nested brackets": "RETURN " + "(" * 3000 + "1" + ")" * 3000 + " AS x",
    "a long statement": "RETURN " + " + ".join(["1"] * 20_000) + " AS x",
    "a long path": "MATCH (a)-[*1..30]-(b) RETURN count(*) AS n",
}


@pytest.mark.parametrize("what", LARGE)
@pytest.mark.parametrize("form", ["", ".json"])
def test_a_statement_that_is_too_large_is_stopped_and_the_next_is_answered(site: Site, what: str, form: str) -> None:
    start = time.monotonic()
    answer = site.ask(f"/query/cypher{form}?{urlencode({'q': LARGE[what]})}")
    assert answer.status in (200, 400)
    assert len(answer.body) < 1 << 25
    assert time.monotonic() - start < 10
    assert site.cypher("RETURN 2 AS x").json["rows"] == [[2]]


def test_a_deep_value_is_shown_or_refused(changing: tuple[Site, Path]) -> None:
    for depth in (DEEPEST - 1, DEEPEST, DEEPEST + 1, DEEPEST + 40):
        whole, rest = divmod(depth, 20)
        nested = [f"WITH {'[' * n}x{']' * n} AS x " for n in (*[20] * whole, rest) if n]
        text = f"WITH 1 AS x {''.join(nested)}RETURN x"
        for form in (".json", ".csv", ""):
            answer = changing[0].ask(f"/query/cypher{form}?{urlencode({'q': text})}")
            assert answer.status == (200 if depth <= DEEPEST else 400), depth


# -- a graph that changes ----------------------------------------------------------------------------------------------------------

NEW = {"id": "new:1", "title": "Zebra Adapters", "abstract": "We introduce ZebraNet, a new method. ZebraNet extends BERT.", "authors": ["Z Z"]}


@pytest.fixture
def changing(sample_graph: Path, tmp_path: Path) -> Iterator[tuple[Site, Path]]:
    graph = Path(shutil.copytree(sample_graph, tmp_path / "graph"))
    with serving(graph, tmp_path) as site:
        yield site, graph


def test_a_graph_that_is_built_again_is_seen_and_no_page_is_stale(changing: tuple[Site, Path], tmp_path: Path) -> None:
    site, graph = changing
    targets = ("/index.json", "/papers.json", "/search.json?q=zebra", "/names.json?q=zebra", "/query/cypher.json?q=MATCH+(p:Paper)+RETURN+count(p)+AS+n", "/")
    before = {t: site.get(t).body for t in targets}
    assert site.json("/index.json")["counts"]["paper"] == 52
    (tmp_path / "new.jsonl").write_text(json.dumps(NEW) + "\n", encoding="utf-8")
    for papers in (53, 52, 53):
        if papers == 53:
            build([tmp_path / "new.jsonl"], graph)
        else:
            done = subprocess.run([KG, "remove", "new:1", "-g", graph], capture_output=True)
            assert done.returncode == 0
        until(lambda papers=papers: site.json("/index.json")["counts"]["paper"] == papers, 20)
        assert site.json("/papers.json")["count"] == papers
        assert site.cypher("MATCH (p:Paper) RETURN count(p) AS n").json["rows"] == [[papers]]
        assert bool(site.json("/search.json?q=zebra")["listed"]) is (papers == 53)
        assert bool(site.json("/names.json?q=zebra")["names"]) is (papers == 53)
        assert (site.get("/").body != before["/"]) is (papers == 53)


def test_pages_go_on_while_the_graph_is_built_again(changing: tuple[Site, Path], tmp_path: Path) -> None:
    site, graph = changing
    (tmp_path / "new.jsonl").write_text(json.dumps(NEW) + "\n", encoding="utf-8")
    building = subprocess.Popen([KG, "build", tmp_path / "new.jsonl", "-g", graph], stderr=subprocess.DEVNULL)
    counts, number = set(), 0

    def seen() -> bool:
        nonlocal number
        number += 1
        counts.add(site.json(f"/papers.json?page={1 + number % 2}")["count"])
        site.get(f"/query/cypher.json?q=RETURN+{number}+AS+x")
        return 53 in counts

    until(seen, 60)
    building.wait(SOON)
    assert counts == {52, 53}


@pytest.mark.parametrize("harm", ["removed", "no manifest", "broken manifest", "broken tables", "a file instead", "not readable"])
def test_a_graph_that_breaks_while_it_is_served_goes_on_as_it_was(changing: tuple[Site, Path], harm: str) -> None:
    site, graph = changing
    site.get("/index.json")
    if harm in ("removed", "a file instead"):
        shutil.rmtree(graph)
        if harm == "a file instead":
            graph.write_text("x", encoding="utf-8")
    elif harm == "no manifest":
        (graph / "manifest.json").unlink()
    elif harm == "broken manifest":
        (graph / "manifest.json").write_bytes(b'{"content": 1')
    elif harm == "not readable":
        (graph / "manifest.json").unlink()
        (graph / "manifest.json").mkdir()
    else:
        manifest = json.loads((graph / "manifest.json").read_text(encoding="utf-8"))
        (graph / "manifest.json").write_text(json.dumps(manifest | {"content": "another"}), encoding="utf-8")
        (graph / "entities.parquet").write_bytes(b"nothing")
    end = time.monotonic() + 4
    number = 0
    while time.monotonic() < end:  # it looks at the folder in the meantime
        number += 1
        assert site.ask("/index.json").status in (200, 503)
        assert site.ask(f"/names.json?q=l{number}").status in (200, 503)
        assert site.ask("/methods?sort=name").status in (200, 503)
        assert site.cypher(f"RETURN {number} AS x").status in (200, 503)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked up in /proc")
def test_a_statement_after_the_graph_has_gone_is_refused(changing: tuple[Site, Path]) -> None:
    site, graph = changing
    site.cypher("RETURN 1 AS x")
    kill_children(site)
    shutil.rmtree(graph)
    assert site.cypher("RETURN 2 AS x").status == 503


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked up in /proc")
def test_a_process_for_statements_that_dies_is_started_again(changing: tuple[Site, Path]) -> None:
    site, _ = changing
    assert site.cypher("RETURN 1 AS x").status == 200
    kill_children(site)
    assert site.cypher("RETURN 2 AS x").json["rows"] == [[2]]


def kill_children(site: Site) -> None:
    """End the processes that a server has started, and wait until they are gone."""
    for child in children(site.process.pid):
        os.kill(child, signal.SIGKILL)
        until(lambda child=child: not alive(child))


# -- many at once ------------------------------------------------------------------------------------------------------------------


def test_many_at_once_get_the_right_answers(site: Site) -> None:
    targets = [
        *("/index.json", "/methods.json", "/papers.json", "/method/lora.json", "/method/qlora.json", "/benchmark/glue.json", "/paper/arxiv:2404.02948.json"),
        *("/search.json?q=language", "/names.json?q=lo", "/compare.json?id=lora&id=BERT", "/picture.json?lineage=LoRA", "/neighbours.json?id=method:lora"),
        *(
            "/query/lineage.csv?entity=LoRA",
            "/query/cypher.csv?q=RETURN+1+AS+x",
            "/method/LoRA",
            "/nowhere.json",
            "/methods.json?page=0",
            "/papers",
            "/tasks",
            "/picture",
        ),
    ]
    expected = {t: (a.status, a.body) for t in targets for a in [site.ask(t)]}
    assert len(targets) == 20

    def client(number: int) -> list[str]:
        turned = targets[number % 20 :] + targets[: number % 20]
        return [t for t in turned for a in [site.ask(t)] if (a.status, a.body) != expected[t]]

    with ThreadPoolExecutor(40) as clients:
        assert [wrong for wrong in clients.map(client, range(40)) if wrong] == []


def test_pages_that_are_made_at_the_same_time_are_right(site: Site) -> None:
    def made(number: int) -> bool:
        found = site.json(f"/neighbours.json?id=method:lora&limit={1 + number % 30}&drawn=x{number}")
        return len(found["nodes"]) <= 2 + number % 30 and found["nodes"]

    with ThreadPoolExecutor(20) as clients:
        assert all(clients.map(made, range(60)))


# -- the command -------------------------------------------------------------------------------------------------------------------


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after = stat.read_text(encoding="latin-1").rpartition(")")[2].split()
        except OSError:
            continue
        if int(after[1]) == pid and after[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="latin-1").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked up in /proc")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_when_it_is_stopped_no_process_is_left(sample_graph: Path, tmp_path: Path, sent: signal.Signals) -> None:
    graph = Path(shutil.copytree(sample_graph, tmp_path / "graph"))
    stderr = tmp_path / "stderr.txt"
    with stderr.open("wb") as errors:
        process = subprocess.Popen([KG, "serve", "-g", graph, "--port", "0"], stderr=errors, start_new_session=True)
    until(lambda: stderr.read_text().startswith("http://127.0.0.1:"))
    started = until(lambda: children(process.pid))
    process.send_signal(sent)
    assert process.wait(SOON) in {signal.SIGINT: (0, 130), signal.SIGTERM: (0, 143, -15), signal.SIGKILL: (-9,)}[sent]
    until(lambda: not any(map(alive, started)))
    assert "Traceback" not in stderr.read_text()
    assert stderr.read_text().split("\n", 1)[1].strip() in ("", "kg: stopped")


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked up in /proc")
def test_ctrl_c_does_not_wait_for_a_statement(sample_graph: Path, tmp_path: Path) -> None:
    graph = Path(shutil.copytree(sample_graph, tmp_path / "graph"))
    with ThreadPoolExecutor(1) as asking, serving(graph, tmp_path, "--timeout", "25") as site:
        site.cypher("RETURN 1 AS x")
        started = children(site.process.pid)
        asked = asking.submit(site.cypher, ENDLESS)
        until(lambda: any(busy(pid) for pid in started))
        site.process.send_signal(signal.SIGINT)
        start = time.monotonic()
        site.process.wait(60)
        took = time.monotonic() - start
        until(lambda: not any(map(alive, started)))
        asked.exception()
    assert took < 10


def busy(pid: int) -> bool:
    """Tell whether a process has computed for a while."""
    after = Path(f"/proc/{pid}/stat").read_text(encoding="latin-1").rpartition(")")[2].split()
    return int(after[11]) + int(after[12]) > 150


def test_an_address_of_nothing_is_not_taken_for_all_addresses(sample_graph: Path) -> None:
    command = ["timeout", "-s", "INT", "5", KG, "serve", "-g", sample_graph, "--host", "", "--port", "0"]
    assert "http://:" not in subprocess.run(command, capture_output=True, text=True, timeout=SOON).stderr


def test_two_may_not_listen_at_one_port(site: Site, sample_graph: Path) -> None:
    port = site.host.rpartition(":")[2]
    done = subprocess.run([KG, "serve", "-g", sample_graph, "--port", port], capture_output=True, text=True, timeout=SOON)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert f"127.0.0.1:{port}" in done.stderr
    assert "--port 0" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (("-g", "nowhere"), 1, "nowhere"),
        (("-g", "neo4j://127.0.0.1:1"), 1, "127.0.0.1:1"),
        (("--port", "65536"), 2, "65536"),
        (("--port", "x"), 2, "x"),
        (("--timeout", "0"), 2, "0"),
        (("--timeout", "nan"), 2, "nan"),
        (("--host", "nowhere.invalid"), 2, "nowhere.invalid"),
        (("--host", "192.0.2.1"), 2, "192.0.2.1"),
        (("extra",), 2, "extra"),
    ],
)
def test_what_cannot_be_served_is_told_in_one_line(tmp_path: Path, words: tuple[str, ...], code: int, part: str) -> None:
    done = subprocess.run([KG, "serve", "--port", "0", *words], capture_output=True, text=True, timeout=SOON, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (code, "", 1), done.stderr
    assert part in done.stderr
    assert "Traceback" not in done.stderr


def test_it_serves_the_graph_of_the_folder_it_is_in(sample_graph: Path, tmp_path: Path) -> None:
    shutil.copytree(sample_graph, tmp_path / "graph")
    with serving("graph", tmp_path, cwd=tmp_path) as site:
        assert site.json("/index.json")["counts"]["paper"] == 52
        assert "<code>graph</code>" in site.get("/").text


def test_an_ipv6_address_is_served(sample_graph: Path, tmp_path: Path) -> None:
    try:
        with socket.socket(socket.AF_INET6) as there:
            there.bind(("::1", 0))
    except OSError:
        pytest.skip("no IPv6 here")
    with serving(Path(shutil.copytree(sample_graph, tmp_path / "graph")), tmp_path, "--host", "::1") as site:
        assert site.host.startswith("[::1]:")
        assert site.json("/index.json")["counts"]["paper"] == 52


def test_an_empty_graph_is_served(tmp_path: Path) -> None:
    (tmp_path / "p.jsonl").write_text(json.dumps({"id": "a", "title": "On nothing", "abstract": ""}) + "\n", encoding="utf-8")
    graph = build([tmp_path / "p.jsonl"], tmp_path / "graph").folder
    with serving(graph, tmp_path) as site:
        for target in (
            "/",
            "/papers",
            "/methods",
            "/metrics",
            "/paper/a",
            "/search?q=nothing",
            "/compare",
            "/picture",
            "/picture?communities=1",
            "/picture?cooccurrence=1",
            "/query/top",
        ):
            assert Read(site.get(target).text).faults == []
            assert_described(as_json(target), site.get(as_json(target)))


def test_hostile_names_are_shown_as_texts(hostile_graph: Path, tmp_path: Path) -> None:
    with serving(Path(shutil.copytree(hostile_graph, tmp_path / "graph")), tmp_path) as site:
        for plural in ("papers", *(f"{t}s" for t in TYPES)):
            for address in linked(site, plural).values():
                page = site.get(address)
                assert Read(page.text).faults == []
                assert "<b>&amp;</b>" not in page.text
                assert_described(as_json(address), site.get(as_json(address)))
        for target in ("/", "/picture", "/picture?communities=1", "/query/top?generic=1", "/query/cypher?q=MATCH+(n)+RETURN+n"):
            page = site.get(target)
            assert Read(page.text).faults == []


# -- a server's graph --------------------------------------------------------------------------------------------------------------

COMPARED = (
    "/index.json", "/methods.json", "/methods.json?page=2&sort=name", "/datasets.json", "/benchmarks.json?sort=name", "/tasks.json", "/metrics.json",
    "/papers.json", "/papers.json?sort=title&page=2", "/method/lora.json", "/method/lora.json?role=uses&sort=title", "/method/lora.json?role=",
    "/method/bert.json", "/method/finetuning.json", "/method/transformer.json", "/benchmark/glue.json", "/benchmark/gsm8k.json", "/dataset/c4.json",
    "/task/machinetranslation.json", "/metric/accuracy.json", "/paper/arxiv:2404.02948.json", "/paper/arxiv:2106.09685.json?generic=1",
    "/paper/arxiv:1412.6980.json", "/search.json?q=language+model", "/search.json?q=lora&page=2", "/names.json?q=lo", "/names.json?q=a",
    "/compare.json?id=lora&id=QLoRA", "/compare.json?id=arxiv:2404.02948&id=arxiv:2106.09685&id=arxiv:2305.14314", "/compare.json?id=GLUE&id=accuracy",
    "/picture.json", "/picture.json?around=LoRA&hops=3", "/picture.json?paper=arxiv:2404.02948", "/picture.json?shared=LoRA", "/picture.json?lineage=LoRA",
    "/picture.json?benchmark=GLUE", "/picture.json?compare=arxiv:2404.02948&compare=arxiv:2106.09685", "/picture.json?cooccurrence=1&least=1",
    "/picture.json?communities=1", "/neighbours.json?id=method:lora", "/neighbours.json?id=arxiv:2404.02948&drawn=method:lora&limit=5",
    "/neighbours.json?id=dataset:glue&limit=100", "/query.json", "/query/leaderboard.csv?benchmark=GSM8K", "/query/shared-method.csv?paper=arxiv:2404.02948",
    "/query/top.csv?limit=100", "/query/lineage.csv?entity=LoRA",
    "/query/cypher.csv?q=MATCH+(p:Paper)-[r]->(m:Method)+RETURN+p.id,+m.id,+r.role,+r.score+ORDER+BY+p.id,+m.id,+r.role", "/method/LoRA.json",
    "/method/nothing.json", "/dataset/mscoco.json",
)  # fmt: skip


def test_a_server_gives_the_same_pages_as_the_folder(site: Site, clean_neo4j: Server, neo4j_env: Server, sample_graph: Path, tmp_path: Path) -> None:
    with Neo4j(clean_neo4j.uri, auth=clean_neo4j.auth) as store:
        load(store, Tables.open(sample_graph))
    with serving(clean_neo4j.uri, tmp_path, "--timeout", "5") as other:
        for target in COMPARED:
            one, two = site.ask(target), other.ask(target)
            assert (one.status, one.header("location")) == (two.status, two.header("location")), target
            assert differing(json.loads(one.body), json.loads(two.body)) == [] if ".json" in target and one.body else one.body == two.body, target
        for text in (*FURTHER_WRITES, *WRITES, *FILES):
            if "USE other" not in text:
                assert other.cypher(text).status == 400, text
        assert other.cypher("MATCH (p:Paper) RETURN count(p) AS n").json["rows"] == [[52]]
        start = time.monotonic()
        assert other.cypher(ENDLESS).status == 400
        assert time.monotonic() - start < 10
        assert other.cypher("RETURN 1 AS x").json["rows"] == [[1]]


def differing(one: Any, two: Any, where: str = "") -> list[str]:
    """Return where two values differ."""
    if isinstance(one, dict) and isinstance(two, dict):
        return [w for key in {*one, *two} for w in differing(one.get(key, "nothing"), two.get(key, "nothing"), f"{where}.{key}")]
    if isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        return [w for i, (a, b) in enumerate(zip(one, two, strict=True)) for w in differing(a, b, f"{where}[{i}]")]
    return [] if one == two and type(one) is type(two) else [f"{where}: {one!r} {two!r}"[:300]]
