"""A linear-chain conditional random field (Lafferty, McCallum and Pereira 2001), as trained by CRFsuite, in arrays.

What a word adds to its neighbours' scores depends on the word alone and is kept, so that reading a text is mostly one look-up
a word. Marginal probabilities come from the forward-backward algorithm, run over pieces of the text side by side.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from kg.pipes.features import PAIRED, REACH, Features

_PIECE = 16
"""Words of a piece of the text: each of the forward algorithm's steps is taken in all pieces at once."""
_MOST_WORDS = 50_000
"""Distinct words whose scores are kept."""


class Field:
    """Weights (features, labels), transitions (labels, labels), and the names of both."""

    def __init__(self, features: Features, names: Sequence[str], weights: NDArray[np.float32], transitions: NDArray[np.float64]) -> None:
        self.features, self.transitions = features, transitions
        self._weights = np.vstack([weights, np.zeros((1, weights.shape[1]), np.float32)]).astype(np.float64)
        self._row = {name: i for i, name in enumerate(names)}
        self._words: dict[str, int] = {}
        self._in_use = Lock()  # threads take turns at the table
        self._table = np.zeros((1024, 2 * REACH + 1, weights.shape[1]))
        self._traits: list[tuple[str, str, str]] = []
        self._pair = lru_cache(maxsize=50_000)(self._pair_rows)
        self._known = lru_cache(maxsize=50_000)(self._rows)

    @classmethod
    def load(cls, path: Path, features: Features) -> "Field":
        """Read what `save` wrote."""
        with np.load(path) as data:
            names = data["names"].tobytes().decode().split("\n")
            return cls(features, names, data["weights"].astype(np.float32), data["transitions"].astype(np.float64))

    def save(self, path: Path) -> None:
        """Write the field; weights as half-precision numbers."""
        names = np.frombuffer("\n".join(self._row).encode(), dtype=np.uint8)
        with open(path, "wb") as out:
            np.savez_compressed(out, names=names, weights=self._weights[:-1].astype(np.float16), transitions=self.transitions.astype(np.float32))

    def _rows(self, names: tuple[str, ...]) -> list[int]:
        return [self._row[n] for n in names if n in self._row]

    def _pair_rows(self, left: tuple[str, str], right: tuple[str, str]) -> tuple[list[int], list[int]]:
        """Return the rows that two neighbours' shapes and clusters add to the left and to the right one."""
        found = [self.features.pair(kind, a, b) for kind, a, b in zip(PAIRED[1:], left, right, strict=True)]
        return self._rows(tuple(a for a, _ in found)), self._rows(tuple(b for _, b in found))

    def _word(self, word: str) -> int:
        """Return the place in the table of what a word adds to the scores of the words up to `REACH` before and after it."""
        at = self._words.get(word)
        if at is None:
            at = self._words[word] = len(self._words)
            self._traits.append(self.features.traits(word))
            if at == len(self._table):
                self._table = np.concatenate([self._table, np.zeros_like(self._table)])
            for d in range(-REACH, REACH + 1):
                self._table[at, d + REACH] = self._weights[self._rows(self.features.at(word, d))].sum(axis=0)
        return at

    def scores(self, words: Sequence[str], in_title: Sequence[bool]) -> NDArray[np.float64]:
        """Return the sum of the weights of each word's features: shape (words, labels)."""
        n = len(words)
        with self._in_use:
            if len(self._words) > _MOST_WORDS:
                self._words.clear()
                self._traits.clear()
            places = [self._word(w) for w in words]
            added = self._table[places]
            traits = [self._traits[p] for p in places]
        rows: list[int] = []
        begins: list[int] = []
        after: list[int] = []
        for i, extra in enumerate(self.features.rest(words, in_title)):
            begins.append(len(rows))
            rows += self._known(extra)
            rows += after
            if i + 1 < n:
                (left, *left_traits), (right, *right_traits) = traits[i], traits[i + 1]
                before, after = self._pair(tuple(left_traits), tuple(right_traits))
                of_left, of_right = self.features.pair("w", left, right)
                rows += before
                if (known := self._row.get(of_left)) is not None:
                    rows.append(known)
                if (known := self._row.get(of_right)) is not None:
                    after = [*after, known]
            rows.append(-1)  # the row of zeros: every word has one
        total: NDArray[np.float64] = np.add.reduceat(self._weights[rows], begins, axis=0)
        for d in range(-REACH, REACH + 1):
            first, last = max(0, -d), n - max(0, d)
            if first < last:
                total[first:last] += added[first + d : last + d, d + REACH]
        return total

    def chances(self, words: Sequence[str], in_title: Sequence[bool]) -> NDArray[np.float32]:
        """Return the marginal probability of each label at each word, shape (words, labels); no words give none."""
        if not words:
            return np.zeros((0, self.transitions.shape[0]), dtype=np.float32)
        return marginals(self.scores(words, in_title), self.transitions)


def marginals(scores: NDArray[np.float64], transitions: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the marginals of a chain with these scores (words, labels) and transitions (labels, labels) by the forward-backward algorithm."""
    local = np.exp(scores - scores.max(axis=1, keepdims=True))
    step = np.exp(transitions)
    both = _forward(local, step) * _forward(local[::-1], step.T)[::-1] / np.maximum(local, 1e-300)
    return np.asarray(both / both.sum(axis=1, keepdims=True), dtype=np.float32)


def _forward(local: NDArray[np.float64], step: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return, up to a factor a word, the chance of each label given the words up to there.

    The text is cut in pieces. What a piece does to any beginning is a matrix; these are found for all pieces at once, then
    chained, and then all pieces are run from their true beginnings at once.
    """
    n, labels = local.shape
    pieces = -(-n // _PIECE)
    padded = np.ones((pieces * _PIECE, labels))
    padded[:n] = local
    padded = padded.reshape(pieces, _PIECE, labels)
    does = np.broadcast_to(np.eye(labels), (pieces, labels, labels))
    for k in range(_PIECE):
        does = (does @ step) * padded[:, k, None, :]
        does = does / does.max(axis=(1, 2), keepdims=True)
    state = np.empty((pieces, labels))
    state[0] = 1.0
    for k in range(1, pieces):
        first = local[0] @ _chain(padded[0], step) if k == 1 else state[k - 1] @ does[k - 1]
        state[k] = first / first.sum()
    out = np.empty_like(padded)
    for k in range(_PIECE):
        state = (state @ step) * padded[:, k]
        if k == 0:
            state[0] = local[0]  # nothing stands before the first word
        state = state / state.sum(axis=1, keepdims=True)
        out[:, k] = state
    return out.reshape(-1, labels)[:n]


def _chain(piece: NDArray[np.float64], step: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the matrix of a piece without its first word."""
    out = np.eye(step.shape[0])
    for local in piece[1:]:
        out = (out @ step) * local
        out /= out.max()
    return out
