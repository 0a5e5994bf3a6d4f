"""List what annotators' canonical names say of names, papers over: which name means which, and which words change nothing.

    python training/names.py names TRAIN.jsonl ... -o kg/pipes/model/names.tsv
    python training/names.py words TRAIN.jsonl ... -o kg/pipes/model/words.tsv

``names``, one line a name: type family, its normal form, the canonical name's normal form, papers that say so, papers that name it.
Listed are names of whose papers at least half agree, where the canonical form is another one or differs from the name's
by a word only that may change nothing ("diffusion", "diffusion model": says whether they are one).

``words``, one line a word: type family, whether it begins or ends a name, the word, pairs of names with and without it that
annotators gave one canonical name, pairs of such names. Listed are words that change nothing in at least `LEAST_SAME` of them.
"""

import argparse
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import gold

from kg.names import LEAST_SHARE, is_generic
from kg.records import family
from kg.text import name_words, normal_form, version

LEAST_SAME, LEAST_PAIRS = 2 / 3, 8
"""Of the pairs of names with and without a word, the share that is one thing (Laplace's rule), and their number."""

Votes = dict[tuple[str, str], Counter[str]]


def votes_of(papers: list[dict[str, Any]]) -> tuple[Votes, dict[tuple[str, str], Counter[str]]]:
    """Return, for each name (family, normal form), the papers that give each canonical form, and those that write each surface."""
    votes: Votes = defaultdict(Counter)
    surfaces: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for paper in papers:
        said = {}
        for entity in paper["entities"]:
            kind = family(entity["type"])
            for mention in entity["mentions"]:
                said[kind, normal_form(mention, kind)] = normal_form(entity["name"], kind)
                surfaces[kind, normal_form(mention, kind)][mention] += 1
        for name, canonical in said.items():
            votes[name][canonical] += 1
    return votes, surfaces


def with_and_without(votes: Votes, surfaces: dict[tuple[str, str], Counter[str]]) -> dict[tuple[str, str, str], list[tuple[tuple[str, str], bool]]]:
    """Return, for each word that begins or ends a name of which the rest is a name too, those names and whether both are one thing."""
    out: dict[tuple[str, str, str], list[tuple[tuple[str, str], bool]]] = defaultdict(list)
    for (kind, form), canonicals in sorted(votes.items()):
        words = name_words(min(surfaces[kind, form], key=lambda s: (-surfaces[kind, form][s], s)))
        for place, word, rest in (("begins", words[:1], words[1:]), ("ends", words[-1:], words[:-1])):
            other = kind, normal_form(" ".join(rest), kind)
            if rest and other in votes and other[1] != form and version(form) == version(other[1]):
                out[kind, place, word[0]].append(((kind, form), _most(canonicals) == _most(votes[other])))
    return out


def _most(canonicals: Counter[str]) -> str:
    return min(canonicals, key=lambda c: (-canonicals[c], c))


def word_lines(votes: Votes, surfaces: dict[tuple[str, str], Counter[str]]) -> list[str]:
    """Return the lines of ``words.tsv``."""
    lines = []
    for (kind, place, word), pairs in sorted(with_and_without(votes, surfaces).items()):
        same = sum(s for _, s in pairs)
        if len(pairs) >= LEAST_PAIRS and (same + 1) / (len(pairs) + 2) >= LEAST_SAME:
            lines.append(f"{kind}\t{place}\t{word}\t{same}\t{len(pairs)}\n")
    return lines


def name_lines(votes: Votes, surfaces: dict[tuple[str, str], Counter[str]]) -> list[str]:
    """Return the lines of ``names.tsv``."""
    words = {tuple(line.split("\t")[:3]) for line in word_lines(votes, surfaces)}
    told = {name for word, pairs in with_and_without(votes, surfaces).items() if word in words for name, _ in pairs}
    means: dict[tuple[str, str], tuple[str, int, int]] = {}  # canonical form, papers that say so, papers
    for (kind, form), canonicals in votes.items():
        papers = canonicals.total()
        canonical, agree = min(canonicals.items(), key=lambda x: (-x[1], x[0]))
        if agree >= LEAST_SHARE * papers and version(form) == version(canonical) and not _misleading(form, canonical, papers):
            means[kind, form] = canonical, agree, papers
    lines = []
    for (kind, form), (canonical, agree, papers) in sorted(means.items()):
        seen = {form}
        while canonical not in seen and (kind, canonical) in means:  # what a name means may itself be another name for something
            seen.add(canonical)
            canonical = means[kind, canonical][0]
        if canonical != form or (kind, form) in told:
            lines.append(f"{kind}\t{form}\t{canonical}\t{agree}\t{papers}\n")
    return lines


def _misleading(form: str, canonical: str, papers: int) -> bool:
    """Tell whether what papers say of a name is not of use elsewhere.

    A macro ("\\ours"), a size or part told by a letter (ViT-S, which is not ViTs), a sharper name that few call by a broad one.
    """
    return "\\" in form + canonical or re.search(r"-[a-z]$", form) is not None or (is_generic(canonical) and not is_generic(form) and papers < 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["names", "words"])
    parser.add_argument("train", nargs="+", type=Path)
    parser.add_argument("-o", "--output", required=True, type=Path)
    options = parser.parse_args()
    papers = gold.split(gold.read(options.train))[0]
    lines = (name_lines if options.what == "names" else word_lines)(*votes_of(papers))
    options.output.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
