"""Paper → Reading: run the spaCy pipeline over papers, in this process or in a pool of them.

A reading depends on the paper's title and abstract and on `pipeline_version` only.
"""

import hashlib
import json
import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from itertools import islice
from typing import TYPE_CHECKING, Any

from kg.records import LocalEntity, LocalLineage, LocalResult, Mention, Paper, Passage, Reader, Reading, family
from kg.text import text_hash, whole

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span

COMPONENTS = ("kg_sentences", "kg_tagger", "kg_acronyms", "kg_propagate", "kg_entities", "kg_generic", "kg_roles", "kg_lineage", "kg_results")
"""The factories of the pipeline, in the order they run; each is one file of ``kg/pipes``."""

BEST = Reader()
BATCH = 16
"""Papers that a process reads at a time: few, so that the first come soon and a stop does not wait."""
_POOL_FROM = 96


def make_pipeline(reader: Reader) -> "Language":
    """Return a new pipeline."""
    import spacy

    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "kg_words"}}})
    nlp.max_length = 10_000_000
    for name in COMPONENTS:
        nlp.add_pipe(name, config=asdict(reader) if name == "kg_tagger" else {})
    return nlp


_pipeline = cache(make_pipeline)


def pipeline(reader: Reader = BEST) -> "Language":
    """Return the pipeline, loaded once a process."""
    return _pipeline(reader)


def pipeline_version(reader: Reader = BEST) -> str:
    """Return a hash of all that a reading depends on beside the text: code, models, options, and the versions of the libraries that run them."""
    return hashlib.sha256(f"{_parts_hash()}{reader}".encode()).hexdigest()[:12]


@cache
def _parts_hash() -> str:
    digest = hashlib.sha256()
    kg, pipes = files("kg"), files("kg.pipes")
    parts = [f for f in pipes.iterdir() if f.name.endswith(".py")] + [f for f in (pipes / "model").iterdir() if not f.name.endswith(".md")]
    for part in [*sorted(parts, key=lambda f: f.name), *(kg / name for name in ("records.py", "text.py", "names.py", "extract.py"))]:
        digest.update(part.name.encode() + part.read_bytes())
    digest.update(" ".join(version(library) for library in ("spacy", "onnxruntime", "tokenizers", "numpy")).encode())
    return digest.hexdigest()


def read(title: str, abstract: str, paper: str = "", reader: Reader = BEST) -> Reading:
    """Return what the pipeline reads from one text. A title or an abstract may be empty."""
    title, abstract = whole(title), whole(abstract)
    return reading_of(pipeline(reader)(f"{title}\n\n{abstract}"), paper, len(title), text_hash(title, abstract))


def reading_of(doc: "Doc", paper: str, title_length: int, hash_: str) -> Reading:
    """Return the reading that the components left in ``doc.spans`` (see `kg.pipes`)."""
    from kg.pipes import definitions, group, mentions_by_entity, scored, sentence_finder
    from kg.pipes.entities import standing

    sentence_of = sentence_finder(doc)
    ends: dict[int, int] = {}

    def passage(start: int, end: int) -> Passage:
        shift = title_length + 2
        return Passage("title", start, min(end, title_length)) if start < title_length else Passage("abstract", start - shift, max(start, end) - shift)

    def sentence(span: "Span") -> Passage:
        sent = sentence_of(span)
        if sent.start not in ends:
            ends[sent.start] = sent.start_char + len(sent.text.rstrip())
        return passage(sent.start_char, ends[sent.start])

    keyed = mentions_by_entity(doc)
    number = {key: i for i, key in enumerate(keyed)}
    scores = {(s.start, s.end): score for s, score in scored(doc, "mentions")}
    mentions = [
        Mention(passage(s.start_char, s.end_char), s.text, s.label_, scores[s.start, s.end], s.id_, number[key]) for key, spans in keyed.items() for s in spans
    ]
    generic = {s.kb_id_ for s in group(doc, "generic")}
    at = {(s.start, s.end): key for key, spans in keyed.items() for s in spans}
    long_forms: dict[str, str] = {}
    for short, long in definitions(doc):
        key = at.get((short.start, short.end))
        if key is not None and key == at.get((long.start, long.end)):
            long_forms.setdefault(key, long.text)
    roles = {s.kb_id_: (s, score) for s, score in scored(doc, "roles")}
    local = [
        LocalEntity(
            spans[0].label_,
            standing(Counter(s.text for s in spans), family(spans[0].label_), long_forms.get(k)),
            k in long_forms,
            roles[k][0].label_,
            roles[k][1],
            sentence(roles[k][0]),
            k in generic,
        )
        for k, spans in keyed.items()
    ]
    lineage = scored(doc, "lineage")
    pairs = [
        LocalLineage(number[child.kb_id_], number[parent.kb_id_], chance, sentence(evidence))
        for (child, chance), (parent, _), (evidence, _) in zip(lineage[::3], lineage[1::3], lineage[2::3], strict=True)
    ]
    return Reading(
        paper,
        hash_,
        tuple(sorted(mentions, key=lambda m: (m.at.field != "title", m.at))),
        tuple(local),
        tuple(pairs),
        tuple(_results(doc, number, passage, sentence)),
    )


def _results(doc: "Doc", number: dict[str, int], passage: Callable[[int, int], Passage], sentence: Callable[["Span"], Passage]) -> Iterator[LocalResult]:
    from kg.pipes import scored

    grouped: dict[str, list[Span]] = {}
    chance: dict[str, float] = {}
    for span, score in scored(doc, "results"):
        grouped.setdefault(span.id_, []).append(span)
        chance.setdefault(span.id_, score)
    for value, *ends in grouped.values():
        linked = {s.label_: number[s.kb_id_] for s in ends}
        yield LocalResult(
            value.text,
            value.label_ == "relative",
            chance[value.id_],
            passage(value.start_char, value.end_char),
            sentence(value),
            linked.get("method"),
            linked.get("metric"),
            linked.get("dataset"),
        )


# -- many papers ---------------------------------------------------------------------------------------------------------------


def extract(papers: Iterable[Paper], reader: Reader = BEST, *, processes: int | None = None) -> Iterator[Reading]:
    """Yield the reading of each paper, in order; the same readings however many processes (default: one a core) share the work."""
    papers = iter(papers)
    first = list(islice(papers, _POOL_FROM))
    processes = processes or os.cpu_count() or 1
    if processes == 1 or len(first) < _POOL_FROM:
        yield from (read(p.title, p.abstract, p.id, reader) for p in _chain(first, papers))
        return
    # Fresh processes: a fork of one that runs threads (Polars') can hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_start_worker, initargs=(reader,)) as pool:
        waiting: list[Future[list[str]]] = []
        try:
            for batch in _batches(_chain(first, papers)):
                waiting.append(pool.submit(_read_batch, [(p.id, p.title, p.abstract) for p in batch], reader))
                if len(waiting) > 3 * processes:
                    yield from map(from_json, waiting.pop(0).result())
            for future in waiting:
                yield from map(from_json, future.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _chain(first: list[Paper], rest: Iterator[Paper]) -> Iterator[Paper]:
    yield from first
    yield from rest


def _batches(papers: Iterator[Paper]) -> Iterator[list[Paper]]:
    while batch := list(islice(papers, BATCH)):
        yield batch


def _start_worker(reader: Reader) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    pipeline(reader)


def _read_batch(texts: list[tuple[str, str, str]], reader: Reader) -> list[str]:
    return [to_json(read(title, abstract, paper, reader)) for paper, title, abstract in texts]


# -- readings as text ----------------------------------------------------------------------------------------------------------


def to_json(reading: Reading) -> str:
    """Return a reading as one line: arrays in the order of the records' fields."""
    return json.dumps(_plain(reading), ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if hasattr(value, "__dataclass_fields__"):
        return [_plain(getattr(value, name)) for name in value.__dataclass_fields__]
    return value


def from_json(line: str) -> Reading:
    """Return the reading that `to_json` wrote. Raises ValueError or TypeError for anything else."""
    paper, hash_, mentions, entities, lineage, results = json.loads(line)
    return Reading(
        paper,
        hash_,
        tuple(Mention(Passage(*at), *rest) for at, *rest in mentions),
        tuple(LocalEntity(type_, name, defined, role, score, Passage(*evidence), generic) for type_, name, defined, role, score, evidence, generic in entities),
        tuple(LocalLineage(child, parent, score, Passage(*evidence)) for child, parent, score, evidence in lineage),
        tuple(LocalResult(value, relative, score, Passage(*at), Passage(*evidence), *ends) for value, relative, score, at, evidence, *ends in results),
    )
