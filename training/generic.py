"""List the names too broad to say anything, as the annotators marked them.

    python training/generic.py TRAIN.jsonl ... -o kg/pipes/model/generic.txt

One line a normal form that at least two papers name and at least half of them mark ``generic``.
"""

import argparse
from collections import defaultdict
from pathlib import Path

import gold

from kg.records import family
from kg.text import normal_form


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", nargs="+", type=Path)
    parser.add_argument("-o", "--output", required=True, type=Path)
    options = parser.parse_args()
    marked: dict[str, list[bool]] = defaultdict(list)
    for paper in gold.split(gold.read(options.train))[0]:
        forms: dict[str, bool] = {}
        for entity in paper["entities"]:
            for surface in (entity["name"], *entity["mentions"]):
                forms[normal_form(surface, family(entity["type"]))] = bool(entity.get("generic"))
        for form, generic in forms.items():
            marked[form].append(generic)
    names = sorted(form for form, votes in marked.items() if len(votes) >= 2 and sum(votes) * 2 >= len(votes))
    options.output.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")


if __name__ == "__main__":
    main()
