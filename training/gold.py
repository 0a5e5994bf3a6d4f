"""Read the annotated abstracts: text, spans of every occurrence, labels of every word."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kg.pipes.features import WORD
from kg.text import occurrences


def read(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """Return the annotated papers of all files, in order."""
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def text_of(paper: dict[str, Any]) -> str:
    """Return the text the pipeline reads: a blank line ends the title."""
    return f"{paper['title']}\n\n{paper['abstract']}"


def spans(paper: dict[str, Any]) -> list[tuple[int, int, str]]:
    """Return (start, end, type) of every word-bounded occurrence of every mention, the longest first where they overlap."""
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
