"""``kg_tagger``: the mentions, read by models trained on annotated abstracts (their card: ``model/CARD.md``).

``best`` averages what two models say of every word, a transformer encoder and a conditional random field;
``fast`` takes the field alone. The likeliest legal sequence of labels gives the spans.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.pipes import text_of, title_end, write
from kg.pipes.encoder import HEADS, LABELS, keep_answers, load_encoder
from kg.pipes.features import WORD, Features, load_clusters
from kg.pipes.field import Field
from kg.pipes.linear import log_softmax
from kg.records import MODELS, Reader

Found = tuple[int, int, str, float]
"""Start, end (characters), type, score."""

ENCODER_WEIGHT = 0.6
"""Share of the encoder in the average of probabilities; the field has the rest. Chosen on the training papers held back (``training/README.md``)."""
_SURE = 0.995
"""A word with at least this probability of being no part of a mention is taken for none: spans are sought between such words."""
_FOLLOWS = np.array([[b[0] != "I" or a == f"B-{b[2:]}" or a == b for b in LABELS] for a in LABELS])
_BEGINS = np.array([label[0] != "I" for label in LABELS])
_NEVER = -1e4


@cache
def load_field() -> Field:
    """Load the shipped conditional random field, once a process."""
    with as_file(files("kg.pipes") / "model" / "field.npz") as path:
        return Field.load(path, Features(load_clusters()))


@cache
def calibration(model: str) -> tuple[list[float], list[float]]:
    """Return the knots (raw score, share of right spans) that ``training/calibrate.py`` fitted."""
    knots = json.loads((files("kg.pipes") / "model" / "calibration.json").read_text(encoding="utf-8"))[model]
    return knots["raw"], knots["right"]


def label_chances(
    text: str, spans: list[tuple[int, int]], model: str, *, encoder_weight: float = ENCODER_WEIGHT
) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """Return each word's probabilities of the labels, shape (words, labels), and the answers of the encoder's heads where it is part of the model."""
    border = title_end(text)
    chances = load_field().chances([text[s:e] for s, e in spans], [s < border for s, _ in spans])
    if model == "fast":
        return chances, None
    answers = load_encoder()(text, spans, border)
    return encoder_weight * np.exp(log_softmax(answers[:, HEADS["label"]])) + (1 - encoder_weight) * chances, answers


def best_labels(chances: NDArray[np.float32]) -> list[int]:
    """Return the labels with the greatest product of probabilities in which no span continues what did not begin (Viterbi 1967)."""
    n = len(chances)
    out = [0] * n
    logs = np.log(np.maximum(chances, 1e-9))
    unsure = np.flatnonzero(chances[:, 0] < _SURE)
    runs = np.split(unsure, np.flatnonzero(np.diff(unsure) > 1) + 1) if len(unsure) else []
    penalty = np.where(_FOLLOWS, 0.0, _NEVER)
    for run in runs:
        first, last = int(run[0]), int(run[-1])
        total = logs[first] + np.where(_BEGINS, 0.0, _NEVER)
        back = []
        for i in range(first + 1, last + 1):
            step = total[:, None] + penalty
            back.append(step.argmax(axis=0))
            total = step.max(axis=0) + logs[i]
        label = int(total.argmax())
        for i in range(last, first - 1, -1):
            out[i] = label
            if i > first:
                label = int(back[i - first - 1][label])
    return out


def spans_of(words: list[tuple[int, int]], labels: list[int], chances: NDArray[np.float32]) -> list[Found]:
    """Return the spans that a sequence of labels stands for, each with the least probability of its words' labels."""
    found: list[Found] = []
    for i, label in enumerate(labels):
        if label and LABELS[label][0] == "B":
            found.append((*words[i], LABELS[label][2:], float(chances[i, label])))
        elif label:
            start, _, type_, least = found[-1]
            found[-1] = start, words[i][1], type_, min(least, float(chances[i, label]))
    return found


def find_mentions(doc: Doc, model: str = "best") -> list[Found]:
    """Return the mentions of a text, in order, and leave what the encoder answers on the Doc.

    A score is the probability that the span is right, as far as `calibration` knows.
    """
    text = text_of(doc)
    spans = [w.span() for w in WORD.finditer(text)]
    if not spans:
        keep_answers(doc, spans, None)
        return []
    border = title_end(text)
    chances, answers = label_chances(text, spans, model)
    keep_answers(doc, spans, answers)
    found = [f for f in spans_of(spans, best_labels(chances), chances) if not f[0] < border < f[1]]
    raw, right = calibration(model)
    scores = np.interp([f[3] for f in found], raw, right)
    return [(start, end, type_, float(score)) for (start, end, type_, _), score in zip(found, scores, strict=True)]


@Language.factory("kg_tagger", assigns=["doc.spans"], default_config={"model": "best", "threshold": None})
def make_tagger(nlp: Language, name: str, model: str, threshold: float | None) -> "Tagger":
    return Tagger(model, threshold)


_LONGEST = 200
"""Characters of a mention, at most: more is no name."""


class Tagger:
    """Write the mentions that score at least `threshold` into ``doc.spans["mentions"]``. Raises what `Reader` raises."""

    def __init__(self, model: str = "best", threshold: float | None = None) -> None:
        self.reader = Reader(model, threshold)
        self.threshold = MODELS[model] if threshold is None else threshold

    def __call__(self, doc: Doc) -> Doc:
        spans: list[Span] = []
        scores: list[float] = []
        for start, end, type_, score in find_mentions(doc, self.reader.model):
            span = doc.char_span(start, end, label=type_, span_id="model", alignment_mode="expand")
            if (
                span is not None and end - start <= _LONGEST and score >= self.threshold and not (spans and span.start < spans[-1].end)
            ):  # one token may hold two names
                spans.append(span)
                scores.append(score)
        return write(doc, "mentions", spans, scores)

    # What a pipeline on disk says of the tagger is how it was set; the models are those of the package.

    def to_bytes(self, *, exclude: Sequence[str] = ()) -> bytes:
        return json.dumps(asdict(self.reader)).encode()

    def from_bytes(self, data: bytes, *, exclude: Sequence[str] = ()) -> "Tagger":
        self.__init__(**json.loads(data))  # type: ignore[misc]
        return self

    def to_disk(self, path: Path, *, exclude: Sequence[str] = ()) -> None:
        Path(path).write_bytes(self.to_bytes())

    def from_disk(self, path: Path, *, exclude: Sequence[str] = ()) -> "Tagger":
        return self.from_bytes(Path(path).read_bytes())
