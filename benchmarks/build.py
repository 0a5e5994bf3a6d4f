"""Time and memory of `kg build`, as a user runs it, beside blank spaCy on the same texts.

    python benchmarks/build.py [--papers 10000]

Builds the saved pages of KG_SHARED and the first abstracts of its arXiv corpus in fresh folders, each in a
process of its own. `ratio` is the wall time over that of ``spacy.blank("en")`` reading the same texts in the same run.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

SHARED = Path(os.environ.get("KG_SHARED", "../shared"))
CORPUS = SHARED / "data/corpora/arxiv_2025_2026.parquet"
BLANK = "import sys, spacy, polars as pl; nlp = spacy.blank('en'); [None for _ in nlp.pipe(pl.read_parquet(sys.argv[1])['text'])]"


def run(command: list[str]) -> tuple[float, float, str]:
    """Return wall seconds, peak MiB of the process tree, and what it printed."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, tree_mib(process.pid))
        time.sleep(0.1)
    if process.returncode:
        sys.exit(f"{command[0]} failed")
    assert process.stdout
    return time.perf_counter() - start, peak, process.stdout.read()


def tree_mib(root: int) -> float:
    """Return the resident memory of a process and its descendants (Linux; shared pages are counted once a process)."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
            parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
        except OSError:
            continue
    todo, total = [root], 0.0
    while todo:
        pid = todo.pop()
        todo += parents.get(pid, [])
        try:
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
        except OSError:
            continue
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=int, default=10_000)
    options = parser.parse_args()
    kg = Path(sys.executable).with_name("kg")
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder) / "texts.parquet"
        table = pl.read_parquet(CORPUS).head(options.papers)
        table.with_columns(text=pl.col("title") + "\n\n" + pl.col("abstract")).write_parquet(texts)
        blank, _, _ = run([sys.executable, "-c", BLANK, str(texts)])
        print(f"{'what':44} {'wall s':>8} {'peak MiB':>9} {'papers/s':>9} {'ratio':>6}")
        print(f"{f'blank spaCy, {options.papers:,} abstracts':44} {blank:8.1f} {'':9} {options.papers / blank:9.0f} {1:6.1f}")
        pages = sorted((SHARED / "data/pages").glob("*.txt"))
        many = f"kg build, {options.papers:,} abstracts"
        runs: tuple[tuple[str, list[Path], int, list[str]], ...] = (
            ("kg build, the three saved pages", pages, 245, []),
            (f"{many}, --model fast", [texts], options.papers, ["--model", "fast"]),
            (many, [texts], options.papers, []),
        )
        for name, files, count, model in runs:
            graph = Path(folder) / name.replace(" ", "-")
            wall, peak, _ = run([str(kg), "build", *map(str, files), *model, "-g", str(graph)])
            ratio = f"{wall / blank:6.1f}" if count == options.papers else ""
            print(f"{name:44} {wall:8.1f} {peak:9.0f} {count / wall:9.0f} {ratio:>6}")
        wall, peak, _ = run([str(kg), "build", str(pages[0]), "-g", str(graph)])
        print(f"{f'kg build, one page onto these {options.papers:,}':44} {wall:8.1f} {peak:9.0f}")
        wall, peak, _ = run([str(kg), "query", "top", "-g", str(graph)])
        print(f"{'first query (fills the store)':44} {wall:8.1f} {peak:9.0f}")
        wall, peak, _ = run([str(kg), "query", "top", "-g", str(graph)])
        print(f"{'second query':44} {wall:8.1f} {peak:9.0f}")


if __name__ == "__main__":
    main()
