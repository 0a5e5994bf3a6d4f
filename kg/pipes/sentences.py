"""``kg_sentences``: sentence starts. A blank line ends the title; abbreviations, decimals and names like ``U.S.`` end nothing."""

import re
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

from kg.pipes import title_end

_END = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9\\$])")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|cf|vs|etc|al|resp|approx|Fig|Figs|Eq|Eqs|Sec|Tab|Ref|Refs|No|Dr|Prof|St|w\.r\.t|a\.k\.a)|\b[A-Z]|\b(?:[A-Za-z]\.)+[A-Za-z])$")


def find_sentences(doc: Doc) -> Iterator[int]:
    """Yield the offsets at which a sentence starts, after the first."""
    border = title_end(doc)
    if border:
        yield border + 2
    for match in _END.finditer(doc.text, border + 2 if border else 0):
        before = doc.text[max(0, match.start() - 12) : match.start()]
        if match.group()[0] != "." or not _ABBREVIATION.search(before):
            yield match.end()


@Language.factory("kg_sentences", assigns=["token.is_sent_start"])
def make_sentences(nlp: Language, name: str) -> "Sentences":
    return Sentences()


class Sentences:
    def __call__(self, doc: Doc) -> Doc:
        starts = set(find_sentences(doc))
        for token in doc:
            token.is_sent_start = token.i == 0 or token.idx in starts
        return doc
