"""Files → graph folder: merge the papers, read what is new, link everything, write the tables.

A graph grows by `build`, shrinks by `remove`, and is linked anew by `judge` and `forget`; each gives, byte for byte, what one build
of the same texts under the same judgements gives: every source's text of a paper is kept, readings are kept under the paper and
the hash of its text, and entities are made anew from the readings. A paper's rows depend on its text, its reading and the ids of its
entities alone; where these are as they were, its rows are taken over. A later build of a file of the same name
replaces what that file said of a paper.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from kg import aliases
from kg.aliases import UserJudgement
from kg.communities import communities
from kg.diff import Difference, compare
from kg.errors import AmbiguousName, GraphError, InputError, UnknownName
from kg.extract import extract, from_json, pipeline_version, to_json
from kg.files import write_file
from kg.link import Linked, link
from kg.papers import fullness, identify, known_id, merged
from kg.reasons import reasons
from kg.records import Paper, Reader, Reading
from kg.rows import BY_PAPER, GIVEN, divided, frames, paper_row, row_of
from kg.sources import Tally, read_papers
from kg.tables import SCHEMAS, Tables, folder_of, frame, read_manifest, write, writing
from kg.text import code_urls, collapse, text_hash

Texts = dict[tuple[str, str], list[Paper]]
"""(id that the source gives, source) → the texts that it gives under this id, the fullest first."""

_Frames = dict[str, pl.DataFrame]

Readings = dict[tuple[str, str], str]
"""(paper, hash of its text) → the reading, as `to_json` writes it."""

Progress = Callable[[str, int, int], None]
"""Told (what is done, how many, of how many)."""

Extract = Callable[..., Iterator[Reading]]

_JOURNAL = ".readings.jsonl"
_ORDER = {"papers": ["id"], "mentions": ["paper"], "facts": ["source", "target", "role", "paper"], "results": ["paper"]}
_CHUNK = 5000
"""Papers whose rows are made at a time."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build, a removal or a judgement did."""

    folder: Path
    papers: int
    new: int  # papers that the graph did not hold before
    changed: int  # papers whose text is another one now
    read: int  # papers that extraction had to read
    changed_graph: bool
    rows: dict[str, int]
    without_abstract: int = 0
    skipped: int = 0
    skipped_first: tuple[str, ...] = ()  # what was wrong with the first of them
    difference: Difference | None = None  # from the graph that stood before, if one did


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
    judgements: str | Path | None = None,
    extract: Extract = extract,
    progress: Progress = lambda *_: None,
) -> Built:
    """Add the papers of `files` to the graph in the folder `graph`, made if need be; with `fresh`, start over. Without files, link a graph anew.

    `model` (``best`` or ``fast``) reads the papers and keeps mentions that score at least `threshold` (0..1). A graph
    is read by one model: without these, by the one that it was made with, and with others, all its papers are read anew.
    `judgements` is a file of the user's judgements on names (`kg.aliases`), which takes the place of the graph's own.
    `extract` reads papers, in the order given.

    Raises `InputError` for an input that cannot be read and `GraphError` for a folder that cannot be used; the graph is then as it was.
    """
    folder = folder_of(graph)
    _check_folder(folder)
    files = [files] if isinstance(files, str | Path) else list(files)
    tally = Tally()
    incoming: list[Paper] = []
    for paper in read_papers(files, skip_bad=skip_bad, encoding=encoding, tally=tally):
        incoming.append(paper)
        progress("papers", len(incoming), 0)
    text = None if judgements is None else aliases.text_of(Path(judgements))
    if text is not None:
        aliases.parse(text, str(judgements))
    with writing(folder):
        old = None if fresh or not (folder / "manifest.json").exists() else Tables(folder, read_manifest(folder))
        if old is None and not files:
            raise GraphError(f"{folder}: no graph here to link anew; name the files to build it from")
        graph_ = _open(folder, old, _reader(old, model, threshold), extract, processes, progress)
        done = _write(graph_, _added(graph_.texts, incoming), text)
    return replace(done, without_abstract=tally.without_abstract, skipped=tally.skipped, skipped_first=tuple(tally.first))


def remove(papers: str | Iterable[str], graph: str | Path = "graph", *, progress: Progress = lambda *_: None) -> Built:
    """Take papers, by id or whole title, out of a graph, with all that only they contributed.

    Raises `UnknownName` for one that the graph does not hold; nothing is removed then.
    """
    with _changing(graph, progress) as graph_:
        gone = {_paper_id(name, graph_) for name in ([papers] if isinstance(papers, str) else papers)}
        texts = {key: kept for key, given in graph_.texts.items() if (kept := [t for t in given if graph_.paper_of[t] not in gone])}
        return _write(graph_, texts)


def judge(judgement: UserJudgement, graph: str | Path = "graph", *, file: str | Path | None = None, progress: Progress = lambda *_: None) -> Built:
    """Write a user's judgement into the graph's ``aliases.tsv``, or into `file`, which then is the graph's, and link the graph anew.

    Raises `InputError` where it contradicts another or stands there already, `UnknownName` for a name that the graph does not hold.
    """
    with _changing(graph, progress) as graph_:
        _check_names(judgement, graph_)
        new = file is not None and not Path(file).exists()
        known = new and any(replace(j, where="") == judgement for j in aliases.parse(aliases.text_of(graph_.folder / aliases.FILE, missing=True)))
        return _judged(graph_, file, lambda text, source: text if known else aliases.added(text, judgement, source))


def forget(name: str, other: str, graph: str | Path = "graph", *, file: str | Path | None = None, progress: Progress = lambda *_: None) -> Built:
    """Take back what the user said of two names, and link the graph anew. Raises `UnknownName` where nothing was said."""
    if file is not None:
        aliases.text_of(Path(file))
    with _changing(graph, progress) as graph_:
        return _judged(graph_, file, lambda text, source: aliases.without(text, name, other, source))


def _judged(graph: "_Graph", file: str | Path | None, change: Callable[[str, str], str]) -> Built:
    own = graph.folder / aliases.FILE
    path = own if file is None else Path(file)
    before = aliases.text_of(path if path.exists() else own, missing=True)  # a new file begins with what the graph has
    text = change(before, str(path))
    if file is None:
        return _write(graph, graph.texts, text)
    there = path.exists()
    write_file(path, [text])
    try:
        return _write(graph, graph.texts, text)
    except BaseException:
        if there:
            write_file(path, [before])
        else:
            path.unlink(missing_ok=True)
        raise


def _check_folder(folder: Path) -> None:
    """Refuse what is plainly not a graph's place, before any work."""
    if folder.exists() and not folder.is_dir():
        raise GraphError(f"{folder}: a file stands where the graph folder should be; name another with -g")
    if folder.is_dir() and not (folder / "manifest.json").exists():
        ours = {aliases.FILE, f"{aliases.FILE}.old", *(f"{table}.parquet" for table in SCHEMAS)}
        strangers = [p.name for p in folder.iterdir() if not p.name.startswith((".", "store.")) and p.name not in ours]
        if strangers:
            raise GraphError(f"{folder}: not a graph, and it holds other files ({min(strangers)} …); name an empty or new folder with -g")


# -- what is known already -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Graph:
    """A graph about to be changed, its lock held: what it holds, and how what is new will be read."""

    folder: Path
    old: Tables | None
    reader: Reader
    texts: Texts
    paper_of: dict[Paper, str]  # a text → the id of its paper
    readings: Readings
    extract: Extract
    processes: int | None
    progress: Progress


@contextmanager
def _changing(graph: str | Path, progress: Progress) -> Iterator[_Graph]:
    """Hold the lock of a graph that is there. Raises `GraphError` where none is."""
    folder = Tables.open(graph).folder
    with writing(folder):
        old = Tables(folder, read_manifest(folder))
        yield _open(folder, old, _reader(old, None, None), extract, None, progress)


def _open(folder: Path, old: Tables | None, reader: Reader, extract: Extract, processes: int | None, progress: Progress) -> _Graph:
    texts: Texts = {}
    paper_of: dict[Paper, str] = {}
    readings: Readings = {}
    if old is not None:
        for row in old.read("papers").iter_rows(named=True):
            given = row["versions"] or [{"id": row["id"], "source": s, **{k: row[k] for k in GIVEN}} for s in row["sources"]]
            for text in map(_text, given):
                texts.setdefault((text.id, text.sources[0]), []).append(text)
                paper_of[text] = row["id"]
        if old.manifest.get("pipeline") == pipeline_version(reader):
            rows = old.read("readings").select("paper", "text_hash", "reading").iter_rows()
            readings = {(paper, hash_): reading for paper, hash_, reading in rows}
    return _Graph(folder, old, reader, texts, paper_of, readings, extract, processes, progress)


def _reader(old: Tables | None, model: str | None, threshold: float | None) -> Reader:
    """Return how to read: as asked for, else as the graph was read."""
    was = Reader() if old is None else Reader(old.manifest.get("model", "best"), old.manifest.get("threshold"))
    kept = was.threshold if model in (None, was.model) else None  # a threshold is of its model's scores
    return Reader(model or was.model, kept if threshold is None else threshold)


def _text(row: dict[str, Any]) -> Paper:
    given: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items() if k in GIVEN}
    return Paper(id=row["id"], **given, code_urls=code_urls(row["abstract"]), sources=(row["source"],))


def _paper_id(name: str, graph: _Graph) -> str:
    """Return the id of the paper that has this id, now or in one of its sources, or this whole title."""
    ids = set(graph.paper_of.values())
    if name in ids:
        return name
    wanted = collapse(name).casefold()
    scheme = known_id(name)
    found = {id_ for text, id_ in graph.paper_of.items() if text.id == name or text.title.casefold() == wanted or (scheme and known_id(text.id) == scheme)}
    if len(found) == 1:
        return found.pop()
    if found:
        raise AmbiguousName(f"“{name}” is the title of {len(found)} papers; give the id of one: {', '.join(sorted(found)[:10])}")
    titles = {text.title for text in graph.paper_of}
    near = sorted(t for t in titles if wanted and t.casefold().startswith(f"{wanted}:"))
    raise UnknownName.near("paper", name, near or titles | ids, "give its id or its whole title")


def _check_names(judgement: UserJudgement, graph: _Graph) -> None:
    """Refuse names that the graph does not hold, and two that are never of one type."""
    assert graph.old is not None
    entities = graph.old.read("entities")
    ids = {*entities["id"], *entities["other_ids"].explode().drop_nulls()}
    written = set(entities["aliases"].explode().drop_nulls())
    types: list[set[str]] = []
    for name in (judgement.name, judgement.other):
        types.append({kind for kind in judgement.families() if aliases.bearers(name, kind) & ids})
        spelling = not judgement.same and any(len(set(judgement.forms(kind))) == 1 for kind in types[-1])  # of two with one normal form
        if not types[-1] or (spelling and name not in written):
            raise UnknownName.near("name in this graph", name, written, "kg alias list ENTITY shows the names of one")
    if not types[0] & types[1]:
        a, b = (" and ".join("data set or benchmark" if t == "dataset" else t for t in sorted(found)) for found in types)
        raise InputError(f"“{judgement.name}” is a {a}, “{judgement.other}” a {b}; names are the same within one type only")


# -- what is new -----------------------------------------------------------------------------------------------------------------


def _added(texts: Texts, incoming: Iterable[Paper]) -> Texts:
    """Return the texts with the incoming ones in the place of what their sources said of a paper before."""
    given: dict[tuple[str, str], set[Paper]] = {}
    for paper in incoming:
        given.setdefault((paper.id, paper.sources[0]), set()).add(paper)
    return texts | {key: sorted(papers, key=fullness, reverse=True) for key, papers in given.items()}


def _write(graph: _Graph, texts: Texts, judgements: str | None = None) -> Built:
    """Read what is new among the texts, link all under the judgements (the graph's own, unless given), and put the new graph in the old one's place."""
    folder, reader, old = graph.folder, graph.reader, graph.old
    own = aliases.text_of(folder / aliases.FILE, missing=True)
    said = aliases.parse(own if judgements is None else judgements, str(folder / aliases.FILE))
    every = [text for key in sorted(texts) for text in texts[key]]
    given: dict[str, list[Paper]] = {}
    for text, id_ in zip(every, identify(every), strict=True):
        given.setdefault(id_, []).append(text)
    papers = [merged(id_, given[id_]) for id_ in sorted(given)]
    hashes = {p.id: text_hash(p.title, p.abstract) for p in papers}
    read = _read([p for p in papers if (p.id, hashes[p.id]) not in graph.readings], graph, hashes)
    readings = {p.id: graph.readings[p.id, hashes[p.id]] for p in papers}
    graph.progress("link", 0, 0)
    linked = link(_Lazily(readings.values()), said)
    before = {} if old is None else {t: old.read(t) for t in SCHEMAS}
    new = _frames(papers, given, hashes, readings, linked, graph, before)
    files = {} if judgements is None or judgements == own else {aliases.FILE: judgements}
    if files and not set(said) >= set(aliases.parse(own)):
        files[f"{aliases.FILE}.old"] = own
    changes = None if old is None else compare(before, new)
    manifest = write(folder, new, {"pipeline": pipeline_version(reader), **asdict(reader)}, files)
    (folder / _JOURNAL).unlink(missing_ok=True)
    return Built(
        folder=folder,
        papers=len(papers),
        new=len(papers) if changes is None else len(changes.papers_added),
        changed=0 if changes is None else len(changes.papers_changed),
        read=read,
        changed_graph=old is None or old.content != manifest["content"],
        rows=manifest["rows"],
        difference=changes,
    )


def _read(papers: Sequence[Paper], graph: _Graph, hashes: dict[str, str]) -> int:
    """Read papers, each as soon as it is read into the journal, so that a killed build resumes; return how many had to be read."""
    _journal(graph, {(p.id, hashes[p.id]) for p in papers})
    todo = [p for p in papers if (p.id, hashes[p.id]) not in graph.readings]
    with open(graph.folder / _JOURNAL, "a", encoding="utf-8") as journal:
        if journal.tell() == 0:
            journal.write(pipeline_version(graph.reader) + "\n")
        for done, reading in enumerate(graph.extract(todo, graph.reader, processes=graph.processes), 1):
            line = to_json(reading)
            journal.write(line + "\n")
            graph.readings[reading.paper, reading.text_hash] = line
            graph.progress("read", done, len(todo))
    return len(todo)


def _journal(graph: _Graph, wanted: Collection[tuple[str, str]]) -> None:
    """Take over the readings that a killed build left; the journal of another pipeline, and a last line cut short, are dropped."""
    path = graph.folder / _JOURNAL
    if not path.exists():
        return
    version, *lines = path.read_text(encoding="utf-8", errors="replace").split("\n")[:-1] or [""]
    if version != pipeline_version(graph.reader):
        path.unlink()
        return
    kept = [version]
    for line in lines:
        try:
            reading = from_json(line)
        except (ValueError, TypeError):  # cut short by the end of the process, or not ours
            continue
        kept.append(line)
        if (reading.paper, reading.text_hash) in wanted:
            graph.readings[reading.paper, reading.text_hash] = line
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")


class _Lazily:
    """Readings, each made from its line when its turn comes: those of a large corpus do not fit in memory all at once."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = lines

    def __iter__(self) -> Iterator[Reading]:
        return map(from_json, self._lines)


# -- tables --------------------------------------------------------------------------------------------------------------------


def _frames(
    papers: Sequence[Paper], given: dict[str, list[Paper]], hashes: dict[str, str], readings: dict[str, str], linked: Linked, graph: _Graph, old: _Frames
) -> _Frames:
    """Return the tables; rows of papers that depend on nothing new are taken over from the `old` ones."""
    ids = linked.entity_of
    rows = [{"paper": p.id, "text_hash": hashes[p.id], "reading": readings[p.id], "entities": _went(p.id, linked)} for p in papers]
    new = {"readings": frame("readings", rows), "entities": frame("entities", list(map(row_of, linked.entities)))}
    new["links"] = frame("links", list(map(row_of, linked.links)))
    before: dict[str, list[Paper]] = {}
    for text, id_ in graph.paper_of.items():
        before.setdefault(id_, []).append(text)
    told = {p.id for p in papers if set(before.get(p.id, ())) == set(given[p.id])}
    new["papers"] = _taken_over("papers", "id", told, old, frame("papers", [paper_row(p, given[p.id]) for p in papers if p.id not in told]))
    same = set(new["readings"].join(old["readings"], on=list(SCHEMAS["readings"]), how="semi")["paper"]) & told if old else set()
    changed = [p for p in papers if p.id not in same]
    parts = []
    for start in range(0, max(len(changed), 1), _CHUNK):
        chunk = changed[start : start + _CHUNK]
        parts.append(frames([(p, *divided(from_json(readings[p.id]), ids[p.id], linked.divided.get(p.id, ()))) for p in chunk]))
    new |= {t: _taken_over(t, "paper", same, old, *(part[t] for part in parts)) for t in BY_PAPER}
    return new | {"entities": communities(reasons(new["entities"], new["links"]), new["facts"])}


def _went(paper: str, linked: Linked) -> list[str]:
    """Return where a paper's entities went, and which of their spellings elsewhere."""
    return [*linked.entity_of[paper], *(f"{part.entity} {sorted(part.surfaces)} {part.id}" for part in linked.divided.get(paper, ()))]


def _taken_over(table: str, column: str, papers: Collection[str], old: _Frames, *made: pl.DataFrame) -> pl.DataFrame:
    """Return the old rows of `papers` and those made anew, in order."""
    kept = [old[table].filter(pl.col(column).is_in(list(papers)))] if papers else []
    return pl.concat([*kept, *made]).sort(_ORDER[table], maintain_order=True).rechunk()
