"""``kg_given``: mentions that are known beforehand, in place of the tagger's: ``doc.user_data["given"]`` holds (start, end, type) of each.

They may overlap. It is no part of the pipeline that reads papers; annotated abstracts are trained on and scored with it.
"""

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.pipes import write

KEY = "given"


def find_given(doc: Doc) -> list[Span]:
    """Return the mentions that the Doc came with, grown to whole words."""
    spans = (doc.char_span(start, end, label=type_, span_id="given", alignment_mode="expand") for start, end, type_ in doc.user_data.get(KEY, ()))
    return list({(s.start, s.end): s for s in spans if s is not None}.values())


@Language.factory("kg_given", requires=["doc.sents"], assigns=["doc.spans"])
def make_given(nlp: Language, name: str) -> "Given":
    return Given()


class Given:
    def __call__(self, doc: Doc) -> Doc:
        spans = find_given(doc)
        return write(doc, "mentions", spans, [1.0] * len(spans))
