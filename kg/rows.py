"""A paper, its reading and the ids of its entities → its rows in the tables: mentions, facts with their sentences, results."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from kg.link import Divided
from kg.records import FIELDS, ROLES, Fact, LocalLineage, Paper, Passage, Reading, Result
from kg.tables import frame
from kg.text import sentences as sentences_of
from kg.text import year_month

GIVEN = ("title", "abstract", "authors", "date", "venue", "categories", "url")
"""What a source says of a paper."""
BY_PAPER = ("mentions", "facts", "results")
"""Tables of rows that belong to one paper each."""


def divided(reading: Reading, ids: Sequence[str], parts: Sequence[Divided]) -> tuple[Reading, list[str]]:
    """Return a reading and its entities' ids with the spellings that linking sent elsewhere as entities of their own."""
    entities, mentions, out = list(reading.entities), list(reading.mentions), list(ids)
    for part in parts:
        moved = [i for i, m in enumerate(mentions) if m.entity == part.entity and m.surface in part.surfaces]
        if moved:
            entities.append(replace(entities[part.entity], name=min(mentions[i].surface for i in moved), defined=False))
            out.append(part.id)
            for i in moved:
                mentions[i] = replace(mentions[i], entity=len(entities) - 1)
    return replace(reading, entities=tuple(entities), mentions=tuple(mentions)), out


def frames(papers: Sequence[tuple[Paper, Reading, Sequence[str]]]) -> dict[str, pl.DataFrame]:
    """Return the rows of papers in the tables `BY_PAPER`, paper by paper; of each a paper, its reading, and the id of each of the reading's entities."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in BY_PAPER}
    for paper, reading, ids in papers:
        rows["mentions"] += [{"paper": paper.id, **row_of(m), "entity": ids[m.entity]} for m in reading.mentions]
        rows["facts"] += map(row_of, facts_of(paper, reading, ids))
        rows["results"] += map(row_of, results_of(paper, reading, ids))
    return {name: frame(name, rows[name]) for name in BY_PAPER}


def row_of(record: Any) -> dict[str, Any]:
    """Return a record as a row of its table: a passage as three columns, tuples as lists."""
    row: dict[str, Any] = {}
    for name in record.__dataclass_fields__:
        value = getattr(record, name)
        if isinstance(value, Passage):
            row["field"], row["start"], row["end"] = value.field, value.start, value.end
        elif isinstance(value, tuple):
            row[name] = [list(v) if isinstance(v, tuple) else v for v in value]
        else:
            row[name] = value
    return row


def paper_row(paper: Paper, given: Sequence[Paper]) -> dict[str, Any]:
    """Return the row of a paper, `given` as its sources have it: their texts are kept where they say other things than the paper."""
    year, month = year_month(paper.date)
    row = row_of(paper)
    texts = [{"id": text.id, "source": text.sources[0], **{k: row_of(text)[k] for k in GIVEN}} for text in given]
    differ = len(texts) != len(paper.sources) or any(text[k] != row[k] for text in texts for k in ("id", *GIVEN))
    other_ids = sorted({text.id for text in given} - {paper.id})
    return {**row, "year": year, "month": month, "other_ids": other_ids, "versions": texts if differ else []}


def facts_of(paper: Paper, reading: Reading, ids: Sequence[str]) -> Iterator[Fact]:
    """Yield the paper's facts: its strongest role to each entity, then what its entities are based on."""
    mentions: dict[str, list[Passage]] = {}
    for mention in reading.mentions:
        mentions.setdefault(ids[mention.entity], []).append(mention.at)
    sentences = {name: [Passage(name, start, end) for start, end in sentences_of(getattr(paper, name))] for name in FIELDS}
    best: dict[str, int] = {}
    for i, local in enumerate(reading.entities):
        j = best.setdefault(ids[i], i)
        if ROLES.index(local.role) < ROLES.index(reading.entities[j].role):
            best[ids[i]] = i
    for id_, i in best.items():
        local = reading.entities[i]
        naming = [s for m in mentions[id_] for s in sentences[m.field] if s.start <= m.start < s.end]
        told = any(m.field == local.evidence.field and local.evidence.start <= m.start < local.evidence.end for m in mentions[id_])
        fact = _fact(paper, paper.id, id_, local.role, local.role_score, local.evidence if told else naming[0], mentions[id_])
        further = (getattr(paper, s.field)[s.start : s.end] for s in naming)
        yield replace(fact, further=tuple(dict.fromkeys(s for s in further if s != fact.sentence)))
    pairs: dict[tuple[str, str], LocalLineage] = {}
    for tie in reading.lineage:
        child, parent = ids[tie.child], ids[tie.parent]
        if child != parent:
            pairs.setdefault((child, parent), tie)
    for (child, parent), tie in pairs.items():
        yield _fact(paper, child, parent, "based_on", tie.score, tie.evidence, mentions[child] + mentions[parent])


def _fact(paper: Paper, source: str, target: str, role: str, score: float, at: Passage, named: list[Passage]) -> Fact:
    sentence = getattr(paper, at.field)[at.start : at.end]
    marks = tuple(sorted((m.start - at.start, m.end - at.start) for m in named if m.field == at.field and at.start <= m.start and m.end <= at.end))
    return Fact(source=source, target=target, role=role, paper=paper.id, score=score, evidence=at, sentence=sentence, marks=marks)


def results_of(paper: Paper, reading: Reading, ids: Sequence[str]) -> Iterator[Result]:
    """Yield the scores that the paper states."""
    for number, r in enumerate(reading.results, 1):
        method, metric, dataset = (None if i is None else ids[i] for i in (r.method, r.metric, r.dataset))
        sentence = getattr(paper, r.evidence.field)[r.evidence.start : r.evidence.end]
        yield Result(
            id=f"{paper.id}#{number}",
            paper=paper.id,
            value=r.value,
            relative=r.relative,
            method=method,
            metric=metric,
            dataset=dataset,
            score=r.score,
            evidence=r.evidence,
            sentence=sentence,
        )
