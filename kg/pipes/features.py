"""What the tagger's conditional random field sees of a word: its form, its cluster, its neighbours, its place in the text."""

import gzip
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
"""A word of the tagger: a run of letters and digits, or one other visible character."""

WINDOW = 3
_REACH = {0: 4, 1: 3, 2: 2, 3: 1}


def shape(word: str) -> str:
    """Return the word's shape, runs squeezed to two: ``LoRA`` → ``XxXX``, ``2024`` → ``dd``."""
    out: list[str] = []
    for c in word:
        k = "X" if c.isupper() else "x" if c.islower() else "d" if c.isdigit() else c
        if len(out) < 2 or out[-1] != k or out[-2] != k:
            out.append(k)
    return "".join(out[:8])


def read_clusters(path: Path) -> dict[str, tuple[str, ...]]:
    """Read the word clusters: lower-case word → its cluster at each granularity."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = (line.rstrip("\n").split("\t") for line in lines)
        return {word: tuple(ids) for word, *ids in rows}


class Features:
    """Turn the words of a text into the string features of the field, one list a word.

    A word's own attributes are computed once and kept; a token's features are the
    concatenation of its neighbours' attributes, each marked with its distance.
    """

    def __init__(self, clusters: dict[str, tuple[str, ...]]) -> None:
        self.clusters = clusters
        self._at = lru_cache(maxsize=200_000)(self._attributes_at)

    def _attributes_at(self, word: str, offset: int) -> tuple[str, ...]:
        low, detail, p = word.lower(), _REACH[abs(offset)], f"{offset}:"
        out = [f"{p}w={low}"]
        clusters = self.clusters.get(low, ())
        out += [f"{p}c{i}={c}" for i, c in enumerate(clusters) if i or detail > 1]
        if detail >= 2:
            out.append(f"{p}s={shape(word)}")
        if detail >= 3:
            out += [f"{p}e3={low[-3:]}", f"{p}e2={low[-2:]}"]
        if detail == 4:
            out += [f"{p}W={word}", f"{p}e4={low[-4:]}", f"{p}b2={low[:2]}", f"{p}b3={low[:3]}", f"{p}b4={low[:4]}"]
            if any(c.isdigit() for c in word):
                out.append("digit")
            if any(c.isupper() for c in word[1:]):
                out.append("inner-capital")
        return tuple(out)

    def __call__(self, words: Sequence[str], in_title: Sequence[bool]) -> list[list[str]]:
        """Return one list of features a word; `in_title` says which words stand in the title."""
        n = len(words)
        low = [w.lower() for w in words]
        shapes = [shape(w) for w in words]
        first = [(self.clusters.get(w) or ("-", "-", "-"))[1] for w in low]
        count = Counter(low)
        titled = {w for w, t in zip(low, in_title, strict=True) if t}
        capital = {low[i] for i in range(1, n) if words[i][0].isupper() and words[i - 1] not in ".!?:" and not in_title[i]}
        out, depth = [], 0
        for i in range(n):
            depth = max(0, depth + (words[i] == "(") - (i > 0 and words[i - 1] == ")"))
            f = ["bias", "title" if in_title[i] else "body"]
            for d in range(-WINDOW, WINDOW + 1):
                j = i + d
                if 0 <= j < n:
                    f += self._at(words[j], d)
                elif d in (-1, 1):
                    f.append(f"{d}:edge")
            if i:
                f += [f"w-1w0={low[i - 1]}|{low[i]}", f"s-1s0={shapes[i - 1]}|{shapes[i]}", f"c-1c0={first[i - 1]}|{first[i]}"]
            if i + 1 < n:
                f += [f"w0w1={low[i]}|{low[i + 1]}", f"s0s1={shapes[i]}|{shapes[i + 1]}", f"c0c1={first[i]}|{first[i + 1]}"]
            if i and i + 1 < n:
                f.append(f"s3={shapes[i - 1]}|{shapes[i]}|{shapes[i + 1]}")
            if words[i][0].isalnum():
                f.append(f"n={min(count[low[i]], 4)}")
                if low[i] in titled:
                    f.append("in-title")
                if low[i] in capital:
                    f.append("capital-inside")
            if depth:
                f.append("brackets")
            out.append(f)
        return out
