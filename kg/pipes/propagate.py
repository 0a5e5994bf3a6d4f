"""``kg_propagate``: every further occurrence of a mention's words is a mention, and one name has one type in one text."""

from collections import defaultdict

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.pipes import scored, text_of, title_end, write
from kg.text import occurrences


def majority_types(mentions: list[Span], scores: list[float]) -> dict[str, str]:
    """Return the type of each surface: the one with the highest sum of scores."""
    votes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for span, score in zip(mentions, scores, strict=True):
        votes[span.text][span.label_] += score + 1e-6
    return {surface: max(sorted(v), key=lambda t: v[t]) for surface, v in votes.items()}


@Language.factory("kg_propagate", requires=["doc.spans"], assigns=["doc.spans"])
def make_propagate(nlp: Language, name: str) -> "Propagate":
    return Propagate()


class Propagate:
    def __call__(self, doc: Doc) -> Doc:
        found_before = scored(doc, "mentions")
        if not found_before:
            return doc
        mentions, scores = [m for m, _ in found_before], [s for _, s in found_before]
        types = majority_types(mentions, scores)
        best: dict[str, float] = {}
        for mention, score in zip(mentions, scores, strict=True):
            best[mention.text] = max(best.get(mention.text, 0), score)
        found = {(m.start, m.end): (Span(doc, m.start, m.end, label=types[m.text], span_id=m.id_), s) for m, s in zip(mentions, scores, strict=True)}
        taken = {i for start, end in found for i in range(start, end)}
        text = text_of(doc)
        border = title_end(text)
        for start, end in occurrences(text, types):
            span = doc.char_span(start, end)
            if span is None or start < border < end or any(i in taken for i in range(span.start, span.end)):
                continue
            found[span.start, span.end] = Span(doc, span.start, span.end, label=types[span.text], span_id="propagated"), best[span.text]
        ordered = [found[k] for k in sorted(found)]
        return write(doc, "mentions", [m for m, _ in ordered], [s for _, s in ordered])
