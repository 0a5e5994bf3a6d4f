"""Files → graph folder: merge the papers, read what is new, link everything, write the tables.

A build onto a graph adds to it and gives, byte for byte, what one build of all inputs gives: every
source's version of a paper is kept, readings are kept under the hash of their text, and the rest is
made anew from papers and readings. A later build of a file of the same name replaces what that file
said of a paper.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from kg.errors import GraphError
from kg.extract import extract, from_json, pipeline_version, to_json
from kg.link import Linked, link
from kg.records import FIELDS, ROLES, Fact, LocalLineage, Paper, Passage, Reader, Reading, Result
from kg.sources import Tally, read_papers
from kg.tables import SCHEMAS, Tables, folder_of, frame, read_manifest, write, writing
from kg.text import code_urls, sentence_starts, text_hash, year_month

Versions = dict[str, dict[str, Paper]]
"""Paper id → source → the paper as that source gives it."""

Progress = Callable[[str, int, int], None]
"""Told (what is done, how many, of how many)."""

_JOURNAL = ".readings.jsonl"
_GIVEN = ("title", "abstract", "authors", "date", "venue", "categories", "url")
"""What a source says of a paper."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did."""

    folder: Path
    papers: int
    new: int  # papers that the graph did not hold before
    changed: int  # papers whose text is another one now
    read: int  # papers that extraction had to read
    without_abstract: int
    skipped: int
    skipped_first: tuple[str, ...]  # what was wrong with the first of them
    changed_graph: bool
    rows: dict[str, int]


def build(
    files: str | Path | Iterable[str | Path],
    graph: str | Path = "graph",
    *,
    fresh: bool = False,
    skip_bad: bool = False,
    encoding: str | None = None,
    processes: int | None = None,
    model: str | None = None,
    threshold: float | None = None,
    progress: Progress = lambda *_: None,
) -> Built:
    """Add the papers of `files` to the graph in the folder `graph`, made if need be; with `fresh`, start over.

    `model` (``best`` or ``fast``) reads the papers and keeps mentions that score at least `threshold` (0..1). A graph
    is read by one model: without these, by the one that it was made with, and with others, all its papers are read anew.

    Raises `InputError` for an input that cannot be read and `GraphError` for a folder that cannot be used; the graph is then as it was.
    """
    folder = folder_of(graph)
    _check_folder(folder)
    files = [files] if isinstance(files, str | Path) else files
    tally = Tally()
    incoming: list[Paper] = []
    for paper in read_papers(files, skip_bad=skip_bad, encoding=encoding, tally=tally):
        incoming.append(paper)
        progress("papers", len(incoming), 0)
    with writing(folder):
        old = None if fresh or not (folder / "manifest.json").exists() else Tables(folder, read_manifest(folder))
        reader = _reader(old, model, threshold)
        versions, readings = _state(old, reader)
        before = {id_: (p.title, p.abstract) for id_, p in _merged(versions)}
        _add(versions, incoming)
        papers = [paper for _, paper in _merged(versions)]
        todo = [p for p in papers if (p.id, text_hash(p.title, p.abstract)) not in readings]
        readings |= _journal(folder, reader, {(p.id, text_hash(p.title, p.abstract)) for p in todo})
        todo = [p for p in todo if (p.id, text_hash(p.title, p.abstract)) not in readings]
        with open(folder / _JOURNAL, "a", encoding="utf-8") as journal:
            if journal.tell() == 0:
                journal.write(pipeline_version(reader) + "\n")
            for done, reading in enumerate(extract(todo, reader, processes=processes), 1):
                journal.write(to_json(reading) + "\n")
                readings[reading.paper, reading.text_hash] = reading
                progress("read", done, len(todo))
        progress("link", 0, 0)
        kept = [readings[p.id, text_hash(p.title, p.abstract)] for p in papers]
        manifest = write(folder, _frames(papers, versions, kept, link(kept)), {"pipeline": pipeline_version(reader), **asdict(reader)})
        (folder / _JOURNAL).unlink()
        return Built(
            folder=folder,
            papers=len(papers),
            new=len({p.id for p in papers} - set(before)),
            changed=sum(p.id in before and before[p.id] != (p.title, p.abstract) for p in papers),
            read=len(todo),
            without_abstract=tally.without_abstract,
            skipped=tally.skipped,
            skipped_first=tuple(tally.first),
            changed_graph=old is None or old.content != manifest["content"],
            rows=manifest["rows"],
        )


def _check_folder(folder: Path) -> None:
    """Refuse what is plainly not a graph's place, before any work."""
    if folder.exists() and not folder.is_dir():
        raise GraphError(f"{folder}: a file stands where the graph folder should be; name another with -g")
    if folder.is_dir() and not (folder / "manifest.json").exists():
        ours = {f"{table}.parquet" for table in SCHEMAS}
        strangers = [p.name for p in folder.iterdir() if not p.name.startswith((".", "store.")) and p.name not in ours]
        if strangers:
            raise GraphError(f"{folder}: not a graph, and it holds other files ({min(strangers)} …); name an empty or new folder with -g")


# -- what is known already -----------------------------------------------------------------------------------------------------


def _reader(old: Tables | None, model: str | None, threshold: float | None) -> Reader:
    """Return how to read: as asked for, else as the graph was read."""
    was = Reader() if old is None else Reader(old.manifest.get("model", "best"), old.manifest.get("threshold"))
    kept = was.threshold if model in (None, was.model) else None  # a threshold is of its model's scores
    return Reader(model or was.model, kept if threshold is None else threshold)


def _state(old: Tables | None, reader: Reader) -> tuple[Versions, dict[tuple[str, str], Reading]]:
    """Return the versions of the papers in a graph, and its readings where this pipeline made them."""
    if old is None:
        return {}, {}
    versions: Versions = {}
    for row in old.read("papers").iter_rows(named=True):
        given = row["versions"] or [{"source": s, **{k: row[k] for k in _GIVEN}} for s in row["sources"]]
        versions[row["id"]] = {v["source"]: _version(row["id"], v) for v in given}
    if old.manifest.get("pipeline") != pipeline_version(reader):
        return versions, {}
    rows = old.read("readings").iter_rows()
    return versions, {(paper, hash_): from_json(reading) for paper, hash_, reading in rows}


def _version(id_: str, row: dict[str, Any]) -> Paper:
    given: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items() if k in _GIVEN}
    return Paper(id=id_, **given, code_urls=code_urls(row["abstract"]), sources=(row["source"],))


def _journal(folder: Path, reader: Reader, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], Reading]:
    """Return the readings that a killed build left; the journal of another pipeline, and a last line cut short, are dropped."""
    path = folder / _JOURNAL
    found: dict[tuple[str, str], Reading] = {}
    if not path.exists():
        return found
    version, *lines = path.read_text(encoding="utf-8", errors="replace").split("\n")[:-1] or [""]
    if version != pipeline_version(reader):
        path.unlink()
        return found
    kept = [version]
    for line in lines:
        try:
            reading = from_json(line)
        except (ValueError, TypeError):  # cut short by the end of the process, or not ours
            continue
        kept.append(line)
        if (reading.paper, reading.text_hash) in wanted:
            found[reading.paper, reading.text_hash] = reading
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return found


# -- papers --------------------------------------------------------------------------------------------------------------------


def _add(versions: Versions, incoming: Iterable[Paper]) -> None:
    """Put the incoming papers in the place of what their sources said before.

    Where one source gives a paper several texts, the fullest stands under the source's name, the others under ``name#2`` and so on.
    """
    given: dict[tuple[str, str], set[Paper]] = {}
    for paper in incoming:
        given.setdefault((paper.id, paper.sources[0]), set()).add(paper)
    for (id_, source), papers in given.items():
        kept = versions.setdefault(id_, {})
        for old in [s for s in kept if s == source or s.startswith(f"{source}#")]:
            del kept[old]
        for number, paper in enumerate(sorted(papers, key=_fullness, reverse=True), 1):
            kept[source if number == 1 else f"{source}#{number}"] = paper


def _fullness(paper: Paper) -> tuple[Any, ...]:
    """Order the versions of a paper: one with an abstract, with the latest date that has a year, with the longest abstract; then any fixed order."""
    date = paper.date or ""
    known = "" if date.startswith("--") else date
    return (
        bool(paper.abstract),
        known,
        len(paper.abstract),
        date,
        paper.abstract,
        paper.title,
        *(str(getattr(paper, f)) for f in ("authors", "venue", "url", "categories")),
    )


def _merged(versions: Versions) -> Iterator[tuple[str, Paper]]:
    """Yield (id, paper) in order of the ids: the fullest version's text, and of the rest what the fullest version that has it says."""
    for id_ in sorted(versions):
        given = sorted(versions[id_].values(), key=_fullness, reverse=True)
        best = given[0]
        filled = {k: next((getattr(v, k) for v in given if getattr(v, k)), getattr(best, k)) for k in ("authors", "date", "venue", "categories", "url")}
        yield id_, replace(best, **filled, sources=tuple(sorted(versions[id_])))


# -- tables --------------------------------------------------------------------------------------------------------------------


def _frames(papers: Sequence[Paper], versions: Versions, readings: Sequence[Reading], linked: Linked) -> dict[str, pl.DataFrame]:
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in SCHEMAS}
    for paper, reading in zip(papers, readings, strict=True):
        ids = linked.entity_of[paper.id]
        rows["papers"].append(_paper_row(paper, versions[paper.id]))
        rows["mentions"] += [{"paper": paper.id, **_row(m), "entity": ids[m.entity]} for m in reading.mentions]
        rows["facts"] += map(_row, facts_of(paper, reading, ids))
        rows["results"] += map(_row, results_of(paper, reading, ids))
        rows["readings"].append({"paper": paper.id, "text_hash": reading.text_hash, "reading": to_json(reading)})
    rows["entities"] += map(_row, linked.entities)
    rows["links"] += map(_row, linked.links)
    rows["facts"].sort(key=lambda f: (f["source"], f["target"], f["role"], f["paper"]))
    return {name: frame(name, rows[name]) for name in SCHEMAS}


def _row(record: Any) -> dict[str, Any]:
    """Return a record as a row of its table: a passage as three columns, tuples as lists."""
    row: dict[str, Any] = {}
    for name in record.__dataclass_fields__:
        value = getattr(record, name)
        if isinstance(value, Passage):
            row |= {"field": value.field, "start": value.start, "end": value.end}
        else:
            row[name] = [list(v) if isinstance(v, tuple) else v for v in value] if isinstance(value, tuple) else value
    return row


def _paper_row(paper: Paper, given: dict[str, Paper]) -> dict[str, Any]:
    year, month = year_month(paper.date)
    row = _row(paper)
    texts = [{k: _row(version)[k] for k in _GIVEN} for _, version in sorted(given.items())]
    differ = any(text[k] != row[k] for text in texts for k in _GIVEN)
    versions = [{"source": source, **text} for source, text in zip(sorted(given), texts, strict=True)] if differ else []
    return {**row, "year": year, "month": month, "versions": versions}


def facts_of(paper: Paper, reading: Reading, ids: Sequence[str]) -> Iterator[Fact]:
    """Yield the paper's facts: its strongest role to each entity, then what its entities are based on."""
    mentions: dict[str, list[Passage]] = {}
    for mention in reading.mentions:
        mentions.setdefault(ids[mention.entity], []).append(mention.at)
    sentences = {name: _sentences(getattr(paper, name), name) for name in FIELDS}
    best: dict[str, int] = {}
    for i, local in enumerate(reading.entities):
        j = best.setdefault(ids[i], i)
        if ROLES.index(local.role) < ROLES.index(reading.entities[j].role):
            best[ids[i]] = i
    for id_, i in best.items():
        local = reading.entities[i]
        fact = _fact(paper, paper.id, id_, local.role, local.role_score, local.evidence, mentions[id_])
        naming = (s for m in mentions[id_] for s in sentences[m.field] if s.start <= m.start < s.end)
        further = (getattr(paper, s.field)[s.start : s.end] for s in naming)
        yield replace(fact, further=tuple(dict.fromkeys(s for s in further if s != fact.sentence)))
    pairs: dict[tuple[str, str], LocalLineage] = {}
    for tie in reading.lineage:
        child, parent = ids[tie.child], ids[tie.parent]
        if child != parent:
            pairs.setdefault((child, parent), tie)
    for (child, parent), tie in pairs.items():
        yield _fact(paper, child, parent, "based_on", tie.score, tie.evidence, mentions[child] + mentions[parent])


def _sentences(text: str, name: str) -> list[Passage]:
    starts = sentence_starts(text)
    return [Passage(name, a, a + len(text[a:b].rstrip())) for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


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
