"""``kg_entities``: mentions that name one thing in one text get one key.

They do where their normal forms are equal, or where the text defines one as the short form of the other.
"""

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.pipes import definitions, group, write
from kg.records import family
from kg.text import normal_form


def find_entities(doc: Doc) -> list[int]:
    """Return, for each mention, the number of its entity; numbers follow the first mentions."""
    mentions = group(doc, "mentions")
    forms = [(family(m.label_), normal_form(m.text, family(m.label_))) for m in mentions]
    parent: dict[tuple[str, str], tuple[str, str]] = {f: f for f in forms}

    def root(form: tuple[str, str]) -> tuple[str, str]:
        while parent[form] != form:
            form = parent[form]
        return form

    at = {(m.start, m.end): f for m, f in zip(mentions, forms, strict=True)}
    for short, long in definitions(doc):
        a, b = at.get((short.start, short.end)), at.get((long.start, long.end))
        if a and b and a[0] == b[0]:
            parent[root(a)] = root(b)
    numbers: dict[tuple[str, str], int] = {}
    return [numbers.setdefault(root(f), len(numbers)) for f in forms]


@Language.factory("kg_entities", requires=["doc.spans"], assigns=["doc.spans"])
def make_entities(nlp: Language, name: str) -> "Entities":
    return Entities()


class Entities:
    def __call__(self, doc: Doc) -> Doc:
        mentions = group(doc, "mentions")
        if not mentions:
            return doc
        keyed = [Span(doc, m.start, m.end, label=m.label, kb_id=f"e{n}", span_id=m.id_) for m, n in zip(mentions, find_entities(doc), strict=True)]
        return write(doc, "mentions", keyed, doc.spans["mentions"].attrs["scores"])
