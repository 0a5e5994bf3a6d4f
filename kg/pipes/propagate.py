"""``kg_propagate``: every further occurrence of a mention's words is a mention, and one name has one type in one text."""

import re
from collections import defaultdict

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.pipes import group, title_end, write


def majority_types(mentions: list[Span], scores: list[float]) -> dict[str, str]:
    """Return the type of each surface: the one with the highest sum of scores."""
    votes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for span, score in zip(mentions, scores, strict=True):
        votes[span.text][span.label_] += score + 1e-6
    return {surface: max(sorted(v), key=lambda t: v[t]) for surface, v in votes.items()}


def find_occurrences(text: str, surfaces: list[str]) -> list[tuple[int, int]]:
    """Return the places where a surface stands between words' ends, the longest first where they overlap, in order."""
    pattern = "|".join(re.escape(s) for s in sorted(surfaces, key=lambda s: (-len(s), s)))
    return [m.span() for m in re.finditer(rf"(?<![^\W_])(?:{pattern})(?![^\W_])", text)] if surfaces else []


@Language.factory("kg_propagate", requires=["doc.spans"], assigns=["doc.spans"])
def make_propagate(nlp: Language, name: str) -> "Propagate":
    return Propagate()


class Propagate:
    def __call__(self, doc: Doc) -> Doc:
        mentions = group(doc, "mentions")
        if not mentions:
            return doc
        scores = list(doc.spans["mentions"].attrs["scores"])
        types = majority_types(mentions, scores)
        best = {s: max(x for m, x in zip(mentions, scores, strict=True) if m.text == s) for s in types}
        found = {(m.start, m.end): (Span(doc, m.start, m.end, label=types[m.text], span_id=m.id_), s) for m, s in zip(mentions, scores, strict=True)}
        taken = {i for start, end in found for i in range(start, end)}
        border = title_end(doc)
        for start, end in find_occurrences(doc.text, list(types)):
            span = doc.char_span(start, end)
            if span is None or start < border < end or any(i in taken for i in range(span.start, span.end)):
                continue
            found[span.start, span.end] = Span(doc, span.start, span.end, label=types[span.text], span_id="propagated"), best[span.text]
        ordered = [found[k] for k in sorted(found)]
        return write(doc, "mentions", [m for m, _ in ordered], [s for _, s in ordered])
