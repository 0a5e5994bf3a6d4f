"""``kg_entities``: mentions that name one thing in one text get one key.

They do where their normal forms are equal, where both are known to mean one thing, or where the text defines one
as the short form of the other. What the text defines, it knows better than any list.
"""

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.names import canonical_form
from kg.pipes import definitions, group, scored, write
from kg.records import TYPES, family
from kg.text import normal_form


def find_entities(doc: Doc) -> list[int]:
    """Return, for each mention, the number of its entity; numbers follow the first mentions."""
    mentions = group(doc, "mentions")
    defined = {normal_form(short.text, kind) for short, _ in definitions(doc) for kind in {family(t) for t in TYPES}}
    forms = [_form(m, defined) for m in mentions]
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


def _form(mention: Span, defined: set[str]) -> tuple[str, str]:
    kind = family(mention.label_)
    form = normal_form(mention.text, kind)
    return kind, form if form in defined else canonical_form(kind, form)


@Language.factory("kg_entities", requires=["doc.spans"], assigns=["doc.spans"])
def make_entities(nlp: Language, name: str) -> "Entities":
    return Entities()


class Entities:
    def __call__(self, doc: Doc) -> Doc:
        mentions = group(doc, "mentions")
        if not mentions:
            return doc
        keyed = [Span(doc, m.start, m.end, label=m.label, kb_id=f"e{n}", span_id=m.id_) for m, n in zip(mentions, find_entities(doc), strict=True)]
        return write(doc, "mentions", keyed, [score for _, score in scored(doc, "mentions")])
