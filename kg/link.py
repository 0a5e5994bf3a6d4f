"""Same thing, same node: the names of all papers → entities, with the reason for every merge.

The only step that sees the whole corpus. It works on distinct names, not on mentions: a name is
(type family, normal form), and a short form that its paper expands is (type family, normal form,
normal form of the expansion). Names are joined by recorded judgements; an entity is a connected
component of them.

1. Spellings with one normal form are one name (case, plural, hyphens, LaTeX, sizes; see `kg.text.normal_form`).
2. A short form that its paper defines is one with its long form, and through it with the same definition elsewhere.
3. Expansions of one short form that differ by spelling only are one; others stay apart.
4. A short form without definition takes the sense of at least two thirds of the papers that define it, else none.

Everything depends on the set of readings only, not on their order.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise, takewhile

from kg.records import Entity, Link, LocalEntity, Mention, Reading, family
from kg.text import is_short, normal_form, plain, singular, version, without_size

Name = tuple[str, str, str]
"""Type family, normal form, normal form of the expansion in its paper ("" without one)."""

CLEAR_MAJORITY = 2 / 3
SAME_EXPANSION = 0.84
SAME_BEGINNING = 0.7


@dataclass(slots=True)
class _Seen:
    """What the papers show of one name."""

    surfaces: Counter[str] = field(default_factory=Counter)  # papers a surface, in abstracts or titles
    types: Counter[str] = field(default_factory=Counter)
    papers: int = 0
    generic: int = 0
    definition: str = ""


@dataclass(slots=True)
class Linked:
    """What linking decides: the entities, the judgements, and where each paper's entities went."""

    entities: list[Entity]
    links: list[Link]
    entity_of: dict[str, list[str]]  # paper → entity id of each of the reading's entities


def link(readings: Sequence[Reading]) -> Linked:
    """Return the entities of all readings. Time grows with the mentions once, and with the distinct names after that."""
    seen, local = _collect(readings)
    joined = _Components(seen)
    links: list[Link] = []
    _join_definitions(seen, joined, links)
    _settle_short_forms(seen, joined, links)
    entities, id_of = _make_entities(seen, joined, links)
    _keep_versions_apart(entities, links)
    entity_of = {paper: [id_of[joined.root(n)] for n in names] for paper, names in local.items()}
    unique = {(x.family, x.name, x.other, x.same): x for x in sorted(links, key=lambda x: (x.score, x.reason, x.evidence))}
    return Linked(entities, sorted(unique.values(), key=lambda x: (x.entity, x.name, x.other, not x.same)), entity_of)


def _collect(readings: Iterable[Reading]) -> tuple[dict[Name, _Seen], dict[str, list[Name]]]:
    """Count the distinct names, and note each paper's name for each of its entities."""
    seen: dict[Name, _Seen] = defaultdict(_Seen)
    local: dict[str, list[Name]] = {}
    for reading in readings:
        mentions: list[list[Mention]] = [[] for _ in reading.entities]
        for mention in reading.mentions:
            mentions[mention.entity].append(mention)
        local[reading.paper] = [_count(seen, entity, named) for entity, named in zip(reading.entities, mentions, strict=True)]
    return dict(seen), local


def _count(seen: dict[Name, _Seen], entity: LocalEntity, mentions: list[Mention]) -> Name:
    kind = family(entity.type)
    surfaces = {m.surface for m in mentions}
    forms = Counter(normal_form(m.surface, kind) for m in mentions)
    expansion = normal_form(entity.long_form, kind) if entity.long_form else ""
    whole: Name | None = None
    for form in sorted(forms):
        name: Name = (kind, form, "" if form == expansion else expansion)
        record = seen[name]
        record.papers += 1
        record.types[entity.type] += 1
        record.generic += entity.generic
        record.surfaces.update(s for s in surfaces if normal_form(s, kind) == form)
        if name[2]:
            definition = f"{entity.long_form} ({min(s for s in surfaces if normal_form(s, kind) == form)})"
            record.definition = min(record.definition or definition, definition)
        if whole is None or form == expansion or (whole[1] != expansion and forms[form] > forms[whole[1]]):
            whole = name
    if whole is None:
        raise ValueError("an entity without mentions")
    return whole


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


def _join_definitions(seen: dict[Name, _Seen], joined: _Components, links: list[Link]) -> None:
    for name in sorted(n for n in seen if n[2]):
        long: Name = (name[0], name[2], "")
        if long in seen:
            joined.join(name, long)
            links.append(
                Link(
                    family=name[0],
                    name=_shown(seen[name]),
                    other=_shown(seen[long]),
                    same=True,
                    reason="acronym",
                    evidence=seen[name].definition,
                    score=0.95,
                    entity="",
                )
            )


def _settle_short_forms(seen: dict[Name, _Seen], joined: _Components, links: list[Link]) -> None:
    """Join expansions that differ in spelling, keep the others apart, and give undefined short forms the clear majority's sense."""
    senses: dict[tuple[str, str], list[Name]] = defaultdict(list)
    for name in sorted(n for n in seen if n[2]):
        senses[name[:2]].append(name)
    for (kind, form), names in sorted(senses.items()):
        names.sort(key=lambda n: (-seen[n].papers, n))
        for i, name in enumerate(names):
            for other in names[:i]:
                if joined.root(name) == joined.root(other):
                    continue
                close = _similar(name[2], other[2])
                if close >= SAME_EXPANSION:
                    joined.join(name, other)
                reason = "expansion differs in spelling" if close >= SAME_EXPANSION else "other expansion"
                evidence = f"{seen[name].definition}; {seen[other].definition}"
                links.append(
                    Link(
                        family=kind,
                        name=seen[name].definition,
                        other=seen[other].definition,
                        same=close >= SAME_EXPANSION,
                        reason=reason,
                        evidence=evidence,
                        score=round(close, 3),
                        entity="",
                    )
                )
        plain_name: Name = (kind, form, "")
        if plain_name in seen:
            _settle_undefined(plain_name, names, seen, joined, links)


def _settle_undefined(name: Name, senses: list[Name], seen: dict[Name, _Seen], joined: _Components, links: list[Link]) -> None:
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
    links.append(
        Link(
            family=name[0],
            name=_shown(seen[name]),
            other=seen[sense].definition,
            same=same,
            reason=reason,
            evidence=f"{votes[best]} of {sum(votes.values())} papers that define it",
            score=round(share, 3),
            entity="",
        )
    )


def _similar(a: str, b: str) -> float:
    """Return how alike two expansions are (0..1); 0 where their numbers differ."""
    if version(a) != version(b):
        return 0.0
    shared = sum(1 for _ in takewhile(lambda x: x[0] == x[1], zip(a, b, strict=False))) / max(len(a), len(b))  # "low-rank adaptation", "low-rank adapters"
    return max(SequenceMatcher(None, a, b, autojunk=False).ratio(), 0.9 if shared >= SAME_BEGINNING else 0.0)


def _make_entities(seen: dict[Name, _Seen], joined: _Components, links: list[Link]) -> tuple[list[Entity], dict[Name, str]]:
    drafts: list[tuple[int, str, str, str, Name, Entity]] = []
    for root, names in joined.members().items():
        surfaces: Counter[str] = Counter()
        types: Counter[str] = Counter()
        for name in names:
            surfaces.update(seen[name].surfaces)
            types.update(seen[name].types)
        papers = max(seen[n].papers for n in names)  # replaced by the count of facts when the graph is made
        type_ = min(types, key=lambda t: (-types[t], t))
        long = min((n for n in names if any(x[2] == n[1] for x in names)), key=lambda n: (-seen[n].papers, n), default=None)
        name_ = canonical_name(surfaces, seen[long].surfaces if long else Counter(), type_)
        generic = 2 * sum(seen[n].generic for n in names) >= sum(seen[n].papers for n in names)
        aliases = tuple(sorted(surfaces, key=lambda s: (-surfaces[s], s)))
        kind = root[0]
        id_ = f"{kind}:{normal_form(name_, kind)}"
        longer = long[1] if long else min((n[2] for n in names if n[2]), default=root[1])
        entity = Entity(id=id_, name=name_, type=type_, aliases=aliases, generic=generic, papers=papers)
        drafts.append((-papers, id_, longer, kind, root, entity))
    entities: list[Entity] = []
    id_of: dict[Name, str] = {}
    taken: set[str] = set()
    names_taken: set[tuple[str, str]] = set()
    for _, id_, longer, kind, root, draft in sorted(drafts, key=lambda d: d[:5]):
        name_ = draft.name
        if id_ in taken:
            id_ = f"{id_}-{longer}" if longer != id_.split(":", 1)[1] else f"{id_}-{len(taken)}"
        if (kind, name_) in names_taken:
            name_ = next((a for a in draft.aliases if " " in a and (kind, a) not in names_taken), id_.split(":", 1)[1])
        taken.add(id_)
        names_taken.add((kind, name_))
        id_of[root] = id_
        entities.append(Entity(id=id_, name=name_, type=draft.type, aliases=draft.aliases, generic=draft.generic, papers=draft.papers))
        links.extend(
            Link(family=kind, name=a, other=name_, same=True, reason="normal form", evidence=f"both fold to “{normal_form(a, kind)}”", score=0.99, entity=id_)
            for a in draft.aliases
            if a != name_ and normal_form(a, kind) == normal_form(name_, kind)
        )
    # The judgements made before the entities had ids get them by the surfaces they speak of.
    by_surface = {(e.id.split(":", 1)[0], a): e.id for e in reversed(entities) for a in e.aliases}
    by_definition = {(n[0], seen[n].definition): id_of[joined.root(n)] for n in sorted(seen) if n[2]}
    for i, judgement in enumerate(links):
        if not judgement.entity:
            key = judgement.family, judgement.name
            owner = by_definition.get(key) or by_definition.get((judgement.family, judgement.evidence)) or by_surface.get(key, "")
            links[i] = Link(
                family=judgement.family,
                name=judgement.name,
                other=judgement.other,
                same=judgement.same,
                reason=judgement.reason,
                evidence=judgement.evidence,
                score=judgement.score,
                entity=owner,
            )
    return sorted(entities, key=lambda e: e.id), id_of


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
            return _base(_most_frequent(Counter({s: n for s, n in long.items() if s == s.lower()})))
        return _base(best)
    if long and not short:
        return _base(_most_frequent(surfaces))
    return _base(_most_frequent(short if long else surfaces))


def _most_frequent(surfaces: Counter[str]) -> str:
    return min(surfaces, key=lambda s: (-surfaces[s], s != s.lower(), len(s), s))


def _base(surface: str) -> str:
    """Return a surface without LaTeX and size, in the singular."""
    text = without_size(plain(surface)).removesuffix("-based")
    head, _, last = text.rpartition(" ")
    return f"{head} {singular(last)}" if head else singular(last)


def _keep_versions_apart(entities: list[Entity], links: list[Link]) -> None:
    """Record that names that differ in their numbers only are kept apart (each with the next one)."""
    stems: dict[tuple[str, str], list[Entity]] = defaultdict(list)
    for entity in entities:
        kind, key = entity.id.split(":", 1)
        stem = "".join(c for c in key if not c.isdigit() and c not in ".-")
        if version(key) and len(stem) > 1:
            stems[kind, stem].append(entity)
    for (kind, _), versions in sorted(stems.items()):
        for a, b in pairwise(versions):
            links.append(Link(family=kind, name=a.name, other=b.name, same=False, reason="version", evidence="their numbers differ", score=1.0, entity=a.id))
