"""``kg_generic``: entities so broad that sharing them says nothing, from the list that ``training/generic.py`` made."""

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.names import is_generic
from kg.pipes import mentions_by_entity, write
from kg.records import family
from kg.text import normal_form


def find_generic(doc: Doc) -> list[Span]:
    """Return the first mention of each entity that one of its names makes generic."""
    return [spans[0] for spans in mentions_by_entity(doc).values() if any(is_generic(normal_form(s.text, family(s.label_))) for s in spans)]


@Language.factory("kg_generic", requires=["doc.spans"], assigns=["doc.spans"])
def make_generic(nlp: Language, name: str) -> "Generic":
    return Generic()


class Generic:
    def __call__(self, doc: Doc) -> Doc:
        return write(doc, "generic", find_generic(doc))
