"""Calibrate the scores of mentions, and show what a threshold costs, on the training papers held back.

    python training/calibrate.py TRAIN.jsonl ... -o kg/pipes/model/calibration.json

For each model: isotonic regression (Zadrozny and Elkan 2002) from a span's raw score, the least probability of its words'
labels, to the share of spans that are right (exact ends and type; a span that an annotator called generic counts as right).
Prints the reliability before and after, measured by halves: what one half fits is measured on the other.
"""

import argparse
import json
from itertools import pairwise
from pathlib import Path

import gold
import numpy as np
import spacy
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

from kg.pipes import tagger
from kg.records import MODELS

BINS = (0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0001)


def fit(raw: NDArray[np.float64], right: NDArray[np.float64]) -> tuple[list[float], list[float]]:
    """Return the knots of the fitted line, thinned to 40."""
    model = IsotonicRegression(y_min=0.01, y_max=0.99, out_of_bounds="clip").fit(raw, right)
    x = np.unique(np.quantile(raw, np.linspace(0, 1, 41)).round(4))
    x = x[(x > 0) & (x < 1)]
    return [0.0, *x.tolist(), 1.0], [0.01, *model.predict(x).round(4).tolist(), 0.99]


def reliability(score: NDArray[np.float64], right: NDArray[np.float64]) -> tuple[float, list[str]]:
    """Return the expected calibration error, and a row a bin: spans, mean score, share right."""
    rows, error = [], 0.0
    for low, high in pairwise(BINS):
        inside = (score >= low) & (score < high)
        if inside.any():
            error += inside.mean() * abs(score[inside].mean() - right[inside].mean())
            rows.append(f"| {low:.1f}–{min(high, 1):.1f} | {inside.sum()} | {score[inside].mean():.2f} | {right[inside].mean():.2f} |")
    return error, rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", nargs="+", type=Path)
    parser.add_argument("-o", "--output", required=True, type=Path)
    options = parser.parse_args()
    _, held = gold.split(gold.read(options.train))
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "kg_words"}}})
    knots = {}
    tagger.calibration = lambda model: ([0.0, 1.0], [0.0, 1.0])  # type: ignore[assignment]  # raw scores, whatever was fitted before
    for model in MODELS:
        raw, right, half = [], [], []
        for number, paper in enumerate(held):
            known = set(gold.spans(paper))
            for start, end, type_, score in tagger.find_mentions(nlp.make_doc(gold.text_of(paper)), model):
                raw.append(score)
                right.append(float((start, end, type_) in known))
                half.append(number % 2)
        x, y, side = np.array(raw), np.array(right), np.array(half)
        crossed = np.empty_like(x)
        for one in (0, 1):
            crossed[side == one] = np.interp(x[side == one], *fit(x[side != one], y[side != one]))
        knots[model] = dict(zip(("raw", "right"), fit(x, y), strict=True))
        before, _ = reliability(x, y)
        after, rows = reliability(crossed, y)
        print(f"{model}: {len(x)} spans of {len(held)} papers, {y.mean():.3f} right; calibration error {before:.3f} raw, {after:.3f} fitted")
        print("| score | spans | mean score | right |\n|---|---|---|---|", *rows, sep="\n")
    options.output.write_text(json.dumps(knots, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
