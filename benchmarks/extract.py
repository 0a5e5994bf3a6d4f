"""Speed and memory of extraction, part by part, beside blank spaCy and the bare encoder on the same abstracts.

    python benchmarks/extract.py [--papers 400]

Each row is measured in processes of its own, one and then two at once on half of the abstracts each; loading is not counted.
The encoder alone is MiniLM-L6 in eight bits with its tokeniser, one text a run, one thread a process.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

SHARED = Path(os.environ.get("KG_SHARED", "../shared"))
CORPUS = SHARED / "data/corpora/arxiv_2025_2026.parquet"
WARM_UP = 10


def blank() -> Callable[[str, str], object]:
    """Return blank spaCy."""
    import spacy

    nlp = spacy.blank("en")
    return lambda title, abstract: nlp(f"{title}\n\n{abstract}")


def tokenising() -> Callable[[str, str], object]:
    """Return kg's tokenizer alone."""
    from kg.extract import make_pipeline
    from kg.records import Reader

    nlp = make_pipeline(Reader())
    return lambda title, abstract: nlp.make_doc(f"{title}\n\n{abstract}")


def encoder() -> Callable[[str, str], object]:
    """Return the encoder alone."""
    from kg.pipes.encoder import load_encoder
    from kg.pipes.features import WORD

    run = load_encoder()

    def read(title: str, abstract: str) -> object:
        text = f"{title}\n\n{abstract}"
        return run(text, [w.span() for w in WORD.finditer(text)], len(title))

    return read


def field() -> Callable[[str, str], object]:
    """Return the conditional random field alone, with its features."""
    from kg.pipes.features import WORD
    from kg.pipes.tagger import load_field

    run = load_field()

    def read(title: str, abstract: str) -> object:
        words = list(WORD.finditer(f"{title}\n\n{abstract}"))
        return run.chances([w.group() for w in words], [w.start() < len(title) for w in words])

    return read


def whole(model: str) -> Callable[[str, str], object]:
    """Return text → reading."""
    from kg.extract import pipeline, read
    from kg.records import Reader

    reader = Reader(model)
    pipeline(reader)
    return lambda title, abstract: read(title, abstract, "", reader)


class Rest:
    """All but the models that tag: the time of a whole reading less that of the tagger."""

    def __init__(self, without: tuple[str, ...]) -> None:
        from kg.extract import make_pipeline
        from kg.records import Reader

        self.nlp = make_pipeline(Reader("fast"))
        self.without = without
        self.spent = 0.0

    def __call__(self, title: str, abstract: str) -> None:
        """Read a text, counting the time outside the components left out."""
        from kg.extract import reading_of

        start = time.perf_counter()
        doc = self.nlp.make_doc(f"{title}\n\n{abstract}")
        for name, component in self.nlp.pipeline:
            if name in self.without:
                self.spent += time.perf_counter() - start
                doc = component(doc)
                start = time.perf_counter()
            else:
                doc = component(doc)
        reading_of(doc, "", len(title), "")
        self.spent += time.perf_counter() - start


CLASSIFIERS = ("kg_roles", "kg_lineage", "kg_results")
PARTS: dict[str, tuple[str, Callable[[], Callable[[str, str], object]]]] = {
    "blank": ("blank spaCy", blank),
    "tokenising": ("tokenising", tokenising),
    "encoder": ("model: encoder (MiniLM-L6, int8) alone", encoder),
    "field": ("model: conditional random field alone", field),
    "but-tagger": ("all but these two models", lambda: Rest(("kg_tagger",))),
    "but-models": ("all but these and the classifiers", lambda: Rest(("kg_tagger", *CLASSIFIERS))),
    "best": ("whole, --model best", lambda: whole("best")),
    "fast": ("whole, --model fast", lambda: whole("fast")),
}


def measure(part: str, path: str, gate: str) -> None:
    """Read the texts of a file; print how many, the seconds and the peak memory. Starts when the file `gate` is there."""
    texts = [tuple(json.loads(line)) for line in Path(path).read_text(encoding="utf-8").splitlines()]
    read = PARTS[part][1]()
    for title, abstract in texts[:WARM_UP]:
        read(title, abstract)
    if isinstance(read, Rest):
        read.spent = 0.0
    print("ready", flush=True)
    while not Path(gate).exists():
        time.sleep(0.001)
    start = time.perf_counter()
    for title, abstract in texts:
        read(title, abstract)
    seconds = read.spent if isinstance(read, Rest) else time.perf_counter() - start
    print(json.dumps([len(texts), seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def run(part: str, texts: list[str], processes: int, folder: Path) -> tuple[float, float]:
    """Return texts a second and peak MiB of all processes together."""
    gate = folder / f"{part}-{processes}"
    children = []
    for n in range(processes):
        path = folder / f"{part}-{processes}-{n}.jsonl"
        path.write_text("".join(texts[n::processes]), encoding="utf-8")
        command = [sys.executable, __file__, "--measure", part, str(path), str(gate)]
        children.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
    try:
        for child in children:
            assert child.stdout
            if child.stdout.readline() != "ready\n":
                sys.exit(f"{part} failed")
        gate.touch()
        ends = [json.loads(child.communicate()[0]) for child in children]
    finally:
        for child in children:
            child.kill()
    return sum(n for n, _, _ in ends) / max(s for _, s, _ in ends), sum(m for _, _, m in ends)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=int, default=400)
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(*options.measure)
        return
    rows = pl.read_parquet(CORPUS, columns=["title", "abstract"]).head(options.papers).rows()
    texts = [json.dumps(row) + "\n" for row in rows]
    print(f"{options.papers:,} abstracts, {os.cpu_count()} cores")
    print(f"{'what':44} {'1 process':>18} {'2 processes':>18}\n{'':44} {'docs/s':>9} {'MiB':>8} {'docs/s':>9} {'MiB':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for part, (name, _) in PARTS.items():
            cells = [f"{rate:9.0f} {peak:8.0f}" for rate, peak in (run(part, texts, n, Path(folder)) for n in (1, 2))]
            print(f"{name:44} {' '.join(cells)}", flush=True)


if __name__ == "__main__":
    main()
