"""What two graphs differ in: papers, entities, what was merged and split, facts.

Which entity of the old graph is which of the new one is decided by the mentions that both hold, not by names or ids:
an old entity became the one that has most of its common mentions. Facts are compared after that, so that one whose
entity merely got another id is the same fact.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

import polars as pl

from kg.records import ROLES
from kg.tables import consistently
from kg.text import collapse, visible

_MENTION = ["paper", "field", "start", "end", "surface"]  # the surface, as an edited text may have another name in the same place
_FACT = ["source", "target", "role", "paper"]
_COLUMNS = {
    "papers": ["id", "title", "abstract"],
    "entities": ["id", "name", "type", "aliases"],
    "mentions": [*_MENTION, "entity"],
    "facts": [*_FACT, "sentence"],
    "links": ["name", "other", "same", "reason", "evidence", "score", "entity"],
}
_FEW, _SHORT = 3, 60  # how many a summary names, and how much of a name


@dataclass(frozen=True, slots=True)
class Node:
    """A paper, its title being its name, or an entity. As text: the name, with the id in brackets where another node has the name too."""

    id: str
    kind: str  # paper, or the entity's type
    name: str
    shared: bool = field(default=False, compare=False)  # another node of either graph has the name

    def __str__(self) -> str:
        return _clean(f"{self.name} [{self.id}]" if self.shared else self.name)


@dataclass(frozen=True, slots=True)
class Change:
    """An entity as the old graph has it, and as the new one has it."""

    old: Node
    new: Node

    def __str__(self) -> str:
        old, new = (node if str(self.old) != str(self.new) else replace(node, shared=True) for node in (self.old, self.new))
        return f"{old} → {new}" + (f" · {old.kind} → {new.kind}" if old.kind != new.kind else "")


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement that a merge or a split follows from."""

    name: str
    other: str
    reason: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Regrouped:
    """A merge, several old entities that are one now, or a split, one that is several now; of the several that with the most mentions first."""

    old: tuple[Node, ...]
    new: tuple[Node, ...]
    mentions: tuple[int, ...]  # how many of the common mentions each of the several has
    judged: tuple[Judged, ...]  # where it can be found; of a split, perhaps what ties its names no longer

    def __str__(self) -> str:
        return f"{', '.join(f'“{n}”' for n in self.old)} → {', '.join(f'“{n}”' for n in self.new)}"


@dataclass(frozen=True, slots=True)
class NamedFact:
    """A fact with its ends: the paper and an entity, or (``based_on``) child and parent."""

    source: Node
    role: str
    target: Node
    paper: Node
    sentence: str

    def __str__(self) -> str:
        said_by = f", says {self.paper}" if self.source != self.paper else ""
        return f"{self.source} · {self.role.replace('_', ' ')} {self.target}{said_by}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What two graphs differ in; false where nothing does. What was merged or split is neither added, removed nor renamed."""

    papers_added: list[Node]
    papers_removed: list[Node]
    papers_changed: list[Node]  # title or abstract
    entities_added: list[Node]
    entities_removed: list[Node]
    renamed: list[Change]  # another name or id
    retyped: list[Change]
    merges: list[Regrouped]
    splits: list[Regrouped]
    facts_added: list[NamedFact]
    facts_removed: list[NamedFact]

    def __bool__(self) -> bool:
        return any(getattr(self, f.name) for f in fields(self))


def read(graph: str | Path) -> dict[str, pl.DataFrame]:
    """Return what `compare` needs of a graph folder. Raises `GraphError` for one that is missing or damaged."""
    return consistently(graph, lambda tables: {t: tables.collect(tables.scan(t).select(columns), f"{t}.parquet") for t, columns in _COLUMNS.items()})


def compare(old: Mapping[str, pl.DataFrame], new: Mapping[str, pl.DataFrame]) -> Difference:
    """Return what two graphs, table → frame as in `kg.tables.SCHEMAS`, differ in; an empty graph has frames without rows.

    Whole tables are handled in Polars; time in Python grows with the differences only.
    """
    old, new = ({table: graph[table].select(columns) for table, columns in _COLUMNS.items()} for graph in (old, new))
    flow = _flow(old["mentions"], new["mentions"])
    became = _became(flow, old["entities"], new["entities"])
    merged = _groups(became.filter(pl.col("mentions") > 0), one="new", several="old")
    split = _groups(flow, one="old", several="new")
    pairs = _pairs(became, old["entities"], new["entities"])
    retyped = pairs.filter(pl.col("type") != pl.col("type_new"))
    renamed = pairs.filter((pl.col("name") != pl.col("name_new")) | (pl.col("old") != pl.col("new")) & (pl.col("type") == pl.col("type_new")))
    renamed = renamed.filter(~pl.col("new").is_in(merged["new"].explode().implode()) & ~pl.col("old").is_in(split["old"].explode().implode()))
    lost, gained = _facts(old["facts"], new["facts"], became)
    texts = old["papers"].join(new["papers"], on="id", suffix="_new")
    edited = texts.filter((pl.col("title") != pl.col("title_new")) | (pl.col("abstract") != pl.col("abstract_new")))
    papers_then, papers = _nodes(old["papers"], new["papers"], kind=pl.lit("paper"), name="title", now="id")
    then, now = _nodes(old["entities"], new["entities"], kind=pl.col("type"), name="name", now=_now("id", became))
    ties, parts = _links(old["links"], new["links"])
    return Difference(
        papers_added=papers(_without(new["papers"]["id"], old["papers"]["id"])),
        papers_removed=papers_then(_without(old["papers"]["id"], new["papers"]["id"])),
        papers_changed=papers(edited["id"].sort()),
        entities_added=now(_without(new["entities"]["id"], pl.concat([flow["new"], became["new"]]))),
        entities_removed=then(_without(old["entities"]["id"], became["old"])),
        renamed=list(map(Change, then(renamed["old"]), now(renamed["new"]))),
        retyped=list(map(Change, then(retyped["old"]), now(retyped["new"]))),
        merges=list(_regrouped(merged, "old", old["entities"], ties, then, now)),
        splits=list(_regrouped(split, "new", new["entities"], parts, then, now)),
        facts_added=_named(gained, papers, now),
        facts_removed=_named(lost, papers_then, then),
    )


# -- which is which ------------------------------------------------------------------------------------------------------------


def _flow(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Return how many common mentions an old and a new entity have, most first."""
    common = old.select(*_MENTION, old="entity").join(new.select(*_MENTION, new="entity"), on=_MENTION)
    pairs = common.group_by("old", "new").agg(mentions=pl.len().cast(pl.Int64))
    return pairs.sort(-pl.col("mentions"), pl.col("old") != pl.col("new"), "old", "new")


def _became(flow: pl.DataFrame, old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Return what each old entity is now, in the order of `flow`; last those that are the same by id, for want of any common mention on either side."""
    by_mentions = flow.unique("old", keep="first", maintain_order=True)
    ids = old.select("id").join(new.select("id"), on="id", how="semi").filter(~pl.col("id").is_in(pl.concat([flow["old"], flow["new"]]).implode()))
    return pl.concat([by_mentions, ids.sort("id").select(old="id", new="id", mentions=pl.lit(0, pl.Int64))])


def _groups(pairs: pl.DataFrame, *, one: str, several: str) -> pl.DataFrame:
    groups = pairs.group_by(one, maintain_order=True).agg(several, "mentions").filter(pl.col(several).list.len() > 1)
    return groups.select(pl.concat_list(one), several, "mentions")


def _pairs(became: pl.DataFrame, old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Return each new entity with the old one that most of it was, and the names and types of both."""
    most = became.unique("new", keep="first", maintain_order=True)
    named = most.join(old.select("name", "type", old="id"), on="old").join(new.select("name", "type", new="id"), on="new", suffix="_new")
    return named.sort("name", "old")


def _without(ids: pl.Series, others: pl.Series) -> pl.Series:
    return ids.filter(~ids.is_in(others.unique().implode())).sort()


def _now(column: str, became: pl.DataFrame) -> pl.Expr:
    """Return the new ids of old entities; one that is gone gets an id that is nobody's."""
    return pl.col(column).replace_strict(became["old"], became["new"], default=pl.lit("\0") + pl.col(column))


def _facts(old: pl.DataFrame, new: pl.DataFrame, became: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the facts that the new graph lacks, and those that the old one lacks, in order of the papers.

    The old facts are first put as the new graph would put them: its entities, and of a paper's roles to one of them the strongest.
    """
    lineage = pl.col("role") == "based_on"
    strength = pl.col("role").replace_strict(ROLES, range(len(ROLES)), default=len(ROLES), return_dtype=pl.Int8)
    source = pl.when(lineage).then(_now("source", became)).otherwise("source")
    put = old.with_columns(was=pl.struct("source", "target"), source=source, target=_now("target", became))
    put = put.filter(~lineage | (pl.col("source") != pl.col("target")))  # what is one now is not based on itself
    put = put.sort(strength, maintain_order=True).unique(["source", "target", "paper"], keep="first", maintain_order=True)
    lost = put.join(new, on=_FACT, how="anti").drop("source", "target").unnest("was")
    gained = new.join(put, on=_FACT, how="anti")
    return lost.sort("paper", strength, "source", "target"), gained.sort("paper", strength, "source", "target")


# -- rows → records ------------------------------------------------------------------------------------------------------------

_Nodes = Callable[[pl.Series], list[Node]]
"""Looks nodes up by their ids."""


def _nodes(old: pl.DataFrame, new: pl.DataFrame, *, kind: pl.Expr, name: str, now: pl.Expr | str) -> tuple[_Nodes, _Nodes]:
    """Return the nodes of both tables; `now` is the new id of an old node, as a name that it keeps is its own."""
    before, after = (table.select("id", kind=kind, name=name) for table in (old, new))
    both = pl.concat([before.with_columns(id=now), after])
    shared = pl.concat([t.select("id", "name").unique().filter(pl.col("name").is_duplicated())["name"] for t in (before, after, both)]).unique().implode()

    def look_up(table: pl.DataFrame, ids: pl.Series) -> list[Node]:
        rows = table.filter(pl.col("id").is_in(ids.unique().implode())).with_columns(pl.col("name").is_in(shared).alias("shared"))
        by_id = {row[0]: Node(*row) for row in rows.iter_rows()}
        return [by_id[id_] for id_ in ids]

    return partial(look_up, before), partial(look_up, after)


def _named(facts: pl.DataFrame, papers: _Nodes, entities: _Nodes) -> list[NamedFact]:
    said_by, targets, roles = papers(facts["paper"]), entities(facts["target"]), facts["role"].to_list()
    children = iter(entities(facts.filter(pl.col("role") == "based_on")["source"]))
    sources = (next(children) if role == "based_on" else paper for role, paper in zip(roles, said_by, strict=True))
    return list(map(NamedFact, sources, roles, targets, said_by, facts["sentence"].to_list()))


def _links(old: pl.DataFrame, new: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what may be the reason of a merge and of a split; `second` is what is a reason for want of another."""
    pair = ["name", "other", "same"]
    links = new.join(old.select(*pair, second=True).unique(), on=pair, how="left").with_columns(pl.col("second").fill_null(False))
    gone = old.filter("same").join(new, on=pair, how="anti").with_columns(reason="no longer " + pl.col("reason"), second=True)
    return links.filter("same"), pl.concat([links.filter(~pl.col("same")), gone])


def _regrouped(groups: pl.DataFrame, several: str, entities: pl.DataFrame, links: pl.DataFrame, then: _Nodes, now: _Nodes) -> Iterator[Regrouped]:
    """Yield merges or splits; `entities` is the table that has the several, `links` what may be the reason."""
    named = entities.filter(pl.col("id").is_in(groups[several].explode().implode())).select("id", pl.concat_list("name", "aliases"))
    names: dict[str, list[str]] = dict(named.iter_rows())
    judged: dict[str, list[dict[str, Any]]] = defaultdict(list)
    ends = pl.concat([groups["old"].explode(), groups["new"].explode()]).implode()
    for link in links.filter(pl.col("entity").is_in(ends)).iter_rows(named=True):
        judged[link["entity"]].append(link)
    old, new = iter(then(groups["old"].explode())), iter(now(groups["new"].explode()))
    for row in groups.iter_rows(named=True):
        reasons = _between([names[id_] for id_ in row[several]], chain.from_iterable(judged[id_] for id_ in {*row["old"], *row["new"]}))
        yield Regrouped(tuple(islice(old, len(row["old"]))), tuple(islice(new, len(row["new"]))), tuple(row["mentions"]), tuple(dict.fromkeys(reasons)))


def _between(sides: Sequence[Iterable[str]], links: Iterable[dict[str, Any]]) -> Iterator[Judged]:
    """Yield, for each side but the first, what is judged of a name of it and one of another: first choices, and names that few sides have, go first."""
    having: dict[str, set[int]] = defaultdict(set)
    for i, names in enumerate(sides):
        for name in names:
            having[name].add(i)
    best: dict[int, tuple[Any, ...]] = {}
    for link in links:
        # a judgement may call a name by its definition, “long form (short form)”
        ends = [having.get(text, set()) | having.get(text.rpartition(" (")[0], set()) for text in (link["name"], link["other"])]
        tied = set.union(*ends)
        if all(ends) and len(tied) > 1:
            rank = (link["second"], sum(map(len, ends)), -link["score"], *(link[f.name] for f in fields(Judged)))
            for i in tied:
                best[i] = min(best.get(i, rank), rank)
    yield from (Judged(*best[i][3:]) for i in range(1, len(sides)) if i in best)


# -- records → text ------------------------------------------------------------------------------------------------------------


def summary(d: Difference) -> list[str]:
    """Return the difference in three lines at most, none where there is none; safe for a terminal."""
    counts = (
        _counts("paper", "papers", d.papers_added, d.papers_removed, changed=d.papers_changed),
        _counts("entity", "entities", d.entities_added, d.entities_removed, renamed=d.renamed, retyped=d.retyped),
        _counts("fact", "facts", d.facts_added, d.facts_removed),
    )
    groups = (f"{len(found):,} {what}: {_few(map(_brief, found), '; ')}" for what, found in (("merged", d.merges), ("split", d.splits)) if found)
    return [line for line in ("; ".join(filter(None, counts)), *groups) if line]


def _counts(one: str, many: str, added: Sequence[Any], removed: Sequence[Any], **other: Sequence[Any]) -> str:
    said: list[str] = []
    for form, found in (("+{}", added), ("−{}", removed), *((f"{{}} {what}", found) for what, found in other.items())):
        if n := len(found):
            said.append(form.format(f"{n:,}" if said else f"{n:,} {one if n == 1 else many}"))
    return ", ".join(said)


def _few(texts: Iterable[str], separator: str = ", ") -> str:
    shown = list(islice(texts, _FEW + 1))
    return separator.join([*shown[:_FEW], *("…" for _ in shown[_FEW:])])


def _brief(group: Regrouped) -> str:
    old, new = list(map(str, group.old)), list(map(str, group.new))
    others = [name for name in old if name not in new] or old
    reason = f" ({_cut(_clean(group.judged[0].reason))})" if group.judged else ""
    return f"{_few(f'“{_cut(name)}”' for name in others)} → {_few(map(_cut, new))}{reason}"


def _cut(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"


def lines(d: Difference) -> Iterator[str]:
    """Yield the whole difference for reading, list by list, with the sentences behind facts; safe for a terminal."""
    for f in fields(d):
        found = getattr(d, f.name)
        if found:
            yield f"{f.name.replace('_', ' ')}: {len(found):,}"
        for item in found:
            yield f"  {item} · {item.kind}" if f.name in ("entities_added", "entities_removed") else f"  {item}"
            yield from (f"    {line}" for line in _below(item))


def _below(item: Any) -> Iterator[str]:
    """Yield what stands below an item: a fact's sentence, the reasons of a merge or split."""
    if isinstance(item, NamedFact):
        yield f"“{_clean(item.sentence)}”"
    if isinstance(item, Regrouped):
        yield " + ".join(f"{n:,}" for n in item.mentions) + " mentions"
        yield from (_clean(f"“{j.name}”, “{j.other}”: {j.reason}; {j.evidence}") for j in item.judged)


def as_dict(d: Difference) -> dict[str, Any]:
    """Return the difference as JSON holds it: its lists, of objects with the records' fields."""
    return {f.name: _plain(getattr(d, f.name)) for f in fields(d)}


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return {f.name: _plain(getattr(value, f.name)) for f in fields(value) if f.compare} if is_dataclass(value) else value


def _clean(text: str) -> str:
    return visible(collapse(text))
