"""How good extraction and linking are: figures against annotated abstracts.

Precision, recall and F1, summed over all papers. Entities that the annotators marked ``generic`` are
neutral: neither found nor missed, and a mention that equals one of theirs is not counted either.

=============  ==============================================================================================
``mention``    distinct (paper, surface, type)
``mention~``   the same, dataset and benchmark being one type
``surface``    the same, whatever the type
``entity``     entities of one paper, matched one to one when they share a surface and a type family
``edge``       matched entities whose role is right too
``linking``    pairs of (paper, surface) that carry one name, over surfaces that both sides have
``lineage``    (introduced, based on) pairs
``result``     (paper, value, dataset or task)
``share``      pairs of papers that share a method, each weighing the sum of log(papers / papers with it)
``role``       accuracy of the role on matched entities
=============  ==============================================================================================
"""

import json
import math
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any, TypeAlias

from kg.errors import InputError
from kg.extract import make_pipeline, reading_of
from kg.pipes.given import KEY
from kg.records import Paper, Reader, Reading, family
from kg.text import occurrences, text_hash

Annotation: TypeAlias = Mapping[str, Any]

FIGURES = ("mention", "mention~", "surface", "entity", "edge", "linking", "lineage", "result", "share")
_MENTION_KEYS: dict[str, Callable[[str], str]] = {"mention": lambda t: t, "mention~": family, "surface": lambda t: ""}
_NOTHING: Annotation = {"entities": [], "results": []}


@dataclass(slots=True)
class Count:
    """Right, spurious and missed; weights for ``share``, else whole numbers."""

    right: float = 0
    spurious: float = 0
    missed: float = 0

    def add(self, gold: set[Any], system: set[Any]) -> None:
        """Count two sets of things against each other."""
        self.right += len(gold & system)
        self.spurious += len(system - gold)
        self.missed += len(gold - system)

    @property
    def precision(self) -> float:
        """Right of what the system says."""
        return self.right / (self.right + self.spurious) if self.right + self.spurious else 0.0

    @property
    def recall(self) -> float:
        """Right of what there is."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.precision * self.recall / (self.precision + self.recall) if self.right else 0.0


@dataclass(slots=True)
class Score:
    """All figures over a set of papers."""

    papers: int
    figures: dict[str, Count] = field(default_factory=lambda: {f: Count() for f in FIGURES})
    by_type: dict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)  # (role of the annotators, ours) of matched entities

    @property
    def role_accuracy(self) -> float:
        """The share of matched entities whose role is right."""
        n = self.confusion.total()
        return sum(k for (a, b), k in self.confusion.items() if a == b) / n if n else 0.0


def score_file(gold: str | Path, *, gold_mentions: bool = False, **options: Any) -> Score:
    """Build a graph, in a temporary folder, of the texts in an annotated file and score it against the annotation; `options` go to `kg.assemble.build`.

    With `gold_mentions` the annotators' mentions take the place of the model's: what is left to do is linking, roles, lineage and results.
    """
    from kg.assemble import build
    from kg.exports.annotations import papers
    from kg.tables import Tables

    annotated = read_annotations(Path(gold))
    if gold_mentions:
        options["extract"] = _Given(annotated)
    with tempfile.TemporaryDirectory(prefix="kg-score-") as folder:
        build([gold], Path(folder) / "graph", **options)
        return score(annotated, {p["id"]: p for p in papers(Tables.open(Path(folder) / "graph"))})


class _Given:
    """Reads papers as `kg.extract.extract` does, with the annotators' mentions, and without an encoder's view of the text."""

    def __init__(self, annotated: Mapping[str, Annotation]) -> None:
        self._annotated = annotated

    def __call__(self, papers: Iterable[Paper], reader: Reader, *, processes: int | None = None) -> Iterator[Reading]:
        nlp = make_pipeline(reader)
        for name in ("kg_tagger", "kg_propagate"):
            nlp.remove_pipe(name)
        nlp.add_pipe("kg_given", before="kg_entities")
        for paper in papers:
            doc = nlp.make_doc(f"{paper.title}\n\n{paper.abstract}")
            surfaces = {(m, e["type"]) for e in self._annotated[paper.id]["entities"] for m in e["mentions"]}
            doc.user_data[KEY] = [(*span, type_) for surface, type_ in sorted(surfaces) for span in occurrences(doc.text, [surface])]
            yield reading_of(nlp(doc), paper.id, len(paper.title), text_hash(paper.title, paper.abstract))


def read_annotations(path: Path) -> dict[str, Annotation]:
    """Read annotated papers by id. Raises `InputError` with file and line for anything else."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as e:
        raise InputError(f"{path}: cannot be read as annotated papers ({e})") from e
    out: dict[str, Annotation] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            paper = json.loads(line)
        except (ValueError, RecursionError) as e:
            raise InputError(f"{where}: not JSON ({e})") from e
        if not isinstance(paper, dict) or not isinstance(paper.get("id"), str) or not isinstance(paper.get("entities"), list):
            raise InputError(f"{where}: not an annotated paper; it needs “id” and “entities”")
        for entity in paper["entities"]:
            texts = isinstance(entity, dict) and all(isinstance(entity.get(k), str) for k in ("name", "type", "role"))
            if not texts or not isinstance(entity.get("mentions"), list) or not all(isinstance(m, str) for m in entity["mentions"]):
                raise InputError(f"{where}: an entity needs “name”, “type”, “role” and a list of “mentions”")
        if not all(isinstance(r, dict) and isinstance(r.get("value"), str) for r in paper.get("results", [])):
            raise InputError(f"{where}: a result needs a “value”")
        out[paper["id"]] = paper
    if not out:
        raise InputError(f"{path}: no annotated paper in the file")
    return out


def score(gold: Mapping[str, Annotation], system: Mapping[str, Annotation]) -> Score:
    """Return the figures of `system` against `gold`, both by paper id; a paper that `system` lacks counts as empty."""
    out = Score(len(gold))
    named_gold: dict[tuple[str, str, str], str] = {}
    named_system: dict[tuple[str, str, str], str] = {}
    for id_, paper in gold.items():
        ours = system.get(id_, _NOTHING)
        _score_mentions(paper, ours, out)
        a, b = _score_entities(paper, ours, out)
        for entities, named in ((a, named_gold), (b, named_system)):
            named.update({(id_, m, family(e["type"])): e["name"] for e in entities for m in e["mentions"]})
    both = named_gold.keys() & named_system.keys()
    joint = _pairs((named_gold[k], named_system[k], k[2]) for k in both)
    out.figures["linking"] = Count(joint, _pairs((named_system[k], k[2]) for k in both) - joint, _pairs((named_gold[k], k[2]) for k in both) - joint)
    found, there = _shared({k: system.get(k, _NOTHING) for k in gold}), _shared(gold)
    common = sum(min(w, found[k]) for k, w in there.items() if k in found)
    out.figures["share"] = Count(common, sum(found.values()) - common, sum(there.values()) - common)
    return out


def _pairs(keys: Iterable[tuple[str, ...]]) -> int:
    return sum(n * (n - 1) // 2 for n in Counter(keys).values())


def _score_mentions(gold: Annotation, system: Annotation, out: Score) -> None:
    for figure, key in _MENTION_KEYS.items():
        a, neutral = _surfaces(gold, key)
        b = {x for x in _surfaces(system, key)[0] if x[0] not in neutral or x in a}
        out.figures[figure].add(a, b)
        if figure == "mention":
            for type_ in {t for _, t in a | b}:
                out.by_type[type_].add({x for x in a if x[1] == type_}, {x for x in b if x[1] == type_})


def _surfaces(paper: Annotation, key: Callable[[str], str]) -> tuple[set[tuple[str, str]], set[str]]:
    counted = {(m, key(e["type"])) for e in paper["entities"] if not e.get("generic") for m in e["mentions"]}
    return counted, {m for e in paper["entities"] if e.get("generic") for m in e["mentions"]}


def _score_entities(gold: Annotation, system: Annotation, out: Score) -> tuple[list[Annotation], list[Annotation]]:
    """Count entities, edges, lineage and results; return the entities of both sides that count."""
    neutral = _surfaces(gold, family)[1]
    a = [e for e in gold["entities"] if not e.get("generic")]
    b = [e for e in system["entities"] if not e.get("generic") and set(e["mentions"]) - neutral]
    pairs = _match(a, b)
    right = sum(g["role"] == s.get("role") for g, s in pairs)
    for figure, n in (("entity", len(pairs)), ("edge", right)):
        count = out.figures[figure]
        count.right += n
        count.spurious += len(b) - n
        count.missed += len(a) - n
    out.confusion.update((g["role"], s.get("role", "")) for g, s in pairs)
    called = {s["name"]: g["name"] for g, s in pairs}
    out.figures["lineage"].add(
        {(e["name"], p) for e in a for p in e.get("based_on", [])},
        {(called.get(e["name"], e["name"]), called.get(p, p)) for e in b for p in e.get("based_on", [])},
    )
    out.figures["result"].add(
        {(r["value"], _where(r)) for r in gold.get("results", [])}, {(r["value"], called.get(_where(r), _where(r))) for r in system.get("results", [])}
    )
    return a, b


def _where(result: Annotation) -> Any:
    return result.get("dataset") or result.get("task")


def _match(gold: list[Annotation], system: list[Annotation]) -> list[tuple[Annotation, Annotation]]:
    """Pair the entities of one paper, most shared surfaces first."""
    shared = (
        (-len(set(g["mentions"]) & set(s["mentions"])), i, j)
        for i, g in enumerate(gold)
        for j, s in enumerate(system)
        if family(g["type"]) == family(s["type"])
    )
    free_gold, free_system, out = set(range(len(gold))), set(range(len(system))), []
    for n, i, j in sorted(shared):
        if n and i in free_gold and j in free_system:
            free_gold.remove(i)
            free_system.remove(j)
            out.append((gold[i], system[j]))
    return out


def _shared(papers: Mapping[str, Annotation]) -> dict[tuple[str, str], float]:
    """Return the weight of each pair of papers that share a method."""
    of: dict[str, set[str]] = defaultdict(set)
    for id_, paper in papers.items():
        for entity in paper["entities"]:
            if entity["type"] == "method" and not entity.get("generic"):
                of[entity["name"]].add(id_)
    out: dict[tuple[str, str], float] = defaultdict(float)
    for ids in of.values():
        for pair in combinations(sorted(ids), 2):
            out[pair] += math.log(len(papers) / len(ids))
    return out


def figure_lines(result: Score, names: Iterable[str]) -> list[str]:
    """Return figures, each as a line of text."""
    counts = ((name, result.figures[name]) for name in names)
    return [
        f"{name:9} P {c.precision:.3f}  R {c.recall:.3f}  F1 {c.f1:.3f}   ({c.right:.0f} right, {c.spurious:.0f} spurious, {c.missed:.0f} missed)"
        for name, c in counts
    ]


def report(result: Score, *, by_type: bool = False) -> str:
    """Return the figures as a table of text, one a line."""
    lines = [f"{result.papers} papers", *figure_lines(result, FIGURES)]
    lines.append(f"role      accuracy {result.role_accuracy:.3f} of {result.confusion.total()}")
    if by_type:
        lines += [
            f"  {name:9} P {c.precision:.3f}  R {c.recall:.3f}  F1 {c.f1:.3f}   ({c.right:.0f}/{c.spurious:.0f}/{c.missed:.0f})"
            for name, c in sorted(result.by_type.items())
        ]
        lines.append(
            "  roles, annotators → kg: " + ", ".join(f"{a} → {b} {n}" for (a, b), n in sorted(result.confusion.items(), key=lambda x: (-x[1], x[0]))[:12])
        )
    return "\n".join(lines)


def as_dict(result: Score, *, by_type: bool = False) -> dict[str, Any]:
    """Return the figures for JSON, under the names of the table."""

    def plain(c: Count) -> dict[str, float]:
        return {"p": c.precision, "r": c.recall, "f1": c.f1, "tp": c.right, "fp": c.spurious, "fn": c.missed}

    out: dict[str, Any] = {name: plain(c) for name, c in result.figures.items()}
    out["role"] = {"accuracy": result.role_accuracy, "n": result.confusion.total()}
    return out | {"by_type": {name: plain(c) for name, c in sorted(result.by_type.items())}} if by_type else out
