"""``kg_entities``: mentions that name one thing in one text get one key.

They do where their normal forms are equal, where both are known to mean one thing, where the text defines one as the
short form of the other, or where a classifier says so of two names that share words ("3D reconstruction" and, in the
same abstract, "feed-forward 3D reconstruction"). What the text defines, it knows better than any list.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.names import canonical_form, is_generic, known
from kg.pipes import definitions, group, scored, text_of, title_end, write
from kg.pipes.linear import load_linear, row, sigmoid
from kg.records import TYPES, family
from kg.text import is_short, name_words, normal_form, version

SAME = 0.6
"""Least probability at which two names of a text are one thing."""
_MOST = 80
"""Things of a text that are compared with each other."""

Words = tuple[str, ...]


@dataclass(slots=True)
class Thing:
    """What one text names, so far: mentions of one normal form, or tied by a definition."""

    family: str
    names: dict[Words, str] = field(default_factory=dict)  # words → a surface
    title: bool = False
    mentions: int = 0
    defined: bool = False
    generic: bool = False


def find_entities(doc: Doc) -> list[int]:
    """Return, for each mention, the number of its entity; numbers follow the first mentions."""
    mentions, numbers = group(doc, "mentions"), by_form(doc)
    things = things_of(doc, numbers)
    parent = list(range(len(things)))
    versions = [{v for name in t.names if (v := version("".join(name)))} for t in things]
    for a, b, features in candidates(things):
        a, b = sorted((_root(parent, a), _root(parent, b)))
        if a != b and _compatible(versions[a], versions[b]) and sigmoid(float(load_linear("same").logits(features)[0])) >= SAME:
            parent[b] = a
            versions[a] |= versions[b]
    merged: dict[int, int] = {}
    return [merged.setdefault(_root(parent, numbers[i]), len(merged)) for i in range(len(mentions))]


def _compatible(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> bool:
    """Tell whether things with these versions in their names may be one: what has none goes with any, two do not go together."""
    return not one or not other or one == other


def by_form(doc: Doc) -> list[int]:
    """Return, for each mention, the number of its entity by normal forms, known names and definitions alone."""
    mentions = group(doc, "mentions")
    defined = {normal_form(short.text, kind) for short, _ in definitions(doc) for kind in {family(t) for t in TYPES}}
    forms = [_form(m, defined) for m in mentions]
    order = {form: i for i, form in enumerate(dict.fromkeys(forms))}
    parent = list(range(len(order)))
    at = {(m.start, m.end): f for m, f in zip(mentions, forms, strict=True)}
    for short, long in definitions(doc):
        a, b = at.get((short.start, short.end)), at.get((long.start, long.end))
        if a and b and a[0] == b[0]:
            parent[_root(parent, order[a])] = _root(parent, order[b])
    numbers: dict[int, int] = {}
    return [numbers.setdefault(_root(parent, order[f]), len(numbers)) for f in forms]


def _root(parent: list[int], i: int) -> int:
    while parent[i] != i:
        i = parent[i]
    return i


def _form(mention: Span, defined: set[str]) -> tuple[str, str]:
    kind = family(mention.label_)
    form = normal_form(mention.text, kind)
    return kind, form if form in defined else canonical_form(kind, form)


# -- names that share words ----------------------------------------------------------------------------------------------------


def things_of(doc: Doc, numbers: Sequence[int]) -> list[Thing]:
    """Return what the text names, by the numbers of its mentions."""
    border = title_end(text_of(doc))
    halves = {(s.start, s.end) for s in group(doc, "acronyms")}
    things: dict[int, Thing] = {}
    for mention, number in zip(group(doc, "mentions"), numbers, strict=True):
        kind = family(mention.label_)
        thing = things.setdefault(number, Thing(kind))
        thing.names.setdefault(name_words(mention.text), mention.text)
        thing.title |= mention.start_char < border
        thing.mentions += 1
        thing.defined |= (mention.start, mention.end) in halves
        thing.generic |= is_generic(normal_form(mention.text, kind))
    return [things[n] for n in sorted(things)]


def candidates(things: Sequence[Thing]) -> Iterator[tuple[int, int, list[int]]]:
    """Yield the pairs of things of one family whose names share a word, or of which one holds the other's initials, with their features."""
    endings = Counter(last for t in things[:_MOST] for last in {name[-1] for name in t.names if name})
    compared = [(i, t, {w for name in t.names for w in name}, _letters(t)) for i, t in enumerate(things[:_MOST]) if not t.generic]
    for (i, a, words, short), (j, b, others, shorter) in combinations(compared, 2):
        related = not words.isdisjoint(others) or any(_initials_in(c, name) for x, t in ((short, b), (shorter, a)) for c in x for name in t.names)
        if a.family == b.family and related:
            features = pair_features(a, b, endings)
            if features:
                yield i, j, features


def _letters(thing: Thing) -> set[str]:
    """Return what stands in capitals in the names of a thing, in lower case."""
    return {w.lower() for name in thing.names.values() for w in _CAPITALS.findall(name)}


def pair_features(a: Thing, b: Thing, endings: Mapping[str, int]) -> list[int]:
    """Return the features of two things: how the most alike of their names differ; none where no two begin or end alike or their versions differ."""
    found = []
    for x, y in product(a.names, b.names):
        long_x = x if a.defined and len(x) == 1 else _spelled_out(x, a.names[x], y)  # what the text defines, it spells out itself
        long_y = y if b.defined and len(y) == 1 else _spelled_out(y, b.names[y], x)
        if x != y and (relation := _relation(long_x, long_y)) is not None:
            found.append((relation, long_x != x or long_y != y, x, y))
    if not found:
        return []
    (kind, more, less), initials, x, y = min(found, key=lambda f: (_RELATIONS.index(f[0][0]), len(f[0][1]) + len(f[0][2]), f[1:]))
    if kind != "equal" and version("".join(x)) != version("".join(y)) and version("".join(x)) and version("".join(y)):
        return []
    if len(x) > len(y):
        a, b, x, y = b, a, y, x
    one, two, added, gone = a.names[x], b.names[y], " ".join(more), " ".join(less)
    features = [
        kind,
        f"{a.family}|{kind}",
        f"{kind}|more {min(len(more), 4)} less {min(len(less), 4)}",
        f"{kind}|head {y[-1]}",
        f"{kind}|common {' '.join(w for w in y if w in x)}",
        f"{a.family}|{kind}|long {min(len(x), 4)}",
        *(f"{kind}|+{w}" for w in more),
        *(f"{kind}|-{w}" for w in less),
        f"{kind}|+{added}|-{gone}",
        f"{kind}|head {y[-1]}|+{more[-1] if more else ''}|-{gone}",
        f"{kind}|name {' '.join(x)}",
        f"{kind}|first {more[0] if more else ''}",
        f"{kind}|capitals {_capitals(one)}{_capitals(two)}",
        f"{kind}|short {is_short(one)} {is_short(two)}",
        f"{kind}|defined {a.defined} {b.defined}",
        f"title {a.title} {b.title}",
        f"{kind}|ending alike {min(endings.get(y[-1], 0), 5)}",
        f"{kind}|mentions {min(a.mentions, 3)} {min(b.mentions, 3)}",
    ]
    features += [f"{kind}|joined"] if {"and", "or"} & {*more, *less} else []
    features += ["initials", f"{kind}|initials", f"{kind}|initials|more {len(more)} less {len(less)}"] if initials else []
    features += ["number"] if any(w.isdigit() for w in (*more, *less)) else []
    return [row(f"same|{f}") for f in features]


_LITTLE = {"a", "an", "and", "for", "in", "of", "on", "the", "to", "with"}


def _spelled_out(words: Words, name: str, other: Words) -> Words:
    """Return the words of a name, those in capitals that are the initials of words of `other` replaced by these.

    >>> _spelled_out(("hosi", "generation"), "HOSI generation", ("human", "object", "scene", "interaction", "generation"))
    ('human', 'object', 'scene', 'interaction', 'generation')
    """
    capitals = [w.lower() for w in _CAPITALS.findall(name)]
    if not capitals:
        return words
    out: list[str] = []
    for word in words:
        out += next((found for found in (_initials_in(c, other) for c in capitals if word in (c, f"{c}s")) if found), (word,))
    return tuple(out)


_CAPITALS = re.compile(r"(?<![^\W_])[A-Z]{2,7}(?=s?(?![^\W_]))")


def _initials_in(letters: str, words: Words) -> Words:
    """Return the words in a row whose first letters these are, little ones between them left out of account; none where there are none."""
    for start, word in enumerate(words):
        if word[0] == letters[0]:
            at, end = 0, start
            while end < len(words) and at < len(letters):
                if words[end][0] == letters[at]:
                    at += 1
                elif words[end] not in _LITTLE:
                    break
                end += 1
            if at == len(letters):
                return words[start:end]
    return ()


_RELATIONS = ("equal", "ends", "begins", "middle", "start", "end")
"""How two names share words, the closest first: all; one ends the other; one begins it; both ends; the beginning; the end."""


def _relation(a: Words, b: Words) -> tuple[str, Words, Words] | None:
    """Return how two names share words, what the longer has more, and what it lacks; None where they begin and end otherwise."""
    if len(a) > len(b):
        a, b = b, a
    if not a:
        return None
    if a == b:
        return "equal", (), ()
    if b[-len(a) :] == a:
        return "ends", b[: -len(a)], ()
    if b[: len(a)] == a:
        return "begins", b[len(a) :], ()
    head = next(i for i in range(len(a) + 1) if i == len(a) or a[i] != b[i])
    tail = next(i for i in range(len(a) - head + 1) if i == len(a) - head or a[-1 - i] != b[-1 - i])
    if not head and not tail:
        return None
    kind = "middle" if head and tail else "start" if head else "end"
    return kind, b[head : len(b) - tail], a[head : len(a) - tail]


def _capitals(name: str) -> bool:
    words = name.split()
    return sum(w[:1].isupper() for w in words) >= max(1, len(words) - 1)


# -- the name that stands for a thing --------------------------------------------------------------------------------------------


def standing(surfaces: Counter[str], kind: str, long_form: str | None) -> str:
    """Return the surface that stands for an entity of one text (`surfaces` counts its mentions).

    The long form that the text defines; else a name that its others are known to mean; else the one written most.
    """
    if long_form:
        return long_form
    forms = {s: normal_form(s, kind) for s in surfaces}
    meant = {canonical_form(kind, form) for form in forms.values() if canonical_form(kind, form) != form}
    return min(surfaces, key=lambda s: (forms[s] not in meant, not known(kind, forms[s]) and not is_generic(forms[s]), len(name_words(s)), -surfaces[s], s))


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
