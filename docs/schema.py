"""Write into the README what can be asked, and the schema that kg gives its stores, as a table and as a picture: python docs/schema.py."""

from pathlib import Path
from typing import Any

import polars as pl
from jinja2 import Environment, FileSystemLoader

from kg.queries import library
from kg.stores.model import ENTITIES, LABELS, RELATIONS, nodes, property_types, relations
from kg.tables import frame

HERE = Path(__file__).parent
README = HERE.parent / "README.md"
BETWEEN = "<!-- {0}, by docs/schema.py -->\n", "<!-- end of the {0} -->\n"

MEANS = {
    "aliases": "all spellings, the most frequent first",
    "apart": "names that were kept from it, `apart_reasons`: why each was",
    "community": "number of the community of methods that papers use together, 1 the largest",
    "date": "as far as known: `2024-05-12`, `2024-05`, `2024`, or `--08-28` without a year",
    "further": "the paper's other sentences that name it",
    "from_char": "where the sentence stands in the field, and `to_char` where it ends",
    "generic": "too broad to say anything",
    "lower": "all names in lower case",
    "marks": "where the ends are named in the sentence: start, end, start, end …",
    "number": "the first number in `value`",
    "other_ids": "ids that lead here too",
    "paper": "id of the paper that says so",
    "papers": "how many papers name it",
    "reasons": "why each of the aliases is one",
    "relative": "a difference or a ratio, not a score",
    "score": "how sure it is, 0 to 1",
    "value": "as written",
}
MEANING = {
    "AUTHORED": "is an author of",
    "BASED_ON": "builds on, says the paper `paper`",
    "BY_METRIC": "is measured by",
    "COMPARES": "compares with",
    "EVALUATES_ON": "is evaluated on, or by",
    "INTRODUCES": "proposes, defines or releases",
    "MENTIONS": "only names",
    "OF_METHOD": "is the score of",
    "ON_DATASET": "is the score on",
    "REPORTS": "states",
    "USES": "works with",
}
COLOURS = {
    "Paper": "#828c98", "Method": "#174aa5", "Dataset": "#1b7d5b", "Benchmark": "#9a5a00", "Task": "#7d5ac6", "Metric": "#98104a",
    "Result": "#85898f", "Author": "#b3b8bf",
}  # fmt: skip
BOX = {"x": 620, "y": 20, "w": 250, "h": 190}
PLACES = {"Author": (60, 115), "Paper": (290, 115), "Result": (290, 300)} | {label: (650, 62 + 32 * i) for i, label in enumerate(ENTITIES)}
PATHS: dict[tuple[str, str], dict[str, Any]] = {
    ("Author", "Paper"): {"path": "M140 115 H262", "x": 168, "y": 106},
    ("Paper", "Entity"): {"path": "M370 115 H614", "x": 440, "y": 34},
    ("Entity", "Entity"): {"path": "M870 90 C930 80 930 150 874 140", "x": 952, "y": 72, "anchor": "end"},
    ("Paper", "Result"): {"path": "M290 145 V274", "x": 302, "y": 214},
    ("Result", "Entity"): {"path": "M372 300 C560 300 740 290 740 216", "x": 430, "y": 330},
}


class _Empty:
    def read(self, table: str) -> pl.DataFrame:
        return frame(table, [])


def properties() -> dict[str, list[str]]:
    """Return the properties of each label and type."""
    held = {label: list(property_types(f)) for label, f in nodes(_Empty())}
    return held | {r.type: list(property_types(r.frame)) for r in relations(_Empty())}


def table() -> str:
    """Return the schema as two tables in Markdown."""
    held = properties()
    by_properties: dict[str, list[str]] = {}
    for label in LABELS:
        by_properties.setdefault(" ".join(held[label]), []).append(label)
    rows = ["| node | properties |", "|---|---|"]
    rows += [f"| {' '.join(f'`{label}`' for label in labels)} | `{listed}` |" for listed, labels in by_properties.items()]
    rows += ["", "| relation | from → to | means |", "|---|---|---|"]
    with_properties: dict[str, list[str]] = {}
    for type_, (sources, targets) in RELATIONS.items():
        ends = " → ".join("entity" if labels == ENTITIES else ", ".join(f"`{label}`" for label in labels) for labels in (sources, targets))
        rows.append(f"| `{type_}` | {ends} | {MEANING[type_]} |")
        with_properties.setdefault(" ".join(held[type_]), []).append(type_)
    (roles, _), (others, _) = with_properties.items()
    rows += ["", f"The relations between papers and entities, and `BASED_ON`, have the properties `{roles}`; the others `{others}`."]
    rows += ["", "; ".join(f"`{name}`: {meaning}" for name, meaning in MEANS.items()) + "."]
    return "\n".join(rows)


def picture() -> str:
    """Return the schema as a picture in SVG."""
    lines: dict[tuple[str, str], list[str]] = {}
    for type_, (sources, targets) in RELATIONS.items():
        ends = ("Entity" if sources == ENTITIES else sources[0], "Entity" if set(targets) <= set(ENTITIES) else targets[0])
        part = f" {', '.join(targets)}" if ends[1] == "Entity" and targets != ENTITIES else ""
        lines.setdefault(ends, []).append(f"{type_}{part}")
    drawn = [{"name": n, "x": x, "y": y, "r": 10 if n in ENTITIES else 18, "colour": COLOURS[n]} for n, (x, y) in PLACES.items()]
    template = Environment(loader=FileSystemLoader(HERE), autoescape=True).get_template("schema.svg.jinja")
    return template.render(box=BOX, nodes=drawn, edges=[{**PATHS[ends], "lines": found} for ends, found in lines.items()]) + "\n"


def questions() -> str:
    """Return the shipped questions as a list in Markdown."""
    return "\n".join(f"- `{query.name}`: {query.summary}" for query in library().values())


def written(readme: str) -> str:
    """Return the README with the questions and the schema of today between their marks."""
    for what, text in (("questions", questions()), ("schema", f"![The schema](docs/schema.svg)\n\n{table()}")):
        begin, end = (mark.format(what) for mark in BETWEEN)
        before, rest = readme.split(begin)
        readme = f"{before}{begin}{text}\n{end}{rest.split(end)[1]}"
    return readme


if __name__ == "__main__":
    (HERE / "schema.svg").write_text(picture(), encoding="utf-8")
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
