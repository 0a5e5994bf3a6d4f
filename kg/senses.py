"""What short forms stand for: the long forms that papers define, and, where a paper defines none, the sense of its company or of the majority."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import takewhile

from kg.corpus import BY_COMPANY, OWN, SPELLED, Components, Corpus, Judgement, Name, Occurrence, join, most, move
from kg.names import canonical_form, long_forms
from kg.text import is_short, singular, version

CLEAR_MAJORITY = 2 / 3
"""The share of definitions that makes a sense the one meant where none is given."""
SAME_EXPANSION = 0.84
"""How alike (0..1) long forms of one short form are that differ in spelling only ("mean squared error", "mean square error")."""
SAME_BEGINNING = 0.7
"""The share of the longer one that two long forms begin with alike and are then spellings of one ("low-rank adaptation", "low-rank adapters")."""
ELSEWHERE = 3
"""What the definitions in the large corpus count as, at most, in papers."""
COMPANY = 0.8
"""Least probability of a sense that a paper's other names speak for."""
SURE = 0.9
"""How sure a sense is at most that a paper does not define."""
MOST = 20
"""Senses of a short form that a paper's other names may speak for."""
RARE = 0.02
"""A sense that fewer papers define, beside the most frequent one, is left out: most are misread."""
_PRIOR = 2.0
"""What a sense is taken to be named beside in as many papers as this, before any is read (Dirichlet prior)."""


def senses_of(corpus: Corpus) -> dict[tuple[str, str], list[Name]]:
    """Return the defined senses of each short form, those of most papers first."""
    senses: dict[tuple[str, str], list[Name]] = defaultdict(list)
    for name, record in corpus.seen.items():
        if record.shortened or (record.defined and any(map(is_short, record.surfaces))):
            senses[name[:2]].append(name)
    return {form: sorted(found, key=lambda n: (-len(corpus.seen[n].papers), n)) for form, found in sorted(senses.items())}


def settle_senses(corpus: Corpus, joined: Components, senses: dict[tuple[str, str], list[Name]]) -> Iterator[Judgement]:
    """Join the long forms of one short form that differ in spelling only, and mark the others to stay apart."""
    for (kind, _), names in senses.items():
        clusters: list[list[Name]] = []
        for name in names:
            text = corpus.label(name)
            close, like = max(((similar(kind, name[2], other[2]), -i) for i, cluster in enumerate(clusters) for other in cluster), default=(0.0, 0))
            if close >= SAME_EXPANSION:
                first = clusters[-like][0]
                clusters[-like].append(name)
                evidence = f"{text}; {corpus.label(first)}"
                yield join(joined, Judgement(name, first, True, "spelling variant", evidence, _sure(close), corpus.seen[name].shown_by))
            else:
                if clusters:
                    first = clusters[0][0]
                    evidence = f"{text}; {corpus.label(first)}"
                    yield Judgement(name, first, False, "other long form", evidence, _sure(close), corpus.seen[name].shown_by)
                clusters.append([name])
        if len(clusters) > 1:
            shown = most(corpus.seen[names[0]].surfaces)
            for cluster in clusters:
                for name in cluster:
                    joined.mark(name, ("sense", shown, kind), cluster[0][2])


def _sure(close: float) -> float:
    """Return how sure a judgement on long forms is that are so much alike (0..1): a half at the border, one where they are equal or nothing alike."""
    beyond = (close - SAME_EXPANSION) / (1 - SAME_EXPANSION) if close >= SAME_EXPANSION else 1 - close / SAME_EXPANSION
    return round(0.5 + beyond / 2, 3)


def similar(kind: str, a: str, b: str) -> float:
    """Return how alike two long forms are (0..1); 0 where their numbers differ."""
    if version(a) != version(b):
        return 0.0
    if canonical_form(kind, a) == canonical_form(kind, b):
        return 1.0
    shared = sum(1 for _ in takewhile(lambda x: x[0] == x[1], zip(a, b, strict=False))) / max(len(a), len(b))  # "low-rank adaptation", "low-rank adapters"
    if shared >= SAME_BEGINNING:
        return max(0.9, SequenceMatcher(None, a, b, autojunk=False).ratio())
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= SAME_EXPANSION else matcher.quick_ratio() * 0.9


def settle_undefined(
    corpus: Corpus, joined: Components, senses: dict[tuple[str, str], list[Name]], said: Collection[Name], told: Collection[Name]
) -> Iterator[Judgement]:
    """Give short forms that their papers do not define the sense of their spelling, of their company, of a clear majority, or none.

    Those in `said` are all joined with something by the user; those in `told` have their sense from there.
    """
    introduced: dict[tuple[str, str], list[Name]] = defaultdict(list)
    for name in sorted(n for n in corpus.seen if n[2].startswith(OWN)):
        introduced[name[:2]].append(name)
    asked = {name[:2] for name in corpus.undefined} | {n[:2] for n in joined.names() if n not in corpus.seen}
    for kind, form in sorted(asked & (senses.keys() | introduced.keys()) | introduced.keys()):
        defined = senses.get((kind, form), [])
        for name in introduced.get((kind, form), []):
            alike = [n for n in defined if set(corpus.seen[n].surfaces) & set(corpus.seen[name].surfaces)]
            if alike:
                yield from _majority(name, alike, corpus, joined)
            elif defined:
                than, evidence = defined[0], f"{corpus.label(name)}; {corpus.label(defined[0])}"
                yield Judgement(name, than, False, "introduced under another spelling", evidence, 0.8, corpus.seen[name].shown_by)
                joined.mark(name, ("spelling", form, kind), most(corpus.seen[name].surfaces))
                joined.mark(than, ("spelling", form, kind), most(corpus.seen[than].surfaces))
        undefined: Name = (kind, form, "")
        every = [*defined, *introduced.get((kind, form), [])]
        if undefined in told or (undefined not in corpus.seen and undefined not in joined):
            continue
        joined.add(undefined)
        if undefined not in said and len({joined.root(n) for n in every}) > 1:
            yield from _by_spelling(undefined, every, corpus, joined)
        if undefined not in said and len({joined.root(n) for n in defined}) > 1:
            yield from _by_company(undefined, defined, corpus, joined)
        if undefined in corpus.seen or not joined.alone(undefined):
            yield from _majority(undefined, every, corpus, joined)


def _by_spelling(name: Name, senses: list[Name], corpus: Corpus, joined: Components) -> Iterator[Judgement]:
    """Move the occurrences of a short form that are spelled as one of its senses is, and none of the others (``BLAST``, ``BLaST``)."""
    moved: dict[Name, list[Occurrence]] = defaultdict(list)
    for occurrence in corpus.undefined.get(name, ()):
        spelled = {singular(s) for s in occurrence.surfaces}
        alike = [n for n in senses if spelled & {singular(s) for s in corpus.seen[n].surfaces}]
        if len({joined.root(n) for n in alike}) == 1 and len(alike) < len(senses):
            moved[alike[0]].append(occurrence)
    for sense, occurrences in sorted(moved.items()):
        bears: Name = (name[0], name[1], f"{BY_COMPANY}{SPELLED}{sense[2]}")
        yield _moved(name, bears, sense, occurrences, "sense of its spelling", f"spelled as where it is {corpus.label(sense)}", 0.85, corpus, joined)


def _moved(
    name: Name, bears: Name, sense: Name, occurrences: list[Occurrence], reason: str, evidence: str, score: float, corpus: Corpus, joined: Components
) -> Judgement:
    move(name, bears, occurrences, corpus)
    corpus.seen[bears].long = corpus.seen[sense].long or corpus.label(sense)
    joined.add(bears)
    shown_by = min(corpus.papers[o.paper] for o in occurrences)
    return join(joined, Judgement(bears, sense, True, reason, evidence, score, shown_by, most(corpus.seen[bears].surfaces)))


def _majority(name: Name, senses: list[Name], corpus: Corpus, joined: Components) -> Iterator[Judgement]:
    """Join a short form with the sense that two thirds of the papers give it that define it, those of a large corpus among them."""
    kind, form, _ = name
    spelled = corpus.seen[name].surfaces if name in corpus.seen else {}
    alike = [n for n in senses if set(corpus.seen[n].surfaces) & set(spelled)] or senses
    elsewhere = long_forms(kind, form) if any(not n[2].startswith(OWN) for n in alike) else {}
    weight = min(sum(elsewhere.values()), ELSEWHERE) / max(1, sum(elsewhere.values()))
    votes: dict[Name, float] = defaultdict(float)
    for sense in alike:
        votes[joined.root(sense)] += len(corpus.seen[sense].papers)
    papers = sum(votes.values())
    there: Counter[Name] = Counter()
    for long, n in elsewhere.items():
        closest = max(alike, key=lambda s: (similar(kind, s[2], long), s))
        if similar(kind, closest[2], long) >= SAME_EXPANSION:
            there[joined.root(closest)] += n
    for root, n in there.items():
        votes[root] += n * weight
    best = min(votes, key=lambda r: (-votes[r], r))
    sense = next(n for n in alike if joined.root(n) == best)
    share = votes[best] / (papers + weight * sum(elsewhere.values()))
    evidence = f"{sum(len(corpus.seen[n].papers) for n in alike if joined.root(n) == best)} of {papers:.0f} papers that define it"
    evidence += f", {there[best]} of {sum(elsewhere.values())} in a large corpus" if elsewhere else ""
    if share >= CLEAR_MAJORITY:
        yield join(joined, Judgement(name, sense, True, "sense of the majority", evidence, round(SURE * share, 3)))
    else:
        yield Judgement(name, sense, False, "no clear sense", evidence, round(1 - share, 3))


def _by_company(name: Name, senses: list[Name], corpus: Corpus, joined: Components) -> Iterator[Judgement]:
    """Move the papers whose other names speak for one sense of a short form to a name of that sense (naive Bayes over names of papers)."""
    kind, form, _ = name
    clusters: dict[Name, list[Name]] = defaultdict(list)
    for sense in senses:
        clusters[joined.root(sense)].append(sense)
    papers: dict[Name, set[int]] = {root: {p for n in names for p in corpus.seen[n].papers} for root, names in clusters.items()}
    given = {root: len(of_sense) for root, of_sense in papers.items()}
    for root, names in clusters.items():
        for long in {(kind, n[2], "") for n in names} & corpus.seen.keys():
            papers[root].update(corpus.seen[long].papers)
    chosen = sorted((r for r in papers if given[r] >= RARE * max(given.values())), key=lambda r: (-given[r], r))[:MOST]
    counts = {root: Counter(r for p in papers[root] for r in _company(p, kind, form, chosen, corpus, joined)) for root in chosen}
    everywhere: Counter[Name] = sum(counts.values(), Counter())
    whole = sum(len(papers[r]) for r in chosen)
    moved: dict[Name, list[Occurrence]] = defaultdict(list)
    spoke: dict[Name, Counter[Name]] = defaultdict(Counter)
    sure: dict[Name, list[float]] = defaultdict(list)
    for occurrence in corpus.undefined.get(name, ()):
        around = [r for r in _company(occurrence.paper, kind, form, chosen, corpus, joined) if r in everywhere]
        if not around:
            continue
        logs = {}
        for root in chosen:
            n = len(papers[root])
            logs[root] = math.log(given[root]) + sum(math.log((counts[root][r] + _PRIOR * everywhere[r] / whole) / (n + _PRIOR)) for r in around)
        best = min(chosen, key=lambda r: (-logs[r], r))
        chance = 1 / sum(math.exp(log - logs[best]) for log in logs.values())
        speaking = [r for r in around if counts[best][r]]
        if chance >= COMPANY and speaking:
            moved[best].append(occurrence)
            spoke[best].update(speaking)
            sure[best].append(chance)
    for root, occurrences in sorted(moved.items()):
        sense = clusters[root][0]
        beside = sorted(spoke[root].items(), key=lambda x: (-x[1], x[0]))[:5]
        evidence = "named beside " + ", ".join(f"{corpus.label(r)} ({n})" for r, n in beside)
        score = round(SURE * math.fsum(sure[root]) / len(occurrences), 3)
        yield _moved(name, (kind, form, BY_COMPANY + sense[2]), sense, occurrences, "sense of its company", evidence, score, corpus, joined)


def _company(paper: int, kind: str, form: str, senses: Sequence[Name], corpus: Corpus, joined: Components) -> list[Name]:
    """Return what a paper names beside a short form and its senses, each once."""
    roots = {joined.root(n) for n in corpus.local[paper] if n[:2] != (kind, form)}
    return sorted(roots.difference(senses))
