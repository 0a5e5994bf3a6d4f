"""Linear classifiers over features: multinomial logistic regression with hashed features (Weinberger et al. 2009).

A feature is the number of a row of weights; features that meet in a row share it. `row` numbers a feature that is written
out, `word_rows` those that are a word in some place, for a whole text at once.
"""

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BITS = 18
_MIX = np.uint64(0x9E3779B97F4A7C15)
"""Fibonacci hashing (Knuth, TAOCP 6.4): 2^64 over the golden ratio, odd."""


def _hash(feature: str) -> int:
    return int.from_bytes(blake2b(feature.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


@lru_cache(maxsize=300_000)
def row(feature: str) -> int:
    """Return the row of a feature."""
    return _hash(feature) >> (64 - BITS)


@lru_cache(maxsize=10_000)
def _salt(kind: str) -> np.uint64:
    return np.uint64(_hash(kind))


def word_rows(words: NDArray[np.uint64], kind: str) -> NDArray[np.uint64]:
    """Return the row of each word (its 64-bit hash) as a feature of this kind."""
    rows: NDArray[np.uint64] = ((words ^ _salt(kind)) * _MIX) >> np.uint64(64 - BITS)
    return rows


def pairs(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the hash of each pair of words, in order."""
    mixed: NDArray[np.uint64] = (first * _MIX) ^ second
    return mixed


class Linear:
    """Weights (2^BITS, classes), a bias (classes,), and the classes' names; of two classes only the second has a column."""

    def __init__(self, weights: NDArray[np.float32], bias: NDArray[np.float32], classes: Sequence[str]) -> None:
        self.weights, self.bias, self.classes = weights, bias, tuple(classes)

    @classmethod
    def load(cls, path: Path) -> "Linear":
        """Read what `save` wrote."""
        with np.load(path) as data:
            weights = np.zeros((1 << BITS, data["weights"].shape[1]), dtype=np.float32)
            weights[data["rows"]] = data["weights"].astype(np.float32)
            return cls(weights, data["bias"].astype(np.float32), data["classes"].tolist())

    def save(self, path: Path) -> None:
        """Write the rows that hold a weight, as half-precision numbers."""
        used = np.flatnonzero(np.abs(self.weights).max(axis=1) > 1e-3).astype(np.uint32)
        with open(path, "wb") as out:
            np.savez_compressed(out, rows=used, weights=self.weights[used].astype(np.float16), bias=self.bias, classes=np.array(self.classes))

    def logits(self, features: Iterable[int]) -> NDArray[np.float32]:
        """Return the sum of the weights of `features`, each counted once, plus the bias: shape (classes,), for two classes (1,)."""
        # In order: a sum of floating-point numbers depends on it.
        total: NDArray[np.float32] = self.weights[sorted(set(features))].sum(axis=0) + self.bias
        return total


def log_softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return log-probabilities along the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)), dtype=np.float32)


def sigmoid(logit: float) -> float:
    """Return the probability of a logit."""
    return float(np.exp(-np.logaddexp(0.0, -float(logit))))


@cache
def load_linear(name: str) -> Linear:
    """Load the shipped classifier ``model/NAME.npz``, once a process."""
    with as_file(files("kg.pipes") / "model" / f"{name}.npz") as path:
        return Linear.load(path)
