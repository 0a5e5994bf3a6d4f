"""What linking works on: the distinct names of all papers with their counts, and what joins them or keeps them apart."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from kg.aliases import UserJudgement
from kg.names import canonical_form
from kg.records import LocalEntity, Reading, family
from kg.text import is_short, normal_form

Name = tuple[str, str, str]
"""Type family, normal form, sense ("" without one; see also `OWN` and `BY_COMPANY`)."""
OWN = "="
"""Begins the sense of a short form that a paper introduces without expanding it: its spelling."""
BY_COMPANY = "~"
"""Begins a sense that the other names of the papers speak for, or its spelling (`SPELLED`)."""
SPELLED = "'"


@dataclass(slots=True)
class Seen:
    """What the papers show of one name."""

    surfaces: Counter[str] = field(default_factory=Counter)  # papers a surface, in abstracts or titles
    papers: list[int] = field(default_factory=list)
    benchmark: int = 0  # papers that score systems on it
    generic: int = 0
    long: str = ""  # what it stands for, as written
    shown_by: str = ""  # a paper that says so
    defined: bool = False  # whether that paper defines it so, or both are known to be one
    shortened: bool = False  # whether a paper defines it as a short form


class Occurrence(NamedTuple):
    """A short form in a paper that does not define it."""

    paper: int
    entity: int  # number in the paper's reading
    type: str
    generic: bool
    surfaces: tuple[str, ...]


@dataclass(slots=True)
class Corpus:
    """The distinct names of all papers, and where each paper's things went."""

    papers: list[str] = field(default_factory=list)
    seen: dict[Name, Seen] = field(default_factory=dict)
    local: list[list[Name]] = field(default_factory=list)  # by paper: the name that stands for each of its reading's entities
    stands_for: dict[Name, set[Name]] = field(default_factory=dict)  # a name with a sense → what its papers call the thing
    called: dict[Name, set[Name]] = field(default_factory=dict)  # the other way round
    undefined: dict[Name, list[Occurrence]] = field(default_factory=dict)
    """A short form without definition → where it stands."""

    def count(self, name: Name, paper: int, type_: str, surfaces: Iterable[str], generic: bool) -> Seen:
        """Count a name that a paper (its number) writes; return what is known of it."""
        record = self.seen.get(name)
        if record is None:
            record = self.seen[name] = Seen()
        record.papers.append(paper)
        record.benchmark += type_ == "benchmark"
        record.generic += generic
        record.surfaces.update(surfaces)
        return record

    def label(self, name: Name) -> str:
        """Return a name as a person reads it."""
        record = self.seen.get(name)
        if record is None or not record.surfaces:
            return name[1]
        shown = most(record.surfaces)
        return f"{shown} ({record.long})" if record.long else shown


def collect(readings: Iterable[Reading], split: Collection[tuple[str, str]]) -> Corpus:
    """Count the names of all readings; spellings in `split` (family, surface) are names of their own."""
    corpus = Corpus()
    for number, reading in enumerate(readings):
        corpus.papers.append(reading.paper)
        written: list[dict[str, set[str]]] = [{} for _ in reading.entities]
        for mention in reading.mentions:
            kind = family(mention.type)
            written[mention.entity].setdefault(form_of(mention.surface, kind, split), set()).add(mention.surface)
        pairs = zip(reading.entities, written, strict=True)
        corpus.local.append([_count(corpus, number, i, entity, forms, split) for i, (entity, forms) in enumerate(pairs)])
    return corpus


def form_of(surface: str, kind: str, split: Collection[tuple[str, str]]) -> str:
    """Return the normal form of a surface; one of its own for those in `split` (type family, surface)."""
    form = normal_form(surface, kind)
    return f"{form}-{surface}" if split and (kind, surface) in split else form


def _count(corpus: Corpus, paper: int, number: int, entity: LocalEntity, written: dict[str, set[str]], split: Collection[tuple[str, str]]) -> Name:
    """Count what one paper shows of an entity's names; return the one that stands for it."""
    kind = family(entity.type)
    form = form_of(entity.name, kind, split)
    coined = entity.role == "introduces" and not entity.defined and is_short(entity.name)
    first: Name = (kind, form, OWN + entity.name if coined else "")
    for other, surfaces in written.items():
        name = first if other == form else (kind, other, form)
        record = corpus.count(name, paper, entity.type, surfaces, entity.generic)
        if name != first:
            corpus.stands_for.setdefault(name, set()).add(first)
            corpus.called.setdefault(first, set()).add(name)
            short = entity.defined and any(_may_shorten(s, entity.name) for s in surfaces)
            record.shortened |= short
            defined = short or canonical_form(kind, other) == canonical_form(kind, form)
            shown_by = corpus.papers[paper]
            if (not defined, shown_by) < (not record.defined, record.shown_by or "\U0010ffff"):
                record.long, record.shown_by, record.defined = entity.name, shown_by, defined
        elif coined:
            record.shown_by = min(filter(None, (record.shown_by, corpus.papers[paper])))
        elif any(_may_shorten(s) for s in surfaces):
            corpus.undefined.setdefault(name, []).append(Occurrence(paper, number, entity.type, entity.generic, tuple(sorted(surfaces))))
    return first


def _may_shorten(short: str, long: str = "") -> bool:
    """Tell whether a name may be a short form, of `long` if that is given: one word with a capital in it, that begins as `long` does or looks coined."""
    return " " not in short and short != short.lower() and (not long or short[0].lower() == long[0].lower() or is_short(short))


def meaning(name: Name) -> str:
    """Return the sense of a name without what marks how it came by it."""
    return name[2].lstrip(f"{OWN}{BY_COMPANY}{SPELLED}")


def most(surfaces: Counter[str]) -> str:
    """Return what counts most; of several, the first in alphabetical order."""
    return next(iter(surfaces)) if len(surfaces) == 1 else min(surfaces, key=lambda s: (-surfaces[s], s))


def split_spellings(readings: Iterable[Reading], judgements: Iterable[UserJudgement]) -> set[tuple[str, str]]:
    """Return (family, surface) of the spellings that the user keeps apart from others of one normal form: of two, the rarer."""
    wanted = {(kind, j.name, j.other) for j in judgements if not j.same for kind in j.families() if len(set(j.forms(kind))) == 1}
    if not wanted:
        return set()
    papers: Counter[tuple[str, str]] = Counter()
    for reading in readings:
        papers.update({(family(m.type), m.surface) for m in reading.mentions})
    return {(kind, min(pair, key=lambda s: (not papers[kind, s], papers[kind, s], s))) for kind, *pair in wanted}


def move(name: Name, to: Name, occurrences: Collection[Occurrence], corpus: Corpus) -> None:
    """Let occurrences of a name be those of another."""
    record = corpus.seen[name]
    for occurrence in occurrences:
        corpus.local[occurrence.paper][occurrence.entity] = to
        corpus.count(to, occurrence.paper, occurrence.type, occurrence.surfaces, occurrence.generic)
        record.surfaces.subtract(occurrence.surfaces)
        record.benchmark -= occurrence.type == "benchmark"
        record.generic -= occurrence.generic
    gone = {o.paper for o in occurrences}
    record.papers = [p for p in record.papers if p not in gone]
    record.surfaces = +record.surfaces
    corpus.undefined[name] = [o for o in corpus.undefined[name] if o.paper not in gone]
    if not record.papers:
        del corpus.seen[name]
    for other in sorted(corpus.called.get(name, ())):
        if not gone.isdisjoint(corpus.seen[other].papers):
            corpus.stands_for[other].add(to)
            corpus.called.setdefault(to, set()).add(other)
        if not record.papers:
            corpus.stands_for[other].discard(name)


# -- components ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judgement:
    """A judgement on a name, before its entity has an id."""

    name: Name
    other: Name
    same: bool
    reason: str
    evidence: str
    score: float
    paper: str = ""
    text: str = ""  # the name as written, where it is on one spelling of it
    other_text: str = ""


Group = tuple[str, str, str]
"""What marks are of: a key of `_AGAINST`, what it is about, and a type family."""


class Components:
    """Connected components of names under "same", with what keeps them apart.

    A mark is a group and a value: two components that bear different values of one group are not joined. The root of a
    component is its smallest name, so that it does not depend on the order of the joins.
    """

    def __init__(self) -> None:
        self._parent: dict[Name, Name] = {}
        self._marks: dict[Name, dict[Group, frozenset[str]]] = {}
        self._joined: set[Name] = set()  # roots with more than themselves below

    def add(self, name: Name) -> None:
        """Make a name a component of its own, if it is new."""
        self._parent.setdefault(name, name)

    def __contains__(self, name: Name) -> bool:
        return name in self._parent

    def root(self, name: Name) -> Name:
        """Return the smallest name of the component that holds `name`."""
        parent = self._parent
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    def mark(self, name: Name, group: Group, value: str) -> None:
        """Let the component of `name` bear a mark."""
        root = self.root(name)
        marks = self._marks.setdefault(root, {})
        marks[group] = marks.get(group, frozenset()) | {value}

    def apart(self, a: Name, b: Name) -> Group | None:
        """Return the group that keeps the components of two names apart, None where nothing does."""
        one, two = sorted((self._marks.get(self.root(n), {}) for n in (a, b)), key=len)
        return min((g for g in one if g in two and one[g].isdisjoint(two[g])), key=str, default=None)

    def join(self, a: Name, b: Name) -> None:
        """Make one component of two, whatever they bear."""
        a, b = sorted((self.root(a), self.root(b)))
        if a != b:
            self._parent[b] = a
            self._joined.add(a)
            marks = self._marks.pop(b, {})
            mine = self._marks.setdefault(a, {}) if marks else {}
            for group, values in marks.items():
                mine[group] = mine.get(group, frozenset()) | values

    def alone(self, name: Name) -> bool:
        """Tell whether nothing was joined with a name."""
        return self.root(name) == name and name not in self._joined

    def names(self) -> list[Name]:
        """Return all names."""
        return list(self._parent)

    def members(self) -> dict[Name, list[Name]]:
        """Return the names of each component, by its root, in order."""
        out: dict[Name, list[Name]] = defaultdict(list)
        for name in sorted(self._parent):
            out[self.root(name)].append(name)
        return out


def join(joined: Components, judgement: Judgement) -> Judgement:
    """Join two names, unless what their components hold keeps them apart; return the judgement, or that."""
    against = joined.apart(judgement.name, judgement.other)
    if against is None:
        joined.join(judgement.name, judgement.other)
        return judgement
    kind, about, _ = against
    reason, why = _AGAINST[kind]
    evidence = f"{why.format(about)}, against: {judgement.reason}, {judgement.evidence}"
    return replace(judgement, same=False, reason=reason, evidence=evidence, score=0.9)


_AGAINST = {
    "user": ("user", "the user keeps them apart ({})"),
    "sense": ("contradiction", "different senses of “{}” would come together"),
    "version": ("contradiction", "versions of “{}” would come together"),
    "spelling": ("contradiction", "other spellings of “{}” would come together"),
}
"""Group of marks → the reason of the judgement and its words."""
