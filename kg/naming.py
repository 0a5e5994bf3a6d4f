"""Components of names → entities: the type, the name that is shown, the id, and why each spelling is the entity's."""

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations, count, pairwise

from kg.corpus import BY_COMPANY, Components, Corpus, Judgement, Name, Seen, meaning, most
from kg.names import Listed, canonical_form, known, listed
from kg.records import Entity, Link
from kg.text import inflected, is_short, name_words, normal_form, plain, singular, version, without_size

CLEAR_RATIO = 5
"""A name means one entity where it is named by this many times as many papers as any other of the name."""
MANY = 20
"""Versions of a name from which each is told apart from the next only."""


@dataclass(slots=True)
class Draft:
    """An entity before its id and name are known to be its own."""

    root: Name
    first: Name  # the smallest that papers write: the root may be a name that only the user does
    shown: str
    type: str
    aliases: list[str]
    generic: bool
    papers: int
    forms: list[str]  # normal forms of its names, that of most papers first
    longer: str  # a normal form that tells it from another of its name

    def entity(self, id_: str, name: str, other_ids: tuple[str, ...]) -> Entity:
        """Return it with an id, a name and further ids of its own."""
        return Entity(id=id_, name=name, type=self.type, aliases=tuple(self.aliases), generic=self.generic, papers=self.papers, other_ids=other_ids)


def draft(root: Name, names: list[Name], corpus: Corpus, papers: int) -> Draft:
    """Return the entity that a component of names makes, which `papers` papers name, but for its id."""
    kind, seen = root[0], corpus.seen
    first = seen[names[0]]
    if len(names) == len(first.surfaces) == 1:  # as most are
        return _alone(root, names[0], first, papers)
    surfaces, forms = first.surfaces.copy(), Counter({names[0][1]: len(first.papers)})
    for name in names[1:]:
        surfaces.update(seen[name].surfaces)
        forms[name[1]] += len(seen[name].papers)
    found = [row for name in names if (row := listed(kind, name[1]))]
    type_ = _type(kind, [seen[name] for name in names], found)
    stood_for = {meaning(n) for n in names if seen[n].defined or n[2].startswith(BY_COMPANY)}
    long = min((n for n in names if n[1] in stood_for), key=lambda n: (-len(seen[n].papers), n), default=None)
    generic = 2 * sum(seen[n].generic for n in names) >= sum(len(seen[n].papers) for n in names)
    meant: Counter[str] = Counter()
    for name in names:
        if known(*name[:2]):
            meant[canonical_form(*name[:2])] += len(seen[name].papers)
    called = (kind, min(meant, key=lambda form: (-meant[form], form)), "") if meant else None
    if called in names:
        shown = _base(_most_frequent(seen[called].surfaces), surfaces)
    else:
        shown = canonical_name(surfaces, seen[long].surfaces if long else Counter(), type_)
    shown = min((row.name for row in found if row.name in surfaces and normal_form(row.name, kind) == normal_form(shown, kind)), default=shown)
    shown = next((s for n in names for s in seen[n].surfaces if _split_off(n, s)), shown)
    longer = long[1] if long else min((meaning(n) for n in names if n[2]), default=names[0][1])
    aliases = sorted(surfaces, key=lambda s: (-surfaces[s], s))
    return Draft(root, names[0], shown, type_, aliases, generic, papers, sorted(forms, key=lambda f: (-forms[f], f)), longer)


def _split_off(name: Name, surface: str) -> bool:
    """Tell whether the user keeps a spelling apart from others of its normal form."""
    return name[1] == f"{normal_form(surface, name[0])}-{surface}"


def _alone(root: Name, name: Name, record: Seen, papers: int) -> Draft:
    """Return what `draft` does, for an entity of one name that has one spelling."""
    surface, found = most(record.surfaces), listed(*name[:2])
    type_ = _type(name[0], [record], [found] if found else [])
    shown = surface if (found and found.name == surface) or _split_off(name, surface) else _base(surface, record.surfaces)
    generic = 2 * record.generic >= len(record.papers)
    return Draft(root, name, shown, type_, [surface], generic, papers, [name[1]], meaning(name) or name[1])


def _type(kind: str, records: Sequence[Seen], found: Sequence[Listed]) -> str:
    """Return the type of an entity: in the family of benchmarks and data sets the one that more papers use it as, else what the list of known names says."""
    if kind != "dataset":
        return kind
    benchmark, all_ = sum(r.benchmark for r in records), sum(len(r.papers) for r in records)
    if 2 * benchmark != all_:
        return "benchmark" if 2 * benchmark > all_ else "dataset"
    return min((row.type for row in found), default="benchmark")


def name_entities(drafts: list[Draft], several: Container[tuple[str, str]]) -> tuple[dict[Name, str], dict[str, Entity]]:
    """Return the id of each component and the entities by id.

    The id is the normal form that most of its papers write, of those that no entity named by more papers has. Of several
    with one name, those are shown by a spelled-out alias that have one, but for one that far more papers name. The other normal forms,
    which were or may become its id, lead to it too, as do those that tell the senses of the short forms in `several` apart.
    """
    drafts = sorted(drafts, key=lambda d: (-d.papers, d.first[0], d.forms[0], d.longer, d.first))
    first_bearer: dict[tuple[str, str], Name] = {}
    bearers: dict[tuple[str, str], list[Draft]] = defaultdict(list)
    for draft in drafts:
        bearers[draft.root[0], draft.shown].append(draft)
        for form in draft.forms:
            first_bearer.setdefault((draft.root[0], form), draft.root)
    taken: set[str] = set()
    names: set[tuple[str, str]] = set()
    named: list[tuple[str, str]] = []
    for draft in drafts:
        kind = draft.root[0]
        own = next((form for form in draft.forms if first_bearer[kind, form] == draft.root), draft.forms[0])
        first = f"{kind}:{own}"
        ids = first, f"{first}-{draft.longer}", f"{first}-{draft.first[1]}-{meaning(draft.first)}"
        id_ = first if first not in taken else next(i for i in chain(ids, (f"{ids[2]}-{n}" for n in count(2))) if i not in taken)
        first_of, *others = bearers[kind, draft.shown]
        its_own = not others or (draft is first_of and draft.papers >= CLEAR_RATIO * others[0].papers)
        spelled_out = [] if its_own else [a for a in draft.aliases if " " in a]
        name = next(n for n in (*spelled_out, draft.shown, f"{draft.shown} ({id_.split(':', 1)[1]})") if (kind, n) not in names)
        names.add((kind, name))
        taken.add(id_)
        named.append((id_, name))
    id_of: dict[Name, str] = {}
    entities: dict[str, Entity] = {}
    for draft, (id_, name) in zip(drafts, named, strict=True):
        short = [form for form in draft.forms if (draft.root[0], form) in several]
        forms = [*draft.forms, *(f"{form}-{longer}" for form in short for longer in dict.fromkeys((draft.longer, form)))]
        other_ids = tuple(i for i in (f"{draft.root[0]}:{form}" for form in forms) if i not in taken)
        taken.update(other_ids)
        id_of[draft.root] = id_
        entities[id_] = draft.entity(id_, name, other_ids)
    return id_of, entities


def spellings(corpus: Corpus, entity_of: dict[Name, Entity], joined: Components) -> Iterator[Judgement]:
    """Yield why each spelling of a name is that name: it folds to the same normal form as the one most papers write."""
    for name in sorted(n for n in corpus.seen if joined.root(n) in entity_of):
        entity, record = entity_of[joined.root(name)], corpus.seen[name]
        shown = most(record.surfaces)
        if normal_form(entity.name, name[0]) == name[1]:
            shown = entity.name
        for surface in sorted(record.surfaces):
            if surface != shown:
                yield Judgement(name, name, True, spelled(surface, shown, name[0]), f"both fold to “{name[1]}”", 0.99, text=surface, other_text=shown)


def spelled(surface: str, other: str, kind: str) -> str:
    """Return the reason why two surfaces of one normal form are one name: plural, spelling variant, or its normal form."""
    a, b = name_words(surface), name_words(other)
    if "".join(a) != "".join(b):
        return "size" if without_size(plain(surface)) in (other, without_size(plain(other))) else "spelling variant"
    letters = (re.sub(r"[\W_]+", "", plain(s)).casefold() for s in (surface, other))
    return "normal form" if len(set(letters)) == 1 else "plural"


def canonical_name(surfaces: Counter[str], long: Counter[str], type_: str) -> str:
    """Return the name an entity is shown by: coined things by their short name, established concepts spelled out in lower case.

    `surfaces` counts the papers of every surface, `long` those of the expansion, if there is one. A thing counts as
    established when its expansion is mostly written in lower case and its short form is all capitals.
    """
    short = Counter({s: n for s, n in surfaces.items() if is_short(singular(s)) and s not in long}) if long else Counter()
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
    return next(iter(surfaces)) if len(surfaces) == 1 else min(surfaces, key=lambda s: (inflected(s), -surfaces[s], s != s.lower(), len(s), s))


def _base(surface: str, surfaces: Iterable[str]) -> str:
    """Return a surface without LaTeX and size; in the singular where that is written too, or where the plural is a common noun's."""
    text = without_size(plain(surface)).removesuffix("-based") or surface
    head, _, last = text.rpartition(" ")
    one = f"{head} {singular(last)}".strip()
    return one if one in surfaces or last.islower() else text


def versions_apart(entities: list[Entity]) -> Iterator[Link]:
    """Yield that names that differ in their numbers only are kept apart: each two, or, where there are `MANY`, each and the next."""
    stems: dict[tuple[str, str], list[Entity]] = defaultdict(list)
    for entity in sorted(entities, key=lambda e: e.id):
        kind, key = entity.id.split(":", 1)
        stem = "".join(c for c in key if not c.isdigit() and c not in ".-")
        if version(key) and len(stem) > 1:
            stems[kind, stem].append(entity)
    for (kind, _), versions in sorted(stems.items()):
        for a, b in combinations(versions, 2) if len(versions) <= MANY else pairwise(versions):
            yield Link(
                family=kind,
                name=a.name,
                other=b.name,
                same=False,
                reason="version",
                evidence="their numbers differ",
                score=1.0,
                paper=None,
                entity=a.id,
                other_entity=b.id,
            )
