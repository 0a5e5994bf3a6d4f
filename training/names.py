"""List the names that annotators gave one canonical name, papers over.

    python training/names.py TRAIN.jsonl ... -o kg/pipes/model/names.tsv

One line a name: type family, its normal form, the canonical name's normal form, papers that say so, papers that name it.
Listed are names in at least two papers of which at least two thirds agree, where the canonical form is another one
or differs from the name's by a head word only ("diffusion", "diffusion model": says whether they are one).
"""

import argparse
from collections import Counter, defaultdict
from pathlib import Path

import gold

from kg.names import LEAST_SHARE, without_head
from kg.records import family
from kg.text import normal_form, version


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", nargs="+", type=Path)
    parser.add_argument("-o", "--output", required=True, type=Path)
    options = parser.parse_args()
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for paper in gold.split(gold.read(options.train))[0]:
        said = {}
        for entity in paper["entities"]:
            kind = family(entity["type"])
            said |= {(kind, normal_form(m, kind)): normal_form(entity["name"], kind) for m in entity["mentions"]}
        for name, canonical in said.items():
            votes[name][canonical] += 1
    means: dict[tuple[str, str], tuple[str, int, int]] = {}  # canonical form, papers that say so, papers
    for (kind, form), canonicals in votes.items():
        papers = canonicals.total()
        canonical, agree = min(canonicals.items(), key=lambda x: (-x[1], x[0]))
        if papers >= 2 and agree >= LEAST_SHARE * papers and version(form) == version(canonical):
            means[kind, form] = canonical, agree, papers
    lines = []
    for (kind, form), (canonical, agree, papers) in sorted(means.items()):
        seen = {form}
        while canonical not in seen and (kind, canonical) in means:  # what a name means may itself be another name for something
            seen.add(canonical)
            canonical = means[kind, canonical][0]
        stem = without_head(form)
        if canonical != form or (stem and (kind, stem) in votes):
            lines.append(f"{kind}\t{form}\t{canonical}\t{agree}\t{papers}\n")
    options.output.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
