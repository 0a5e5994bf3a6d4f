"""Same thing, same node: the names of all papers → entities, with the reason for every merge.

The only step that sees the whole corpus. It works on distinct names, not on mentions: a name is (type family, normal form,
sense), the sense being what its paper says that it stands for: the normal form of the long form that the paper defines, or of
what it calls the thing elsewhere. Names are joined by recorded judgements; an entity is a connected component of them. No
join is made that would bring together what is to stay apart: two senses of one short form, two versions of one
name, two coinages spelled with other capitals, two names that the user keeps apart. The rules, in their order, the surest first:

1. What the user says (`kg.aliases`), whatever else speaks against it (reason "user").
2. Spellings with one normal form are one name: case, plural, hyphens, LaTeX, sizes; see `kg.text.normal_form` ("normal form",
   "plural", "size", "spelling variant").
3. Long forms of one short form that differ in spelling only are one ("spelling variant"); others stay apart ("other long form").
4. A short form that its paper defines is one with its long form, and through it with the same definition elsewhere ("definition").
5. A short form that a paper introduces without expanding it stays apart from those defined under another spelling (``BLAST``, ``BLaST``).
6. A short form that its paper does not define takes the sense that is spelled as it is ("sense of its spelling"), where the corpus knows several; else
   that for which the other names in the paper speak ("sense of its company"); else that of at least two thirds of the papers that define it, among
   them those of a large corpus ("sense of the majority"); else none ("no clear sense").
7. Names that people gave one canonical name ("known name"), that a list of known names holds as one ("list of known names"), or of which a large corpus
   defines one as the other's short form ("known long form") are one, unless papers define them otherwise.
8. A name with and without a word that changes nothing (model, method, automated …) is one, unless those tables say otherwise.
9. What a paper itself writes for one thing is one there ("one thing in a paper"); elsewhere the name keeps its own meaning.

A join that is not made for what stands against it is recorded as "contradiction" or "user".

Everything depends on the set of readings and those tables only, not on the order of the readings. Time grows with the
mentions once, with the distinct names after that, and with the square of the long forms that one short form has.
"""

import gc
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from kg.aliases import UserJudgement
from kg.corpus import OWN, Components, Corpus, Judgement, Name, collect, form_of, join, most, split_spellings
from kg.names import Listed, canonical_form, known, listed, long_forms, reduced
from kg.naming import draft, name_entities, spellings, versions_apart
from kg.records import Entity, Link, Reading
from kg.senses import CLEAR_MAJORITY, SAME_EXPANSION, senses_of, settle_senses, settle_undefined, similar
from kg.text import is_short, name_words, normal_form, singular, version

Split = Collection[tuple[str, str]]
"""Spellings (type family, surface) that the user keeps apart from others of one normal form."""


@dataclass(slots=True)
class Linked:
    """What linking decides: the entities, the judgements, and where each paper's entities went."""

    entities: list[Entity]
    links: list[Link]
    entity_of: dict[str, list[str]]  # paper → entity id of each of the reading's entities
    divided: dict[str, list["Divided"]] = field(default_factory=dict)
    """Paper → spellings that went elsewhere than the rest of an entity of its reading: what it writes for one thing is kept apart."""


class Divided(NamedTuple):
    """Spellings of an entity of a reading (its number) that are of another entity of the graph."""

    entity: int
    surfaces: frozenset[str]
    id: str


def link(readings: Iterable[Reading], judgements: Sequence[UserJudgement] = ()) -> Linked:
    """Return the entities of all readings, as the user's `judgements` and the rules above have them."""
    with _without_collection():
        return _linked(readings, judgements)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Keep Python from looking for garbage: millions of names are made here, none of them in a cycle, and each search walks them all."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def _linked(readings: Iterable[Reading], judgements: Sequence[UserJudgement]) -> Linked:
    if iter(readings) is readings:
        readings = list(readings)
    judgements = sorted({replace(j, where="") for j in judgements}, key=lambda j: j.line)  # where they stand is not in the graph
    split = split_spellings(readings, judgements)
    corpus = collect(readings, split)
    joined = Components()
    for name in corpus.seen:
        joined.add(name)
    by_form: dict[tuple[str, str], list[Name]] = defaultdict(list)
    for name in corpus.seen:
        by_form[name[:2]].append(name)
    _mark(corpus, joined, by_form, judgements, split)
    senses = senses_of(corpus)
    found = [*_join_users(corpus, joined, by_form, judgements, split), *settle_senses(corpus, joined, senses)]
    said, told = _told(corpus, by_form, judgements, split, senses)
    by_form.clear()
    found += _join_within(corpus, joined, defined=True)
    found += settle_undefined(corpus, joined, senses, said, told)
    found += _join_known(corpus, joined, senses)
    found += _join_listed(corpus, joined, senses)
    found += _join_long_forms(corpus, joined, senses)
    corpus.undefined.clear()  # the rest needs the room
    corpus.called.clear()
    found += _join_reduced(corpus, joined)
    found += _join_within(corpus, joined, defined=False)
    roots = [[joined.root(name) for name in names] for names in corpus.local]
    apart = _divided(corpus, joined)
    papers = Counter(root for number, of_paper in enumerate(roots) for root in {*of_paper, *(root for _, _, root in apart.get(number, ()))})
    members = {root: [n for n in names if n in corpus.seen] for root, names in joined.members().items()}
    several = senses.keys() | {name[:2] for name in corpus.seen if name[2].startswith(OWN)}
    id_of, entities = name_entities([draft(root, names, corpus, papers[root]) for root, names in members.items() if papers[root]], several)
    found += spellings(corpus, {root: entities[id_] for root, id_ in id_of.items()}, joined)
    links = [x for j in found if (x := _link(j, corpus, joined, id_of)).name != x.other or not x.same]
    links += versions_apart(list(entities.values()))
    unique = {(x.family, x.name, x.other, x.same, x.reason): x for x in sorted(links, key=lambda x: (x.score, x.reason, x.evidence))}
    return Linked(
        [entities[id_] for id_ in sorted(entities)],
        [unique[key] for key in sorted(unique)],
        {paper: [id_of[root] for root in of_paper] for paper, of_paper in zip(corpus.papers, roots, strict=True)},
        {corpus.papers[n]: [Divided(i, surfaces, id_of[root]) for i, surfaces, root in parts] for n, parts in apart.items()},
    )


def _divided(corpus: Corpus, joined: Components) -> dict[int, list[tuple[int, frozenset[str], Name]]]:
    """Return, by paper, (number of the entity, surfaces, root) of the names that could not be joined with what the paper calls the thing."""
    out: dict[int, list[tuple[int, frozenset[str], Name]]] = defaultdict(list)
    for name in sorted(corpus.stands_for):
        for first in sorted(corpus.stands_for[name]):
            if joined.root(name) != joined.root(first):
                for paper in corpus.seen[name].papers:
                    numbers = [i for i, stands in enumerate(corpus.local[paper]) if stands == first]
                    out[paper] += [(i, frozenset(corpus.seen[name].surfaces), joined.root(name)) for i in numbers]
    return dict(out)


def _mark(corpus: Corpus, joined: Components, by_form: Mapping[tuple[str, str], list[Name]], judgements: Iterable[UserJudgement], split: Split) -> None:
    """Mark what is to stay apart: names that the user keeps apart, versions of one name."""
    for judgement in judgements:
        for kind in judgement.families():
            ends = [_said(text, kind, corpus, by_form, split) for text in (judgement.name, judgement.other)]
            for value, (said, other) in enumerate((ends, ends[::-1])):
                every = {said} if judgement.same or said[2] else {said, *by_form.get(said[:2], ())} - {other}
                for name in every:
                    joined.add(name)
                    if not judgement.same:
                        joined.mark(name, ("user", str(judgement), judgement.family or ""), str(value))
    stems = {(kind, _stem(form)) for kind, form in by_form if version(form)}
    for (kind, form), names in by_form.items():
        stem = _stem(form)
        if len(stem) > 1 and (kind, stem) in stems:
            for name in names:
                joined.mark(name, ("version", stem, kind), " ".join(version(form)))


def _stem(form: str) -> str:
    return "".join(c for c in form if not c.isdigit() and c not in ".-") if version(form) else form


_LABEL = re.compile(r"(.+) \((.+)\)")


def _said(text: str, kind: str, corpus: Corpus, by_form: Mapping[tuple[str, str], list[Name]], split: Split) -> Name:
    """Return the name that the user means by `text`: a spelling, an id, or ``VQA (visual question answering)``, a short form in one sense.

    A spelling is the name as written without definition; where papers only define or introduce it, that.
    """
    if text.startswith(f"{kind}:"):
        text = text.removeprefix(f"{kind}:")
        if (kind, text) in by_form:
            return kind, text, ""
        senses = ((kind, text[:i], text[i + 1 :]) for i, c in enumerate(text) if c == "-")
        if found := next((name for name in senses if name in corpus.seen), None):
            return found
    label = _LABEL.fullmatch(text)
    if label:
        name = (kind, form_of(label[1], kind, split), form_of(label[2], kind, split))
        if name in corpus.seen:
            return name
    undefined: Name = (kind, form_of(text, kind, split), "")
    written = [n for n in by_form.get(undefined[:2], ()) if text in corpus.seen[n].surfaces]
    if undefined in written or not written:
        return undefined
    return min(written, key=lambda n: (-len(corpus.seen[n].papers), n))


def _join_users(
    corpus: Corpus, joined: Components, by_form: Mapping[tuple[str, str], list[Name]], judgements: Iterable[UserJudgement], split: Split
) -> Iterator[Judgement]:
    for judgement in judgements:
        for kind in judgement.families():
            name, other = (_said(text, kind, corpus, by_form, split) for text in (judgement.name, judgement.other))
            if judgement.same:
                joined.join(name, other)
            if any(n[:2] in by_form for n in (name, other)):
                text, other_text = (
                    t if n not in corpus.seen or t in corpus.seen[n].surfaces else "" for n, t in ((name, judgement.name), (other, judgement.other))
                )
                yield Judgement(name, other, judgement.same, "user", str(judgement), 1.0, text=text, other_text=other_text)


def _told(
    corpus: Corpus,
    by_form: Mapping[tuple[str, str], list[Name]],
    judgements: Iterable[UserJudgement],
    split: Split,
    senses: dict[tuple[str, str], list[Name]],
) -> tuple[set[Name], set[Name]]:
    """Return the names that the user says are others, and of these the short forms whose sense it is: one that papers define, or a phrase of their initials."""
    said, told = set(), set()
    for judgement in judgements:
        for kind in judgement.families() if judgement.same else ():
            for short, long in ((judgement.name, judgement.other), (judgement.other, judgement.name)):
                name, (_, form, _) = _said(short, kind, corpus, by_form, split), _said(long, kind, corpus, by_form, split)
                if (kind, form) not in by_form:
                    continue
                said.add(name)
                initials = "".join(w[0] for w in name_words(long))
                if not name[2] and (initials == name[1] or any(sense[2] == form for sense in senses.get(name[:2], ()))):
                    told.add(name)
    return said, told


def _join_within(corpus: Corpus, joined: Components, *, defined: bool) -> Iterator[Judgement]:
    """Join a name with what its papers call the thing: the long form that they define or that is known, or another name that they write for it."""
    for name in sorted(n for n in corpus.stands_for if corpus.seen[n].defined == defined):
        record, text = corpus.seen[name], most(corpus.seen[name].surfaces)
        reason, evidence, score = "one thing in a paper", f"a paper writes “{text}” and “{record.long}” for it", 0.75
        if record.shortened:
            reason, evidence, score = "definition", f"{record.long} ({text})", 0.95
        elif defined:
            reason, evidence, score = "known name", f"a paper writes both “{text}” and “{record.long}”, which people took for one", 0.9
        for first in sorted(corpus.stands_for[name]):
            yield join(joined, Judgement(name, first, True, reason, evidence, score, record.shown_by, text))


def _join_known(corpus: Corpus, joined: Components, senses: dict[tuple[str, str], list[Name]]) -> Iterator[Judgement]:
    """Join the names that people took for one; a short form that some paper defines means what papers say."""
    meant: dict[tuple[str, str], list[Name]] = defaultdict(list)
    for name in sorted(n for n in corpus.seen if not n[2]):
        if name[:2] not in senses:
            meant[name[0], canonical_form(name[0], name[1])].append(name)
    for (kind, form), names in sorted(meant.items()):
        first: Name = (kind, form, "")
        first = first if first in corpus.seen else names[0]
        if first[:2] in senses and all(joined.root(sense) != joined.root(first) for sense in senses[first[:2]]):
            continue  # papers give this short form senses, and it has none of them
        for name in names:
            said = known(kind, name[1])
            if said and name != first and joined.root(name) != joined.root(first):
                yield join(joined, Judgement(name, first, True, "known name", said.evidence, said.score))


def _join_listed(corpus: Corpus, joined: Components, senses: dict[tuple[str, str], list[Name]]) -> Iterator[Judgement]:
    """Join the spellings, short and long, that the list of known names holds as one thing."""
    for name in sorted(n for n in corpus.seen if not n[2] and n[:2] not in senses):
        kind, form, _ = name
        found = listed(kind, form)
        if found is None or known(kind, form):
            continue
        first: Name = (kind, normal_form(found.name, kind), "")
        others = [(kind, other, "") for other in sorted(found.forms()) if listed(kind, other)]
        first = first if first in corpus.seen else next((n for n in others if n in corpus.seen), name)
        if name != first and all(_means(n, found, corpus) for n in (name, first)) and joined.root(name) != joined.root(first):
            yield join(joined, Judgement(name, first, True, "list of known names", ", ".join(found.sources), 0.9))


def _means(name: Name, row: Listed, corpus: Corpus) -> bool:
    """Tell whether a name is written as the list has it, where the list has a short form: "rope" is not RoPE."""
    written = {s for s in (row.name, row.long, *row.others) if s and normal_form(s, name[0]) == name[1]}
    return not any(map(is_short, written)) or bool(written & {singular(s) for s in corpus.seen[name].surfaces})


def _join_long_forms(corpus: Corpus, joined: Components, senses: dict[tuple[str, str], list[Name]]) -> Iterator[Judgement]:
    """Join short forms that no paper here defines with the long form that two thirds of a large corpus's definitions give them."""
    for name in sorted(corpus.undefined.keys() & corpus.seen.keys()):
        found = {} if name[:2] in senses or known(*name[:2]) else long_forms(*name[:2])
        total = sum(found.values())
        best = max(found, key=lambda long: (found[long], long), default="")
        share = sum(n for long, n in found.items() if similar(name[0], best, long) >= SAME_EXPANSION) / max(1, total)
        long = (name[0], best, "")
        if share >= CLEAR_MAJORITY and long in corpus.seen and joined.root(name) != joined.root(long):
            yield join(
                joined, Judgement(name, long, True, "known long form", f"{share:.0%} of {total} papers of a large corpus that define it", round(share, 3))
            )


def _join_reduced(corpus: Corpus, joined: Components) -> Iterator[Judgement]:
    """Join a name with and without a word that changes nothing, unless the tables say what either means."""
    for name in sorted(n for n in corpus.seen if not n[2]):
        for found in reduced(name[0], most(corpus.seen[name].surfaces)):
            rest: Name = (name[0], found.form, "")
            if rest in corpus.seen and rest != name and not known(*name[:2]) and joined.root(name) != joined.root(rest):
                yield join(joined, Judgement(name, rest, True, "word that changes nothing", found.evidence, found.score))


def _link(j: Judgement, corpus: Corpus, joined: Components, id_of: dict[Name, str]) -> Link:
    return Link(
        family=j.name[0],
        name=j.text or corpus.label(j.name),
        other=j.other_text or corpus.label(j.other),
        same=j.same,
        reason=j.reason,
        evidence=j.evidence,
        score=j.score,
        paper=j.paper or None,
        entity=id_of.get(joined.root(j.name)),
        other_entity=id_of.get(joined.root(j.other)),
    )
