"""``kg_acronyms``: definitions of short forms, by Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text" (2003).

A definition with one half tagged makes the other half a mention too, and a mention that is a piece of the long form grows to it.
"""

import re
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.pipes import scored, text_of, write

_BRACKETS = re.compile(r"\(([^()]{2,120})\)")
_WORD = re.compile(r"\S+")


def is_short_form(text: str) -> bool:
    """Tell whether `text` can be a short form: up to two words, 2–10 characters, a capital in it, beginning with a letter or digit."""
    return 2 <= len(text) <= 10 and text.count(" ") <= 1 and text[0].isalnum() and any(c.isupper() for c in text) and not text.isdigit()


def long_form_start(short: str, before: str) -> int | None:
    """Return where in `before` the long form of `short` starts, matching its characters from right to left; None where they do not match.

    Words whose first letters spell the short form come first (it is what ``data-dependent uncertainty (DDU)`` means).
    Otherwise the first character must begin a word, and the long form has at most min(|short| + 5, 2 |short|) words and more characters.

    >>> long_form_start("SVD", "we use the singular value decomposition ")
    11
    """
    at = len(before.rstrip())
    letters = [c for c in short.lower() if c.isalnum()]
    starts = [m.start() for m in re.finditer(r"[^\W_]+", before)][-len(letters) :]
    if [before[i].lower() for i in starts] == letters and not re.search(r"[.;:!?,]\s|[()]", before[starts[0] :]):
        return starts[0]
    for i in range(len(short) - 1, -1, -1):
        char = short[i].lower()
        if not char.isalnum():
            continue
        at -= 1
        while at >= 0 and (before[at].lower() != char or (i == 0 and at > 0 and before[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return None
    long = before[at:].rstrip()
    words = len(re.findall(r"[^\s-]+", long))
    if words > min(len(short) + 5, 2 * len(short)) or len(long) <= len(short) or short in long.split() or re.search(r"[.;:!?]\s|[()]", long):
        return None
    return at


def find_definitions(text: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield (short, long) offsets of each definition: ``long form (short)`` and ``short (long form)``."""
    for match in _BRACKETS.finditer(text):
        inner_start = match.start(1)
        inner = re.split(r"[;,]", match.group(1))[0].strip()
        before = text[max(0, match.start() - 160) : match.start()].rsplit("\n\n", 1)[-1]
        offset = match.start() - len(before)
        if is_short_form(inner):
            start = long_form_start(inner, before)
            if start is None and inner.endswith("s") and len(inner) > 2:
                start = long_form_start(inner[:-1], before)
            if start is not None:
                yield (inner_start, inner_start + len(inner)), (offset + start, offset + len(before.rstrip()))
                continue
        words = list(_WORD.finditer(before))
        if words and is_short_form(words[-1].group()):
            short = words[-1]
            start = long_form_start(short.group(), inner)
            if start == 0:
                yield (offset + short.start(), offset + short.end()), (inner_start, inner_start + len(inner))


@Language.factory("kg_acronyms", requires=["doc.spans"], assigns=["doc.spans"])
def make_acronyms(nlp: Language, name: str) -> "Acronyms":
    return Acronyms()


class Acronyms:
    def __call__(self, doc: Doc) -> Doc:
        pairs: list[Span] = []
        for i, (short, long) in enumerate(find_definitions(text_of(doc))):
            a = doc.char_span(*short, label="short", span_id=f"a{i}")
            b = doc.char_span(*long, label="long", span_id=f"a{i}")
            if a is not None and b is not None:
                pairs += [a, b]
        mentions, scores = complete(doc, pairs)
        write(doc, "acronyms", pairs)
        return write(doc, "mentions", mentions, scores)


def complete(doc: Doc, pairs: list[Span]) -> tuple[list[Span], list[float]]:
    """Return the mentions with both halves of every definition that a mention touches, and their scores."""
    found = dict(scored(doc, "mentions"))
    at = {i: m for m in found for i in range(m.start, m.end)}
    for short, long in zip(pairs[::2], pairs[1::2], strict=True):
        inside = {half: list(dict.fromkeys(at[i] for i in range(half.start, half.end) if i in at)) for half in (short, long)}
        exact = [m for half in (short, long) for m in inside[half] if (m.start, m.end) == (half.start, half.end)]
        touching = exact or [m for m in inside[short] + inside[long] if m.end == long.end or m in inside[short]]
        if not touching:
            continue
        best = max(touching, key=lambda m: found[m])
        score = found[best]
        for half, parts in inside.items():
            if any((m.start, m.end) == (half.start, half.end) and m.label == best.label for m in parts):
                continue
            for part in parts:
                found.pop(part, None)
                for i in range(part.start, part.end):
                    at.pop(i, None)
            whole = Span(doc, half.start, half.end, label=best.label, span_id="acronym")
            found[whole] = score
            at.update(dict.fromkeys(range(whole.start, whole.end), whole))
    mentions = sorted(found, key=lambda m: m.start)
    return mentions, [found[m] for m in mentions]
