"""List the long forms that raw abstracts define for short forms.

    python training/short_forms.py RAW.parquet ... -o kg/pipes/model/short_forms.tsv

One line a short form and a long form: type family, both normal forms, papers that define it so. Listed are those of at
least `LEAST` papers, of one version, whose long form does not begin with a word that only the search for it took along.
The fast model reads the abstracts; 193,498 take ten minutes on two cores.
"""

import argparse
from collections import Counter
from pathlib import Path

from kg.extract import extract
from kg.records import Reader, Reading, family
from kg.sources import read_papers
from kg.text import is_short, name_words, normal_form, version

LEAST = 3
_TAKEN_ALONG = {"a", "an", "and", "by", "for", "from", "in", "of", "on", "or", "our", "the", "to", "using", "via", "with"}


def definitions(reading: Reading) -> set[tuple[str, str, str]]:
    """Return (type family, short form, long form), as normal forms, of what a paper defines."""
    found = set()
    for mention in reading.mentions:
        entity = reading.entities[mention.entity]
        kind = family(entity.type)
        short, long = normal_form(mention.surface, kind), normal_form(entity.name, kind)
        taken = name_words(entity.name)[:1]
        if entity.defined and short != long and is_short(mention.surface) and version(short) == version(long) and not _TAKEN_ALONG.intersection(taken):
            found.add((kind, short, long))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("raw", nargs="+", type=Path)
    parser.add_argument("-o", "--output", required=True, type=Path)
    options = parser.parse_args()
    papers: Counter[tuple[str, str, str]] = Counter()
    for reading in extract(read_papers(options.raw), Reader("fast")):
        papers.update(definitions(reading))
    lines = [f"{kind}\t{short}\t{long}\t{n}\n" for (kind, short, long), n in sorted(papers.items()) if n >= LEAST]
    options.output.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
