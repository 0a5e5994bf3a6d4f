"""Print the figures of the model card: the whole path on annotated papers, by type and source, for each model.

    python training/card.py dev.jsonl

The test of the card (``tests/test_card.py``) holds what is shipped to the figures that stand there.
"""

import argparse
import tempfile
from itertools import accumulate
from pathlib import Path
from typing import Any

from kg import score
from kg.assemble import build
from kg.exports.annotations import papers
from kg.records import MODELS, TYPES
from kg.tables import Tables

SOURCES = {"all": lambda p: True, "saved pages": lambda p: not p["source"].startswith("arXiv"), "arXiv": lambda p: p["source"].startswith("arXiv")}


def table(annotated: dict[str, Any], system: dict[str, Any]) -> list[str]:
    """Return a Markdown table: a row a figure or type, precision, recall and F1 for each source."""
    scored = {name: score.score({i: p for i, p in annotated.items() if chosen(p)}, system) for name, chosen in SOURCES.items()}
    lines = ["| | " + " | ".join(f"{name}: P R **F1**" for name in SOURCES) + " |", "|---" * (1 + len(SOURCES)) + "|"]

    def cell(count: score.Count) -> str:
        return f"{count.precision:.3f} {count.recall:.3f} **{count.f1:.3f}**"

    for figure in score.FIGURES:
        lines.append(f"| {figure} | " + " | ".join(cell(s.figures[figure]) for s in scored.values()) + " |")
    lines.append("| role accuracy | " + " | ".join(f"**{s.role_accuracy:.3f}**" for s in scored.values()) + " |")
    for type_ in TYPES:
        lines.append(f"| mention: {type_} ({scored['all'].by_type[type_].right + scored['all'].by_type[type_].missed:.0f}) | ")
        lines[-1] += " | ".join(cell(s.by_type[type_]) for s in scored.values()) + " |"
    return lines


def precision_at(annotated: dict[str, Any], graph: Path, recalls: tuple[float, ...]) -> list[float]:
    """Return the precision of the surest mentions (paper, surface, type) that together reach each recall, 0 where they do not."""
    best: dict[tuple[str, str, str], float] = {}
    for row in Tables.open(graph).read("mentions").iter_rows(named=True):
        key = row["paper"], row["surface"], row["type"]
        best[key] = max(best.get(key, 0.0), row["score"])
    known = {(i, m, e["type"]) for i, p in annotated.items() for e in p["entities"] if not e.get("generic") for m in e["mentions"]}
    neutral = {(i, m) for i, p in annotated.items() for e in p["entities"] if e.get("generic") for m in e["mentions"]}
    ranked = [k for k in sorted(best, key=lambda k: (-best[k], k)) if k in known or k[:2] not in neutral]
    hits = list(accumulate(key in known for key in ranked))
    reached = (next((n for n, right in enumerate(hits, 1) if right >= recall * len(known)), None) for recall in recalls)
    return [hits[n - 1] / n if n else 0.0 for n in reached]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    options = parser.parse_args()
    annotated = score.read_annotations(options.gold)
    for model in MODELS:
        with tempfile.TemporaryDirectory() as folder:
            graph = build([options.gold], Path(folder) / "graph", model=model).folder
            print(f"\n**`--model {model}`**\n", *table(annotated, {p["id"]: p for p in papers(Tables.open(graph))}), sep="\n")
            at = precision_at(annotated, graph, (0.3, 0.4, 0.5))
            print("\nPrecision of the surest mentions at recall 0.5 / 0.4 / 0.3: " + " / ".join(f"{p:.3f}" for p in reversed(at)))


if __name__ == "__main__":
    main()
