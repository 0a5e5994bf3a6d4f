"""How often a short form that its paper does not define gets the right sense: definitions are hidden, then linked.

    python benchmarks/senses.py READINGS.jsonl [--papers N]

READINGS is a file that ``benchmarks/link.py --readings`` leaves. Of every short form that at least two long forms share, each
in at least `LEAST` papers, the definition is hidden in every fifth paper that gives it (its long form is taken out of
the reading); the sense is right where the name ends in the entity of the papers that still define it so.
"""

import argparse
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from kg.extract import from_json
from kg.link import link
from kg.records import Reading, family
from kg.text import is_short, normal_form

LEAST = 5
CONTESTED = 0.8
Form = tuple[str, str]


def defined(reading: Reading) -> Iterator[tuple[int, Form, str]]:
    """Yield (number of the entity, short form, long form) of what a paper defines."""
    for number, entity in enumerate(reading.entities):
        if entity.defined:
            kind = family(entity.type)
            shorts = {normal_form(m.surface, kind) for m in reading.mentions if m.entity == number and is_short(m.surface)}
            yield from ((number, (kind, short), normal_form(entity.name, kind)) for short in sorted(shorts - {normal_form(entity.name, kind)}))


def chosen(paper: str) -> bool:
    """Tell whether a paper's definitions are hidden: every fifth, by the hash of its id."""
    return hashlib.sha256(paper.encode()).digest()[0] % 5 == 0


def hidden(reading: Reading, number: int) -> Reading:
    """Return a reading without the long form of one of its entities."""
    kept = [m for m in reading.mentions if m.entity != number or is_short(m.surface)]
    short = min(m.surface for m in kept if m.entity == number)
    entities = [replace(e, name=short, defined=False, role="uses") if i == number else e for i, e in enumerate(reading.entities)]
    return replace(reading, mentions=tuple(kept), entities=tuple(entities))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("readings", type=Path)
    parser.add_argument("--papers", type=int)
    options = parser.parse_args()
    with open(options.readings, encoding="utf-8") as lines:
        readings = [from_json(line) for line in islice(lines, options.papers)]
    senses: dict[Form, Counter[str]] = defaultdict(Counter)
    for reading in readings:
        for _, form, long in defined(reading):
            senses[form][long] += 1
    several = {form for form, longs in senses.items() if sum(n >= LEAST for n in longs.values()) > 1}
    asked: list[tuple[str, int, Form, str]] = []
    for i, reading in enumerate(readings):
        for number, form, long in list(defined(reading)):
            if form in several and senses[form][long] >= LEAST and chosen(reading.paper):
                asked.append((reading.paper, number, form, long))
                readings[i] = hidden(readings[i], number)
    linked = link(readings)
    told: dict[tuple[Form, str], Counter[str]] = defaultdict(Counter)
    for reading in readings:
        for number, form, long in defined(reading):
            told[form, long][linked.entity_of[reading.paper][number]] += 1
    print(f"{len(several):,} short forms of several senses, {len(asked):,} definitions hidden in {len(readings):,} papers")
    print(f"{'':56} {'right':>7} {'another':>8} {'apart':>7} {'right, of those given a sense':>30}")
    for what, most in (("all", 1.0), (f"no sense above {CONTESTED:.0%}", CONTESTED)):
        verdicts: Counter[str] = Counter()
        always: Counter[str] = Counter()
        for paper, number, form, long in asked:
            main = max(senses[form], key=lambda sense: (senses[form][sense], sense))
            if senses[form][main] > most * senses[form].total():
                continue
            got, right, usual = linked.entity_of[paper][number], _first(told[form, long]), _first(told[form, main])
            others = {entity for (f, _), entities in told.items() if f == form for entity in entities}
            verdicts["right" if got == right else "another" if got in others else "apart"] += 1
            always["right" if usual == right else "another"] += 1
        for name, found in (("as linked", verdicts), ("always the most frequent sense", always)):
            share = found["right"] / max(1, found["right"] + found["another"])
            print(f"{f'{what}: {name}':56} {found['right']:7,} {found['another']:8,} {found['apart']:7,} {share:30.3f}")


def _first(entities: Counter[str]) -> str:
    return min(entities, key=lambda e: (-entities[e], e), default="")


if __name__ == "__main__":
    main()
