"""Same thing, same node: the names of all papers → entities, with the reason for every merge.

The only step that sees the whole corpus. It works on distinct names, not on mentions: a name is
(type family, normal form), and a short form that its paper expands is (type family, normal form,
normal form of the expansion). Names are joined by recorded judgements; an entity is a connected
component of them.

1. Spellings with one normal form are one name (case, plural, hyphens, LaTeX, sizes; see `kg.text.normal_form`).
2. A short form that its paper defines is one with its long form, and through it with the same definition elsewhere.
3. Expansions of one short form that differ by spelling only are one; others stay apart.
4. A short form that a paper introduces without expanding it stays apart from those spelled with other capitals (``BLAST``, ``BLaST``).
5. Any other short form without definition takes the sense of at least two thirds of the papers that define it, else none.
6. Names that the annotators of the training abstracts gave one canonical name are one (`kg.names`), unless papers define them.
7. A name with and without its head word (model, method …) is one, unless the annotators' table holds either.
8. What one paper writes for one thing is one.

Everything depends on the set of readings and that table only, not on the order of the readings.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from itertools import combinations, pairwise, takewhile

from kg.names import canonical_form, known, without_head
from kg.records import Entity, Link, LocalEntity, Mention, Reading, family
from kg.text import inflected, is_short, normal_form, plain, singular, version, without_size

Name = tuple[str, str, str]
"""Type family, normal form, sense: the normal form of the expansion in its paper, "" without one (see also `_OWN`)."""

_OWN = "="
"""Marks, in a name's third place, the spelling under which a paper introduces a short form that it does not expand."""

CLEAR_MAJORITY = 2 / 3
SAME_EXPANSION = 0.84
SAME_BEGINNING = 0.7
MANY = 20


@dataclass(slots=True)
class _Seen:
    """What the papers show of one name."""

    surfaces: Counter[str] = field(default_factory=Counter)  # papers a surface, in abstracts or titles
    types: Counter[str] = field(default_factory=Counter)
    papers: int = 0
    generic: int = 0
    definition: str = ""


@dataclass(frozen=True, slots=True)
class _Judgement:
    """A judgement on a name (shown as `text`), before its entity has an id."""

    name: Name
    text: str
    other: str
    same: bool
    reason: str
    evidence: str
    score: float


@dataclass(slots=True)
class Linked:
    """What linking decides: the entities, the judgements, and where each paper's entities went."""

    entities: list[Entity]
    links: list[Link]
    entity_of: dict[str, list[str]]  # paper → entity id of each of the reading's entities


def link(readings: Sequence[Reading]) -> Linked:
    """Return the entities of all readings.

    Time grows with the mentions once, with the distinct names after that, and with the square of the expansions that one short form has.
    """
    seen, local, together = _collect(readings)
    joined = _Components(seen)
    judgements = [*_join_definitions(seen, joined), *_settle_short_forms(seen, joined), *_join_known(seen, joined), *_join_heads(seen, joined)]
    judgements += _join_together(together, seen, joined)
    local_roots = {paper: [joined.root(n) for n in names] for paper, names in local.items()}
    papers = Counter(root for roots in local_roots.values() for root in set(roots))
    id_of, entities = _name_entities([_draft(root, names, seen, papers[root]) for root, names in joined.members().items()])
    judgements += _spellings(seen, {root: entities[id_] for root, id_ in id_of.items()}, joined)
    links = [_link(j, id_of[joined.root(j.name)]) for j in judgements]
    links += _versions_apart(list(entities.values()))
    unique = {(x.entity, x.name, x.other, x.same): x for x in sorted(links, key=lambda x: (x.score, x.reason, x.evidence))}
    return Linked(
        [entities[id_] for id_ in sorted(entities)],
        [unique[key] for key in sorted(unique)],
        {paper: [id_of[root] for root in roots] for paper, roots in local_roots.items()},
    )


def _link(j: _Judgement, entity: str) -> Link:
    return Link(family=j.name[0], name=j.text, other=j.other, same=j.same, reason=j.reason, evidence=j.evidence, score=j.score, entity=entity)


def _collect(readings: Iterable[Reading]) -> tuple[dict[Name, _Seen], dict[str, list[Name]], set[tuple[Name, Name]]]:
    """Count the distinct names; return them, each paper's name for each of its entities, and the pairs of names that one entity of a paper bears."""
    seen: dict[Name, _Seen] = defaultdict(_Seen)
    local: dict[str, list[Name]] = {}
    together: set[tuple[Name, Name]] = set()
    for reading in readings:
        mentions: list[list[Mention]] = [[] for _ in reading.entities]
        for mention in reading.mentions:
            mentions[mention.entity].append(mention)
        named = [_count(seen, entity, found) for entity, found in zip(reading.entities, mentions, strict=True)]
        local[reading.paper] = [names[0] for names in named]
        together |= {(names[0], other) for names in named for other in names[1:]}
    return dict(seen), local, together


def _count(seen: dict[Name, _Seen], entity: LocalEntity, mentions: list[Mention]) -> list[Name]:
    """Count what one paper shows of an entity's names; return them, first the one that stands for it: its long form's, else the one it writes most.

    Names known to mean one that the paper writes too have that as their sense, as if the paper had defined them so.
    """
    kind = family(entity.type)
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for mention in mentions:
        written[normal_form(mention.surface, kind)][mention.surface] += 1
    expansion = normal_form(entity.long_form, kind) if entity.long_form else ""
    if not expansion and len(written) > 1:
        expansion = min((form for form in written if any(canonical_form(kind, other) == form for other in written if other != form)), default="")
    spelled_out = entity.long_form or min(written.get(expansion, ()), default="")
    names: dict[str, Name] = {}
    for form, surfaces in written.items():
        spelling = min(surfaces, key=lambda s: (-surfaces[s], s))
        coined = entity.role == "introduces" and not expansion and is_short(spelling)
        sense = _OWN + spelling if coined else "" if form == expansion else expansion
        names[form] = kind, form, sense
        record = seen[names[form]]
        record.papers += 1
        record.types[entity.type] += 1
        record.generic += entity.generic
        record.surfaces.update(surfaces.keys())
        if sense:
            definition = f"{spelling}, introduced so" if coined else f"{spelled_out} ({min(surfaces)})"
            record.definition = min(record.definition or definition, definition)
    return [names[form] for form in sorted(written, key=lambda form: (form != expansion, -written[form].total(), form))]


class _Components:
    """Connected components of names under "same" (union by smallest name, so that the root does not depend on the order)."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._parent = {n: n for n in names}

    def root(self, name: Name) -> Name:
        while self._parent[name] != name:
            self._parent[name] = self._parent[self._parent[name]]
            name = self._parent[name]
        return name

    def join(self, a: Name, b: Name) -> None:
        a, b = sorted((self.root(a), self.root(b)))
        self._parent[b] = a

    def members(self) -> dict[Name, list[Name]]:
        out: dict[Name, list[Name]] = defaultdict(list)
        for name in sorted(self._parent):
            out[self.root(name)].append(name)
        return out


def _shown(record: _Seen) -> str:
    return min(record.surfaces, key=lambda s: (-record.surfaces[s], s))


def _join_definitions(seen: dict[Name, _Seen], joined: _Components) -> Iterator[_Judgement]:
    for name in sorted(n for n in seen if n[2]):
        long: Name = (name[0], name[2], "")
        if long in seen:
            joined.join(name, long)
            yield _Judgement(name, _shown(seen[name]), _shown(seen[long]), True, "acronym", seen[name].definition, 0.95)


def _settle_short_forms(seen: dict[Name, _Seen], joined: _Components) -> Iterator[_Judgement]:
    """Join expansions that differ in spelling, keep the others apart, and give undefined short forms the clear majority's sense."""
    senses: dict[tuple[str, str], list[Name]] = defaultdict(list)
    for name in sorted(n for n in seen if n[2]):
        senses[name[:2]].append(name)
    for (kind, form), found in sorted(senses.items()):
        found.sort(key=lambda n: (-seen[n].papers, n))
        names = [n for n in found if not n[2].startswith(_OWN)]
        unlike = []
        for i, name in enumerate(names):
            for other in names[:i]:
                if joined.root(name) == joined.root(other):
                    continue
                close = _similar(name[2], other[2])
                text, than = seen[name].definition, seen[other].definition
                if close < SAME_EXPANSION:
                    unlike.append((name, other, _Judgement(name, text, than, False, "other expansion", f"{text}; {than}", round(close, 3))))
                    continue
                joined.join(name, other)
                yield _Judgement(name, text, than, True, "expansion differs in spelling", f"{text}; {than}", round(close, 3))
        yield from (judgement for name, other, judgement in unlike if joined.root(name) != joined.root(other))
        for name in (n for n in found if n[2].startswith(_OWN)):
            spelled_so = [n for n in names if set(seen[n].surfaces) & set(seen[name].surfaces)]
            if spelled_so:
                yield _settle_undefined(name, spelled_so, seen, joined)
            elif names:
                than = seen[names[0]].definition
                yield _Judgement(name, _shown(seen[name]), than, False, "introduced under another spelling", f"{seen[name].definition}; {than}", 0.8)
            names.append(name)
        undefined: Name = (kind, form, "")
        if undefined in seen:
            yield _settle_undefined(undefined, names, seen, joined)


def _settle_undefined(name: Name, senses: list[Name], seen: dict[Name, _Seen], joined: _Components) -> _Judgement:
    spelled = seen[name].surfaces
    same_spelling = [n for n in senses if set(seen[n].surfaces) & set(spelled)] or senses
    votes: Counter[Name] = Counter()
    for sense in same_spelling:
        votes[joined.root(sense)] += seen[sense].papers
    best = min(votes, key=lambda r: (-votes[r], r))
    share = votes[best] / sum(votes.values())
    sense = next(n for n in same_spelling if joined.root(n) == best)
    same = share >= CLEAR_MAJORITY
    if same:
        joined.join(name, sense)
    reason = "acronym, sense of the majority" if same else "acronym without a clear sense"
    evidence = f"{votes[best]} of {sum(votes.values())} papers that define it"
    return _Judgement(name, _shown(seen[name]), seen[sense].definition, same, reason, evidence, round(share, 3))


def _join_known(seen: dict[Name, _Seen], joined: _Components) -> Iterator[_Judgement]:
    """Join the names that the annotators of the training abstracts took for one; a short form that some paper defines means what papers say."""
    defined = {name[:2] for name in seen if name[2]}
    meant: dict[tuple[str, str], list[Name]] = defaultdict(list)
    for name in sorted(n for n in seen if not n[2]):
        if name[:2] not in defined:
            meant[name[0], canonical_form(name[0], name[1])].append(name)
    for (kind, form), names in sorted(meant.items()):
        first: Name = (kind, form, "")
        first = first if first in names else names[0]
        for name in names:
            said = known(kind, name[1])
            if said and name != first and joined.root(name) != joined.root(first):
                joined.join(name, first)
                evidence = f"{said.agree} of {said.papers} annotated papers"
                yield _Judgement(name, _shown(seen[name]), _shown(seen[first]), True, "known name", evidence, round(said.agree / said.papers, 3))


def _join_heads(seen: dict[Name, _Seen], joined: _Components) -> Iterator[_Judgement]:
    """Join a name with and without its head word, unless the annotators' table says what either means."""
    for name in sorted(n for n in seen if not n[2] and n[0] != "dataset"):
        stem: Name = (name[0], without_head(name[1]), "")
        told = known(*name[:2]) or known(*stem[:2])
        if stem in seen and not told and joined.root(name) != joined.root(stem):
            joined.join(name, stem)
            yield _Judgement(name, _shown(seen[name]), _shown(seen[stem]), True, "head word", "with and without model, method, algorithm …", 0.8)


def _join_together(together: set[tuple[Name, Name]], seen: dict[Name, _Seen], joined: _Components) -> Iterator[_Judgement]:
    """Join the names of one entity of a paper that nothing before has joined: what is one thing in a paper is one node."""
    for first, other in sorted(together):
        if joined.root(first) != joined.root(other):
            joined.join(first, other)
            text, than = _shown(seen[other]), _shown(seen[first])
            yield _Judgement(other, text, than, True, "one thing in a paper", f"a paper writes both “{text}” and “{than}” for it", 0.8)


def _similar(a: str, b: str) -> float:
    """Return how alike two expansions are (0..1); 0 where their numbers differ."""
    if version(a) != version(b):
        return 0.0
    shared = sum(1 for _ in takewhile(lambda x: x[0] == x[1], zip(a, b, strict=False))) / max(len(a), len(b))  # "low-rank adaptation", "low-rank adapters"
    return max(SequenceMatcher(None, a, b, autojunk=False).ratio(), 0.9 if shared >= SAME_BEGINNING else 0.0)


@dataclass(frozen=True, slots=True)
class _Draft:
    """An entity before its id and name are known to be its own."""

    root: Name
    longer: str  # a normal form that tells it from another of its name
    entity: Entity


def _draft(root: Name, names: list[Name], seen: dict[Name, _Seen], papers: int) -> _Draft:
    kind = root[0]
    surfaces: Counter[str] = Counter()
    types: Counter[str] = Counter()
    for name in names:
        surfaces.update(seen[name].surfaces)
        types.update(seen[name].types)
    type_ = min(types, key=lambda t: (-types[t], t))
    long = min((n for n in names if any(x[2] == n[1] for x in names)), key=lambda n: (-seen[n].papers, n), default=None)
    generic = 2 * sum(seen[n].generic for n in names) >= sum(seen[n].papers for n in names)
    meant: Counter[str] = Counter()
    for name in names:
        if known(*name[:2]):
            meant[canonical_form(*name[:2])] += seen[name].papers
    called = (kind, min(meant, key=lambda form: (-meant[form], form)), "") if meant else None
    if called in names:
        shown = _base(_most_frequent(seen[called].surfaces), surfaces)
    else:
        shown = canonical_name(surfaces, seen[long].surfaces if long else Counter(), type_)
    longer = long[1] if long else min((n[2].removeprefix(_OWN) for n in names if n[2]), default=root[1])
    aliases = tuple(sorted(surfaces, key=lambda s: (-surfaces[s], s)))
    return _Draft(root, longer, Entity(id=f"{kind}:{normal_form(shown, kind)}", name=shown, type=type_, aliases=aliases, generic=generic, papers=papers))


def _name_entities(drafts: list[_Draft]) -> tuple[dict[Name, str], dict[str, Entity]]:
    """Return the id of each component and the entities by id; of two with one id, the one that more papers name keeps it.

    Of several with one name, those with a long form are shown by it.
    """
    id_of: dict[Name, str] = {}
    entities: dict[str, Entity] = {}
    bearers = Counter((d.root[0], d.entity.name) for d in drafts)
    names: set[tuple[str, str]] = set()
    for draft in sorted(drafts, key=lambda d: (-d.entity.papers, d.entity.id, d.longer, d.root)):
        kind, first, shown = draft.root[0], draft.entity.id, draft.entity.name
        ids = first, f"{first}-{draft.longer}", f"{first}-{draft.root[1]}-{draft.root[2].removeprefix(_OWN)}"
        id_ = next(i for i in ids if i not in entities)
        spelled_out = [a for a in draft.entity.aliases if " " in a] if bearers[kind, shown] > 1 else []
        name = next(n for n in (*spelled_out, shown, f"{shown} ({id_.split(':', 1)[1]})") if (kind, n) not in names)
        id_of[draft.root] = id_
        names.add((kind, name))
        entities[id_] = replace(draft.entity, id=id_, name=name)
    return id_of, entities


def _spellings(seen: dict[Name, _Seen], entity_of: dict[Name, Entity], joined: _Components) -> Iterator[_Judgement]:
    """Yield why each spelling of a name is that name: it folds to the same normal form as the name most papers write."""
    for name in sorted(seen):
        entity = entity_of[joined.root(name)]
        shown = _shown(seen[name])
        if normal_form(entity.name, name[0]) == name[1]:
            shown = entity.name
        for surface in sorted(seen[name].surfaces):
            if surface != shown:
                yield _Judgement(name, surface, shown, True, "normal form", f"both fold to “{name[1]}”", 0.99)


def canonical_name(surfaces: Counter[str], long: Counter[str], type_: str) -> str:
    """Return the name an entity is shown by: coined things by their short name, established concepts spelled out in lower case.

    `surfaces` counts the papers of every surface, `long` those of the expansion, if there is one. A thing counts as
    established when its expansion is mostly written in lower case and its short form is all capitals.
    """
    short = Counter({s: n for s, n in surfaces.items() if is_short(singular(s)) and s not in long})
    if long and short and type_ not in ("benchmark", "dataset"):
        lower = sum(n for s, n in long.items() if s == s.lower())
        best = _most_frequent(short)
        if singular(best).isupper() and 2 * lower > sum(long.values()):
            return _base(_most_frequent(Counter({s: n for s, n in long.items() if s == s.lower()})), surfaces)
        return _base(best, surfaces)
    if long and not short:
        return _base(_most_frequent(surfaces), surfaces)
    return _base(_most_frequent(short if long else surfaces), surfaces)


def _most_frequent(surfaces: Counter[str]) -> str:
    return min(surfaces, key=lambda s: (inflected(s), -surfaces[s], s != s.lower(), len(s), s))


def _base(surface: str, surfaces: Iterable[str]) -> str:
    """Return a surface without LaTeX and size; in the singular where that is written too, or where the plural is a common noun's."""
    text = without_size(plain(surface)).removesuffix("-based") or surface
    head, _, last = text.rpartition(" ")
    one = f"{head} {singular(last)}".strip()
    return one if one in surfaces or last.islower() else text


def _versions_apart(entities: list[Entity]) -> Iterator[Link]:
    """Yield that names that differ in their numbers only are kept apart: each two, or, where there are `MANY`, each and the next."""
    stems: dict[tuple[str, str], list[Entity]] = defaultdict(list)
    for entity in sorted(entities, key=lambda e: e.id):
        kind, key = entity.id.split(":", 1)
        stem = "".join(c for c in key if not c.isdigit() and c not in ".-")
        if version(key) and len(stem) > 1:
            stems[kind, stem].append(entity)
    for (kind, _), versions in sorted(stems.items()):
        for a, b in combinations(versions, 2) if len(versions) <= MANY else pairwise(versions):
            yield Link(family=kind, name=a.name, other=b.name, same=False, reason="version", evidence="their numbers differ", score=1.0, entity=a.id)
