"""The explorer in a real Chromium: what a reader does with mouse, keyboard and phone, and without scripts; and what hostile papers cannot do."""

import contextlib
import csv
import io
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Dialog, Locator, Page, expect

import kg
from kg.assemble import build

LORA, PISSA, LOFTQ = "/method/lora", "/paper/arxiv:2404.02948", "/paper/arxiv:2310.08659"
STATEMENT = "MATCH (p:Paper)-[r:INTRODUCES]->(m:Method) RETURN m.name AS method, p.title AS paper, r.sentence AS sentence ORDER BY method LIMIT 3"
PAGES = {
    "home": "/",
    "papers": "/papers",
    "methods": "/methods?page=2",
    "search": "/search?q=lora",
    "nothing found": "/search?q=xyzzy",
    "method": LORA,
    "benchmark": "/benchmark/gsm8k",
    "metric": "/metric/accuracy",
    "paper": PISSA,
    "comparison of nothing": "/compare",
    "comparison of papers": "/compare?id=arxiv:2106.09685&id=arxiv:2404.02948",
    "comparison of methods": "/compare?id=method:lora&id=method:qlora&id=method:adapter",
    "questions": "/query",
    "question": "/query/shared-method",
    "answer": "/query/shared-method?paper=arxiv:2404.02948",
    "several names": "/query/shared-method?paper=adaptation",
    "statement": "/query/cypher",
    "answer to a statement": f"/query/cypher?q={quote(STATEMENT)}",
    "wrong statement": "/query/cypher?q=MATCH+%28n",
    "picture": "/picture?around=method:lora",
    "overview": "/picture",
    "error": "/method/xyzzy",
}


# -- a server and who reads its pages ------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Run ``kg serve`` over a graph; its address."""
    command = [sys.executable, "-m", "kg.cli", "serve", "--graph", str(folder), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr
        try:
            said = server.stderr.readline()
            assert said.startswith("http://127.0.0.1:"), said
            yield said.split()[0]
        finally:
            server.send_signal(signal.SIGINT)


@contextlib.contextmanager
def visiting(browser: Browser, address: str, width: int = 1280, height: int = 800, **options: Any) -> Iterator[Page]:
    """A page that fails the test when anything but the server is asked for, something of a page is missing, a dialog opens, a script breaks or is refused."""
    trouble: list[str] = []

    def refused(dialog: Dialog) -> None:
        trouble.append(dialog.message)
        dialog.dismiss()

    context = browser.new_context(base_url=address, viewport={"width": width, "height": height}, **options)
    context.on("request", lambda r: trouble.append(r.url) if not r.url.startswith((address, "data:", "blob:")) else None)
    context.on("response", lambda r: trouble.append(f"{r.status} {r.url}") if r.status >= 400 and r.request.resource_type != "document" else None)
    context.on("weberror", lambda e: trouble.append(str(e.error)))
    context.on("console", lambda m: trouble.append(m.text) if m.type in ("error", "warning") and "status of 4" not in m.text else None)
    context.on("dialog", refused)
    yield context.new_page()
    context.close()
    assert trouble == []


@pytest.fixture(scope="module")
def explorer(sample_graph: Path) -> Iterator[str]:
    with served(sample_graph) as address:
        yield address


@pytest.fixture
def page(browser: Browser, explorer: str) -> Iterator[Page]:
    with visiting(browser, explorer) as page:
        yield page


@pytest.fixture
def phone(browser: Browser, explorer: str) -> Iterator[Page]:
    with visiting(browser, explorer, 390, 844, has_touch=True, is_mobile=True) as page:
        yield page


@pytest.fixture
def plain(browser: Browser, explorer: str) -> Iterator[Page]:
    """A page without scripts."""
    with visiting(browser, explorer, java_script_enabled=False) as page:
        yield page


def opens(page: Page, address: str) -> None:
    """Go to a page; a picture is there once it is drawn."""
    page.goto(address)
    if address.startswith("/picture"):
        drawn(page)


def drawn(page: Page) -> None:
    page.wait_for_function("() => window.kgReady")


def search(page: Page) -> Locator:
    return page.locator("#site-search input")


def hits(page: Page) -> Locator:
    return page.locator("#site-hits [role=option]")


def panel(page: Page) -> Locator:
    return page.locator("#panel")


def counts(page: Page) -> Locator:
    return page.locator("#counts")


def tabs_to(page: Page, target: Locator) -> None:
    for _ in range(200):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"no Tab reaches {target}")


def spot(page: Page, id_: str) -> tuple[float, float]:
    """Return where a node stands on the screen, once the picture was moved: then its address says where it is."""
    page.wait_for_function("() => new URLSearchParams(location.hash.slice(1)).has('view')")
    place = """id => {
        const [x, y, scale] = new URLSearchParams(location.hash.slice(1)).get("view").split(" ").map(Number);
        const node = JSON.parse(document.querySelector("#data").textContent).nodes.find((node) => node.id === id);
        const box = document.querySelector("#canvas").getBoundingClientRect();
        return [box.x + box.width / 2 + (node.x - x) * scale, box.y + box.height / 2 + (node.y - y) * scale];
    }"""
    left, top = page.evaluate(place, id_)
    return left, top


def shapes(page: Page) -> set[tuple[str, ...]]:
    """Return what stands where in the picture, as its SVG has it."""
    page.locator("#export summary").click()
    with page.expect_download() as download:
        page.locator("#export button[value=svg]").click()
    root = ElementTree.fromstring(download.value.path().read_bytes())
    return {tuple(e.get(k, "") for k in ("cx", "cy", "r", "points", "fill")) for e in root.iter() if e.tag.endswith(("circle", "polygon")) and e.get("stroke")}


# -- the walk: search, entity, paper, shared papers, picture, evidence ---------------------------------------------------------------


def shows_a_method(page: Page) -> None:
    expect(page).to_have_url(re.compile(f"{LORA}$"))
    expect(page.locator("h1")).to_have_text("LoRA")
    expect(page.locator("#names")).to_contain_text("Low-Rank Adaptationdefinition: Low-Rank Adaptation (LoRA)")
    expect(page.locator("#origin li")).to_contain_text("LoRA: Low-Rank Adaptation of Large Language Models")
    assert [" ".join(text.split()) for text in page.get_by_role("navigation", name="Role").locator("a").all_inner_texts()] == ["1 introduces", "6 uses"]
    rows = page.locator("#papers .rows li")
    expect(rows).to_have_count(6)
    for row in rows.all():
        assert set(row.locator("blockquote mark").all_inner_texts()) <= {"LoRA", "Low-Rank Adaptation"} != set()


def shows_a_paper(page: Page) -> None:
    expect(page).to_have_url(re.compile(f"{PISSA}$"))
    expect(page.locator("h1")).to_contain_text("PiSSA: Principal Singular Values")
    colours = page.evaluate("[...document.querySelectorAll('.abstract .m')].map((m) => [m.className, getComputedStyle(m).backgroundColor])")
    assert {kind for kind, _ in colours} == {"m method", "m benchmark", "m metric"}
    assert len({colour for _, colour in colours}) == len({tuple(both) for both in colours}) == 3
    said = page.locator("aside section").first
    assert said.locator("h3").all_inner_texts() == ["introduces", "evaluates on", "uses", "compares"]
    assert said.locator("h3:text('introduces') + .chips a").all_inner_texts() == ["PiSSA"]
    assert "GSM8K" in said.locator("h3:text('evaluates on') + .chips a").all_inner_texts()
    card = page.locator(".shared").first
    expect(card.locator(".why-line")).to_contain_text("Both name LoftQ, found in 2 papers of this graph.")
    for quoted in card.locator("blockquote").all():
        expect(quoted).to_be_visible()
        assert "LoftQ" in quoted.locator("mark").all_inner_texts()
    assert card.locator("blockquote").count() == 2


def shows_evidence(page: Page, of: str) -> None:
    quoted = panel(page).locator("blockquote").first
    expect(quoted).to_be_visible()
    assert of in quoted.locator("mark").all_inner_texts()


def test_a_walk_from_a_search_to_the_evidence_by_mouse(page: Page) -> None:
    page.goto("/")
    search(page).click()
    page.keyboard.type("lora")
    hits(page).first.click()
    shows_a_method(page)
    page.locator("#papers").get_by_role("link", name="PiSSA: Principal").click()
    shows_a_paper(page)
    page.locator(".shared").first.get_by_role("link", name="LoftQ: LoRA-Fine-Tuning").click()
    expect(page).to_have_url(re.compile(f"{LOFTQ}$"))
    page.get_by_role("link", name="open in picture").click()
    drawn(page)
    expect(panel(page).locator("h2")).to_contain_text("LoftQ: LoRA-Fine-Tuning-Aware")
    page.locator("#zoom-out").click()
    page.mouse.click(*spot(page, "method:loftq"))
    expect(panel(page).locator("h2")).to_have_text("LoftQ")
    shows_evidence(page, "LoftQ")
    panel(page).locator(".told button.name").first.click()
    expect(panel(page).locator("h2")).to_contain_text("LoftQ: LoRA-Fine-Tuning-Aware")


def test_a_walk_from_a_search_to_the_evidence_by_keyboard(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("/")
    expect(search(page)).to_be_focused()
    page.keyboard.type("lora")
    expect(hits(page)).not_to_have_count(0)
    for key in ("ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    expect(hits(page).first).to_have_attribute("aria-selected", "true")
    expect(search(page)).to_have_attribute("aria-activedescendant", "site-hits-0")
    page.keyboard.press("Enter")
    shows_a_method(page)
    tabs_to(page, page.locator("#papers").get_by_role("link", name="PiSSA: Principal"))
    page.keyboard.press("Enter")
    shows_a_paper(page)
    tabs_to(page, page.locator(".shared").nth(2).locator("summary"))
    page.keyboard.press("Enter")
    expect(page.locator(".shared").nth(2).locator("blockquote")).to_have_count(2)
    expect(page.locator(".shared").nth(2).locator("blockquote").first).to_be_visible()
    page.goto(PISSA)
    tabs_to(page, page.locator(".shared").first.get_by_role("link", name="LoftQ: LoRA-Fine-Tuning"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{LOFTQ}$"))
    tabs_to(page, page.get_by_role("link", name="open in picture"))
    page.keyboard.press("Enter")
    drawn(page)
    tabs_to(page, page.locator("#canvas"))
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#said")).to_contain_text(re.compile("(paper|method|benchmark|task|metric)"))
    met = page.locator("#said").inner_text().split(",")[0]
    page.keyboard.press("Enter")
    expect(panel(page).locator("h2")).to_contain_text(met)
    page.keyboard.press("/")
    page.keyboard.type("qlora")
    page.keyboard.press("Enter")
    expect(page.locator("#canvas")).to_be_focused()
    expect(panel(page).locator("h2")).to_have_text("QLoRA")
    shows_evidence(page, "QLoRA")
    page.keyboard.press("]")
    expect(panel(page).locator("h2")).to_have_text("introduces")
    shows_evidence(page, "QLoRA")
    page.keyboard.press("]")
    expect(panel(page).locator("h2")).not_to_have_text("introduces")
    page.keyboard.press("[")
    expect(panel(page).locator("h2")).to_have_text("introduces")
    page.keyboard.press("Escape")
    expect(panel(page).locator("h2")).to_have_text("Nothing selected")
    page.keyboard.press("Tab")
    expect(page.locator("#canvas")).not_to_be_focused()


def test_the_first_tab_leads_past_the_bar(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


# -- search ------------------------------------------------------------------------------------------------------------------------


def test_suggestions_are_at_most_eight_and_the_exact_name_is_first(page: Page) -> None:
    page.goto("/")
    search(page).fill("bert")
    expect(hits(page).first).to_have_text(re.compile("^BERTmethod7 papers$"))
    expect(hits(page).first.locator("b")).to_have_text("BERT")
    search(page).fill("l")
    expect(hits(page)).to_have_count(8)
    expect(search(page)).to_have_attribute("aria-expanded", "true")


def test_a_suggestion_says_of_what_it_is_another_name(page: Page) -> None:
    page.goto("/")
    search(page).fill("low-rank adapters")
    expect(hits(page).first).to_contain_text("low-rank adapters another name of LoRA")
    hits(page).first.click()
    expect(page).to_have_url(re.compile(f"{LORA}$"))


def test_escape_closes_the_suggestions(page: Page) -> None:
    page.goto("/")
    search(page).fill("lora")
    expect(hits(page).first).to_be_visible()
    search(page).press("Escape")
    expect(page.locator("#site-search .suggest")).to_be_hidden()
    expect(search(page)).to_have_attribute("aria-expanded", "false")
    expect(page).to_have_url(re.compile("/$"))


def test_enter_without_a_choice_searches_the_texts(page: Page) -> None:
    page.goto("/")
    search(page).fill("low-rank")
    expect(hits(page).first).to_be_visible()
    search(page).press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=low-rank$"))
    expect(search(page)).to_have_value("low-rank")
    expect(page.get_by_role("region", name="Names").locator("li").first).to_contain_text("low-rank")
    expect(page.get_by_role("region", name="Papers whose text holds it").locator("li").first).to_contain_text("Low-Rank")


def test_what_has_no_name_says_how_to_go_on(page: Page) -> None:
    page.goto("/")
    search(page).fill("xyzzy")
    expect(page.locator("#site-search .tail")).to_contain_text("No name here contains “xyzzy”.")
    expect(page.locator("#site-search .tail")).to_contain_text("Enter searches titles and abstracts.")


def test_the_fields_of_a_comparison_suggest_names(page: Page) -> None:
    page.goto("/compare")
    for field, text, row in (("first", "qlora", "QLoRA"), ("second", "adalo", "AdaLoRA")):
        box = page.get_by_role("combobox", name=field)
        box.press_sequentially(text)
        rows = page.locator(".name-field [role=option]:visible")
        expect(rows.first).to_contain_text(row)
        box.press("ArrowDown")
        box.press("Enter")
        expect(box).to_have_value(row)
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("h1")).to_have_text("QLoRA and AdaLoRA")
    expect(page.locator("table")).to_contain_text("led to")


def test_the_fields_of_a_question_suggest_names_of_their_type(page: Page) -> None:
    page.goto("/query/shared-method")
    box = page.get_by_label("paper, needed")
    box.press_sequentially("pissa")
    rows = page.locator(".name-field [role=option]:visible")
    expect(rows).to_have_count(1)
    rows.click()
    expect(box).to_have_value("arxiv:2404.02948")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("h2#rows")).to_have_text("33 rows")


def test_escape_in_a_field_keeps_what_was_filled_in(page: Page) -> None:
    page.goto("/query/shared-method?paper=arxiv:2404.02948")
    box = page.get_by_label("paper, needed")
    box.click()
    expect(page.locator(".name-field .suggest")).to_be_visible()
    box.press("Escape")
    expect(page.locator(".name-field .suggest")).to_be_hidden()
    expect(box).to_have_value("arxiv:2404.02948")


# -- without scripts ---------------------------------------------------------------------------------------------------------------


def test_pages_are_read_without_scripts(plain: Page) -> None:
    plain.goto("/")
    expect(plain.locator("h1")).to_contain_text("52 papers")
    search(plain).fill("lora")
    search(plain).press("Enter")
    expect(plain.locator("h1")).to_have_text("“lora”")
    plain.get_by_role("region", name="Names").get_by_role("link", name="LoRA", exact=True).click()
    shows_a_method(plain)
    plain.get_by_role("navigation", name="Role").get_by_role("link", name="introduces").click()
    expect(plain.locator("#papers .rows li")).to_have_count(1)
    plain.get_by_role("navigation", name="Role").get_by_role("link", name="uses").click()
    plain.get_by_role("link", name="title", exact=True).click()
    titles = plain.locator("#papers .rows .t").all_inner_texts()
    assert titles == sorted(titles)
    plain.locator("#papers").get_by_role("link", name="PiSSA: Principal").click()
    shows_a_paper(plain)


def test_lists_are_turned_over_without_scripts(plain: Page) -> None:
    plain.goto("/methods")
    first = plain.locator("td .e").first.inner_text()
    plain.get_by_role("link", name="Next").click()
    expect(plain.locator(".pager")).to_contain_text("page 2 of 6")
    assert plain.locator("td .e").first.inner_text() != first
    plain.get_by_role("link", name="Previous").click()
    expect(plain.locator("td .e").first).to_have_text(first)


def test_papers_are_compared_without_scripts(plain: Page) -> None:
    plain.goto("/compare")
    plain.get_by_label("first").fill("LoRA: Low-Rank")
    plain.get_by_label("second").fill("arxiv:2404.02948")
    plain.get_by_role("button", name="Compare").click()
    expect(plain.locator(".shared").first.locator("blockquote")).to_have_count(2)
    expect(plain.locator(".shared").filter(has_text="LoRA").first).to_be_visible()


def test_questions_are_asked_without_scripts(plain: Page) -> None:
    plain.goto("/query")
    plain.locator("main li").filter(has_text="shared-method").get_by_role("link").click()
    plain.get_by_label("paper, needed").fill("PiSSA")
    plain.get_by_role("button", name="Run").click()
    expect(plain.locator("h2#rows")).to_have_text("33 rows")
    for form in ("CSV", "JSON"):
        expect(plain.get_by_role("link", name=form, exact=True)).to_have_attribute("href", f"/query/shared-method.{form.lower()}?paper=PiSSA")
    plain.goto("/query/cypher")
    plain.get_by_label("Cypher").fill(STATEMENT)
    plain.get_by_role("button", name="Run").click()
    expect(plain.locator(".told tbody tr")).to_have_count(3)
    plain.goto("/picture")
    expect(plain.locator("noscript p")).to_be_visible()


# -- questions ---------------------------------------------------------------------------------------------------------------------


def test_an_answer_leads_to_pages(page: Page) -> None:
    page.goto("/query")
    page.locator("main li").filter(has_text="shared-method").get_by_role("link").click()
    page.get_by_label("paper, needed").fill("PiSSA")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("h2#rows")).to_have_text("33 rows")
    expect(page.locator(".told tbody tr").first.locator("td.words").first).to_contain_text("QPiSSA")
    page.locator(".told tbody tr").first.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(f"{LOFTQ}$"))


def test_an_answer_is_taken_along_as_csv_and_json(page: Page) -> None:
    page.goto(PAGES["answer"])
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    assert download.value.suggested_filename == "shared-method.csv"
    heads, *rows = csv.reader(io.StringIO(download.value.path().read_text(encoding="utf-8")))
    assert (heads[0], len(rows)) == ("paper", 33)
    page.get_by_role("link", name="JSON", exact=True).click()
    said = json.loads(page.locator("body").inner_text())
    assert said["columns"] == heads
    assert [row[0] for row in said["rows"]] == [row[0] for row in rows]


def test_an_answer_is_drawn(page: Page) -> None:
    page.goto(f"/query/cypher?q={quote(STATEMENT)}")
    page.get_by_role("link", name="as a picture").click()
    drawn(page)
    expect(counts(page)).to_have_text("6 nodes, 3 edges")
    page.locator("#as-list").click()
    page.locator("#list button.name").first.click()
    expect(panel(page).locator("blockquote mark").first).to_be_visible()


def test_a_wrong_statement_says_so_in_one_line_and_stays(page: Page) -> None:
    page.goto("/query/cypher")
    page.get_by_label("Cypher").fill("MATCH (n RETURN")
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("alert")).to_contain_text("Parser exception")
    assert "\n" not in page.get_by_role("alert").inner_text()
    expect(page.get_by_label("Cypher")).to_have_value("MATCH (n RETURN")


def test_a_name_that_several_bear_is_asked_back(page: Page) -> None:
    page.goto(PAGES["several names"])
    expect(page.get_by_role("alert")).to_contain_text("choose one")
    expect(page.get_by_label("paper, needed")).to_have_value("adaptation")
    expect(page.locator(".near li")).to_have_count(3)


def test_ctrl_enter_runs_a_statement(page: Page) -> None:
    page.goto("/query/cypher")
    page.get_by_label("Cypher").fill("RETURN 1 AS one")
    page.get_by_label("Cypher").press("Control+Enter")
    expect(page.locator("h2#rows")).to_have_text("1 row")
    expect(page.locator(".told th")).to_have_text("one")


def test_a_command_is_copied_and_gives_the_same(browser: Browser, explorer: str, sample_graph: Path) -> None:
    with visiting(browser, explorer, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(PAGES["answer"])
        page.locator("[data-copy='#as-command']").click()
        expect(page.locator("[data-copy='#as-command']")).to_have_text("Copied")
        assert page.evaluate("navigator.clipboard.readText()") == f"kg query shared-method --paper arxiv:2404.02948 -g {sample_graph}"
        page.locator("[data-copy='#as-python']").click()
        page.wait_for_function("async () => (await navigator.clipboard.readText()).startsWith('kg.query(')")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert len(eval(copied, {"kg": kg})) == 33
        assert repr(str(sample_graph)) in copied


# -- pictures ----------------------------------------------------------------------------------------------------------------------


def nodes_and_edges(page: Page) -> tuple[int, int]:
    """Return how many are shown: “34 nodes, 81 edges”, or “34 of 50 nodes, 81 of 120 edges”."""
    nodes, edges = re.findall(r"([\d,]+)(?: of [\d,]+)? (?:node|edge)", counts(page).inner_text())
    return int(nodes.replace(",", "")), int(edges.replace(",", ""))


def test_wider_adds_and_moves_nothing_and_is_taken_back(page: Page) -> None:
    opens(page, "/picture?around=LoRA&limit=12#view=0+0+0.5")
    before, were = shapes(page), nodes_and_edges(page)
    panel(page).get_by_role("button", name="Wider").click()
    expect(page.locator("#said")).to_contain_text("added around LoRA")
    more = nodes_and_edges(page)
    assert all(new > old for new, old in zip(more, were, strict=True))
    after = shapes(page)
    assert {shape[:4] for shape in before} < {shape[:4] for shape in after}
    page.locator("#canvas").press("u")
    expect(page.locator("#said")).to_have_text("Taken back")
    assert nodes_and_edges(page) == were
    assert {shape[:4] for shape in shapes(page)} == {shape[:4] for shape in before}


def test_what_was_added_has_its_sentences(page: Page) -> None:
    opens(page, "/picture?around=LoRA&limit=5")
    before = set(page.evaluate("JSON.parse(document.querySelector('#data').textContent).nodes.map((node) => node.name)"))
    panel(page).get_by_role("button", name="Wider").click()
    expect(page.locator("#said")).to_contain_text("added around LoRA")
    page.locator("#as-list").click()
    shown = page.locator("#list table").first.locator("button.name").all_inner_texts()
    fresh = next(name for name in shown if name not in before)
    page.locator("#list table").first.get_by_role("button", name=fresh, exact=True).click()
    expect(panel(page).locator("h2")).to_have_text(fresh)
    expect(panel(page).locator("blockquote mark").first).to_be_visible()


def test_a_node_opens_its_page(page: Page) -> None:
    opens(page, PAGES["picture"])
    panel(page).get_by_role("link", name="Open its page").click()
    expect(page).to_have_url(re.compile(f"{LORA}$"))


def test_more_is_drawn_on_demand(page: Page) -> None:
    opens(page, "/picture?around=fine-tuning&limit=20")
    expect(counts(page)).to_have_text("20 nodes, 37 edges")
    page.get_by_role("link", name="Draw more").click()
    page.wait_for_url("**limit=40")
    drawn(page)
    expect(counts(page)).to_contain_text("40 nodes")


def test_an_address_shows_the_same_picture(page: Page, browser: Browser, explorer: str) -> None:
    opens(page, PAGES["picture"])
    page.locator("#legend input[value=benchmark]").click()
    page.locator("#search").fill("dora")
    page.locator("#search").press("Enter")
    expect(panel(page).locator("h2")).to_have_text("DoRA")
    page.wait_for_function("() => location.hash.includes('off=') && location.hash.includes('at=')")
    with visiting(browser, explorer) as other:
        opens(other, page.url.removeprefix(explorer.rstrip("/")))
        expect(counts(other)).to_have_text(counts(page).inner_text())
        expect(panel(other).locator("h2")).to_have_text("DoRA")
        expect(other.locator("#legend input[value=benchmark]")).not_to_be_checked()


def test_a_theme_is_kept_between_pages(page: Page) -> None:
    page.goto("/")
    for theme in ("light", "dark"):
        page.locator("#theme").click()
        expect(page.locator("#theme")).to_have_text(f"Theme: {theme}")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    for address in ("/methods", PAGES["picture"]):
        opens(page, address)
        expect(page.locator("#theme")).to_have_text("Theme: dark")
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light


# -- every page --------------------------------------------------------------------------------------------------------------------

BROKEN = """() => {
    const broken = [];
    for (const name of document.querySelectorAll(".e bdi, .t bdi, .chip bdi, th, h1, h2, h3")) {
        const walker = document.createTreeWalker(name, NodeFilter.SHOW_TEXT);
        for (let text = walker.nextNode(); text; text = walker.nextNode()) {
            for (const word of text.data.matchAll(/[^\\s\\/\\u2010\\u2013-]+/g)) {
                const range = new Range();
                range.setStart(text, word.index);
                range.setEnd(text, word.index + word[0].length);
                const lines = new Set([...range.getClientRects()].filter((box) => box.width).map((box) => Math.round(box.y)));
                if (lines.size > 1 && word[0].length < 28) broken.push(word[0]);
            }
        }
    }
    return broken;
}"""
"""Words of names and heads that are cut in two by the end of a line."""


@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways_or_breaks_a_word(page: Page, name: str) -> None:
    opens(page, PAGES[name])
    for width in (1280, 640, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0, width
        assert page.evaluate(BROKEN) == [], width


LINKS = """() => [...document.querySelectorAll("a[href]")].map((a) => {
    const { origin, protocol } = new URL(a.getAttribute("href"), location);
    return [protocol, origin === location.origin || (a.rel.includes("noopener") && a.rel.includes("noreferrer"))];
})"""
"""Of each link: its protocol, and whether it stays here or tells nothing of where it was clicked."""


@pytest.mark.parametrize("name", ["paper", "method", "answer", "picture", "error"])
def test_links_out_of_a_page_lead_to_the_web_and_tell_nothing_of_it(page: Page, name: str) -> None:
    opens(page, PAGES[name])
    links = page.evaluate(LINKS)
    assert links
    assert {protocol for protocol, _ in links} <= {"http:", "https:"}
    assert all(silent for _, silent in links)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible(browser: Browser, explorer: str, name: str) -> None:
    with visiting(browser, explorer, color_scheme="light") as page:
        opens(page, PAGES[name])
        page.evaluate(AXE_SCRIPT)
        assert serious(page) == []
        page.emulate_media(color_scheme="dark")
        assert serious(page, "color-contrast", "link-in-text-block") == []
        page.set_viewport_size({"width": 390, "height": 844})
        assert serious(page) == []


def serious(page: Page, *rules: str) -> list[str]:
    """Return what axe finds serious: rule and element."""
    found = page.evaluate("rules => axe.run({resultTypes: ['violations'], ...(rules.length ? {runOnly: rules} : {})})", list(rules))["violations"]
    return [f"{v['id']}: {n['html'][:120]}" for v in found if v["impact"] in ("serious", "critical") for n in v["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_file_with_a_picture_is_accessible(browser: Browser, sample_graph: Path, tmp_path: Path, scheme: Any) -> None:
    kg.view(sample_graph, around="LoRA", output=tmp_path / "lora.html")
    with visiting(browser, "file://", color_scheme=scheme) as page:
        page.goto((tmp_path / "lora.html").as_uri())
        drawn(page)
        page.evaluate(AXE_SCRIPT)
        assert serious(page) == []
        page.locator("#as-list").click()
        assert serious(page) == []


def test_suggestions_are_accessible(page: Page) -> None:
    page.goto("/")
    search(page).fill("lora")
    expect(hits(page)).to_have_count(8)
    search(page).press("ArrowDown")
    page.evaluate(AXE_SCRIPT)
    assert serious(page) == []


# -- a phone -----------------------------------------------------------------------------------------------------------------------


def test_a_phone_searches_and_reads(phone: Page) -> None:
    phone.goto("/")
    search(phone).tap()
    search(phone).fill("lora")
    expect(hits(phone)).to_have_count(8)
    for row in (hits(phone).first, hits(phone).last):
        box = row.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["height"] >= 24
    hits(phone).first.tap()
    shows_a_method(phone)
    phone.locator("#papers").get_by_role("link", name="PiSSA: Principal").tap()
    shows_a_paper(phone)


def test_every_page_is_reached_from_the_bar_of_a_phone(phone: Page) -> None:
    for name in ("Methods", "Benchmarks", "Papers", "Compare", "Query", "Picture"):
        phone.goto("/")
        link = phone.get_by_role("navigation", name="Main").get_by_role("link", name=name)
        box = link.bounding_box()
        assert box
        assert box["height"] >= 24
        link.tap()
        expect(phone).to_have_url(re.compile(f"/{name.lower()}$"))


def test_a_phone_shows_a_sentence_of_an_answer_at_full_width(phone: Page) -> None:
    phone.goto(PAGES["answer"])
    box = phone.locator(".told td.words").first.bounding_box()
    assert box
    assert box["x"] >= 0
    assert 300 <= box["width"] <= 390


def test_a_phone_shows_the_picture_and_below_it_what_is_selected(phone: Page) -> None:
    opens(phone, PAGES["picture"])
    canvas, told = phone.locator("#canvas").bounding_box(), panel(phone).bounding_box()
    assert canvas
    assert told
    assert canvas["height"] >= 420
    assert told["y"] >= canvas["y"] + canvas["height"]
    shows_evidence(phone, "LoRA")


# -- hostile papers ----------------------------------------------------------------------------------------------------------------

RUN = "window.owned=1"
HOSTILE = [
    f"<script>{RUN}</script>", f"</title></script><script>{RUN}</script>", f"<img src=x onerror={RUN}>", f'"><svg onload={RUN}>', f"' onmouseover='{RUN}",
    f'" autofocus onfocus="{RUN}', f"<iframe srcdoc='<script>parent.{RUN}</script>'>", "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<base href=https://evil.example/>", f"javascript:{RUN}", f"JaVaScRiPt:{RUN}", f"data:text/html,<script>{RUN}</script>", "//evil.example/",
    "https://evil.example/\u202e", "\u202egnirts\u202c\u2066x", f"a\u2028{RUN}\u2029b", "{{ 7 * 7 }}{% raw %}", f"${{{RUN}}}", "..", "a/b?c=d&e#f%00%2f",
    "constructor", "<!--", "&lt;b&gt;&amp;", "\\'; MATCH (n) DELETE n //", "<link rel=stylesheet href=https://evil.example/a.css>",
    "<style>*{background:url(https://evil.example/)}</style>", "=cmd|' /C calc'!A0", "\x1b[31mred\x07", "אבג ابج", "A" * 100_000,
]  # fmt: skip
GUARD = "document.addEventListener('securitypolicyviolation', (event) => { throw Error(`refused: ${event.violatedDirective} ${event.blockedURI}`); });"


@pytest.fixture(scope="module")
def hostile_papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of papers of which all that a paper can hold is hostile."""
    folder = tmp_path_factory.mktemp("papers")
    papers = [
        {
            "id": text[:300],
            "title": f"{text} LoRA",
            "authors": [text[:300], f"{text[:300]} 2"],
            "venue": text[:300],
            "categories": [text[:300]],
            "url": text[:300],
        }
        | {
            "abstract": f"We introduce LoRA {text}, which extends BERT. We train {text} with Adam and evaluate on GLUE, where LoRA reaches 91.2 F1.",
            "date": "2024-05",
        }
        for text in HOSTILE
    ]
    (folder / "papers.jsonl").write_text("".join(json.dumps(p) + "\n" for p in papers), encoding="utf-8")
    return build([folder / "papers.jsonl"], folder / "graph").folder


HARM = """() => [
    ...[window.owned, ({}).owned].filter((owned) => owned),
    ...document.querySelectorAll("img, iframe, object, embed, base, meta[http-equiv], style, [onload], [onerror], [onfocus], [onmouseover]"),
    ...document.querySelectorAll("link:not([href^='/static/']), script[src]:not([src^='/static/']), script:not([src], [type='application/json'])"),
    ...[...document.querySelectorAll("a[href]")].filter((a) => !/^https?:$/.test(new URL(a.getAttribute("href"), location).protocol)),
].map((found) => found.outerHTML ?? String(found))"""


def harmless(page: Page) -> None:
    """Check that nothing of a text ran or became an element or an address. What was asked for, the page itself tells."""
    assert page.evaluate(HARM) == []


def ids(page: Page, address: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.request.get(address).json()["listed"]
    return found


def test_hostile_papers_are_shown_and_nothing_of_them_runs(browser: Browser, hostile_papers: Path) -> None:
    with served(hostile_papers) as address, visiting(browser, address) as page:
        page.add_init_script(GUARD)
        papers = ids(page, "/papers.json")
        assert len(papers) == len(HOSTILE)
        shown = set()
        for paper in papers:
            page.goto(paper["address"])
            harmless(page)
            assert page.locator("h1").text_content() == paper["title"]
            assert page.locator(".abstract").text_content() == page.request.get(f"/paper.json?{urlencode({'id': paper['id']})}").json()["abstract"]
            shown.add(paper["title"])
        assert len(shown) == len(HOSTILE)
        for path in (
            "/",
            "/papers",
            "/papers?sort=title",
            "/method/lora",
            "/method/bert",
            "/method/lora?sort=title&page=2",
            "/benchmark/glue",
            "/query/evidence?entity=LoRA",
        ):
            page.goto(path)
            harmless(page)
        for path in ("/picture", "/picture?around=LoRA", f"/picture?{urlencode({'paper': HOSTILE[0]})}", "/picture?benchmark=GLUE"):
            opens(page, path)
            harmless(page)


def test_hostile_words_in_an_address_do_no_harm(browser: Browser, hostile_papers: Path) -> None:
    with served(hostile_papers) as address, visiting(browser, address) as page:
        page.add_init_script(GUARD)
        for i, text in enumerate(HOSTILE):
            word = quote(text[:200], safe="")
            paths = (f"/search?q={word}", f"/method/{word}", f"/compare?id={word}", f"/query/cypher?q={word}")
            for path in (paths[i % 4], paths[(i + 1) % 4]):
                page.goto(path)
                harmless(page)
        page.goto("/")
        for text in HOSTILE[:-1]:
            search(page).fill(text)
            expect(page.locator("#site-search .suggest")).to_be_visible()
            harmless(page)


def test_hostile_names_are_shown_and_nothing_of_them_runs(browser: Browser, hostile_graph: Path, hostile: tuple[str, ...]) -> None:
    with served(hostile_graph) as address, visiting(browser, address) as page:
        page.add_init_script(GUARD)
        seen = set()
        for plural in ("methods", "datasets", "benchmarks", "tasks", "metrics"):
            for entity in ids(page, f"/{plural}.json"):
                page.goto(entity["address"])
                harmless(page)
                assert page.locator("h1").text_content() == entity["name"]
                seen.add(entity["name"])
                opens(page, f"/picture?{urlencode({'around': entity['id']})}")
                harmless(page)
                assert panel(page).locator("h2").text_content() == entity["name"]
        assert set(hostile) & seen
        for paper in ids(page, "/papers.json"):
            page.goto(paper["address"])
            harmless(page)


def test_hostile_papers_are_compared_and_drawn(browser: Browser, hostile_papers: Path) -> None:
    with served(hostile_papers) as address, visiting(browser, address) as page:
        page.add_init_script(GUARD)
        page.goto(f"/compare?{urlencode([('id', text) for text in HOSTILE[:3]])}")
        harmless(page)
        page.get_by_role("link", name="See it as a picture").click()
        drawn(page)
        harmless(page)
        page.locator("#as-list").click()
        for button in page.locator("#list table").first.locator("button.name").all()[:8]:
            button.click()
            harmless(page)
