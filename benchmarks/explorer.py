"""How quickly the explorer answers: `kg serve` under a load of clients, which ask for the next page as soon as they have one, and which read for a while.

    python benchmarks/explorer.py [--graph FOLDER] [--clients 20] [--seconds 8]

Without --graph a graph of the first 10,000 abstracts of KG_SHARED's arXiv corpus is built. The server is a process of its own, started
as a user starts it. `pause` is how long a reader takes for a page on average, evenly from none to twice as much. Each page is drawn evenly
from all papers and names of the graph, so nearly all are asked for the first time; `again` asks for the same fifty over and over.
`baseline` is an empty answer over the same connections: what the machine and this client take.
"""

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlsplit

import polars as pl

from kg.asked import address
from kg.records import TYPES

SHARED = Path(os.environ.get("KG_SHARED", "../shared"))
CORPUS = SHARED / "data/corpora/arxiv_2025_2026.parquet"
KG = Path(sys.executable).with_name("kg")


async def client(host: str, port: int, until: float, pause: float, pick: Callable[[], str], times: list[float], wrong: list[str]) -> None:
    reader, writer = await asyncio.open_connection(host, port, limit=1 << 24)
    while time.perf_counter() < until:
        if pause:
            await asyncio.sleep(random.uniform(0, 2 * pause))
        path = pick()
        start = time.perf_counter()
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        times.append(time.perf_counter() - start)
        if b" 200 " not in head.split(b"\r\n")[0]:
            wrong.append(f"{head.split(b' ')[1].decode()} {path}")
    writer.close()


async def load(port: int, clients: int, seconds: float, pause: float, pick: Callable[[], str]) -> tuple[list[float], list[str]]:
    times: list[float] = []
    wrong: list[str] = []
    until = time.perf_counter() + seconds
    await asyncio.gather(*(client("127.0.0.1", port, until, pause, pick, times, wrong) for _ in range(clients)))
    return sorted(times), wrong


def pages(graph: Path, chance: random.Random) -> dict[str, Callable[[], str]]:
    """Return what each kind of page is drawn from."""
    papers = pl.read_parquet(graph / "papers.parquet")["id"].to_list()
    entities = list(pl.read_parquet(graph / "entities.parquet").select("type", "id", "name").iter_rows())
    by_kind = {kind: [address(kind, id_) for k, id_, _ in entities if k == kind] for kind in TYPES}
    words = [name for _, _, name in entities]
    fifty = [address("paper", p) for p in papers[:25]] + by_kind["method"][:25]

    def entity() -> str:
        return chance.choice(by_kind[chance.choice(TYPES)])

    return {
        "home": lambda: "/",
        "method": lambda: chance.choice(by_kind["method"]),
        "any name": entity,
        "benchmark": lambda: chance.choice(by_kind["benchmark"]),
        "paper": lambda: address("paper", chance.choice(papers)),
        "paper .json": lambda: address("paper", chance.choice(papers)) + ".json",
        "list": lambda: f"/{chance.choice(('methods', 'benchmarks', 'tasks', 'papers'))}?page={chance.randint(1, 60)}",
        "search": lambda: f"/search?q={quote(chance.choice(words)[:20])}",
        "suggestions": lambda: f"/names.json?q={quote(chance.choice(words)[: chance.randint(1, 6)])}",
        "compare": lambda: "/compare?" + "&".join(f"id={quote(p)}" for p in chance.sample(papers, 2)),
        "picture of a paper": lambda: f"/picture?paper={quote(chance.choice(papers))}",
        "picture around a name": lambda: f"/picture?around={quote(chance.choice(entities)[1])}",
        "again": lambda: chance.choice(fifty),
    }


def started(graph: Path) -> tuple[subprocess.Popen[str], int, float]:
    """Return a running server, its port, and the seconds until it had answered its first page."""
    start = time.perf_counter()
    server = subprocess.Popen([str(KG), "serve", "-g", str(graph), "--port", "0"], stderr=subprocess.PIPE, text=True)
    assert server.stderr
    said = server.stderr.readline()
    if not said.startswith("http"):
        sys.exit(said)
    address = said.split()[0]
    with urllib.request.urlopen(address) as answer:
        answer.read()
    return server, urlsplit(address).port or 80, time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--graph", type=Path)
    parser.add_argument("--papers", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--pause", type=float, default=1)
    parser.add_argument("--only", help="one kind of page")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        graph = options.graph or Path(folder) / "graph"
        if options.graph is None:
            texts = Path(folder) / "texts.parquet"
            pl.read_parquet(CORPUS).head(options.papers).rename({"listed": "date"}).write_parquet(texts)
            subprocess.run([str(KG), "build", str(texts), "-g", str(graph)], check=True, stderr=subprocess.DEVNULL)
        subprocess.run([str(KG), "query", "overview", "-g", str(graph)], check=True, stdout=subprocess.DEVNULL)  # fills the store
        server, port, seconds = started(graph)
        try:
            print(f"{options.clients} clients, {options.seconds:g} s a page and load; first page {seconds:.2f} s after the start\n")
            print(f"{'':24} {'without a pause':>39}   {f'a page in {options.pause:g} s each':>29}")
            print(f"{'page':24} {'a second':>9} {'median ms':>10} {'p95 ms':>8} {'p99 ms':>9}   {'a second':>9} {'median ms':>10} {'p95 ms':>8}")
            chosen = {"baseline": lambda: "/favicon.ico", **pages(graph, random.Random(7))}
            for name, pick in chosen.items():
                if options.only in (None, name):
                    quick, wrong = asyncio.run(load(port, options.clients, options.seconds, 0, pick))
                    slow, also = asyncio.run(load(port, options.clients, options.seconds, options.pause, pick))
                    a, b = ([1000 * times[int(share * len(times))] for share in (0.5, 0.95, 0.99)] for times in (quick, slow))
                    print(
                        f"{name:24} {len(quick) / options.seconds:9,.0f} {a[0]:10.1f} {a[1]:8.1f} {a[2]:9.1f}"
                        f"   {len(slow) / options.seconds:9,.0f} {b[0]:10.1f} {b[1]:8.1f}",
                        flush=True,
                    )
                    for line in sorted({*wrong, *also})[:3]:
                        print(f"  {line}")
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
