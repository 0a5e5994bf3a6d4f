"""What the classifiers of entities see: the words around each mention, its place, its neighbours, and the name itself.

Features are rows of weights (`kg.pipes.linear`). Those that are words in some place are hashed for the whole text at once.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc, Span

from kg.pipes import group, text_of, title_end
from kg.pipes.features import word_rank
from kg.pipes.linear import pairs, row, word_rows
from kg.text import is_short

_SPEAKS = re.compile(r"\b(?:[Ww]e|[Oo]urs?|us|I(?!\.)|[Tt]his (?:paper|work|article|study|report|survey)|[Tt]he (?:present )?(?:paper|authors))\b|\b[Hh]ere,")
NEAR, FAR = 3, 8
"""Words on each side that count with their place, and without it."""
_NEARER = 5
_MOST = 120
"""Words of a sentence that count."""
MOST = 40
"""Mentions of an entity that count, and mentions around a place: what keeps the work on a text of thousands of mentions linear."""


class Contexts:
    """A Doc prepared for features: its words, its sentences, its mentions."""

    def __init__(self, doc: Doc, mentions: list[Span]) -> None:
        self.doc, self.mentions = doc, mentions
        self.text = text_of(doc)
        lower = self.text.lower()
        self.lower = lower if len(lower) == len(self.text) else "".join(c.lower() if c.isascii() else c for c in self.text)
        """The text in lower case, at the same offsets."""
        attributes = doc.to_array(["LOWER", "IS_ALPHA"]).reshape(-1, 2)
        self._hashes: NDArray[np.uint64] = attributes[:, 0].astype(np.uint64)
        self._alpha: NDArray[np.bool_] = attributes[:, 1].astype(bool)
        self._rows: dict[str, list[int]] = {}
        self.border = title_end(self.text)
        sentences = list(doc.sents)
        self.starts = [s.start for s in sentences]
        self.ends = [*self.starts, len(doc)][1:]
        self.bounds = list(pairwise([*(s.start_char for s in sentences), len(self.text)]))
        """Start and end of each sentence, in characters."""
        own = (i for i, (start, end) in enumerate(self.bounds) if start >= self.border and _SPEAKS.search(self.text, start, end))
        self.speaks = next(own, len(self.starts))
        self._begins = [m.start for m in mentions]
        self.at = {(m.start, m.end): i for i, m in enumerate(mentions)}
        self.sentence_of = [bisect_right(self.starts, m.start) - 1 for m in mentions]
        self.defined = {(s.start, s.end) for s in group(doc, "acronyms")}
        self._bags: dict[int, list[int]] = {}
        self._phrases: dict[tuple[re.Pattern[str], int], list[int]] = {}
        self._mentions: dict[tuple[int, int], list[int]] = {}

    # -- words ---------------------------------------------------------------------------------------------------------------

    def words_as(self, kind: str) -> list[int]:
        """Return the row of every word of the text as a feature of this kind."""
        if kind not in self._rows:
            self._rows[kind] = word_rows(self._hashes, kind).tolist()
        return self._rows[kind]

    def word_as(self, kind: str, i: int) -> int:
        """Return the row of one word as a feature of this kind."""
        return int(word_rows(self._hashes[i : i + 1], kind)[0])

    def pairs_as(self, kind: str) -> list[int]:
        """Return the row of every word with the one that follows it as a feature of this kind."""
        if kind not in self._rows:
            self._rows[kind] = word_rows(pairs(self._hashes[:-1], self._hashes[1:]), kind).tolist()
        return self._rows[kind]

    def around(self, span: Span, sight: int) -> tuple[str, str]:
        """Return the text before and after a span in lower case, within its sentence and at most `sight` characters."""
        start, end = self.bounds[self.sentence(span)]
        return self.lower[max(start, span.start_char - sight) : span.start_char], self.lower[span.end_char : min(end, span.end_char + sight)]

    def since(self, phrase: re.Pattern[str], span: Span) -> str | None:
        """Return the text, in lower case, from the last such phrase of the sentence before a span to it; None where there is none, or a stop between."""
        sentence = self.sentence(span)
        key = phrase, sentence
        if key not in self._phrases:
            self._phrases[key] = [m.end() for m in phrase.finditer(self.lower, *self.bounds[sentence])]
        ends = self._phrases[key]
        last = bisect_right(ends, span.start_char) - 1
        gap = self.lower[ends[last] : span.start_char] if last >= 0 else "."
        return None if "." in gap or ";" in gap else gap

    def bag(self, sentence: int) -> list[int]:
        """Return the words of a sentence as features."""
        if sentence not in self._bags:
            part = slice(self.starts[sentence], min(self.ends[sentence], self.starts[sentence] + _MOST))
            self._bags[sentence] = word_rows(self._hashes[part][self._alpha[part]], "sentence").tolist()
        return self._bags[sentence]

    def neighbourhood(self, start: int, end: int, first: int, last: int, reach: int) -> list[int]:
        """Return the words next to start..end, by place and side, within first..last."""
        out = []
        for k in range(NEAR):
            before, after = start - 1 - k, end + k
            out.append(self.words_as(f"before {k}")[before] if before >= first else row(f"before {k}: edge"))
            out.append(self.words_as(f"after {k}")[after] if after < last else row(f"after {k}: edge"))
        if start - 2 >= first:
            out.append(self.pairs_as("two before")[start - 2])
        if end + 1 < last:
            out.append(self.pairs_as("two after")[end])
        out += self.words_as("before")[max(first, start - reach) : start]
        out += self.words_as("after")[end : min(last, end + reach)]
        return out

    # -- mentions and entities -----------------------------------------------------------------------------------------------

    def sentence(self, span: Span) -> int:
        """Return the number of the sentence in which a span begins."""
        known = self.at.get((span.start, span.end))
        return bisect_right(self.starts, span.start) - 1 if known is None else self.sentence_of[known]

    def near(self, span: Span) -> list[Span]:
        """Return the mentions around a span, at most `MOST` on each side."""
        at = bisect_right(self._begins, span.start)
        return self.mentions[max(0, at - MOST) : at + MOST]

    def place(self, span: Span) -> str:
        """Return where a span stands: title, background, the first sentence in which the paper speaks of itself, the body, the end."""
        if span.start_char < self.border:
            return "title"
        sentence = self.sentence(span)
        if sentence == len(self.starts) - 1:
            return "end"
        return "background" if sentence < self.speaks else "speaks" if sentence == self.speaks else "body"

    def of_mention(self, span: Span) -> list[int]:
        """Return the features of one mention."""
        key = span.start, span.end
        if key not in self._mentions:
            self._mentions[key] = self._of_mention(span)
        return self._mentions[key]

    def _of_mention(self, span: Span) -> list[int]:
        i, j, type_ = span.start, span.end, span.label_
        sentence, place = self.sentence(span), self.place(span)
        first, last = self.starts[sentence], self.ends[sentence]
        out = [row(f"place={place}"), row(f"place={place}|{type_}"), row(f"sentence={min(sentence, 12)}"), *self.bag(sentence)]
        out += self.neighbourhood(i, j, first, last, FAR)
        if i > first:
            out.append(self.words_as(f"before 0|{type_}")[i - 1])
        if i - 1 > first:
            out.append(self.words_as(f"before 1|{type_}")[i - 2])
        if j < last:
            out.append(self.words_as(f"after 0|{type_}")[j])
        out += self.words_as(f"before|{type_}")[max(first, i - _NEARER) : i]
        if place == "title" and self.text[span.end_char : span.end_char + 1] == ":":
            out.append(row("title:"))
        if place == "title" and i == 0:
            out.append(row("title first"))
        n = self.at.get((i, j), -1)
        for side, k in (("before", n - 1), ("after", n + 1)):
            if n >= 0 and 0 <= k < len(self.mentions) and self.sentence_of[k] == sentence:
                other = self.mentions[k]
                gap = self.lower[other.end_char : span.start_char] if k < n else self.lower[span.end_char : other.start_char]
                out.append(row(f"{side}={other.label_}|{type_}"))
                if len(gap) <= 12:
                    out.append(row(f"{side}={other.label_}|{gap}"))
        if (i, j) in self.defined:
            out.append(row("defined"))
        return out

    def of_entity(self, spans: Sequence[Span]) -> list[int]:
        """Return the features of an entity's name and of all its mentions together."""
        first = spans[0]
        type_ = first.label_
        names = {s.text for s in spans}
        places = {self.place(s) for s in spans}
        coined = any(is_short(n) for n in names)
        rank = max((word_rank(w) for n in names for w in re.findall(r"[^\W_]+", n.lower())), default=0)
        spelled = "coined" if coined else "capital" if first.text[:1].isupper() else "small"
        out = [
            f"type={type_}",
            f"type={type_}|{'coined' if coined else 'word'}|{'title' if 'title' in places else 'body'}",
            f"mentions={min(len(spans), 6)}",
            f"sentences={min(len({self.sentence(s) for s in spans}), 5)}|{type_}",
            f"names={min(len(names), 3)}",
            f"spelled={spelled}|{type_}",
            f"rank={rank}|{type_}",
            f"rank={rank}|{spelled}",
            f"places={'+'.join(sorted(places))}",
            f"first={self.place(first)}|{type_}|{spelled}",
        ]
        if any((s.start, s.end) in self.defined for s in spans):
            out.append(f"defined|{type_}")
        for name in names:
            low = name.lower()
            words = low.split() or [low]
            out += [f"name={low}", f"name begins={words[0]}", f"name ends={words[-1]}"]
        return [row(f) for f in out]


_last: Contexts | None = None


def _key(mention: Span) -> tuple[int, int, int, int]:
    return mention.start, mention.end, mention.label, mention.kb_id


def contexts_of(doc: Doc) -> Contexts:
    """Return the Doc's contexts; those of the last Doc are kept, for the components that follow one another."""
    global _last
    mentions = sorted(group(doc, "mentions"), key=lambda m: m.start)
    kept = _last  # another thread may put its own there meanwhile
    if kept is None or kept.doc is not doc or [_key(m) for m in kept.mentions] != [_key(m) for m in mentions]:
        _last = kept = Contexts(doc, mentions)
    return kept
