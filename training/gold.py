"""Read the annotated abstracts: text, spans of every occurrence, labels of every word."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import polars as pl

from kg.pipes.features import WORD
from kg.text import occurrences


def read(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """Return the annotated papers of all files, in order; those of a file named ``…fast…`` are marked so."""
    return [
        json.loads(line) | ({"fast": True} if "fast" in path.stem else {})
        for path in paths
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def split(papers: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the papers to train on and those held back, on which scores are calibrated, and weights and thresholds chosen.

    Held back: every sixth of the carefully read papers and every twelfth of the well-read fast ones (ids ``d…``).
    """
    careful = [p for p in papers if not p.get("fast") and "spans" not in p]
    fast = [p for p in papers if p.get("fast") and p["id"].startswith("d")]
    held = {p["id"] for p in (*careful[::6], *fast[::12])}
    return [p for p in papers if p["id"] not in held], [p for p in papers if p["id"] in held]


def raw_texts(paths: Iterable[Path], batch: int = 2000) -> Iterator[list[str]]:
    """Yield the texts of raw abstracts, in batches."""
    for path in paths:
        frame = pl.read_parquet(path, columns=["title", "abstract"])
        for part in frame.iter_slices(batch):
            yield [f"{title}\n\n{abstract}" for title, abstract in part.iter_rows()]


def text_of(paper: dict[str, Any]) -> str:
    """Return the text the pipeline reads: a blank line ends the title."""
    return f"{paper['title']}\n\n{paper['abstract']}"


def spans(paper: dict[str, Any]) -> list[tuple[int, int, str]]:
    """Return (start, end, type) of every word-bounded occurrence of every mention, the longest first where they overlap.

    What ``training/silver.py`` read has its spans already.
    """
    if "spans" in paper:
        return [(start, end, type_) for start, end, type_ in paper["spans"]]
    text = text_of(paper)
    taken = [False] * len(text)
    found = []
    mentions = {(m, e["type"]) for e in paper["entities"] for m in e["mentions"]}
    for surface, kind in sorted(mentions, key=lambda x: (-len(x[0]), x)):
        for start, end in occurrences(text, [surface]):
            if not any(taken[start:end]):
                taken[start:end] = [True] * (end - start)
                found.append((start, end, kind))
    return sorted(found)


def labelled(paper: dict[str, Any]) -> tuple[list[str], list[bool], list[str]]:
    """Return the words of a paper, whether each stands in the title, and its BIO label."""
    words = list(WORD.finditer(text_of(paper)))
    labels = ["O"] * len(words)
    at = {w.start(): i for i, w in enumerate(words)}
    for start, end, kind in spans(paper):
        i = at.get(start)
        if i is None:
            continue
        labels[i] = f"B-{kind}"
        while i + 1 < len(words) and words[i + 1].start() < end:
            i += 1
            labels[i] = f"I-{kind}"
    border = len(paper["title"])
    return [w.group() for w in words], [w.start() < border for w in words], labels
