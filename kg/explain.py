"""Why a name is what it is: the judgements of a graph, asked by name, and the least certain of them.

Reads the tables ``links``, ``entities``, ``mentions`` and ``papers`` of a graph folder; nothing here changes it.
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from shlex import quote
from typing import Any

import polars as pl

from kg import resources
from kg.aliases import FAMILIES, bearers
from kg.errors import AmbiguousName, UnknownName
from kg.naming import CLEAR_RATIO
from kg.reasons import ITS_NAME, ONE_NAME, SPELLINGS
from kg.records import Link, family
from kg.tables import Tables
from kg.text import collapse, normal_form, sentences, version

NEAR = 0.75
"""How alike the spellings of names are (0..1) that are near enough to be asked about."""


@dataclass(frozen=True, slots=True)
class Step:
    """One judgement on the way from a name to its entity, or one that keeps it apart; with the sentence that shows it, where a paper does."""

    link: Link
    paper: str | None = None  # title
    sentence: str | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """What a graph makes of a name."""

    name: str
    id: str
    entity: str
    type: str
    papers: int
    chain: list[Step]  # from the name to the entity's name, empty where they are one
    apart: list[Step]  # what it was kept from
    near: list[tuple[str, str, int]]  # (id, name, papers) of near names of other entities


@dataclass(frozen=True, slots=True)
class Surface:
    """One spelling of an entity: in how many papers it stands, and why it is the entity's."""

    surface: str
    papers: int
    reason: str
    other: str
    score: float


@dataclass(frozen=True, slots=True)
class Doubt:
    """A judgement to look at again: a merge or a non-merge, how sure it is, what it concerns."""

    step: Step
    papers: int  # that name the less named entity of both ends


class Judgements:
    """The judgements of a graph, read once."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.entities = {row["id"]: row for row in tables.read("entities").iter_rows(named=True)}
        self.links = [Link(**row) for row in tables.read("links").iter_rows(named=True)]

    def find(self, name: str) -> list[dict[str, Any]]:
        """Return the entities that bear a name, the one that most papers name first. Raises `UnknownName`, which says near names."""
        text = collapse(name)
        exact = [e for e in self.entities.values() if text == e["id"] or text == e["name"] or text in e["aliases"] or text in e["other_ids"]]
        ids = {kind: bearers(text, kind) for kind in FAMILIES}
        found = exact or [e for e in self.entities.values() if ids[family(e["type"])] & {e["id"], *e["other_ids"]}]
        if not found:
            raise UnknownName.near("entity", name, {a for e in self.entities.values() for a in e["aliases"]}, "kg query top lists entities")
        return sorted(found, key=lambda e: (-e["papers"], e["id"]))

    def one(self, name: str) -> dict[str, Any]:
        """Return the one entity that bears a name. Raises `UnknownName`, `AmbiguousName`."""
        found = self.find(name)
        if len(found) > 1 and found[0]["papers"] < CLEAR_RATIO * found[1]["papers"] and collapse(name) not in (found[0]["id"], found[0]["name"]):
            shown = "".join(f"\n  {e['id']}  {e['name']}, {e['type']}, {e['papers']} papers" for e in found[:10])
            raise AmbiguousName(f"“{name}” is a name of {len(found)} entities; give the id of one:{shown}")
        return found[0]

    def explain(self, name: str) -> list[Explained]:
        """Return what a name stands for, an entity each, the one that most papers name first."""
        return [self._explain(collapse(name), entity) for entity in self.find(name)]

    def _explain(self, name: str, entity: dict[str, Any]) -> Explained:
        of = [x for x in self.links if entity["id"] in (x.entity, x.other_entity)]
        written = next((a for a in entity["aliases"] if normal_form(a, family(entity["type"])) == normal_form(name, family(entity["type"]))), entity["name"])
        start = name if name in entity["aliases"] else written
        chain = _path(start, entity["name"], [x for x in of if x.same])
        chain += [x for x in of if x.same and x.reason == "user" and x not in chain]
        apart = sorted((x for x in of if not x.same), key=lambda x: (x.score, x.name, x.other))
        return Explained(
            name=start,
            id=entity["id"],
            entity=entity["name"],
            type=entity["type"],
            papers=entity["papers"],
            chain=self._steps(chain),
            apart=self._steps(apart),
            near=self._near(start, entity, {i for x in apart for i in (x.entity, x.other_entity)}),
        )

    def _near(self, name: str, entity: dict[str, Any], told: set[str | None]) -> list[tuple[str, str, int]]:
        kind = entity["id"].split(":", 1)[0]
        wanted = normal_form(name, kind)
        found = []
        for other in self.entities.values():
            key = other["id"].split(":", 1)
            if key[0] == kind and other["id"] != entity["id"] and other["id"] not in told and abs(len(key[1]) - len(wanted)) <= 3:
                matcher = SequenceMatcher(None, wanted, key[1], autojunk=False)
                if matcher.real_quick_ratio() >= NEAR and matcher.quick_ratio() >= NEAR and (close := matcher.ratio()) >= NEAR:
                    found.append((-close, -other["papers"], other["id"], other["name"]))
        return [(id_, shown, -papers) for _, papers, id_, shown in sorted(found)[:8]]

    def surfaces(self, name: str) -> tuple[dict[str, Any], list[Surface]]:
        """Return an entity and its spellings, those in most papers first."""
        entity = self.one(name)
        mentions = self.tables.scan("mentions").filter(pl.col("entity") == entity["id"])
        counted = self.tables.collect(mentions.group_by("surface").agg(pl.col("paper").n_unique()))
        papers = dict(counted.iter_rows())
        of = sorted((x for x in self.links if x.same and x.entity == entity["id"]), key=lambda x: x.score)
        why = {x.other: (x.reason, x.name, x.score) for x in of if x.reason not in SPELLINGS} | {x.name: (x.reason, x.other, x.score) for x in of}
        out = []
        for surface in entity["aliases"]:
            reason, other, score = (ITS_NAME, surface, 1.0) if surface == entity["name"] else why.get(surface, (ONE_NAME, entity["name"], 1.0))
            out.append(Surface(surface, papers.get(surface, 0), reason, other, score))
        return entity, sorted(out, key=lambda s: (-s.papers, s.surface))

    def review(self, limit: int) -> list[Doubt]:
        """Return the least certain judgements, those first that concern most papers among equally certain ones; and names spelled alike that nothing joined."""
        ranked = []
        for link in [*(x for x in self.links if x.reason not in _SETTLED), *self._spelled_alike()]:
            ends = [self.entities[i]["papers"] for i in (link.entity, link.other_entity) if i in self.entities]
            if ends:
                ranked.append((round(link.score, 1), -min(ends), link.family, link.name, link.other, link))
        ranked.sort(key=lambda x: x[:5])
        chosen = [(x[-1], -x[1]) for x in ranked[:limit]]
        return [Doubt(step, papers) for step, (_, papers) in zip(self._steps([link for link, _ in chosen]), chosen, strict=True)]

    def _spelled_alike(self) -> Iterator[Link]:
        """Yield entities whose ids differ in one letter and that no judgement is on (by common deletions: Mor and Fraenkel 1982)."""
        told = {frozenset((x.entity, x.other_entity)) for x in self.links}
        without: dict[tuple[str, str], list[str]] = defaultdict(list)
        for id_, entity in self.entities.items():
            kind, form = id_.split(":", 1)
            if entity["papers"] > 1 and len(form) >= _LONG_ENOUGH and not entity["generic"]:
                for key in {form, *(form[:i] + form[i + 1 :] for i in range(len(form)))}:
                    without[kind, key].append(id_)
        pairs = {(a, b) for ids in without.values() if len(ids) <= _FEW for a, b in combinations(sorted(ids), 2)}
        for a, b in sorted(pairs):
            if frozenset((a, b)) not in told and version(a) == version(b):
                one, two = self.entities[a], self.entities[b]
                yield Link(
                    family=a.split(":", 1)[0],
                    name=one["name"],
                    other=two["name"],
                    same=False,
                    reason="spelled alike",
                    evidence="their spellings differ in a letter, nothing joins them",
                    score=0.5,
                    paper=None,
                    entity=a,
                    other_entity=b,
                )

    def _steps(self, links: Sequence[Link]) -> list[Step]:
        """Return judgements with the sentences that show them."""
        wanted = sorted({x.paper for x in links if x.paper})
        if not wanted:
            return [Step(x) for x in links]
        papers = self.tables.collect(self.tables.scan("papers").filter(pl.col("id").is_in(wanted)).select("id", "title", "abstract"))
        texts = {id_: (title, abstract) for id_, title, abstract in papers.iter_rows()}
        return [Step(x, texts[x.paper][0], _sentence(x, *texts[x.paper])) if x.paper in texts else Step(x) for x in links]


_LONG_ENOUGH, _FEW = 8, 20
"""Letters of a name from which one more or less says little, and ids that may share a deletion."""
_SETTLED = ("user", "normal form", "plural", "size", "version")
"""Reasons that leave no doubt."""


def _sentence(link: Link, title: str, abstract: str) -> str | None:
    """Return the sentence of a paper that names what a judgement is on, both ends rather than one."""
    names = [n for n in (link.name, link.other) if n]
    names += [part for n in names for part in _LABEL.findall(n) for part in part]
    best = None
    for text in (abstract, title):
        for start, end in sentences(text):
            sentence = text[start:end]
            held = sum(_holds(sentence, n) for n in dict.fromkeys(names))
            if held and (best is None or held > best[0]):
                best = held, sentence
    return best[1] if best else None


_LABEL = re.compile(r"(.+) \((.+)\)$")


def _holds(sentence: str, name: str) -> bool:
    return re.search(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", sentence) is not None


def _path(start: str, end: str, links: Iterable[Link]) -> list[Link]:
    """Return the judgements that lead from one name of an entity to another, the fewest; a sense leads to its short and its long form."""
    steps: dict[str, list[tuple[str, Link]]] = defaultdict(list)
    for link in sorted(links, key=lambda x: (-x.score, x.name, x.other)):
        steps[link.name].append((link.other, link))
        steps[link.other].append((link.name, link))
    came: dict[str, list[Link]] = {start: []}
    waiting = deque([start])
    while waiting:
        name = waiting.popleft()
        if name == end:
            return came[name]
        label = _LABEL.fullmatch(name)
        onward: list[tuple[str, list[Link]]] = [(to, [link]) for to, link in steps[name]]
        onward += [(part, []) for part in (label.groups() if label else ())]
        onward += [(to, []) for to in steps if to.startswith(f"{name} (")]
        for to, links_ in onward:
            if to not in came:
                came[to] = [*came[name], *links_]
                waiting.append(to)
    return []


# -- for reading -----------------------------------------------------------------------------------------------------------------


def explain_lines(found: Iterable[Explained]) -> Iterator[str]:
    """Yield explanations for reading."""
    for number, e in enumerate(found):
        if number:
            yield ""
        yield f"{e.name} is {e.entity} ({e.type}, {_papers(e.papers)}, {e.id})"
        for step in e.chain:
            yield from _step_lines(step)
        for step in e.apart:
            yield from _step_lines(step)
        if e.near:
            yield "  near names, never joined: " + ", ".join(f"{shown} ({_papers(papers)})" for _, shown, papers in e.near)


def _papers(n: int) -> str:
    return f"{n:,} paper{'' if n == 1 else 's'}"


def _step_lines(step: Step) -> Iterator[str]:
    link = step.link
    verdict = "same" if link.same else "apart"
    yield f"  {verdict}  {link.name} – {link.other}: {link.reason} ({link.score:.2f}); {link.evidence}"
    if step.sentence:
        yield f"        “{step.sentence}” – {step.paper}"


def review_lines(doubts: Iterable[Doubt]) -> Iterator[str]:
    """Yield doubts for reading."""
    for doubt in doubts:
        yield from (line.removeprefix("  ") for line in _step_lines(doubt.step))


def step_dict(step: Step) -> dict[str, Any]:
    """Return a judgement for JSON."""
    return {name: getattr(step.link, name) for name in Link.__dataclass_fields__} | {"title": step.paper, "sentence": step.sentence}


def explained_dict(e: Explained) -> dict[str, Any]:
    """Return an explanation for JSON."""
    near = [{"id": id_, "name": name, "papers": papers} for id_, name, papers in e.near]
    out: dict[str, Any] = {"name": e.name, "id": e.id, "entity": e.entity, "type": e.type, "papers": e.papers}
    return out | {"chain": list(map(step_dict, e.chain)), "apart": list(map(step_dict, e.apart)), "near": near}


def page(doubts: Iterable[Doubt], judgements: Judgements) -> str:
    """Return an HTML page of doubts with the command that overrules each; it holds no script and loads nothing."""
    return resources.render("review.html", title="names to look at again", doubts=[_row(doubt, judgements) for doubt in doubts])


def _row(doubt: Doubt, judgements: Judgements) -> dict[str, Any]:
    link = doubt.step.link
    entity = judgements.entities.get(link.entity or link.other_entity or "", {})
    verdict = "apart" if link.same else "same"
    folder = quote(str(judgements.tables.folder))
    command = f"kg alias {verdict} -g {folder} --type {link.family} -- {quote(link.name)} {quote(link.other)}"
    return step_dict(doubt.step) | {"papers": doubt.papers, "type": entity.get("type", link.family), "command": command}
