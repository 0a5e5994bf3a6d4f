"""Read raw abstracts with the current models, to train their successors on: soft labels for the encoder, spans for the field.

    python training/silver.py CORPUS.parquet ... --without dev.jsonl -o build/silver --papers 12000

Takes every n-th abstract; those whose title is in the files of ``--without`` are left out. Writes ``soft.npz`` (pieces and the
probabilities of their labels, the average of both models) and ``spans.jsonl`` (the likeliest spans). Deterministic.
"""

import argparse
import json
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import gold
import numpy as np
import polars as pl
from numpy.typing import NDArray

from kg.pipes import title_end
from kg.pipes.encoder import LABELS, load_encoder, pieces_of, windows
from kg.pipes.features import WORD
from kg.pipes.tagger import best_labels, label_chances, spans_of
from kg.text import slug

WEIGHT = 0.55
"""Share of the first encoder in the average of probabilities: the best on the papers held back (``training/README.md``)."""

Soft = tuple[NDArray[np.uint16], NDArray[np.uint8], NDArray[np.bool_], NDArray[np.uint8]]


def read(text: str) -> tuple[list[Soft], list[tuple[int, int, str]]]:
    """Return the windows of a text (ids, cases, where a word begins, probabilities in 1/255) and its spans."""
    spans = [w.span() for w in WORD.finditer(text)]
    border = title_end(text)
    chances, _ = label_chances(text, spans, "best", encoder_weight=WEIGHT)
    cut = pieces_of(load_encoder().tokenizer, text, spans, border)
    asked = np.zeros(len(cut.ids), dtype=np.bool_)
    soft = np.zeros((len(cut.ids), len(LABELS)), dtype=np.uint8)
    has = cut.first >= 0
    asked[cut.first[has]] = True
    soft[cut.first[has]] = np.rint(255 * chances[has]).astype(np.uint8)
    found = [(start, end, type_) for start, end, type_, _ in spans_of(spans, best_labels(chances), chances) if not start < border < end]
    parts = [(cut.ids[a:b].astype(np.uint16), cut.cases[a:b].astype(np.uint8), asked[a:b], soft[a:b]) for a, b, _, _ in windows(len(cut.ids))]
    return parts, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--without", nargs="*", type=Path, default=[])
    parser.add_argument("--papers", type=int, default=12_000)
    parser.add_argument("-o", "--output", required=True, type=Path)
    options = parser.parse_args()
    start = time.time()
    known = {slug(p["title"]) for p in gold.read(options.without)}
    rows: list[tuple[str, str]] = []
    for path in options.corpora:
        frame = pl.read_parquet(path, columns=["title", "abstract"])
        rows += frame.gather_every(max(1, frame.height * len(options.corpora) // options.papers)).rows()
    rows = [(t, a) for t, a in rows if slug(t) not in known and len(a) > 300]
    parts: list[Soft] = []
    options.output.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool, open(options.output / "spans.jsonl", "w", encoding="utf-8") as out:
        for n, ((title, abstract), (windows_, spans)) in enumerate(zip(rows, pool.map(read, [f"{t}\n\n{a}" for t, a in rows], chunksize=32), strict=True), 1):
            parts += windows_
            paper: dict[str, Any] = {"id": f"s{n}", "title": title, "abstract": abstract, "spans": spans}
            out.write(json.dumps(paper, ensure_ascii=False) + "\n")
            if n % 1000 == 0:
                print(f"{n} of {len(rows)}, {time.time() - start:.0f} s", flush=True)
    ids, cases, asked, soft = (np.concatenate([p[k] for p in parts]) for k in range(4))
    np.savez_compressed(options.output / "soft.npz", ids=ids, cases=cases, asked=asked, soft=soft, bounds=np.cumsum([0, *(len(p[0]) for p in parts)]))
    print(f"{len(rows)} abstracts read in {time.time() - start:.0f} s")


if __name__ == "__main__":
    main()
