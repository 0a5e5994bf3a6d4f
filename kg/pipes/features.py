"""What the tagger's conditional random field sees of a word: its form, its cluster, its neighbours, its place in the text."""

import gzip
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import as_file, files
from pathlib import Path

WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
"""A word of the tagger: a run of letters and digits, or one other visible character."""

REACH = 3
"""Words on each side that count."""
PAIRED = ("w", "s", "c")
"""Kinds of features of two neighbours: by their words, shapes, clusters."""
_REACH = {0: 4, 1: 3, 2: 2, 3: 1}


@lru_cache(maxsize=200_000)
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


@cache
def load_clusters() -> dict[str, tuple[str, ...]]:
    """Return the shipped word clusters, the most frequent word first, loaded once a process."""
    with as_file(files("kg.pipes") / "model" / "clusters.tsv.gz") as path:
        return read_clusters(path)


@cache
def _ranks() -> dict[str, int]:
    return {word: i.bit_length() for i, word in enumerate(load_clusters())}


def word_rank(word: str) -> int:
    """Return how rare a lower-case word is in abstracts: about the binary logarithm of its rank by frequency, 20 for one out of the first 40,000."""
    return _ranks().get(word, 20)


class Features:
    """Turn the words of a text into the string features of the field.

    What a word adds to its neighbours (`at`), what two neighbours add to each other (`pair`), and what depends on the
    whole text (`rest`); a word's features are all of these together.
    """

    def __init__(self, clusters: dict[str, tuple[str, ...]]) -> None:
        self.clusters = clusters

    def at(self, word: str, offset: int) -> tuple[str, ...]:
        """Return the features that `word` adds to the word `offset` places before it."""
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

    def traits(self, word: str) -> tuple[str, str, str]:
        """Return what neighbours are paired by, a trait a kind of `PAIRED`: the word, its shape, its cluster."""
        low = word.lower()
        return low, shape(word), (self.clusters.get(low) or ("-", "-", "-"))[1]

    @staticmethod
    def pair(kind: str, left: str, right: str) -> tuple[str, str]:
        """Return the features that two neighbours' traits add to the left and to the right one."""
        return f"{kind}0{kind}1={left}|{right}", f"{kind}-1{kind}0={left}|{right}"

    def rest(self, words: Sequence[str], in_title: Sequence[bool]) -> Iterator[tuple[str, ...]]:
        """Yield each word's features that depend on the whole text; `in_title` says which words stand in the title."""
        n = len(words)
        low = [w.lower() for w in words]
        shapes = [shape(w) for w in words]
        count = Counter(low)
        titled = {w for w, t in zip(low, in_title, strict=True) if t}
        capital = {low[i] for i in range(1, n) if words[i][0].isupper() and words[i - 1] not in ".!?:" and not in_title[i]}
        depth = 0
        for i in range(n):
            depth = max(0, depth + (words[i] == "(") - (i > 0 and words[i - 1] == ")"))
            out = ["bias", "title" if in_title[i] else "body"]
            if i == 0:
                out.append("-1:edge")
            if i + 1 == n:
                out.append("1:edge")
            if i and i + 1 < n:
                out.append(f"s3={shapes[i - 1]}|{shapes[i]}|{shapes[i + 1]}")
            if words[i][0].isalnum():
                out.append(f"n={min(count[low[i]], 4)}")
                if low[i] in titled:
                    out.append("in-title")
                if low[i] in capital:
                    out.append("capital-inside")
            if depth:
                out.append("brackets")
            yield tuple(out)

    def __call__(self, words: Sequence[str], in_title: Sequence[bool]) -> list[list[str]]:
        """Return all features, one list a word."""
        n = len(words)
        traits = [self.traits(w) for w in words]
        out = []
        for i, extra in enumerate(self.rest(words, in_title)):
            near = (f for d in range(-REACH, REACH + 1) if 0 <= i + d < n for f in self.at(words[i + d], d))
            before = (self.pair(kind, traits[i - 1][k], traits[i][k])[1] for k, kind in enumerate(PAIRED) if i)
            after = (self.pair(kind, traits[i][k], traits[i + 1][k])[0] for k, kind in enumerate(PAIRED) if i + 1 < n)
            out.append([*extra, *near, *before, *after])
        return out
