"""Time and memory of linking a large corpus, and of growing and shrinking a graph of 20,000 papers.

    python benchmarks/link.py [--papers 193498] [--readings FILE]

First the abstracts of KG_SHARED are read by the fast model (ten minutes for all on two cores; kept in FILE, if one is named,
for the next run), then the first tenth, a third and all of them are linked, each in a process of its own; µs an entity say
whether the cost grows with the vocabulary. Then a graph of 20,000 papers is built, a saved
page added, a paper removed and a judgement made, each as a user does it, beside the fresh build.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from build import run

from kg.extract import extract, to_json
from kg.records import Reader
from kg.sources import read_papers

SHARED = Path(os.environ.get("KG_SHARED", "../shared"))
CORPORA = [SHARED / f"data/corpora/{name}.parquet" for name in ("arxiv_2025_2026", "arxiv_cs_2007_2017")]
LINK = """
import json, resource, sys, time
from itertools import islice
from kg.extract import from_json
from kg.link import link

class Readings:
    def __iter__(self):
        return map(from_json, islice(open(sys.argv[1], encoding="utf-8"), int(sys.argv[2])))

start = time.perf_counter()
linked = link(Readings())
seconds = time.perf_counter() - start
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10, len(linked.entities), len(linked.links)]))
"""
GROWN = 20_000


def read(papers: int, path: Path) -> None:
    """Read abstracts and write the readings, one a line."""
    start = time.time()
    with open(path.with_suffix(".part"), "w", encoding="utf-8") as out:
        for done, reading in enumerate(extract(islice(read_papers(CORPORA), papers), Reader("fast")), 1):
            out.write(to_json(reading) + "\n")
            if done % 10_000 == 0:
                print(f"read {done:,} in {time.time() - start:.0f} s", file=sys.stderr)
    path.with_suffix(".part").replace(path)


def link_table(readings: Path, papers: int) -> None:
    print(f"{'linking':24} {'wall s':>8} {'peak MiB':>9} {'entities':>9} {'judgements':>11} {'µs an entity':>13}")
    for part in (papers // 10, papers // 3, papers):
        done = subprocess.run([sys.executable, "-c", LINK, str(readings), str(part)], capture_output=True, text=True, check=True)
        seconds, peak, entities, links = json.loads(done.stdout)
        print(f"{f'{part:,} papers':24} {seconds:8.1f} {peak:9.0f} {entities:9,} {links:11,} {seconds / entities * 1e6:13.0f}")


def grow_table(folder: Path) -> None:
    kg, graph, texts = Path(sys.executable).with_name("kg"), folder / "graph", folder / "texts.jsonl"
    with open(texts, "w", encoding="utf-8") as out:
        for paper in islice(read_papers(CORPORA), GROWN):
            out.write(json.dumps({"id": paper.id, "title": paper.title, "abstract": paper.abstract}) + "\n")
    page = min((SHARED / "data/pages").glob("*.txt"))
    steps = (
        (f"build of {GROWN:,} papers, fast", ["build", str(texts), "--model", "fast"]),
        ("a page of 60 onto it", ["build", str(page)]),
        ("a paper removed", ["remove", paper.id]),
        ("a judgement", ["alias", "same", "LoRA", "QLoRA"]),
        ("it taken back", ["alias", "forget", "LoRA", "QLoRA"]),
    )
    print(f"\n{'growing and shrinking':32} {'wall s':>8} {'peak MiB':>9} {'of the build':>13}")
    whole = 0.0
    for name, command in steps:
        wall, peak, _ = run([str(kg), *command, "-g", str(graph)])
        whole = whole or wall
        print(f"{name:32} {wall:8.1f} {peak:9.0f} {wall / whole:13.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=int, default=193_498)
    parser.add_argument("--readings", type=Path, help="file that keeps what was read")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        readings = options.readings or Path(folder) / "readings.jsonl"
        if not readings.exists():
            read(options.papers, readings)
        link_table(readings, options.papers)
        grow_table(Path(folder))


if __name__ == "__main__":
    main()
