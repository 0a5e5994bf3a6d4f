"""``kg_sentences``: sentence starts. A blank line ends the title."""

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from kg.pipes import text_of
from kg.text import sentence_starts


@Language.factory("kg_sentences", assigns=["token.is_sent_start"])
def make_sentences(nlp: Language, name: str) -> "Sentences":
    return Sentences()


class Sentences:
    def __call__(self, doc: Doc) -> Doc:
        text = text_of(doc)
        border = text.find("\n\n")
        starts = set(sentence_starts(text, border + 2 if border >= 0 else 0))
        # As one array: setting `token.is_sent_start` looks through the whole Doc each time.
        marks = [1 if token.i == 0 or token.idx in starts else -1 for token in doc]
        return doc.from_array(["SENT_START"], np.array(marks, dtype="int64").astype("uint64")) if marks else doc  # type: ignore[arg-type]
