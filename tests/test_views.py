"""Pictures: what is chosen, what the page holds, and, in a real Chromium, what a reader sees."""

import json
import random
import re
from pathlib import Path

import networkx as nx
import pytest
from playwright.sync_api import Page

import kg
from kg import views
from kg.graph import Graph

HOSTILE = [
    "</script><script>window.owned = 1</script>",
    "<img src=x onerror='window.owned = 1'>",
    "{{ 7 * 7 }} {% raw %}",
    "\u2028window.owned = 1\u2029",
    "\u202egnirts \x1b[31m",
    '"><svg onload=window.owned=1>',
    "javascript:window.owned=1",
    "${window.owned = 1}`",
    "A" * 100_000,
]


def hostile_graph(texts: list[str]) -> Graph:
    graph: Graph = nx.MultiDiGraph()
    for i, text in enumerate(texts):
        graph.add_node(f"p{i}{text}", kind="paper", name=text, title=text, url=text, date=text)
        graph.add_node(f"e{i}{text}", kind="method", name=text, aliases=[text, "x" + text], generic=False, papers=3)
        fact = {"role": "uses", "paper": f"p{i}{text}", "sentence": text, "marks": [(0, 3)], "further": [text], "field": "title", "score": 0.5, "title": text}
        graph.add_edge(f"p{i}{text}", f"e{i}{text}", key="uses", **fact)
    return graph


def size(html: str) -> tuple[int, int]:
    data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)[1])  # type: ignore[index]
    return len(data["nodes"]), len(data["edges"])


def test_around_holds_the_entity_its_papers_and_what_they_share(sample_graph: Path) -> None:
    view = views.around_entity(sample_graph, "LoRA")
    papers = [n for n, d in view.graph.nodes(data=True) if d["kind"] == "paper"]
    assert view.centre == "method:lora"
    assert all(view.graph.has_edge(p, "method:lora") for p in papers)
    for entity in set(view.graph) - set(papers) - {"method:lora"}:
        named = [p for p in papers if view.graph.has_edge(p, entity)]
        assert len(named) > 1 or view.graph.has_edge(entity, "method:lora") or view.graph.has_edge("method:lora", entity)


def test_a_paper_is_drawn_with_papers_that_share_something(sample_graph: Path) -> None:
    view = views.of_paper(sample_graph, "QLoRA")
    centre = view.centre
    own = set(view.graph.successors(centre))
    assert all(set(view.graph.successors(p)) & own for p, d in view.graph.nodes(data=True) if d["kind"] == "paper" and p != centre)


@pytest.mark.parametrize("limit", [5, 20, 150])
def test_a_picture_is_bounded_and_says_what_it_leaves_out(pages_graph: Path, limit: int) -> None:
    for view in (views.around_entity(pages_graph, "LoRA", limit), views.of_paper(pages_graph, "PiSSA:", limit), views.overview(pages_graph, limit)):
        assert 0 < len(view.graph) <= limit
        if limit < 150:
            assert "--limit" in view.note


def test_the_same_graph_gives_the_same_page(sample_graph: Path) -> None:
    random.seed(1)
    first = kg.view(sample_graph, around="LoRA")
    random.seed(2)
    assert kg.view(sample_graph, around="LoRA") == first


def test_drawing_leaves_the_graph_alone(sample_graph: Path) -> None:
    view = views.overview(sample_graph)
    before = nx.MultiDiGraph(view.graph)
    views.draw(view)
    assert nx.utils.graphs_equal(before, view.graph)


def test_the_page_names_no_address_outside(sample_graph: Path) -> None:
    html = kg.view(sample_graph, around="LoRA")
    assert "default-src 'none'" in html
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", html.split('<script type="application/json"')[0])


def test_a_view_of_a_server_is_refused_in_one_line() -> None:
    with pytest.raises(kg.GraphError, match="folder"):
        kg.view("neo4j://localhost:7687", around="LoRA")


def test_search_click_and_read_the_evidence(page: Page, pages_graph: Path, tmp_path: Path) -> None:
    kg.view(pages_graph, around="LoRA", output=tmp_path / "lora.html")
    page.goto((tmp_path / "lora.html").as_uri())
    page.wait_for_function("window.kgReady")
    page.keyboard.press("/")
    page.keyboard.type("pissa")
    page.wait_for_selector("#suggestions [role=option]")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#panel h2')?.textContent.includes('PiSSA')")
    quotes = page.locator("#panel blockquote")
    assert quotes.count() > 0
    assert "PiSSA" in page.locator("#panel blockquote mark").all_inner_texts()


def test_a_click_on_a_node_shows_its_sentences(page: Page, sample_graph: Path, tmp_path: Path) -> None:
    kg.view(sample_graph, around="LoRA", output=tmp_path / "lora.html")
    page.goto((tmp_path / "lora.html").as_uri())
    page.wait_for_function("window.kgReady")
    page.keyboard.press("Escape")
    box = page.locator("#canvas").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)  # the centre is in the middle
    page.wait_for_function("document.querySelector('#panel h2')?.textContent.includes('LoRA')")
    assert "Low-Rank Adaptation" in page.locator("#panel mark").all_inner_texts()


def test_the_legend_hides_a_type(page: Page, sample_graph: Path, tmp_path: Path) -> None:
    kg.view(sample_graph, around="LoRA", output=tmp_path / "lora.html")
    page.goto((tmp_path / "lora.html").as_uri())
    page.wait_for_function("window.kgReady")
    page.get_by_text("As a list").click()
    assert page.locator("#list .benchmark").count() > 0
    page.locator("#legend input[value=benchmark]").uncheck()
    page.wait_for_function("document.querySelectorAll('#list .benchmark').length === 0")


def test_hostile_text_is_shown_and_never_runs(page: Page, tmp_path: Path) -> None:
    view = views.View(hostile_graph(HOSTILE), HOSTILE[0], None, HOSTILE[1], HOSTILE[2])
    (tmp_path / "bad.html").write_text(views.draw(view), encoding="utf-8")
    page.goto((tmp_path / "bad.html").as_uri())
    page.wait_for_function("window.kgReady")
    page.get_by_text("As a list").click()
    assert page.locator("#list").get_by_text("<img src=x onerror=").count() > 0
    for i in range(3):
        page.keyboard.press("/")
        page.locator("#search").fill(HOSTILE[i][:20])
        page.keyboard.press("Enter")
    assert page.evaluate("window.owned") is None
    assert page.locator("a[href^='javascript']").count() == 0


def test_five_hundred_nodes_are_drawn_in_a_second(page: Page, tmp_path: Path) -> None:
    chance = random.Random(5)
    graph: Graph = nx.MultiDiGraph()
    for i in range(500):
        paper = i < 250
        rest = {"url": None, "date": "2024"} if paper else {"aliases": [f"Method {i}"], "generic": False, "papers": chance.randint(1, 90)}
        graph.add_node(str(i), kind="paper" if paper else "method", name=f"{'Paper' if paper else 'Method'} {i}", **rest)
    for _ in range(1500):
        a, b = str(chance.randrange(250)), str(chance.randrange(250, 500))
        graph.add_edge(
            a, b, key="uses", role="uses", paper=a, sentence=f"We use Method {b}.", marks=[(7, 14)], further=[], field="abstract", score=0.7, title=f"Paper {a}"
        )
    html = views.draw(views.View(graph, "Five hundred"))
    assert size(html)[0] == 500
    (tmp_path / "many.html").write_text(html, encoding="utf-8")
    page.goto((tmp_path / "many.html").as_uri())
    page.wait_for_function("window.kgReady")
    assert page.evaluate("window.kgReady") < 1000
