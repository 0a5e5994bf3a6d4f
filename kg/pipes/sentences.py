"""``kg_sentences``: sentence starts. A blank line ends the title."""

from spacy.language import Language
from spacy.tokens import Doc

from kg.text import sentence_starts


@Language.factory("kg_sentences", assigns=["token.is_sent_start"])
def make_sentences(nlp: Language, name: str) -> "Sentences":
    return Sentences()


class Sentences:
    def __call__(self, doc: Doc) -> Doc:
        text = doc.text
        border = text.find("\n\n")
        starts = set(sentence_starts(text, border + 2 if border >= 0 else 0))
        for token in doc:
            token.is_sent_start = token.i == 0 or token.idx in starts
        return doc
