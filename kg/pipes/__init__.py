"""The spaCy components that read a paper, in the order they run.

The text is a title, a blank line, an abstract. What a component finds it leaves in ``doc.spans``:

=============  ==========================================================================================
``mentions``   one span a mention: ``label`` its type, ``kb_id`` the document's entity (``e0``, ``e1`` …),
               ``id`` the rule that found it; ``attrs["scores"]`` beside it, in the same order
``acronyms``   ``short`` and ``long`` spans, a pair sharing its ``id``
``generic``    the first mention of each entity too broad to say anything
``roles``      one mention an entity, the one that shows the role: ``label`` the role, ``kb_id`` the entity;
               ``attrs["scores"]`` as above
``lineage``    ``child`` and ``parent`` mentions and the ``evidence`` sentence, sharing an ``id``; ``attrs["scores"]`` as above
``results``    for each stated score a ``value`` or ``relative`` span and ``method``, ``metric``,
               ``dataset`` mentions, all sharing an ``id``; ``attrs["scores"]`` as above
=============  ==========================================================================================

Each component reads the groups above its own and writes one, so that it can be exchanged alone.
Finding is a function of the Doc; the component writes what it found. The tagger's encoder also leaves its answers to
other questions on the Doc (`kg.pipes.encoder.answers_of`); components do without where there are none.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable

from spacy.tokens import Doc, Span, SpanGroup


def write(doc: Doc, group: str, spans: Iterable[Span], scores: Iterable[float] | None = None) -> Doc:
    """Put `spans` (and their scores, in the same order) into ``doc.spans[group]``."""
    attrs = {} if scores is None else {"scores": [round(s, 4) for s in scores]}
    doc.spans[group] = SpanGroup(doc, name=group, spans=list(spans), attrs=attrs)
    return doc


def group(doc: Doc, name: str) -> list[Span]:
    """Return the spans of a group, none where no component wrote it."""
    return list(doc.spans[name]) if name in doc.spans else []


def scored(doc: Doc, name: str) -> list[tuple[Span, float]]:
    """Return the spans of a group with their scores; 1 where another component changed the spans and left no scores that fit."""
    spans = group(doc, name)
    scores = doc.spans[name].attrs.get("scores", ()) if spans else ()
    return list(zip(spans, scores if len(scores) == len(spans) else [1.0] * len(spans), strict=True))


_read: tuple[Doc, str] | None = None


def text_of(doc: Doc) -> str:
    """Return ``doc.text``, which spaCy joins from the tokens each time it is asked; that of the last Doc is kept."""
    global _read
    kept = _read  # another thread may put its own there meanwhile
    if kept is None or kept[0] is not doc:
        _read = kept = doc, doc.text
    return kept[1]


def title_end(text: str) -> int:
    """Return where the title ends, in characters: at the first blank line, or 0 where the text has none."""
    return max(text.find("\n\n"), 0)


def sentence_finder(doc: Doc) -> Callable[[Span], Span]:
    """Return a function from a span to its sentence: what ``span.sent`` is, without its walk through the Doc at every call."""
    sentences = list(doc.sents)
    starts = [s.start for s in sentences]
    return lambda span: sentences[bisect_right(starts, span.start) - 1]


def definitions(doc: Doc) -> list[tuple[Span, Span]]:
    """Return the (short, long) spans of the acronyms that the text defines."""
    spans = group(doc, "acronyms")
    return list(zip(spans[::2], spans[1::2], strict=True))


def mentions_by_entity(doc: Doc) -> dict[str, list[Span]]:
    """Return the document's entities: key → its mentions, in order of their first mention."""
    out: dict[str, list[Span]] = {}
    for span in sorted(group(doc, "mentions"), key=lambda s: s.start):
        out.setdefault(span.kb_id_, []).append(span)
    return out
