"""The page of a picture in a real Chromium: what a reader does with mouse and keyboard, saves and passes on, and what hostile text cannot do."""

import csv
import hashlib
import io
import json
import random
import re
from base64 import b64encode
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from xml.etree import ElementTree

import pytest
from neo4j import GraphDatabase
from neo4j_server import Server
from playwright.sync_api import Browser, Page, expect

from kg import draw, views
from kg.graph import Graph
from kg.stores import connect
from kg.views import View

VIZ = Path(__file__).resolve().parents[1] / "viz"
DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)
SVG = "{http://www.w3.org/2000/svg}"


# -- graphs ------------------------------------------------------------------------------------------------------------------------


def paper(graph: Graph, name: str, year: int | None = None, **rest: Any) -> None:
    dated = {"year": year, "date": f"{year}-05-12" if year else None}
    graph.add_node(name.lower(), kind="paper", name=name, authors=[f"Ann {name}"], **{**dated, "url": f"https://example.org/{name.lower()}", **rest})


def entity(graph: Graph, kind: str, name: str, papers: int = 3, **rest: Any) -> None:
    graph.add_node(name.lower(), kind=kind, name=name, papers=papers, **{"aliases": [name], "generic": False, **rest})


def fact(graph: Graph, source: str, role: str, target: str, score: float = 0.9, by: str | None = None, **rest: Any) -> None:
    """Add an edge with a sentence in which its ends are marked."""
    told = by or source
    sentence = f"Sentence of {told}: {source} {role} {target}."
    marks = [(sentence.rindex(source), sentence.rindex(source) + len(source)), (len(sentence) - 1 - len(target), len(sentence) - 1)]
    said = {"role": role, "paper": told, "title": told.title(), "sentence": sentence, "marks": marks, "further": [], "field": "abstract", "score": score}
    graph.add_edge(source, target, key=f"{role} {told}", **{**said, "url": f"https://example.org/{told}", **rest})


def small() -> View:
    """Return a picture of which everything is known: two papers on one method, a name too broad to say anything, and an island."""
    graph = Graph()
    for name, year in (("Alpha", 2020), ("Beta", 2022), ("Gamma", None), ("Island", 2021)):
        paper(graph, name, year)
    entity(
        graph,
        "method",
        "Hub",
        40,
        aliases=["Hub", "HB", "Hub of hubs"],
        reasons=["", "definition: Hub (HB)", "a plural"],
        apart=["Hubble"],
        apart_reasons=["another family"],
    )
    for name, papers in (("Leaf", 1), ("Twig", 1), ("Bridge", 9), ("Rarity", 2), ("Atoll", 1)):
        entity(graph, "method", name, papers)
    entity(graph, "task", "Everything", 900, generic=True)
    entity(graph, "dataset", "Dust")
    entity(graph, "benchmark", "Bench")
    entity(graph, "metric", "Accuracy")
    facts = [
        ("alpha", "introduces", "hub", 0.95), ("alpha", "uses", "leaf", 0.9), ("alpha", "uses", "twig", 0.8), ("alpha", "uses", "bridge", 0.7),
        ("alpha", "compares", "rarity", 0.6), ("alpha", "mentions", "everything", 0.5), ("beta", "uses", "hub", 0.9), ("beta", "uses", "bridge", 0.9),
        ("beta", "uses", "rarity", 0.9), ("beta", "evaluates_on", "bench", 0.9), ("beta", "uses", "accuracy", 0.9), ("gamma", "mentions", "everything", 0.9),
        ("gamma", "uses", "dust", 0.9), ("island", "introduces", "atoll", 0.9),
    ]  # fmt: skip
    for source, role, target, score in facts:
        fact(graph, source, role, target, score)
    for by in ("alpha", "beta"):
        fact(graph, "hub", "based_on", "bridge", by=by)
    return View(graph, "Small", centre="hub", asked={"around": "Hub"})


NODES, EDGES = 14, 15
"""What the small picture shows at first of it: without the one name too broad to say anything, and without the two edges to it, 13 and 13."""


# -- a reader ----------------------------------------------------------------------------------------------------------------------


class Reader:
    """Who reads a page: knows where nodes stand on the screen, since the camera is given in the page's address."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page, self.file = page, file
        self.heading, self.panel, self.counts = page.locator("#panel h2"), page.locator("#panel"), page.locator("#counts")
        self.nodes: dict[str, dict[str, Any]] = {}

    def opens(self, view: View | str, fragment: str = "", *, camera: bool = True) -> "Reader":
        """Open the page of a view, all of it in sight."""
        html = view if isinstance(view, str) else draw.page(view)
        self.file.write_text(html, encoding="utf-8")
        found = DATA.search(html)
        assert found
        self.nodes = {node["name"]: node for node in json.loads(found[1])["nodes"]}
        (x, width), (y, height) = (((min(v) + max(v)) / 2, max(v) - min(v)) for v in zip(*((n["x"], n["y"]) for n in self.nodes.values()), strict=True))
        self.camera = round(x), round(y), round(min(580 / max(width, 1), 580 / max(height, 1), 1.2), 3)
        return self.goes(f"{fragment}&view={'+'.join(map(str, self.camera))}" if camera else fragment)

    def goes(self, fragment: str) -> "Reader":
        self.page.goto("about:blank")  # another fragment alone would not load the page anew
        self.page.goto(f"{self.file.as_uri()}#{fragment}")
        self.page.wait_for_function("() => window.kgReady")
        return self

    def spot(self, name: str) -> tuple[float, float]:
        """Return where a node stands on the screen."""
        box, node, (x, y, scale) = self.page.locator("#canvas").bounding_box(), self.nodes[name], self.camera
        assert box
        return box["x"] + box["width"] / 2 + (node["x"] - x) * scale, box["y"] + box["height"] / 2 + (node["y"] - y) * scale

    def clicks(self, name: str, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.down(key)
        self.page.mouse.click(*self.spot(name))
        for key in keys:
            self.page.keyboard.up(key)

    def clicks_between(self, one: str, other: str) -> None:
        (ax, ay), (bx, by) = self.spot(one), self.spot(other)
        self.page.mouse.click((ax + bx) / 2, (ay + by) / 2)

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def finds(self, text: str) -> None:
        self.page.locator("#search").fill(text)
        self.page.locator("#search").press("Enter")

    def does(self, button: str) -> None:
        self.panel.get_by_role("button", name=button, exact=True).click()

    def ticks(self, *words: str) -> None:
        for word in words:
            self.page.locator(f"#legend input[value={word}]").click()

    def slides(self, name: str, value: int) -> None:
        self.page.locator(f"#{name}").fill(str(value))

    def saves(self, form: str) -> bytes:
        self.page.locator("#export summary").click()
        with self.page.expect_download() as download:
            self.page.locator(f"#export button[value={form}]").click()
        assert download.value.suggested_filename.endswith(f".{form}")
        return download.value.path().read_bytes()

    def sees(self) -> list[str]:
        """Return the words in the picture: labels, and how many nodes are folded into one."""
        return [element.text or "" for element in ElementTree.fromstring(self.saves("svg")).iter(f"{SVG}text")]

    def shown(self) -> set[str]:
        """Return the names of the nodes that are shown."""
        if self.page.locator("#list").is_hidden():
            self.page.locator("#as-list").click()
        found = set(self.page.locator("#list table").first.locator("tbody tr td:first-child").all_inner_texts())
        self.page.locator("#as-list").click()
        return found

    def address(self, *parts: str) -> dict[str, list[str]]:
        """Return what the address says, once it holds these parts."""
        self.page.wait_for_function("parts => parts.every((part) => new URLSearchParams(location.hash.slice(1)).toString().includes(part))", arg=list(parts))
        return parse_qs(self.page.evaluate("location.hash.slice(1)"), keep_blank_values=True)

    def moved(self, when: str) -> tuple[float, float, float]:
        """Return the camera that the address names, once this holds of its x, y and scale."""
        view = "(new URLSearchParams(location.hash.slice(1)).get('view') ?? '').split(' ').map(Number)"
        self.page.wait_for_function(f"() => {{ const [x, y, scale] = {view}; return {when}; }}")
        x, y, scale = self.page.evaluate(view)
        self.camera = x, y, scale
        return self.camera


WATCH = """
const write = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (words, x, y) {
    if (!Number.isFinite(x + y)) console.error(`“${words}” is written nowhere`);
    return write.call(this, words, x, y);
};"""


@pytest.fixture
def reader(page: Page, tmp_path: Path) -> Reader:
    """Who reads one page, and complains if a name is written at no place."""
    page.add_init_script(WATCH)
    return Reader(page, tmp_path / "picture.html")


@pytest.fixture(params=["vis", "sigma"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each of the two libraries that draw."""
    if request.param == "sigma":
        monkeypatch.setattr(draw, "MANY", 1)
    name: str = request.param
    return name


def drawn(folder: Path, **of: Any) -> View:
    with connect(str(folder)) as store:
        return views.choose(store, of)


def all_of(nodes: int, edges: int) -> re.Pattern[str]:
    return re.compile(rf"^{nodes} of {NODES} nodes, {edges} of {EDGES} edges$")


# -- reading -----------------------------------------------------------------------------------------------------------------------


def test_a_page_opens_on_what_it_is_about(reader: Reader, sample_graph: Path) -> None:
    reader.opens(drawn(sample_graph, around="LoRA"), camera=False)
    expect(reader.heading).to_have_text("LoRA")
    expect(reader.panel).to_contain_text("Low-Rank Adaptation")
    expect(reader.panel).to_contain_text("definition: Low-Rank Adaptation (LoRA)")
    assert "Low-Rank Adaptation" in reader.panel.locator("mark").all_inner_texts()
    expect(reader.page.locator("footer code")).to_have_text("kg view --around LoRA")
    expect(reader.page).to_have_title("Around LoRA · kg")
    expect(reader.panel.get_by_role("button", name="Wider")).to_have_count(0)  # a file has no server to ask


def test_a_click_on_a_node_shows_its_names_reasons_and_sentences(reader: Reader, engine: str) -> None:
    reader.opens(small())
    reader.clicks("Alpha")
    expect(reader.heading).to_have_text("Alpha")
    expect(reader.panel.get_by_role("link", name="Open paper")).to_have_attribute("href", "https://example.org/alpha")
    expect(reader.panel.locator(".facts")).to_contain_text("12 May 2020")
    reader.clicks("Hub")
    expect(reader.heading).to_have_text("Hub")
    expect(reader.panel.locator(".names")).to_contain_text("HBdefinition: Hub (HB)")
    expect(reader.panel.locator(".names")).to_contain_text("kept apart Hubbleanother family")
    expect(reader.panel.locator("blockquote").first).to_have_text("Sentence of alpha: alpha introduces hub.")
    assert reader.panel.locator("blockquote").first.locator("mark").all_inner_texts() == ["alpha", "hub"]
    expect(reader.panel.locator(".where a").first).to_have_attribute("href", "https://example.org/alpha")
    expect(reader.panel.locator(".where a").first).to_have_attribute("rel", "noopener noreferrer")
    expect(reader.page.locator("#said")).to_have_text("Selected: Hub, method, 40 papers, 3 edges here")


def test_a_click_on_an_edge_shows_who_says_it(reader: Reader, engine: str) -> None:
    reader.opens(small())
    reader.clicks_between("Hub", "Bridge")
    expect(reader.heading).to_have_text("based on")
    expect(reader.panel.locator(".facts")).to_have_text("score 0.90said by 2 papers")
    assert reader.panel.locator("blockquote").all_inner_texts() == [f"Sentence of {by}: hub based_on bridge." for by in ("alpha", "beta")]
    assert reader.panel.locator(".where").all_inner_texts() == ["Alpha · abstract · open", "Beta · abstract · open"]
    reader.panel.locator(".where").get_by_role("button", name="Beta").click()
    expect(reader.heading).to_have_text("Beta")


def test_a_click_beside_everything_lets_go(reader: Reader, engine: str) -> None:
    reader.opens(small())
    box = reader.page.locator("#canvas").bounding_box()
    assert box
    reader.page.mouse.click(box["x"] + 8, box["y"] + 8)
    expect(reader.heading).to_have_text("Nothing selected")
    expect(reader.panel.locator(".most li").first).to_have_text("Alpha5")
    reader.panel.get_by_role("button", name="Alpha").click()
    expect(reader.heading).to_have_text("Alpha")


def test_a_drag_moves_the_picture_and_selects_nothing(reader: Reader, engine: str) -> None:
    reader.opens(small())
    x, y = reader.spot("Bench")
    reader.page.mouse.move(x, y)
    reader.page.mouse.down()
    reader.page.mouse.move(x - 40, y - 30, steps=5)
    reader.page.mouse.up()
    x, y, scale = reader.camera
    reader.moved(f"x > {x + 30 / scale} && y > {y + 20 / scale}")
    expect(reader.heading).to_have_text("Hub")


def test_a_long_sentence_is_cut_and_can_be_read_whole(reader: Reader) -> None:
    graph = small().graph
    sentence = f"{'Many words come first. ' * 20}Here is Hub. {'Many words follow. ' * 20}".strip()
    (key,) = graph["alpha"]["hub"]
    graph.edges["alpha", "hub", key].update(sentence=sentence, marks=[(sentence.index("Hub"), sentence.index("Hub") + 3)])
    reader.opens(View(graph, "Long", centre="hub"))
    quote = reader.panel.locator("blockquote").first
    assert len(quote.inner_text()) < 320
    assert quote.locator("mark").all_inner_texts() == ["Hub"]
    quote.get_by_role("button", name="whole sentence").click()
    expect(quote).to_have_text(sentence)


# -- search ------------------------------------------------------------------------------------------------------------------------


def test_a_name_is_found_by_its_beginning(reader: Reader, pages_graph: Path) -> None:
    reader.opens(drawn(pages_graph, around="LoRA"))
    reader.presses("/")
    reader.page.keyboard.type("pissa")
    options = reader.page.locator("#suggestions [role=option]")
    expect(options.first).to_contain_text("PiSSA")
    expect(options.first).to_have_attribute("aria-selected", "true")
    reader.presses("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    reader.presses("ArrowUp", "Enter")
    expect(reader.heading).to_have_text("PiSSA")
    expect(options.first).to_be_hidden()
    assert "PiSSA" in reader.panel.locator("mark").all_inner_texts()


def test_a_name_is_found_by_another_name_of_it(reader: Reader) -> None:
    reader.opens(small())
    reader.page.locator("#search").fill("hub of")
    expect(reader.page.locator("#suggestions")).to_contain_text("Hub of hubs another name of Hub")
    reader.page.locator("#suggestions [role=option]").click()
    expect(reader.heading).to_have_text("Hub")


def test_names_that_are_near_are_named(reader: Reader) -> None:
    reader.opens(small())
    reader.page.locator("#search").fill("rarety")
    expect(reader.page.locator("#find .tail")).to_have_text("No name here contains “rarety”. Near: Rarity.")
    reader.presses("Escape")
    expect(reader.page.locator("#find .tail")).to_be_hidden()
    expect(reader.heading).to_have_text("Hub")


def test_a_name_that_a_filter_hides_is_shown_when_it_is_found(reader: Reader) -> None:
    reader.opens(small())
    reader.ticks("method")
    assert "Twig" not in reader.shown()
    reader.finds("twig")
    expect(reader.heading).to_have_text("Twig")
    assert "Twig" in reader.shown()


# -- paths -------------------------------------------------------------------------------------------------------------------------


def by_button(reader: Reader) -> None:
    reader.clicks("Leaf")
    reader.does("Path to …")
    expect(reader.page.locator("#said")).to_have_text("Path from Leaf: click the other end, or find it by name.")
    reader.clicks("Accuracy")


def by_key(reader: Reader) -> None:
    reader.clicks("Leaf")
    reader.presses("p")
    reader.clicks("Accuracy")


def by_name(reader: Reader) -> None:
    reader.clicks("Leaf")
    reader.presses("p")
    reader.finds("accuracy")


def by_shift(reader: Reader) -> None:
    reader.clicks("Leaf")
    reader.clicks("Accuracy", "Shift")


@pytest.mark.parametrize("way", [by_button, by_key, by_name, by_shift])
def test_a_path_is_read_as_a_chain_of_sentences(reader: Reader, way: Callable[[Reader], None]) -> None:
    way(reader.opens(small()))
    expect(reader.heading).to_have_text("Path of 4 steps")
    steps = reader.panel.locator(".chain > li")
    assert steps.locator("> .name").all_inner_texts() == ["Leaf", "Alpha", "Rarity", "Beta", "Accuracy"]  # Rarity is rarer than Bridge and Hub
    assert steps.locator("> p").all_inner_texts() == ["used by", "compares with", "used by", "uses"]
    assert steps.locator("blockquote").all_inner_texts() == [
        f"Sentence of {said}." for said in ("alpha: alpha uses leaf", "alpha: alpha compares rarity", "beta: beta uses rarity", "beta: beta uses accuracy")
    ]


def test_other_paths_come_after_the_rarest(reader: Reader) -> None:
    by_key(reader.opens(small()))
    third = reader.panel.locator(".chain > li").nth(2).locator("> .name")
    seen = []
    for _ in range(4):
        seen.append(third.inner_text())
        reader.does("Next path")
    assert seen == ["Rarity", "Bridge", "Hub", "Rarity"]
    expect(reader.panel).to_contain_text("2 of 3, the fewest steps first, then the rarest names.")
    reader.does("Leave the path")
    expect(reader.heading).to_have_text("Leaf")


def test_where_no_path_leads_the_page_says_so(reader: Reader) -> None:
    reader.opens(small())
    reader.clicks("Hub")
    reader.presses("p")
    reader.clicks("Atoll")
    expect(reader.heading).to_have_text("No path here")
    expect(reader.panel).to_contain_text("Nothing that is drawn leads from Hub to Atoll.")
    reader.does("Back")
    expect(reader.heading).to_have_text("Hub")


def test_names_too_broad_are_not_walked_through(reader: Reader) -> None:
    reader.opens(small())
    reader.ticks("generic")
    reader.clicks("Alpha")
    reader.presses("p")
    reader.clicks("Gamma")
    expect(reader.heading).to_have_text("No path here")


@pytest.mark.parametrize(("word", "gone"), [("compares", "compares with"), ("metric", "Accuracy")])
def test_a_path_does_not_go_where_nothing_is_shown(reader: Reader, word: str, gone: str) -> None:
    by_key(reader.opens(small()))
    reader.ticks(word)
    expect(reader.panel).not_to_contain_text(gone)


def test_a_path_that_was_begun_can_be_given_up(reader: Reader) -> None:
    reader.opens(small())
    reader.presses("p", "Escape")
    reader.clicks("Alpha")
    expect(reader.heading).to_have_text("Alpha")


# -- folding and hiding ------------------------------------------------------------------------------------------------------------


def test_a_double_click_folds_the_leaves_and_another_unfolds_them(reader: Reader, engine: str) -> None:
    reader.opens(small())
    reader.page.mouse.dblclick(*reader.spot("Alpha"))
    expect(reader.counts).to_have_text(all_of(11, 11))
    assert "+2" in reader.sees()
    expect(reader.panel.get_by_role("button", name="Unfold 2")).to_be_visible()
    expect(reader.panel).to_contain_text("3 edges not drawn")
    reader.clicks("Hub")  # three clicks on Alpha would be one too many
    reader.page.mouse.dblclick(*reader.spot("Alpha"))
    expect(reader.counts).to_have_text(all_of(13, 13))
    assert "+2" not in reader.sees()


def test_the_space_key_and_the_button_fold_too(reader: Reader) -> None:
    reader.opens(small())
    reader.clicks("Alpha")
    reader.presses(" ")
    expect(reader.page.locator("#said")).to_have_text("Alpha: 2 folded")
    expect(reader.counts).to_have_text(all_of(11, 11))
    reader.does("Unfold 2")
    expect(reader.counts).to_have_text(all_of(13, 13))
    reader.does("Fold 2")
    expect(reader.counts).to_have_text(all_of(11, 11))
    reader.presses("u")
    expect(reader.counts).to_have_text(all_of(13, 13))


def test_a_node_without_leaves_does_not_fold(reader: Reader) -> None:
    reader.opens(small())
    reader.page.mouse.dblclick(*reader.spot("Bridge"))
    expect(reader.counts).to_have_text(all_of(13, 13))
    expect(reader.panel.get_by_role("button", name=re.compile("old"))).to_have_count(0)


def test_a_node_is_hidden_and_comes_back(reader: Reader) -> None:
    reader.opens(small())
    reader.clicks("Alpha")
    reader.presses("h")
    expect(reader.counts).to_have_text(all_of(10, 8))  # its leaves hang on nothing else
    expect(reader.heading).to_have_text("Nothing selected")
    reader.presses("u")
    expect(reader.counts).to_have_text(all_of(13, 13))
    reader.clicks("Beta")
    reader.does("Hide")
    expect(reader.counts).to_have_text(all_of(10, 8))
    reader.presses("u", "u")
    expect(reader.counts).to_have_text(all_of(13, 13))
    expect(reader.page.locator("#said")).to_have_text("Nothing to take back")


def test_what_is_in_the_middle_is_not_offered_to_be_hidden_or_can_be(reader: Reader) -> None:
    reader.opens(small())
    if reader.panel.get_by_role("button", name="Hide").count():
        reader.does("Hide")
        assert "Hub" not in reader.shown()


# -- filters -----------------------------------------------------------------------------------------------------------------------


def test_the_legend_hides_types_and_roles(reader: Reader, engine: str) -> None:
    reader.opens(small())
    everything = reader.shown()
    hides = {"benchmark": {"Bench"}, "dataset": {"Dust"}, "introduces": {"Atoll"}, "evaluates_on": {"Bench"}, "paper": everything - {"Hub", "Bridge"}}
    for word, gone in hides.items():
        reader.ticks(word)
        assert everything - reader.shown() == gone
        reader.ticks(word)
        assert reader.shown() == everything


def test_the_legend_counts(reader: Reader) -> None:
    reader.opens(small())
    count = reader.page.locator("label", has=reader.page.locator("input[value=paper]")).locator(".count")
    expect(count).to_have_text("4")
    reader.ticks("paper")
    expect(count).to_have_text("0/4")
    expect(reader.counts).to_have_text(all_of(2, 1))
    expect(reader.page.locator("label", has=reader.page.locator("input[value=together]"))).to_be_hidden()


def test_names_too_broad_wait_behind_a_tick(reader: Reader) -> None:
    reader.opens(small())
    assert "Everything" not in reader.shown()
    expect(reader.counts).to_have_text(all_of(13, 13))
    reader.ticks("generic")
    expect(reader.counts).to_have_text(f"{NODES} nodes, {EDGES} edges")
    assert "Everything" in reader.shown()


def test_only_papers_of_some_years_are_shown(reader: Reader) -> None:
    reader.opens(small())
    start, end = reader.page.locator("#year-from"), reader.page.locator("#year-to")
    start.fill("2021")
    start.press("Enter")
    assert reader.shown() & {"Alpha", "Beta", "Gamma", "Island"} == {"Beta", "Island"}  # Gamma is not dated
    end.fill("2021")
    end.press("Enter")
    assert reader.shown() & {"Alpha", "Beta", "Gamma", "Island"} == {"Island"}
    start.fill("")
    start.press("Enter")
    assert reader.shown() & {"Alpha", "Beta", "Gamma", "Island"} == {"Alpha", "Island"}


def test_edges_of_a_low_score_are_left_out(reader: Reader) -> None:
    reader.opens(small())
    reader.slides("score", 75)
    expect(reader.counts).to_have_text(all_of(13, 11))
    expect(reader.page.locator("label", has=reader.page.locator("#score")).locator("output")).to_have_text("0.75 or more")
    reader.slides("score", 85)
    expect(reader.counts).to_have_text(all_of(12, 10))
    assert "Twig" not in reader.shown()


def test_names_of_few_edges_are_left_out(reader: Reader) -> None:
    reader.opens(small())
    reader.slides("degree", 2)
    assert reader.shown() == {"Alpha", "Beta", "Gamma", "Island", "Hub", "Bridge", "Rarity"}


def test_edges_of_few_papers_are_left_out(reader: Reader) -> None:
    reader.opens(small())
    reader.slides("weight", 2)
    assert reader.shown() == {"Alpha", "Beta", "Gamma", "Island", "Hub", "Bridge"}
    expect(reader.counts).to_have_text(all_of(6, 1))


def test_the_size_of_a_node_says_what_is_chosen(reader: Reader) -> None:
    reader.opens(small())

    def sizes() -> list[float]:
        circles = ElementTree.fromstring(reader.saves("svg")).iter(f"{SVG}circle")
        return sorted({float(circle.get("r", "")) / reader.camera[2] for circle in circles if circle.get("fill") != "none"})

    assert sizes() == pytest.approx([draw.size(papers) for papers in (1, 2, 9, 40)], abs=0.02)
    reader.page.locator("#measure").select_option("alike")
    assert sizes() == pytest.approx([8], abs=0.02)
    expect(reader.page.locator("#sizes")).to_be_hidden()
    reader.page.locator("#measure").select_option("edges")
    assert sizes() == pytest.approx([draw.size(4 * edges) for edges in (1, 2, 3)], abs=0.02)
    expect(reader.page.locator("#sizes")).to_have_attribute("aria-label", "Size key: 1, 5, 25 edges")


def ticked(reader: Reader) -> None:
    reader.ticks("method")


def dated(reader: Reader) -> None:
    reader.page.locator("#year-from").fill("2021")
    reader.page.locator("#year-from").press("Enter")
    reader.page.locator("#canvas").focus()


def slid(reader: Reader) -> None:
    box = reader.page.locator("#score").bounding_box()
    assert box
    reader.page.mouse.move(box["x"] + 8, box["y"] + box["height"] / 2)
    reader.page.mouse.down()
    reader.page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2, steps=5)
    reader.page.mouse.up()


@pytest.mark.parametrize("change", [ticked, dated, slid])
def test_a_filter_is_taken_back_by_a_key(reader: Reader, change: Callable[[Reader], None]) -> None:
    reader.opens(small())
    change(reader)
    assert reader.counts.inner_text() != "13 of 14 nodes, 13 of 15 edges"
    reader.presses("u")
    expect(reader.counts).to_have_text(all_of(13, 13))


def test_a_link_may_hide_everything(reader: Reader, engine: str) -> None:
    reader.opens(View(small().graph, "Small"), "off=paper+method+dataset+benchmark+task+metric", camera=False)
    expect(reader.page.locator("#empty")).to_be_visible()
    reader.presses("1", "2", "f")
    expect(reader.page.locator("#empty")).to_be_hidden()


def test_when_nothing_is_left_the_page_says_how_to_go_back(reader: Reader) -> None:
    view = small()
    reader.opens(View(view.graph, "Small"))
    reader.ticks("paper", "method", "dataset", "benchmark", "metric")
    expect(reader.page.locator("#empty")).to_have_text("Every node is hidden. Switch a type on under Nodes, or press U to undo.")
    reader.presses("f", *"uuuuu")
    expect(reader.page.locator("#empty")).to_be_hidden()


def test_a_graph_of_nothing_says_so(reader: Reader) -> None:
    reader.file.write_text(draw.page(View(Graph(), "Nothing")), encoding="utf-8")
    reader.goes("")
    expect(reader.page.locator("#empty")).to_have_text("There is nothing to draw: no names, and no papers that share any.")
    expect(reader.counts).to_have_text("0 nodes, 0 edges")


# -- keys --------------------------------------------------------------------------------------------------------------------------


def test_digits_switch_types(reader: Reader) -> None:
    reader.opens(small())
    for key, kind in enumerate(("paper", "method", "dataset", "benchmark", "task", "metric"), 1):
        tick = reader.page.locator(f"#legend input[value={kind}]")
        reader.presses(str(key))
        expect(tick).not_to_be_checked()
        reader.presses(str(key))
        expect(tick).to_be_checked()


def test_arrows_go_to_the_nearest_node_that_way(reader: Reader, engine: str) -> None:
    reader.opens(small())
    reader.page.locator("#canvas").focus()
    for key, axis, sign in (("ArrowRight", "x", 1), ("ArrowLeft", "x", -1), ("ArrowUp", "y", -1), ("ArrowDown", "y", 1)):
        reader.finds("hub")
        reader.presses(key)
        name = reader.page.locator("#said").inner_text().split(",")[0]
        assert sign * (reader.nodes[name][axis] - reader.nodes["Hub"][axis]) > 0
    reader.presses("Enter")
    expect(reader.heading).to_have_text(name)


def test_tab_goes_by_rank_and_escape_lets_it_leave(reader: Reader) -> None:
    reader.opens(small())
    reader.page.locator("#canvas").focus()
    said = reader.page.locator("#said")
    for key, name in (("Tab", "Bridge"), ("Tab", "Accuracy"), ("Shift+Tab", "Bridge")):
        reader.presses(key)
        expect(said).to_have_text(re.compile(f"^{name}, "))
    reader.presses("Escape", "Tab")
    expect(reader.page.locator("#zoom-out")).to_be_focused()


def test_tab_leaves_after_the_last_node(reader: Reader) -> None:
    reader.opens(small())
    reader.page.locator("#canvas").focus()
    reader.presses("Escape", "ArrowUp", *(["Tab"] * NODES))
    expect(reader.page.locator("#canvas")).not_to_be_focused()


def test_brackets_step_through_the_edges_of_a_node(reader: Reader) -> None:
    reader.opens(small())
    first, second, third = "alpha introduces hub", "hub based_on bridge", "beta uses hub"
    for key, words in (("]", first), ("]", second), ("]", third), ("]", first), ("[", third)):
        reader.presses(key)
        expect(reader.panel.locator("blockquote").first).to_contain_text(words)
        expect(reader.page.locator("#said")).to_have_text(re.compile("^Selected: "))


def test_the_keys_are_listed(reader: Reader) -> None:
    reader.opens(small())
    reader.presses("?")
    expect(reader.panel.locator(".keys")).to_be_in_viewport()
    for key in ("/", "Tab", "Enter", "[", "]", "Space", "P", "H", "U", "1", "6", "F", "?", "Esc"):
        expect(reader.panel.locator(".keys kbd").get_by_text(key, exact=True)).to_be_visible()


def test_keys_zoom_and_fit(reader: Reader, engine: str) -> None:
    reader.page.emulate_media(reduced_motion="reduce")
    scale = reader.opens(small()).camera[2]

    def zoomed(to: float) -> None:
        reader.moved(f"Math.abs(scale - {to}) < 0.02")

    reader.presses("+")
    zoomed(1.2 * scale)
    reader.presses("-", "-")
    zoomed(scale / 1.2)
    reader.page.locator("#zoom-in").click()
    zoomed(scale)
    for _ in range(20):
        reader.page.locator("#zoom-in").click()
    zoomed(4)
    for _ in range(35):
        reader.page.locator("#zoom-out").click()
    zoomed(0.1 if engine == "vis" else 0.01)  # where many nodes are, they lie farther apart
    reader.presses("f")
    reader.moved(f"scale > {scale}")
    box = reader.page.locator("#canvas").bounding_box()
    assert box
    for x, y in map(reader.spot, reader.nodes):
        assert box["x"] < x < box["x"] + box["width"]
        assert box["y"] < y < box["y"] + box["height"]


def test_the_wheel_zooms_to_the_pointer(reader: Reader, engine: str) -> None:
    reader.opens(small())
    x, y = reader.spot("Bench")
    reader.page.mouse.move(x, y)
    reader.page.mouse.wheel(0, -300)
    reader.moved(f"scale > {1.15 * reader.camera[2]}")  # as far as one step of the wheel goes
    assert reader.spot("Bench") == pytest.approx((x, y), abs=5)


def test_escape_closes_the_menu_alone(reader: Reader) -> None:
    reader.opens(small())
    reader.page.locator("#export summary").click()
    reader.presses("Escape")
    expect(reader.page.locator("#export button[value=svg]")).to_be_hidden()
    expect(reader.page.locator("#export summary")).to_be_focused()
    expect(reader.heading).to_have_text("Hub")


def test_keys_do_nothing_while_a_field_has_the_focus(reader: Reader) -> None:
    reader.opens(small())
    reader.page.locator("#search").press_sequentially("h1u")
    expect(reader.page.locator("#search")).to_have_value("h1u")
    expect(reader.counts).to_have_text(all_of(13, 13))
    reader.page.locator("#canvas").focus()
    reader.presses("Control+h", "Alt+1", "Meta+u")
    expect(reader.counts).to_have_text(all_of(13, 13))


# -- list, theme, phone ------------------------------------------------------------------------------------------------------------


def test_the_same_as_tables(reader: Reader) -> None:
    reader.opens(small())
    reader.page.get_by_role("button", name="As a list").click()
    nodes, edges = reader.page.locator("#list table").all()
    assert nodes.locator("thead th").all_inner_texts() == ["Name", "Type", "Date", "Papers", "Edges"]
    assert nodes.locator("tbody tr").first.locator("td").all_inner_texts() == ["Hub", "method", "", "40", "3"]
    assert edges.locator("tbody tr").first.locator("td").all_inner_texts() == ["Hub", "based on", "Bridge", "0.90", "Sentence of alpha: hub based_on bridge."]
    expect(nodes.locator("tbody tr")).to_have_count(13)
    expect(edges.locator("tbody tr")).to_have_count(13)
    reader.ticks("method")
    expect(nodes.locator("tbody tr")).to_have_count(8)
    edges.get_by_role("button", name="evaluates on").click()
    expect(reader.heading).to_have_text("evaluates on")
    reader.page.get_by_role("button", name="As a list").click()
    expect(nodes).to_be_hidden()


def test_a_long_table_is_shown_in_parts(reader: Reader) -> None:
    reader.opens(View(many(1200), "Many"), camera=False)
    reader.page.get_by_role("button", name="As a list").click()
    rows = reader.page.locator("#list table").first.locator("tbody tr")
    expect(rows).to_have_count(500)
    reader.page.get_by_role("button", name="700 more rows").click()
    expect(rows).to_have_count(1200)


def test_the_theme_changes_the_colours_of_the_picture(reader: Reader, engine: str) -> None:
    reader.opens(small())
    theme = reader.page.locator("#theme")
    grounds = []
    for name in ("light", "dark", "auto"):
        theme.click()
        expect(theme).to_have_text(f"Theme: {name}")
        grounds.append(ElementTree.fromstring(reader.saves("svg"))[0].get("fill"))
    assert grounds == ["rgb(252, 252, 250)", "rgb(21, 22, 24)", "rgb(252, 252, 250)"]
    reader.page.emulate_media(color_scheme="dark")  # auto
    assert ElementTree.fromstring(reader.saves("svg"))[0].get("fill") == "rgb(21, 22, 24)"


def test_the_theme_is_remembered(reader: Reader) -> None:
    reader.opens(small()).page.locator("#theme").click()
    reader.goes("")
    expect(reader.page.locator("#theme")).to_have_text("Theme: light")


@pytest.mark.parametrize("name", ["around", "communities", "lineage"])
def test_on_a_phone_nothing_scrolls_sideways(reader: Reader, sample_graph: Path, name: str) -> None:
    reader.page.set_viewport_size({"width": 390, "height": 844})
    reader.opens(drawn(sample_graph, **{name: True if name == "communities" else "LoRA"}), camera=False)
    reader.finds("lora")
    for words in ("As a list", "Export"):
        reader.page.locator("header").get_by_text(words).click()
        assert reader.page.evaluate("document.documentElement.scrollWidth") <= 390
    canvas, panel, legend = (reader.page.locator(f"#{part}").bounding_box() for part in ("canvas", "panel", "legend"))
    assert canvas
    assert panel
    assert legend
    assert canvas["y"] < legend["y"] < panel["y"]
    assert canvas["height"] == pytest.approx(0.62 * 844, abs=2)


# -- saving ------------------------------------------------------------------------------------------------------------------------


def test_the_picture_is_saved_as_svg(reader: Reader, engine: str) -> None:
    reader.opens(small())
    reader.presses("Escape")
    svg = ElementTree.fromstring(reader.saves("svg"))
    assert svg.tag == f"{SVG}svg"
    tags = [element.tag.partition("}")[2] for element in svg]
    assert tags.count("circle") == 6  # methods
    assert {"Hub", "Alpha 2020", "Bench"} <= {element.text for element in svg}


def test_the_picture_is_saved_as_png(reader: Reader, engine: str) -> None:
    reader.opens(small())
    png = reader.saves("png")
    box = reader.page.locator("#canvas").bounding_box()
    assert box
    assert png[:16] == b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
    assert [int.from_bytes(png[i : i + 4], "big") for i in (16, 20)] == [2 * box["width"], 2 * box["height"]]
    assert png[-8:-4] == b"IEND"


def test_what_is_selected_is_saved_as_json(reader: Reader) -> None:
    reader.opens(small())
    saved = json.loads(reader.saves("json"))
    assert (saved["title"], saved["command"]) == ("Small", "kg view --around Hub")
    assert [node["id"] for node in saved["nodes"]] == ["hub", "bridge", "alpha", "beta"]
    assert saved["nodes"][0] == {"id": "hub", "kind": "method", "name": "Hub", "papers": 40, "generic": False, "aliases": ["HB", "Hub of hubs"]}
    based = next(edge for edge in saved["edges"] if edge["role"] == "based_on")
    assert based["papers"] == 2
    assert based["evidence"][1] == {
        "paper": "beta", "title": "Beta", "field": "abstract", "sentence": "Sentence of beta: hub based_on bridge.", "marks": [[18, 21], [31, 37]],
    }  # fmt: skip
    reader.clicks_between("Hub", "Bridge")
    saved = json.loads(reader.saves("json"))
    assert (len(saved["nodes"]), len(saved["edges"])) == (2, 1)
    reader.presses("Escape")
    saved = json.loads(reader.saves("json"))
    assert (len(saved["nodes"]), len(saved["edges"])) == (13, 13)
    by_key(reader)
    saved = json.loads(reader.saves("json"))
    assert [node["id"] for node in saved["nodes"]] == ["leaf", "alpha", "rarity", "beta", "accuracy"]
    assert len(saved["edges"]) == 4


def test_the_edges_are_saved_as_csv(reader: Reader) -> None:
    reader.opens(small())
    reader.presses("Escape")
    text = reader.saves("csv").decode()
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert len(rows) == 13
    assert rows[0] == {
        "source": "hub", "source_name": "Hub", "source_kind": "method", "role": "based_on", "target": "bridge", "target_name": "Bridge",
        "target_kind": "method", "score": "0.9", "papers": "2", "paper": "alpha", "sentence": "Sentence of alpha: hub based_on bridge.",
    }  # fmt: skip


def test_a_spreadsheet_takes_no_text_for_a_formula(reader: Reader) -> None:
    graph = Graph()
    paper(graph, "=1+1")
    for name in ("+1", "-1", "@SUM(A1)", "\t=1"):
        entity(graph, "method", name)
        fact(graph, "=1+1", "uses", name.lower(), sentence="=HYPERLINK(1)", marks=[])
    reader.opens(View(graph, "Formulas"))
    rows = list(csv.DictReader(io.StringIO(reader.saves("csv").decode(), newline=""), strict=True))
    texts = [cell for row in rows for name, cell in row.items() if name not in ("score", "papers")]
    assert len(rows) == 4
    assert not [text for text in texts if text[:1] in "=+-@\t\r"]


def runs_in(server: Server, statements: str) -> tuple[int, int]:
    """Run statements one by one, each a line; return how many nodes and relations there are then."""
    with GraphDatabase.driver(server.uri, auth=server.auth) as driver, driver.session(database="neo4j") as session:
        for line in statements.splitlines():
            session.run(line).consume()
        (nodes,), (edges,) = (session.run(f"MATCH {pattern} RETURN count(*)").values()[0] for pattern in ("()", "()-[]->()"))
        return nodes, edges


def test_what_is_shown_is_saved_as_cypher_that_runs_twice(reader: Reader, clean_neo4j: Server, sample_graph: Path) -> None:
    reader.opens(drawn(sample_graph, benchmark="GSM8K"))
    reader.presses("Escape")
    statements, shown = reader.saves("cypher").decode(), json.loads(reader.saves("json"))
    for _ in range(2):
        assert runs_in(clean_neo4j, statements) == (len(shown["nodes"]), len(shown["edges"]))


# -- the address -------------------------------------------------------------------------------------------------------------------


def seen(page: Page) -> dict[str, Any]:
    """Return all that is to be seen on a page: the picture, the panel, the legend."""
    page.mouse.move(2, 2)  # off the picture: nothing is lit by the pointer
    legend = page.locator("#legend :is(input, select)").evaluate_all("fields => fields.map((field) => [field.id, field.value, field.checked])")
    words = {part: page.locator(f"#{part}").inner_text() for part in ("panel", "counts")}
    return {"legend": legend, **words, "picture": Reader(page, Path()).saves("svg")}


def same(reader: Reader, browser: Browser) -> None:
    """Check that the address opens what is on the page now."""
    other = browser.new_page(viewport={"width": 1280, "height": 800})
    other.goto(reader.page.url)
    other.wait_for_function("() => window.kgReady")
    assert seen(other) == seen(reader.page)
    other.close()


@pytest.mark.parametrize("name", ["around", "lineage", "communities"])
def test_a_page_that_nobody_touched_has_a_plain_address(reader: Reader, engine: str, sample_graph: Path, name: str) -> None:
    reader.opens(drawn(sample_graph, **{name: True if name == "communities" else "LoRA"}), camera=False)
    reader.page.wait_for_function("() => performance.now() > window.kgReady + 800")  # long enough for a late change
    assert "#" not in reader.page.url.rstrip("#")


def test_reading_is_no_move(reader: Reader) -> None:
    reader.opens(small(), camera=False)
    reader.presses("]")
    assert "view" not in reader.address("edge=")


def changed(reader: Reader) -> None:
    reader.ticks("metric", "compares", "generic")
    reader.page.locator("#year-to").fill("2022")
    reader.slides("score", 55)
    reader.slides("degree", 1)
    reader.page.locator("#measure").select_option("edges")
    reader.address("off=compares+metric", "years=-2022", "score=0.55", "degree=1", "size=edges")


def weighed(reader: Reader) -> None:
    reader.slides("weight", 2)
    reader.address("weight=2")


def folded(reader: Reader) -> None:
    reader.page.mouse.dblclick(*reader.spot("Alpha"))
    reader.address("fold=alpha", "at=alpha")


def folded_and_filtered(reader: Reader) -> None:
    reader.page.mouse.dblclick(*reader.spot("Alpha"))
    reader.ticks("introduces", "compares")
    reader.slides("score", 85)
    reader.address("fold=alpha", "off=compares", "score=0.85")


def folded_and_hid(reader: Reader) -> None:
    reader.page.mouse.dblclick(*reader.spot("Beta"))
    reader.clicks("Alpha")
    reader.presses("h")
    reader.address("fold=beta", "hide=alpha")


def hid(reader: Reader) -> None:
    reader.clicks("Beta")
    reader.presses("h")
    reader.address("hide=beta")


def selected(reader: Reader) -> None:
    reader.clicks("Bench")
    reader.address("at=bench")


def selected_an_edge(reader: Reader) -> None:
    reader.clicks_between("Hub", "Bridge")
    reader.address("edge=")


def selected_nothing(reader: Reader) -> None:
    reader.presses("Escape")
    reader.address("at=")


def marked_a_second(reader: Reader) -> None:
    reader.clicks("Leaf")
    reader.clicks("Accuracy", "Shift")
    reader.address("at=leaf", "to=accuracy")


def walked(reader: Reader) -> None:
    by_key(reader)
    reader.does("Next path")
    reader.address("at=leaf", "to=accuracy", "path=1")


CHANGES = [changed, weighed, folded, folded_and_filtered, folded_and_hid, hid, selected, selected_an_edge, selected_nothing, marked_a_second, walked]


@pytest.mark.parametrize("change", CHANGES)
def test_a_link_shows_the_same(reader: Reader, browser: Browser, change: Callable[[Reader], None]) -> None:
    change(reader.opens(small()))
    same(reader, browser)


def test_a_link_shows_the_same_place(reader: Reader, engine: str) -> None:
    reader.page.emulate_media(reduced_motion="reduce")
    reader.opens(small())
    reader.finds("beta")
    reader.page.locator("#zoom-in").click()
    reader.moved(f"Math.abs(scale - {1.2 * reader.camera[2]}) < 0.01")
    places = []
    for _ in range(2):
        circles = ElementTree.fromstring(reader.saves("svg")).iter(f"{SVG}circle")
        places.append([float(circle.get(name, "")) for circle in circles for name in ("cx", "cy", "r")])
        reader.goes(reader.page.evaluate("location.hash.slice(1)"))
    assert places[0] == pytest.approx(places[1], abs=2)


def test_a_link_shows_the_same_open_communities(reader: Reader, browser: Browser, sample_graph: Path) -> None:
    reader.opens(drawn(sample_graph, communities=True))
    reader.page.mouse.dblclick(*reader.spot(next(name for name, node in reader.nodes.items() if node["kind"] == "community")))
    reader.address("open=community")
    same(reader, browser)


def test_another_fragment_in_the_same_page_is_followed(reader: Reader) -> None:
    reader.opens(small(), "at=beta&off=metric", camera=False)
    for fragment, name in (("", "Hub"), ("at=alpha", "Alpha"), ("off=metric", "Hub")):
        reader.page.evaluate("fragment => { location.hash = fragment; }", fragment)
        expect(reader.heading).to_have_text(name)
    expect(reader.page.locator("#legend input[value=metric]")).not_to_be_checked()


FRAGMENTS = [
    "at=nobody&fold=nobody&hide=nobody&open=nobody&edge=nobody&to=nobody",
    "at=__proto__&fold=constructor&hide=toString&edge=__proto__&off=__proto__+constructor",
    "score=NaN&degree=-5&weight=Infinity&years=20x0-y&size=huge&path=-3&view=a+b+c",
    "score=1e999&degree=1e308&weight=-0&years=9999-0000&path=1e9&at=leaf&to=accuracy",
    "view=1e308+-1e308+1e-308",
    "view=NaN+0+1",
    "view=0+0+1e308",
    "view=0+0+-1",
    "%&%zz&=&==&%00=%00&at=%E0%A4%A&&&",
    "at=<script>window.owned=1</script>&off=<img src=x onerror=window.owned=1>",
    "to=leaf&at=hub&path=999&fold=hub&fold=hub&open=hub&hide=alpha&hide=beta",
    "off=paper+method+dataset+benchmark+task+metric+introduces+uses",
    "a" * 100_000,
    "hide=" + "x" * 100_000,
    "&".join(f"fold=alpha&hide={i}" for i in range(8_000)),
]


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=range(len(FRAGMENTS)))
def test_a_hostile_fragment_does_no_harm(reader: Reader, engine: str, fragment: str) -> None:
    reader.opens(small())
    reader.goes(fragment)
    reader.finds("alpha")
    expect(reader.heading).to_have_text("Alpha")
    reader.presses("f", "Escape", "+")
    reader.moved("Math.max(Math.abs(x), Math.abs(y), scale) < 1e4")
    assert reader.page.evaluate("window.owned") is None
    assert "Alpha" in reader.shown()


# -- two views ---------------------------------------------------------------------------------------------------------------------


def test_a_community_opens_by_a_double_click(reader: Reader, engine: str, sample_graph: Path) -> None:
    reader.opens(drawn(sample_graph, communities=True))
    name, host = max(((name, node) for name, node in reader.nodes.items() if node["kind"] == "community"), key=lambda item: item[1]["papers"])
    members = {n for n, node in reader.nodes.items() if node["inside"] == host["id"]}
    before = reader.shown()
    assert not members & before
    assert f"+{len(members)}" in reader.sees()
    reader.page.mouse.dblclick(*reader.spot(name))
    expect(reader.heading).to_have_text(name)
    assert reader.shown() == before | members
    for member in members:
        assert max(abs(reader.nodes[member][axis] - host[axis]) for axis in "xy") < 2 * draw.UNIT
    reader.does(f"Unfold {len(members)}" if reader.panel.get_by_role("button", name="Unfold").count() else f"Fold {len(members)}")
    assert reader.shown() == before


def test_a_member_of_a_closed_community_is_found(reader: Reader, sample_graph: Path) -> None:
    reader.opens(drawn(sample_graph, communities=True))
    member = next(name for name, node in reader.nodes.items() if node["inside"])
    reader.finds(member)
    expect(reader.heading).to_have_text(member)
    assert member in reader.shown()


def test_a_lineage_stands_in_layers(reader: Reader, sample_graph: Path) -> None:
    view = drawn(sample_graph, lineage="LoRA")
    reader.opens(view)
    assert view.layers
    layers = [{node["x"] for node in reader.nodes.values() if view.layers[node["id"]] == level} for level in sorted(set(view.layers.values()))]
    assert len(layers) > 2
    assert all(max(left) < min(right) for left, right in pairwise(layers))  # ancestors left, descendants right
    reader.presses("Escape")
    assert "LoRA 2021" in reader.sees()  # the year it was first named in


# -- both engines draw alike -------------------------------------------------------------------------------------------------------


def test_every_role_can_be_seen(reader: Reader, browser: Browser, engine: str) -> None:
    """Each line, in the middle of its length, differs from the ground."""
    graph = Graph()
    roles = ["introduces", "evaluates_on", "uses", "compares", "mentions", "based_on"]
    for i, role in enumerate(roles):
        (paper if role != "based_on" else lambda *given: entity(given[0], "method", given[1]))(graph, f"From {i}")
        entity(graph, "method", f"To {i}")
        fact(graph, f"from {i}", role, f"to {i}")
    html = draw.page(View(graph, "Roles"))
    found = DATA.search(html)
    assert found
    data = json.loads(found[1])
    for node in data["nodes"]:
        node["x"], node["y"] = (0 if node["name"].startswith("From") else 300), 60 * int(node["name"][-1])
    written = json.dumps(data).replace("<", "\\u003c")
    reader.opens(html[: found.start(1)] + written + html[found.end(1) :])
    reader.page.mouse.move(2, 2)
    reader.page.evaluate("() => new Promise((does) => requestAnimationFrame(() => requestAnimationFrame(does)))")
    png = b64encode(reader.page.screenshot()).decode()
    other = browser.new_page()
    contrast = """async ([png, x, y]) => {
        const image = await createImageBitmap(new Blob([Uint8Array.from(atob(png), (c) => c.charCodeAt(0))]));
        const ctx = new OffscreenCanvas(image.width, image.height).getContext("2d");
        ctx.drawImage(image, 0, 0);
        const { data } = ctx.getImageData(x - 12, y - 4, 24, 8);
        return Math.max(...[...data].filter((_, i) => i % 4 === 0).map((red) => 252 - red));
    }"""
    seen = {}
    for i, role in enumerate(roles):
        (ax, ay), (bx, by) = reader.spot(f"From {i}"), reader.spot(f"To {i}")
        seen[role] = other.evaluate(contrast, [png, round((ax + bx) / 2), round((ay + by) / 2)])
    other.close()
    assert min(seen.values()) > 30, seen


# -- time --------------------------------------------------------------------------------------------------------------------------


def many(count: int) -> Graph:
    """Return a made-up graph, half papers and half methods, with three edges a node."""
    chance, graph = random.Random(5), Graph()
    for i in range(count):
        if i < count // 2:
            paper(graph, f"Paper {i}", 2024)
        else:
            entity(graph, "method", f"Method {i}", chance.randint(1, 90))
    for _ in range(3 * count):
        fact(graph, f"paper {chance.randrange(count // 2)}", "uses", f"method {chance.randrange(count // 2, count)}", chance.random())
    return graph


@pytest.mark.parametrize(("count", "engine_name", "milliseconds"), [(500, "vis", 1000), (2_000, "vis", 2000), (10_000, "sigma", 4000)])
def test_many_nodes_are_drawn_quickly(reader: Reader, count: int, engine_name: str, milliseconds: int) -> None:
    html = draw.page(View(many(count), f"{count:,} nodes"))
    assert f'"engine": "{engine_name}"' in html
    reader.opens(html, camera=False)
    assert reader.page.evaluate("window.kgReady") < milliseconds
    expect(reader.counts).to_contain_text(f"{count:,} nodes")


# -- hostile text ------------------------------------------------------------------------------------------------------------------

RUN = "window.owned=1"
EVIL = "http://evil.example"
HOSTILE = [
    # elements that run scripts or ask for something
    f"<script>{RUN}</script>", f"</script><script>{RUN}</script>", f"</SCRIPT ><ScRiPt>{RUN}</sCrIpT\t>", f"<script>{RUN}//",
    f"<script type=module>{RUN}</script>", f"<scr<script>ipt>{RUN}</scr</script>ipt>", f"<script src={EVIL}/a.js></script>",
    f"<script src=data:text/javascript,{RUN}></script>", f"<svg><script>{RUN}</script></svg>", f"<svg><script href=data:,{RUN} />", f"<svg onload={RUN}>",
    f"<svg/onload={RUN}>", f"<svg><animate onbegin={RUN} attributeName=x dur=1s>", f"<svg><use href='data:image/svg+xml,<svg id=x onload={RUN}/>#x'/>",
    f"<svg><foreignObject><img src=x onerror={RUN}></foreignObject></svg>", f"<math><mtext><img src=x onerror={RUN}></mtext></math>",
    f"<img src=x onerror={RUN}>", f"<img src='x' onerror='{RUN}'>", f'<img src="x" onerror="{RUN}">', f"<image src=x onerror={RUN}>",
    f"<img src={EVIL}/pixel.gif>", f"<img srcset={EVIL}/pixel.gif>", f"<body onload={RUN}>", f"<input autofocus onfocus={RUN}>",
    f"<select autofocus onfocus={RUN}>", f"<textarea autofocus onfocus={RUN}>", f"<details open ontoggle={RUN}>", f"<video><source onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}>", f"<marquee onstart={RUN}>", f"<p onpointerenter={RUN} onanimationstart={RUN} style='animation:x 1s'>",
    f"<iframe src='javascript:parent.{RUN}'></iframe>", "<iframe srcdoc='<script>parent.owned=1</script>'></iframe>", f"<iframe src={EVIL}></iframe>",
    f"<object data='javascript:{RUN}'></object>", f"<embed src={EVIL}/a.swf>", f"<form action='javascript:{RUN}'><button autofocus>", f"<base href={EVIL}/>",
    f"<link rel=stylesheet href={EVIL}/a.css>", f"<link rel=prefetch href={EVIL}/>", f"<meta http-equiv=refresh content='0;url={EVIL}/'>",
    f"<style>@import '{EVIL}/a.css'</style>", f"<style>*{{background:url({EVIL}/)}}</style>", f"<div style='background:url({EVIL}/)'>",
    f"<a href='javascript:{RUN}'>x</a>", f"<a href={EVIL}/ ping={EVIL}/ping>x</a>", f"<template><script>{RUN}</script></template>", f"<portal src={EVIL}>",
    f'<noscript><p title="</noscript><img src=x onerror={RUN}>">', "<plaintext>", "<xmp>", "</bdi></h2></body></html>", f"</title><script>{RUN}</script>",
    f"</style><script>{RUN}</script>", f"</textarea><script>{RUN}</script>", f"</template><script>{RUN}</script>",
    # comments, sections, entities
    "<!--", f"<!--<script>{RUN}</script>-->", f"--!><script>{RUN}</script>", "<!-- <script>", f"<![CDATA[<script>{RUN}</script>]]>",
    f"]]><script>{RUN}</script>", "<?xml version='1.0'?>", "<!DOCTYPE x [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>&x;", f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&#60;script&#62;{RUN}", f"&#x3c;img src=x onerror={RUN}&#x3e;", "&#0;&#xd800;", "&amp;amp;quot;",
    # out of a quote
    f'" onmouseover={RUN} x="', f"' onmouseover='{RUN}", f"` onmouseover={RUN} `", f'"><svg onload={RUN}>', f"'><img src=x onerror={RUN}>", f'");{RUN}//',
    f"');{RUN}//", f'\\";{RUN}//', "\\", '"', "'", "`",
    # addresses
    f"javascript:{RUN}", f"JaVaScRiPt:{RUN}", f" javascript:{RUN}", f"\x01javascript:{RUN}", f"java\tscript:{RUN}", f"java\nscript:{RUN}",
    f"javascript://example.org/%0a{RUN}", f"javascript&colon;{RUN}", f"data:text/html,<script>{RUN}</script>",
    "data:text/html;base64,PHNjcmlwdD53aW5kb3cub3duZWQ9MTwvc2NyaXB0Pg==", "vbscript:MsgBox(1)", "file:///etc/passwd", "blob:null/1", "ftp://evil.example/",
    "about:blank", "//evil.example/", "http:evil.example", "http:\\\\evil.example", f'{EVIL}/" onclick="{RUN}', f"{EVIL}/<script>{RUN}</script>",
    "https://user:pass@evil.example/#\u202e", "mailto:a@evil.example",
    # templates and names that mean something to a language
    "{{ 7 * 7 }}", "{% raw %}", f"{{{{constructor.constructor('{RUN}')()}}}}", f"${{{RUN}}}", f"`${{{RUN}}}`", "<%= 7 * 7 %>", "#{7*7}", "%s%n%x", "__proto__",
    "constructor", "toString", "undefined", "null", "NaN",
    # letters that are not what they seem
    f"\u2028{RUN}\u2029", "\u202egnirts\u202c", "\u2066\u2067\u2068a\u2069", "\ufeffbom\u200b\u200d", "nul\0nul", "\x1b[31mred\x07", "bell\x08\x0b\x0c\x7f\x85",
    "\ufffe\uffff", "a\r\nb\rc", " \t\n ", "＜script＞", "e" + "\u0301" * 300, "👩\u200d👩\u200d👧", "אבג ابج", "\U000e0041\U000e0042", "\\u003cscript\\u003e",
    "\\x3cscript\\x3e",
    # statements, tables, sheer length
    "'; DROP TABLE Paper; --", '"}) DETACH DELETE n //', "\\u0022}) DETACH DELETE n //", "\\\\u0022 \\u005c\\u0022", "=cmd|' /C calc'!A0", "@SUM(A1)", "\t=1+1",
    'a,"b"\r\n;c|d', "<b>" * 200,
]  # fmt: skip


def hostile() -> View:
    """Return a view in which all that came from outside is hostile: names, reasons, ids, addresses, sentences, dates, authors."""
    graph = Graph()
    for i, text in enumerate(HOSTILE):
        dated = {"url": text, "date": text, "year": 2020 if i % 2 else None}
        graph.add_node(text, kind="paper", name=text, authors=[text], **dated)
        names = {"aliases": [text, f"{text}s"], "reasons": [text, text], "apart": [text, f"{text}: {text}"], "apart_reasons": [text, text]}
        graph.add_node(f"method:{text}", kind="method", name=f"{text}s", generic=False, papers=i, **names)
    for i, text in enumerate(HOSTILE):
        told = {"paper": text, "title": text, "url": text, "field": text, "score": 0.5}
        told |= {"sentence": text, "marks": [(0, len(text)), (0, 1)], "further": [text, f"{text} {text}"]}
        for other in (text, HOSTILE[i - 1]):
            graph.add_edge(text, f"method:{other}", key="uses", role="uses", **told)
        graph.add_edge(f"method:{text}", f"method:{HOSTILE[i - 1]}", key=text, role="scored", value=text, **told)
    return View(graph, HOSTILE[1], centre=HOSTILE[0], left_out=HOSTILE[2], larger=5, asked={"around": HOSTILE[0]})


WALK = """([table, column]) => {
    const shown = [];
    for (const button of document.querySelectorAll(`#list table:nth-of-type(${table}) tbody td:nth-child(${column}) button`)) {
        button.click();
        for (const more of document.querySelectorAll("#panel details, #panel .quote button")) more.open = true, more.click();
        shown.push(document.querySelector(column === 1 ? "#panel h2" : "#panel blockquote").textContent);
        const links = [...document.querySelectorAll("a[href]")].filter((link) => link.getAttribute("href") !== "#panel");
        if (links.some((link) => !["http:", "https:"].includes(link.protocol))) throw Error(`a link from ${shown.at(-1)}`);
    }
    return shown;
}"""
"""Clicks on each row of a table, in a column, and returns what the panel shows of it."""
NODES_BY_NAME, EDGES_BY_ROLE = (1, 1), (2, 2)
FOREIGN = "img, image, iframe, object, embed, form, base, link, video, audio, math, foreignObject, marquee, animate, portal, [onload], [onerror], [onclick]"


def harmless(page: Page) -> None:
    """Check that nothing ran and that no text became an element. What was asked for, and dialogs, the page itself tells."""
    assert page.evaluate("window.owned") is None
    assert page.evaluate("({}).owned") is None
    assert page.locator(FOREIGN).count() == 0
    assert page.locator("script").count() == 3
    assert page.locator("style").count() == 1


def test_there_are_enough_hostile_strings() -> None:
    assert len(set(HOSTILE)) == len(HOSTILE) >= 100


def test_hostile_text_is_shown_and_never_runs(reader: Reader, engine: str) -> None:
    page = reader.page
    page.emulate_media(reduced_motion="reduce")
    reader.opens(hostile(), camera=False)
    harmless(page)
    assert reader.panel.locator("h2").text_content() == HOSTILE[0]
    page.get_by_role("button", name="As a list").click()
    assert sorted(page.evaluate(WALK, NODES_BY_NAME)) == sorted([*HOSTILE, *(f"{text}s" for text in HOSTILE)])
    assert set(page.evaluate(WALK, EDGES_BY_ROLE)) == set(HOSTILE)
    harmless(page)
    page.get_by_role("button", name="As a list").click()
    for text in HOSTILE:
        page.locator("#search").fill(text[:30])
    harmless(page)
    reader.finds(HOSTILE[4])
    reader.presses("p")
    reader.finds(HOSTILE[8])
    expect(reader.heading).to_have_text(re.compile("Path of"))
    reader.presses("]", "Escape", "?", "Tab", "Enter", " ", "h", "u")
    harmless(page)
    reader.goes(page.evaluate("location.hash.slice(1)"))
    harmless(page)


def test_of_a_title_of_any_length_the_beginning_is_shown(reader: Reader, engine: str) -> None:
    graph = small().graph
    graph.nodes["alpha"]["name"] = title = "Long " * 20_000
    reader.opens(View(graph, title, centre="alpha"), camera=False)
    expect(reader.heading).to_have_text(re.compile("^(Long ){50}"))
    reader.page.get_by_role("button", name="As a list").click()
    reader.finds("beta")
    expect(reader.heading).to_have_text("Beta")
    reader.finds("long long")
    expect(reader.heading).to_have_text(re.compile("^(Long ){50}"))
    assert max(map(len, reader.sees())) < 40
    assert json.loads(reader.saves("json"))["title"] == title
    harmless(reader.page)


def test_hostile_text_is_saved_as_it_is(reader: Reader, engine: str) -> None:
    reader.opens(hostile(), "at=", camera=False)
    saved = json.loads(reader.saves("json"))
    assert {node["id"] for node in saved["nodes"]} == {*HOSTILE, *(f"method:{text}" for text in HOSTILE)}
    assert {said["sentence"] for edge in saved["edges"] for said in edge["evidence"]} >= set(HOSTILE)
    rows = list(csv.reader(io.StringIO(reader.saves("csv").decode(), newline=""), strict=True))
    assert {len(row) for row in rows} == {11}
    assert {row[10].removeprefix("'") for row in rows[1:]} == {text.removeprefix("'") for text in HOSTILE}
    assert reader.saves("png").startswith(b"\x89PNG")
    harmless(reader.page)


def test_a_saved_picture_is_well_formed_whatever_is_written_in_it(reader: Reader) -> None:
    texts = [text for text in HOSTILE if len(text) < 30]
    graph = Graph()
    for text in texts:
        entity(graph, "method", text, aliases=[])
    reader.opens(View(graph, "Names"))
    words = " ".join(reader.sees())
    assert "&amp;amp;quot;" in words
    assert "</title>" not in words


def test_hostile_text_in_saved_statements_stays_text(reader: Reader, clean_neo4j: Server) -> None:
    reader.opens(hostile(), "at=", camera=False)
    saved = json.loads(reader.saves("json"))
    assert runs_in(clean_neo4j, reader.saves("cypher").decode()) == (len(saved["nodes"]), len(saved["edges"]))
    with GraphDatabase.driver(clean_neo4j.uri, auth=clean_neo4j.auth) as driver:
        names = driver.execute_query("MATCH (n) RETURN coalesce(n.title, n.name)", database_="neo4j").records
        said = driver.execute_query("MATCH ()-[r]->() RETURN DISTINCT r.sentence", database_="neo4j").records
    assert sorted(name for (name,) in names) == sorted([*HOSTILE, *(f"{text}s" for text in HOSTILE)])
    assert {sentence for (sentence,) in said} == set(HOSTILE)


# -- the scripts -------------------------------------------------------------------------------------------------------------------


def test_the_scripts_are_put_together_from_their_sources() -> None:
    """If not: `make bundle`."""
    files = [VIZ / "package-lock.json", *(file for folder in ("shared", "picture", "explorer") for file in sorted((VIZ / folder).glob("*.js")))]
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    assert (VIZ / "bundle" / "sources.sha256").read_text(encoding="utf-8").strip() == digest


def test_the_locked_libraries_are_named_by_their_content_alone() -> None:
    locked = (VIZ / "package-lock.json").read_text(encoding="utf-8")
    assert "http" not in locked
    assert "resolved" not in locked
    packages = {name: held for name, held in json.loads(locked)["packages"].items() if name}
    assert all(held["integrity"].startswith("sha512-") for held in packages.values())


def test_the_licences_of_the_libraries_go_along() -> None:
    licences = (VIZ / "bundle" / "LICENSES.txt").read_text(encoding="utf-8")
    for name in ("sigma", "graphology", "graphology-utils", "events"):
        version = json.loads((VIZ / "package-lock.json").read_text(encoding="utf-8"))["packages"][f"node_modules/{name}"]["version"]
        _, found, text = licences.partition(f"{name} {version}, MIT\n")
        assert found
        assert "Permission is hereby granted, free of charge" in text[:400]
    assert licences.strip() in (VIZ / "bundle" / "sigma.js").read_text(encoding="utf-8")
