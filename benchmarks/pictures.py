"""Pictures in headless Chromium, ours beside plain pyvis: size, time to the first picture, frames a second while panning.

    python benchmarks/pictures.py [--nodes 100 500 2000 10000] [--loads 3] [--physics]

Made-up graphs, half papers and half entities, 2.3 edges a node, each with its sentence. pyvis draws the same nodes at the same places, computed
before: names as labels, sentences as titles, everything else as it comes; with `--physics` also as it comes without places (up to 500 nodes).
Medians of `loads` pages, each in a fresh profile of one browser without network, the two in turns.

`page s` is Python's time for the page (of ours `layout s` is a part), `first s` from the navigation to the end of the first drawing by the
page's scripts, `seen s` to the second frame after it, when it is on the screen. `fps`: the picture is dragged in a circle for two
seconds; frames count in which it was drawn anew, and the view must have moved. `near` is the same at scale 1, where names can be read.
`first` and `fps` at the end say how many times faster, and how many times as many frames, ours is.
"""

import argparse
import math
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from pyvis.network import Network

import kg
from kg import draw
from kg.graph import Graph
from kg.records import TYPES
from kg.views import View

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from conftest import FLAGS
from generated import generated

EDGES = 2.3
SECONDS = 2.0
PATIENCE = 60
"""Seconds that pyvis' physics may take."""
NO_NETWORK = [
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND",
]  # pyvis' page asks for Bootstrap; Playwright's own routing would slow the page itself

WATCH = """
(() => {
  const watch = window.benchmark = { frames: 0, drawn: false };
  const noted = (name) => new Promise((does) => { watch[name] = () => does(performance.now() / 1000); });
  for (const name of ["first", "seen", "rest"]) watch[`${name}At`] = noted(name);
  const clear = CanvasRenderingContext2D.prototype.clearRect;
  CanvasRenderingContext2D.prototype.clearRect = function (...box) {   // every drawing begins so: vis-network's, and that of our names over sigma's
    watch.drawn ||= this.canvas.id === "over" || this.canvas.closest(".vis-network") !== null;
    return clear.apply(this, box);
  };
  const first = () => {
    watch.first();
    requestAnimationFrame(() => requestAnimationFrame(watch.seen));
  };
  let [ready, network] = [undefined, undefined];
  Object.defineProperty(window, "kgReady", { get: () => ready, set: (time) => { ready = time; first(); } });
  Object.defineProperty(window, "network", { get: () => network, set: (made) => {
    network = made;
    network.once("afterDrawing", first);
    network.once("stabilizationIterationsDone", () => network.once("afterDrawing", watch.rest));
  } });
  const tick = () => {
    if (watch.drawn) watch.frames += 1;
    watch.drawn = false;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
})();
"""


def made_up(nodes: int) -> Graph:
    """Return a graph of that many nodes: papers, and as many entities of all types."""
    chance = random.Random(nodes)
    with tempfile.TemporaryDirectory() as folder:
        graph = kg.load(generated(Path(folder) / "graph", papers=nodes // 2))
    papers = [n for n, data in graph.nodes(data=True) if data["kind"] == "paper"]
    entities = sorted(set(graph) - set(papers), key=lambda n: (-graph.degree(n), n))
    one_each = [next(n for n in entities if graph.nodes[n]["kind"] == kind) for kind in TYPES]
    graph = Graph(graph.subgraph([*papers, *list(dict.fromkeys(one_each + entities))[: nodes - len(papers)]]))
    edges = list(graph.edges(keys=True))
    chance.shuffle(edges)
    reached: set[str] = set()
    needed: list[tuple[str, str, str]] = []
    spare: list[tuple[str, str, str]] = []
    for edge in edges:
        (spare if {edge[0], edge[1]} <= reached else needed).append(edge)
        reached |= {edge[0], edge[1]}
    graph.remove_edges_from((needed + spare)[round(EDGES * nodes) :])
    for _, data in graph.nodes(data=True):
        data["generic"] = False  # ours would not draw it
    return graph


def plain(graph: Graph, places: dict[str, tuple[int, int]] | None) -> str:
    """Return pyvis' page, its picture as large as ours."""
    net = Network(height="712px", width="708px", directed=True, cdn_resources="in_line")
    for node, data in graph.nodes(data=True):
        place = {"x": places[node][0], "y": places[node][1]} if places else {}
        net.add_node(node, label=data["name"], title=data["name"], **place)
    for source, target, data in graph.edges(data=True):
        net.add_edge(source, target, title=data["sentence"])
    if places:
        net.toggle_physics(False)
    return str(net.generate_html())


def opened(browser: Browser, file: Path) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.add_init_script(WATCH)
    page.goto(file.as_uri())
    return page


def view(page: Page) -> list[float]:
    """Return where the middle of the view is, in pixels of the screen."""
    x, y, scale = page.evaluate(
        """window.network ? [...Object.values(network.getViewPosition()), network.getScale()]
          : (new URLSearchParams(location.hash.slice(1)).get("view") ?? "0 0 0").split(" ").map(Number)"""
    )
    return [x * scale, y * scale]


def rested(page: Page) -> list[float]:
    """Return where the view is once it moves no more."""
    last: list[float] = []
    page.wait_for_timeout(1000)
    while last != (now := view(page)):
        last = now
        page.wait_for_timeout(1000)
    return last


def empty(page: Page) -> tuple[float, float]:
    """Return a place on the canvas near its middle, where pyvis has no node that a drag would move."""
    box = page.locator("#canvas, #mynetwork canvas").bounding_box()
    assert box
    x, y = page.evaluate(
        """([width, height]) => {
          for (let reach = 0; reach < height / 2; reach += 10) for (let turn = 0; turn < 6.28; turn += 0.3) {
            const [x, y] = [width / 2 + reach * Math.cos(turn), height / 2 + reach * Math.sin(turn)];
            if ([[0, 0], [3, 3], [3, -3], [-3, 3], [-3, -3]].every(([h, v]) => !window.network?.getNodeAt({ x: x + h, y: y + v }))) return [x, y];
          }
        }""",
        [box["width"], box["height"]],
    )
    return box["x"] + x, box["y"] + y


def panned(page: Page) -> float:
    """Return the frames a second while the picture is dragged."""
    x, y = empty(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 20, y, steps=4)  # ours notes its view in its address once it has been moved
    page.mouse.up()
    before = rested(page)
    x, y = empty(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 100, y, steps=10)
    frames, start = page.evaluate("[window.benchmark.frames, performance.now()]")
    steps = 0
    begun = time.perf_counter()
    while time.perf_counter() < begun + SECONDS:
        steps += 1
        page.mouse.move(x + 100 * math.cos(steps / 15), y + 100 * math.sin(steps / 15))
    last, end = page.evaluate("[window.benchmark.frames, performance.now()]")
    page.mouse.up()
    after = rested(page)
    if not 50 < math.dist(before, after) < 200:  # the drag ends 100 pixels from its beginning, and sigma.js rolls on a little
        raise SystemExit(f"the view went from {before} to {after}: the drag was not what it should be")
    return float(1000 * (last - frames) / (end - start))


def measured(browser: Browser, file: Path) -> dict[str, float]:
    """Return the times of one load, and the frames a second."""
    page = opened(browser, file)
    out = {name: page.evaluate(f"window.benchmark.{name}At") for name in ("first", "seen")}
    page.wait_for_timeout(500)
    out["fps"] = panned(page)
    page.evaluate("window.network ? network.moveTo({ position: { x: 0, y: 0 }, scale: 1 }) : location.hash = 'view=0 0 1'")
    page.wait_for_timeout(500)
    out["near"] = panned(page)
    page.context.close()
    return out


def usable(browser: Browser, file: Path) -> float:
    """Return the seconds until pyvis' physics has come to rest and been drawn, at most `PATIENCE`."""
    page = opened(browser, file)
    rest = page.evaluate(f"Promise.race([window.benchmark.restAt, new Promise((does) => setTimeout(does, {1000 * PATIENCE}, {PATIENCE}))])")
    page.context.close()
    return float(rest)


def timed(make: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    made = make()
    return made, time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, nargs="+", default=[100, 500, 2_000, 10_000])
    parser.add_argument("--loads", type=int, default=3)
    parser.add_argument("--physics", action="store_true")
    arguments = parser.parse_args()
    draw.page(View(made_up(100), ""))  # what is imported and read once
    print(
        f"{'nodes':>6} {'edges':>6} {'':5} {'MB':>5} {'layout s':>8} {'page s':>6} {'first s':>7} {'seen s':>6} {'fps':>5} {'near':>5} {'first':>6} {'fps':>5}"
    )
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=[*FLAGS, *NO_NETWORK])
        for nodes in arguments.nodes:
            graph = made_up(nodes)
            places, layout = timed(lambda: draw.layout(graph))  # noqa: B023
            pages = {"kg": timed(lambda: draw.page(View(graph, "Made up"))), "pyvis": timed(lambda: plain(graph, places))}  # noqa: B023
            files = {name: Path(folder) / f"{name}-{nodes}.html" for name in pages}
            for name, file in files.items():
                file.write_text(pages[name][0], encoding="utf-8")
            loads: dict[str, list[dict[str, float]]] = {name: [] for name in files}
            for _ in range(arguments.loads):
                for name, file in files.items():
                    loads[name].append(measured(browser, file))
            rows = {name: {key: median(load[key] for load in all_) for key in all_[0]} for name, all_ in loads.items()}
            for name, row in rows.items():
                about = f"{nodes:6,} {graph.number_of_edges():6,}" if name == "kg" else " " * 13
                ours = f"{layout:8.2f}" if name == "kg" else " " * 8
                figures = f"{row['first']:7.2f} {row['seen']:6.2f} {row['fps']:5.1f} {row['near']:5.1f}"
                ratios = f" {row['first'] and rows['pyvis']['first'] / row['first']:6.1f} {row['fps'] / rows['pyvis']['fps']:5.1f}" if name == "kg" else ""
                print(f"{about} {name:5} {files[name].stat().st_size / 1e6:5.2f} {ours} {pages[name][1]:6.2f} {figures}{ratios}", flush=True)
            if arguments.physics and nodes <= 500:
                file = Path(folder) / "physics.html"
                file.write_text(plain(graph, None), encoding="utf-8")
                print(f"{'':13} pyvis with its physics: usable after {median(usable(browser, file) for _ in range(arguments.loads)):.1f} s")
        browser.close()


if __name__ == "__main__":
    main()
