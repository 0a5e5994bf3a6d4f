"""``kg_results``: scores that the abstract states, with the method, metric and data they belong to.

Every number is a candidate. One linear classifier tells a score, absolute or relative, from parameter counts, sizes,
years and speed-ups; another says which entities of the text a score belongs to.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.pipes import group, mentions_by_entity, write
from kg.pipes.contexts import MOST, Contexts, contexts_of
from kg.pipes.linear import load_linear, log_softmax, row, sigmoid

THRESHOLD = 0.55
"""The least probability of a score; chosen on the training papers held back (``training/README.md``)."""
BELONGS = 0.15
"""The least probability of what a score belongs to."""

_NUMBER = r"\d{1,5}(?:\.\d+)?|\.\d+"
_UNIT = r"\s?(?:\\?%p?|(?:percentage )?points?\b|percent\b|p\.?p\.?\b|dB\b|mm\b|x\b)"
VALUE = re.compile(rf"(?<![\w.,/])[+~-]?(?:{_NUMBER})(?:{_UNIT})?(?:\s?(?:--?|–|±|\\pm|to)\s?[+~-]?(?:{_NUMBER})(?:{_UNIT})?)?(?![\w/])")
"""A number with its sign and unit, or a range of two."""
ENDS = {"method": "method", "metric": "metric", "dataset": "dataset", "benchmark": "dataset", "task": "dataset"}
"""What an entity of a type is to a score."""
_SIGHT = 2
"""Sentences before that of the score in which its entities are looked for; those of the title always count."""
_MOST = 200
"""Numbers of a text that are looked at."""


class Value(NamedTuple):
    """A number that may be a score."""

    span: Span
    relative: bool
    chance: float


def candidates(doc: Doc, contexts: Contexts) -> list[Span]:
    """Return the numbers of the abstract that are no part of a mention."""
    named = {i for m in contexts.mentions for i in range(m.start, m.end)}
    out: list[Span] = []
    for match in VALUE.finditer(contexts.text, contexts.border):
        span = doc.char_span(*match.span(), alignment_mode="expand")
        if span is not None and span.start not in named:
            out.append(span)
        if len(out) == _MOST:
            break
    return out


def value_features(contexts: Contexts, span: Span) -> list[int]:
    """Return what the classifier of scores sees of a number."""
    text, sentence = span.text, contexts.sentence(span)
    first, last = contexts.starts[sentence], contexts.ends[sentence]
    unit = re.sub(r"[\d.\s]+", "9", text)
    number = re.search(r"\d*\.?\d+", text)
    whole, _, decimals = (number[0] if number else "").partition(".")
    out = [f"unit={unit}", f"shape={unit}|{len(whole)}|{min(len(decimals), 3)}", f"place={contexts.place(span)}"]
    inside = [m for m in contexts.mentions if first <= m.start < last]
    out += [f"has={t}" for t in sorted({m.label_ for m in inside})]
    out.append(f"mentions={min(len(inside), 4)}")
    before = next((m for m in reversed(inside) if m.end <= span.start), None)
    after = next((m for m in inside if m.start >= span.end), None)
    for side, m, gap in (("before", before, span.start - before.end if before else 0), ("after", after, after.start - span.end if after else 0)):
        out.append(f"{side}={m.label_}|{min(gap // 3, 3)}" if m else f"{side}=none")
    rows = [row(f) for f in out]
    if span.start > first:
        rows.append(contexts.word_as(f"before|{unit}", span.start - 1))
    if span.end < last:
        rows.append(contexts.word_as(f"after|{unit}", span.end))
    return rows + contexts.neighbourhood(span.start, span.end, first, last, 10) + contexts.bag(sentence)


def nearest(contexts: Contexts, value: Span, spans: list[Span]) -> Span:
    """Return the mention nearest to a score, one of its sentence first."""
    sentence = contexts.sentence(value)
    return min(spans[:MOST], key=lambda s: (contexts.sentence(s) != sentence, abs(s.start - value.start), s.start))


def end_features(contexts: Contexts, value: Span, spans: list[Span], role: str) -> list[int]:
    """Return what the second classifier sees of a score and an entity that it may belong to."""
    sentence = contexts.sentence(value)
    near = nearest(contexts, value, spans)
    type_, apart = near.label_, sentence - contexts.sentence(near)
    kind = ENDS[type_]
    side = "after" if near.start >= value.end else "before"
    gap = max(near.start - value.end, value.start - near.end)
    rivals = sum(
        ENDS.get(m.label_) == kind and m.kb_id != near.kb_id and abs(m.start - value.start) < abs(near.start - value.start) for m in contexts.near(value)
    )
    out = [f"type={type_}", f"type={type_}|{role}", f"rivals={min(rivals, 3)}|{kind}", f"places={'+'.join(sorted({contexts.place(s) for s in spans}))}|{kind}"]
    out.append(f"mentions={min(len(spans), 4)}|{kind}")
    if near.start_char < contexts.border:
        return [row(f) for f in (*out, f"title|{type_}")]
    out.append(f"apart={min(apart, 3)}|{type_}")
    if apart:
        return [row(f) for f in out]
    start, end = (value.end, near.start) if side == "after" else (near.end, value.start)
    between = contexts.doc[start:end].text.lower() if start < end else ""
    out += [f"{side}|{min(gap // 2, 8)}|{kind}", f"{side}|{min(rivals, 3)}|{type_}", f"{side}|numbers={min(len(re.findall(r'[0-9]+', between)), 3)}|{kind}"]
    if side == "after":
        out.append(f"after|{kind}|{' '.join(between.split()[:3])}")
    return [*(row(f) for f in out), *contexts.words_as(f"{side}|{kind}")[start : min(end, start + 8)]]


def in_sight(contexts: Contexts, value: Span, spans: list[Span]) -> bool:
    """Tell whether an entity is near enough to a score to be asked about."""
    sentence = contexts.sentence(value)
    return spans[0].label_ in ENDS and any(s.start_char < contexts.border or 0 <= sentence - contexts.sentence(s) <= _SIGHT for s in spans)


def find_results(doc: Doc) -> Iterator[tuple[Value, dict[str, tuple[Span, float]]]]:
    """Yield each score with its {"method", "metric", "dataset" → mention, probability}. The data may be a dataset, a benchmark or a task."""
    contexts = contexts_of(doc)
    scores, belongs = load_linear("scores"), load_linear("ends")
    roles = {r.kb_id_: r.label_ for r in group(doc, "roles")}
    keyed = mentions_by_entity(doc)
    for span in candidates(doc, contexts):
        none, absolute, relative = np.exp(log_softmax(scores.logits(value_features(contexts, span)))).tolist()
        if 1 - none < THRESHOLD:
            continue
        best: dict[str, tuple[float, Span]] = {}
        for key, spans in keyed.items():
            if in_sight(contexts, span, spans):
                chance = sigmoid(belongs.logits(end_features(contexts, span, spans, roles.get(key, "uses")))[0])
                near = nearest(contexts, span, spans)
                kind = ENDS[spans[0].label_]
                best[kind] = max(best.get(kind, (BELONGS, near)), (chance, near), key=lambda x: x[0])
        ends = {kind: (near, chance) for kind, (chance, near) in best.items() if chance > BELONGS}
        if "dataset" in ends:
            yield Value(span, relative > absolute, 1 - none), ends


@Language.factory("kg_results", requires=["doc.spans", "token.is_sent_start"], assigns=["doc.spans"])
def make_results(nlp: Language, name: str) -> "Results":
    return Results()


class Results:
    def __call__(self, doc: Doc) -> Doc:
        spans, scores = [], []
        for i, (value, ends) in enumerate(find_results(doc)):
            spans.append(Span(doc, value.span.start, value.span.end, label="relative" if value.relative else "value", span_id=f"r{i}"))
            scores.append(value.chance)
            for label, (span, chance) in sorted(ends.items()):
                spans.append(Span(doc, span.start, span.end, label=label, kb_id=span.kb_id, span_id=f"r{i}"))
                scores.append(chance)
        return write(doc, "results", spans, scores)
