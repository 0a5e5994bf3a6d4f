"""``kg_tagger``: the mentions, by a conditional random field trained on annotated abstracts (its card: ``model/CARD.md``)."""

from functools import cache
from importlib.resources import as_file, files

import pycrfsuite
from spacy.language import Language
from spacy.tokens import Doc

from kg.pipes import title_end, write
from kg.pipes.features import WORD, Features, read_clusters

Found = tuple[int, int, str, float]
"""Start, end (characters), type, score."""


@cache
def load_model() -> tuple[pycrfsuite.Tagger, Features]:
    """Load the shipped model, once a process."""
    folder = files("kg.pipes") / "model"
    crf = pycrfsuite.Tagger()
    with as_file(folder / "tagger.crfsuite") as weights, as_file(folder / "clusters.tsv.gz") as clusters:
        crf.open(str(weights))
        return crf, Features(read_clusters(clusters))


def find_mentions(doc: Doc) -> list[Found]:
    """Return the mentions of a text, in order. A mention's score is the least marginal probability of its words' labels."""
    crf, features = load_model()
    words = list(WORD.finditer(doc.text))
    if not words:
        return []
    border = title_end(doc)
    labels = crf.tag(features([w.group() for w in words], [w.start() < border for w in words]))
    found: list[Found] = []
    for i, (word, label) in enumerate(zip(words, labels, strict=True)):
        if label == "O":
            continue
        begins, type_ = label.split("-", 1)
        score = crf.marginal(label, i)
        if begins == "I" and found and labels[i - 1] != "O" and found[-1][2] == type_:
            start, _, _, least = found[-1]
            found[-1] = (start, word.end(), type_, min(least, score))
        else:
            found.append((word.start(), word.end(), type_, score))
    return [f for f in found if not f[0] < border < f[1]]


@Language.factory("kg_tagger", assigns=["doc.spans"], default_config={"threshold": 0.0})
def make_tagger(nlp: Language, name: str, threshold: float) -> "Tagger":
    return Tagger(threshold)


class Tagger:
    """Write the mentions that score at least `threshold` into ``doc.spans["mentions"]``."""

    def __init__(self, threshold: float = 0.0) -> None:
        self.threshold = threshold

    def __call__(self, doc: Doc) -> Doc:
        spans, scores = [], []
        for start, end, type_, score in find_mentions(doc):
            span = doc.char_span(start, end, label=type_, span_id="model", alignment_mode="expand")
            if span is not None and score >= self.threshold:
                spans.append(span)
                scores.append(score)
        return write(doc, "mentions", spans, scores)
