"""A graph of made-up papers, shaped like one that was read from real ones, written straight as tables."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import polars as pl

from kg.communities import communities
from kg.records import ROLES, family
from kg.tables import SCHEMAS, frame, write, writing
from kg.text import normal_form, year_month

words = str.split
SYLLABLES = words("ba bri cor dex do fa fi gra ka ke lo lum ma mo na ne no pa pol quo ra ri sen so sun ta ti tor u va vi xo ya ze")
ADJECTIVES = words("causal coarse deep dense discrete dual fast graded hidden joint latent linear local mixed nested neural paired quick robust sparse")
NOUNS = words("anchor channel cluster context dialogue document edge feature frame image kernel label motion pixel prompt region sentence tensor token")
HEADS = {
    "method": words("alignment attention decoding distillation dropout encoder fusion matching mixing pruning regularizer routing sampling tuning"),
    "task": words("answering captioning classification detection editing forecasting generation matching parsing ranking retrieval segmentation tagging"),
    "metric": words("accuracy coverage distance error F1 fidelity loss overlap precision rate recall score similarity"),
}
ENDINGS = {
    "method": ("", "", "", "Net", "Former", "BERT", "GAN", "-2", "-XL", "++", " v3", "-VAE"),
    "dataset": ("", "", "QA", "Bench", "-10", " Corpus", " 2021", "-R", "Eval", "Wiki"),
    "benchmark": ("", "Bench", "GLUE", "-Hard", " Challenge", "QA", "-1k", "Eval"),
    "metric": ("", "Score", "@5", "@10", "-L"),
}
KNOWN: dict[str, Sequence[str]] = {
    "method": ("LLM", "Transformer", "fine-tuning", "language model", "BERT", "GPT-4", "LoRA", "deep neural network", "ResNet", "Adam", "attention"),
    "dataset": ("ImageNet", "Wikipedia", "C4", "MS COCO", "Common Crawl"),
    "benchmark": ("GLUE", "MMLU", "GSM8K", "SQuAD", "HumanEval"),
    "task": ("question answering", "image classification", "machine translation", "learning", "named entity recognition"),
    "metric": ("accuracy", "F1", "BLEU", "perplexity", "performance"),
}
GENERIC = {"LLM", "language model", "deep neural network", "learning", "performance"}
HOSTILE: dict[str, Sequence[str]] = {
    "method": (
        "O'Net's", 'the "best" net', "Back\\slash\\", "\\'; DROP TABLE Paper; //", "$\\lambda${Net}", "Mix, Match; Merge|Split", "漢字変換", "😀Former",
        "\u202eteNesreveR", "<b>BoldNet</b>", "`Tick` %s", "NULL", "[a](b)", "naïve Bayés", "</script><script>alert(1)</script>", "=SUM(A1)", "{{ jinja }}",
    ),
    "dataset": ('Say "Hi"', "C:\\data\\new", "語料庫", "<i>Set</i>, v2", "A|B;C", "$price {usd}"),
    "benchmark": ("Who's Who?", "\u202ehcneB", "😀Bench", "NaN"),
    "task": ("text-to-image & back", "'quoted' parsing", "翻訳", "R&D \\ planning"),
    "metric": ("F$_1$ {macro}", "% of \"yes\"", "error, mean; max|min", "<1% loss"),
}  # fmt: skip
SHARES = {"method": 0.9, "dataset": 0.075, "benchmark": 0.075}
"""Entities a paper, of the types of which there are ever more."""
NUMBERS = {"task": 300, "metric": 100}
TOPICS = 40
"""Groups of methods, data sets and tasks that papers name together."""
ROLE_SHARES = {
    "method": ((*ROLES,), (0.3, 0, 80, 13, 6)),
    "dataset": ((*ROLES,), (0.5, 85, 10, 1, 3)),
    "task": ((*ROLES,), (0.1, 0, 92, 0, 7)),
    "metric": ((*ROLES,), (0.1, 0, 97, 0, 2)),
}
AREAS = ("cs.CL", "cs.LG", "cs.CV", "cs.AI", "stat.ML", "cs.IR", "cs.RO", "eess.AS")
VENUES = ("ACL", "EMNLP", "NeurIPS", "ICLR", "ICML", "CVPR", "Findings of ACL", "Trans. on Nets, Graphs & Text")
SOURCES = (("papers.jsonl",), ("arxiv.parquet",), ("arxiv.parquet", "papers.jsonl"), ("it's; a, list.csv",))
PEOPLE = ("Zoë O'Neill", "李 明", 'Ana "Bo" {Ruiz}', "Müller, K.; Jr.", "Back\\slash", "\u202enamreH", "<b>Lee</b>")
Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(slots=True, eq=False)
class Thing:
    """An entity, and its place among those of its kind: 0 is named most."""

    id: str
    name: str
    type: str
    aliases: list[str]
    generic: bool
    other_ids: list[str]
    rank: int
    papers: int = 0


Results = dict[int, list[tuple[str, bool, Thing | None, Thing | None, Thing | None]]]
"""The number of a sentence → the scores in it: value, whether it is relative, method, metric and where it was measured."""


@dataclass(slots=True)
class Text:
    """A paper's title and sentences as they are written, with the places where things are named."""

    sentences: list[tuple[str, int, int, str]] = field(default_factory=list)  # field, start, end, text
    named: list[list[tuple[Thing, int, int]]] = field(default_factory=list)  # of each sentence: offsets in it

    def add(self, *parts: str | Thing, field: str = "abstract", surface: Callable[[Thing], str] = lambda thing: thing.name) -> None:
        """Add a sentence made of words and things."""
        text, named = "", []
        for part in parts:
            start = len(text)
            text += part if isinstance(part, str) else surface(part)
            if not isinstance(part, str):
                named.append((part, start, len(text)))
        start = self.sentences[-1][2] + 1 if self.sentences and self.sentences[-1][0] == field else 0
        self.sentences.append((field, start, start + len(text), text))
        self.named.append(named)

    def of(self, field: str) -> str:
        """Return the text of a field."""
        return " ".join(text for f, _, _, text in self.sentences if f == field)


def generated(folder: Path, papers: int = 20_000, seed: int = 7) -> Path:
    """Write a graph of that many made-up papers, the same bytes for the same seed, and return its folder."""
    chance, rng = Random(seed), np.random.default_rng(seed)
    things = _things(chance, papers)
    named = _named(chance, rng, things, papers)
    given = _papers(chance, rng, papers)
    rows: Rows = {name: [] for name in ("mentions", "facts", "results")}
    titles: set[str] = set()
    for paper, roles in zip(given, named, strict=True):
        _write_paper(chance, paper, roles, rows, titles)
    every = sorted((thing for kind in things.values() for thing in kind if thing.papers), key=lambda t: t.id)
    rows["papers"] = [tuple(paper[column] for column in SCHEMAS["papers"]) for paper in given]
    rows["entities"] = [tuple(getattr(thing, column, None) for column in SCHEMAS["entities"]) for thing in every]
    frames = {name: _frame(name, rows.get(name, ())) for name in SCHEMAS}
    frames["facts"] = frames["facts"].sort("source", "target", "role", "paper", maintain_order=True)
    frames["entities"] = communities(frames["entities"], frames["facts"])
    with writing(folder):
        write(folder, frames, {"pipeline": "generated"})
    return folder


def _frame(table: str, rows: Sequence[Sequence[Any]]) -> pl.DataFrame:
    """Return what `kg.tables.frame` does, of many rows the faster."""
    lines = [json.dumps(dict(zip(SCHEMAS[table], row, strict=True))) for row in rows]
    return pl.read_ndjson("\n".join(lines).encode(), schema=SCHEMAS[table]) if rows else frame(table, [])


# -- entities ------------------------------------------------------------------------------------------------------------------


def _things(chance: Random, papers: int) -> dict[str, list[Thing]]:
    """Return the entities of each family, the one that is to be named most first."""
    taken: dict[str, set[str]] = {kind: set() for kind in SHARES | NUMBERS}
    made: dict[str, list[Thing]] = {}
    for type_ in SHARES | NUMBERS:
        size = round(SHARES[type_] * papers) if type_ in SHARES else NUMBERS[type_]
        names = [*KNOWN[type_], *(_name(chance, type_) for _ in range(max(0, size - len(KNOWN[type_]))))]
        for i, name in enumerate(HOSTILE[type_]):
            at = len(KNOWN[type_]) + i * len(names) // (8 * len(HOSTILE[type_]))
            names[at : at + 1] = [name]
        forms = taken[family(type_)]
        for name in names:
            while (form := normal_form(name, family(type_))) in forms:
                name = _name(chance, type_)
            forms.add(form)
            made.setdefault(type_, []).append(Thing(f"{family(type_)}:{form}", name, type_, [name], name in GENERIC, [], 0))
    made["dataset"] = [thing for pair in zip(made["dataset"], made.pop("benchmark"), strict=True) for thing in pair]
    for kind, all_ in made.items():
        for rank, thing in enumerate(all_):
            thing.rank = rank
            _call(chance, thing, taken[kind])
    for kind, every in (("dataset", 20), ("task", 15), ("metric", 15)):
        for thing in made[kind][every::every]:  # the methods' names in other letters
            other = chance.choice(made["method"][:: max(1, every // 5)]).name
            thing.aliases = [*thing.aliases[:3], chance.choice((other.upper(), other.lower(), other.title()))]
    return made


def _name(chance: Random, type_: str) -> str:
    coined = "".join(chance.choices(SYLLABLES, k=chance.choice((2, 2, 3))))
    phrase = f"{chance.choice(ADJECTIVES)} {chance.choice(NOUNS)}"
    shape = chance.random()
    if type_ == "task" or (type_ in HEADS and shape < 0.4):
        return f"{phrase if chance.random() < 0.7 else phrase.split()[1]} {chance.choice(HEADS[type_])}"
    if shape < 0.5:
        return "".join(chance.choices("ABCDEFGHILMNOPRSTUV", k=chance.choice((3, 4, 4, 5)))) + chance.choice(ENDINGS[type_])
    if shape < 0.65:
        return f"{coined[:2].title()}{coined[2:].title()}{chance.choice(ENDINGS[type_])}"
    return f"{coined.title()}{chance.choice(ENDINGS[type_])}"


def _call(chance: Random, thing: Thing, taken: set[str]) -> None:
    """Give a thing further spellings that mean nothing else of its family, and seldom a further id."""
    kind, name = family(thing.type), thing.name
    own = thing.id.split(":", 1)[1]
    long = f"{chance.choice(ADJECTIVES)} {' '.join(chance.sample(NOUNS, 2))}"
    others = [f"{name}s", name.replace("-", " "), f"{name} 2B", name.lower(), name.upper(), long, f"{long.title()} ({name})"]
    for alias in chance.sample(others, chance.choices((0, 1, 2, 3), (60, 25, 10, 5))[0]):
        form = normal_form(alias, kind)
        if alias not in thing.aliases and (form == own or form not in taken):
            taken.add(form)
            thing.aliases.append(alias)
            if form != own and chance.random() < 0.5:
                thing.other_ids.append(f"{kind}:{form}")


# -- papers --------------------------------------------------------------------------------------------------------------------


def _zipf(rng: np.random.Generator, number: int, shape: tuple[int, ...], offset: float, exponent: float) -> np.ndarray:
    """Return random numbers below `number`, small ones by far the most often."""
    weights = np.cumsum((np.arange(number) + 1 + offset) ** -exponent)
    return np.searchsorted(weights, rng.random(shape) * weights[-1]).clip(0, number - 1)


def _papers(chance: Random, rng: np.random.Generator, papers: int) -> list[dict[str, Any]]:
    """Return the rows of the papers, but for their texts, by id."""
    months = np.sort((96 * rng.random(papers) ** 0.6).astype(int).clip(0, 95)).tolist()  # ever more a month
    people = list(dict.fromkeys([_person(chance) for _ in range(papers)]))
    people[3 : 3 + 40 * len(PEOPLE) : 40] = PEOPLE[: len(people[3 : 3 + 40 * len(PEOPLE) : 40])]
    wrote = _zipf(rng, len(people), (papers, 4), 30, 0.8).tolist()
    made, number = [], 0
    for i, month in enumerate(months):
        number = 1 + chance.randrange(9) if not i or month != months[i - 1] else number + 1 + chance.randrange(9)
        year, month = 2018 + month // 12, month % 12 + 1
        short = f"{year % 100}{month:02}.{number:05}"
        day = f"{year}-{month:02}-{1 + chance.randrange(28):02}"
        date = chance.choices((day, None, day[4:].replace("-", "--", 1), day[:7], day[:4]), (90, 3, 2, 3, 2))[0]
        first, second = chance.sample(AREAS, 2)
        row = {"id": f"arxiv:{short}", "authors": [people[j] for j in dict.fromkeys(wrote[i][: 1 + chance.randrange(4)])], "date": date}
        row["year"], row["month"] = year_month(date)
        row["venue"] = None if chance.random() < 0.4 else f"{chance.choice(VENUES)} {year}"
        row["categories"] = [first, second] if chance.random() < 0.5 else [first]
        row["url"] = f"https://arxiv.org/abs/{short}" if chance.random() < 0.95 else None
        row["code_urls"] = [f"https://github.com/{_coined(chance)}/{_coined(chance)}"] if chance.random() < 0.2 else []
        row["sources"] = list(chance.choices(SOURCES, (60, 25, 14, 1))[0])
        row["other_ids"] = [f"acl:{year}.main.{i}"] if chance.random() < 0.08 else []
        row["versions"] = []
        made.append(row)
    return made


def _coined(chance: Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=3))


def _person(chance: Random) -> str:
    return f"{''.join(chance.choices(SYLLABLES, k=2)).title()} {chance.choice('ABCDEFGHJKLMNPRSTW')}. {_coined(chance).title()}"


def _named(chance: Random, rng: np.random.Generator, things: dict[str, list[Thing]], papers: int) -> list[dict[Thing, str]]:
    """Return for each paper what it names, each with its role; a thing of those that are ever more is a paper's own."""
    topics = rng.integers(0, TOPICS, papers)
    drawn: dict[str, list[list[int]]] = {}
    own: dict[int, list[Thing]] = {}
    for kind, (wide, offset, exponent) in {"method": (18, 4.0, 1.2), "dataset": (4, 3.0, 1.0), "task": (3, 2.0, 0.8), "metric": (3, 1.0, 1.1)}.items():
        number = len(things[kind])
        found = _zipf(rng, number, (papers, wide), offset, exponent)
        local = (found >= TOPICS) & (rng.random(found.shape) < 0.7) & (kind != "metric")
        drawn[kind] = np.where(local, np.minimum(found - found % TOPICS + topics[:, None], number - 1), found).tolist()
        if kind in SHARES:
            for paper, thing in zip(rng.permutation(papers).tolist(), things[kind], strict=False):
                own.setdefault(paper, []).append(thing)
    made = []
    for paper in range(papers):
        roles: dict[Thing, str] = {}
        for thing in own.get(paper, ()):
            first = "uses" if thing.generic else "introduces" if chance.random() < (0.85 if thing.type == "method" else 0.4) else None
            roles[thing] = first or _role(chance, thing)
        wanted = {"dataset": chance.choice((1, 1, 2, 2, 3)), "task": chance.choice((0, 1, 1, 2)), "metric": chance.choice((0, 1, 1, 2))}
        for kind, many in (wanted | {"method": 10}).items():
            size = chance.randint(6, 10) if kind == "method" else len(roles) + many
            for number in drawn[kind][paper]:
                if len(roles) < size and things[kind][number] not in roles:
                    roles[things[kind][number]] = _role(chance, things[kind][number])
        for thing in roles:
            thing.papers += 1
        made.append(roles)
    return made


def _role(chance: Random, thing: Thing) -> str:
    names, weights = ROLE_SHARES[family(thing.type)]
    return chance.choices(names, weights)[0]


# -- texts ---------------------------------------------------------------------------------------------------------------------


def _write_paper(chance: Random, paper: dict[str, Any], roles: dict[Thing, str], rows: Rows, titles: set[str]) -> None:
    """Write a paper's texts, and the rows that say what they name."""
    by_role = {role: [thing for thing, r in roles.items() if r == role] for role in ROLES}
    ties = _ties(chance, by_role)
    results: Results = {}
    text = Text()
    _title(chance, text, by_role["introduces"], titles)
    _abstract(chance, text, roles, by_role, ties, results)
    if paper["code_urls"]:
        text.add(f"The code is at {paper['code_urls'][0]}.")
    paper["title"], paper["abstract"] = text.of("title"), text.of("abstract")
    telling: dict[Thing, list[int]] = {}
    for number, (named, (where, start, _, sentence)) in enumerate(zip(text.named, text.sentences, strict=True)):
        for thing, a, b in named:
            telling.setdefault(thing, []).append(number)
            score = round(0.45 + 0.549 * chance.random(), 4)
            rows["mentions"].append((paper["id"], where, start + a, start + b, sentence[a:b], thing.type, score, "model", thing.id))
    for thing, role in roles.items():
        numbers = telling[thing]
        first = numbers[0] if len(numbers) == 1 or (role == "introduces" and chance.random() < 0.1) else next(n for n in numbers if n)
        further = [text.sentences[n][3] for n in numbers if n != first][:2]
        rows["facts"].append(_fact(chance, paper["id"], paper["id"], thing.id, role, text, first, {thing}, further))
    for (child, parent), number in ties.items():
        rows["facts"].append(_fact(chance, paper["id"], child.id, parent.id, "based_on", text, number, {child, parent}, []))
    count = 0
    for number, stated in results.items():
        for value, relative, method, metric, dataset in stated:
            count += 1
            where, start, end, sentence = text.sentences[number]
            ends = (None if thing is None else thing.id for thing in (method, metric, dataset))
            score = round(0.3 + 0.699 * chance.random(), 4)
            rows["results"].append((f"{paper['id']}#{count}", paper["id"], value, relative, *ends, score, where, start, end, sentence))


def _fact(chance: Random, paper: str, source: str, target: str, role: str, text: Text, number: int, ends: set[Thing], further: list[str]) -> tuple[Any, ...]:
    where, start, end, sentence = text.sentences[number]
    marks = [[a, b] for thing, a, b in text.named[number] if thing in ends]
    return source, target, role, paper, round(1 - 0.7 * chance.random() ** 2, 4), where, start, end, sentence, marks, further


def _ties(chance: Random, by_role: dict[str, list[Thing]]) -> dict[tuple[Thing, Thing], int]:
    """Return what the paper says is based on what, the numbers of the sentences still open: things rest on such as are named more."""
    found: dict[tuple[Thing, Thing], int] = {}
    children = by_role["introduces"] or by_role["uses"] + by_role["compares"]
    for child in children:
        kind = family(child.type)
        parents = [thing for role in ("uses", "compares") for thing in by_role[role] if family(thing.type) == kind and thing.rank < child.rank]
        if kind in SHARES and parents and chance.random() < (0.35 if by_role["introduces"] else 0.04):
            found[child, chance.choice(parents)] = 0
    return found


def _title(chance: Random, text: Text, introduced: Sequence[Thing], titles: set[str]) -> None:
    about = f"{chance.choice(ADJECTIVES)} {chance.choice(NOUNS)}s for {chance.choice(ADJECTIVES)} {chance.choice(HEADS['task'])}"
    name: str | Thing = introduced[0] if introduced else _name(chance, "method")
    while f"{name if isinstance(name, str) else name.name}: {about}" in titles:
        about += f" and {chance.choice(NOUNS)}s"
    text.add(name, f": {about}", field="title")
    titles.add(text.of("title"))


def _abstract(
    chance: Random,
    text: Text,
    roles: dict[Thing, str],
    by_role: dict[str, list[Thing]],
    ties: dict[tuple[Thing, Thing], int],
    results: Results,
) -> None:
    """Write an abstract: a sentence for each role, for what is based on what, and for the scores."""

    def surface(thing: Thing) -> str:
        return thing.name if chance.random() < 0.7 else chance.choice(thing.aliases)

    def add(*parts: str | Thing) -> None:
        text.add(*parts, surface=surface)

    def some() -> str:
        return f"{chance.choice(ADJECTIVES)} {chance.choice(NOUNS)}s"

    tasks = [thing for thing in by_role["uses"] if thing.type == "task"]
    if tasks or by_role["mentions"]:
        add(*(("Progress in ", *_listed(tasks)) if tasks else (f"Work on {some()}",)), " is slow", *_listed(by_role["mentions"], ", in spite of "), ".")
    if by_role["introduces"]:
        add("We introduce ", *_listed(by_role["introduces"]), f", which learns {some()}.")
    for child, parent in ties:
        ties[child, parent] = len(text.sentences)
        add("Here ", child, " is based on ", parent, f" and its {some()}.")
    used = [thing for thing in by_role["uses"] if thing.type not in ("task", "metric")]
    for part in (used[i : i + 3] for i in range(0, len(used), 3)):
        add("It uses ", *_listed(part), f" with {some()}.")
    metrics = [thing for thing in by_role["uses"] if thing.type == "metric"]
    if by_role["evaluates_on"]:
        add("We evaluate it on ", *_listed(by_role["evaluates_on"]), *_listed(metrics, ", measured by "), ".")
    elif metrics:
        add("Its measures are ", *_listed(metrics), ".")
    if by_role["compares"]:
        add(f"On {some()} it goes beyond ", *_listed(by_role["compares"]), ".")
    if chance.random() < 0.33:
        methods = [thing for thing in roles if thing.type == "method" and not thing.generic and thing.rank > 0]
        of = chance.choice(by_role["introduces"] or methods) if methods and chance.random() < 0.85 else None
        method = of if of and of.type == "method" else None
        metric = chance.choice(metrics) if metrics and chance.random() < 0.9 else None
        places = by_role["evaluates_on"] or tasks
        parts: list[str | Thing] = [method or "It", " reaches "]
        stated = results.setdefault(len(text.sentences), [])
        for i in range(chance.choice((1, 1, 2))):
            place = places[i] if i < len(places) and chance.random() < 0.9 else None
            value, relative = _value(chance)
            stated.append((value, relative, method, metric, place))
            parts += [" and " if i else "", value, *((" ", metric) if metric and not i else ()), *((" on ", place) if place else ())]
        add(*parts, ".")


def _listed(things: Sequence[Thing], before: str = "") -> Iterator[str | Thing]:
    """Yield things with what stands between them: a, b and c."""
    for i, thing in enumerate(things):
        yield before if not i else " and " if i == len(things) - 1 else ", "
        yield thing


def _value(chance: Random) -> tuple[str, bool]:
    """Return a score as abstracts write them, and whether it is relative to another."""
    number = 10 + 89 * chance.random()
    shape = chance.randrange(10)
    if shape < 4:
        return f"{number:.1f}", False
    if shape < 7:
        return f"{number:.1f}%", chance.random() < 0.3
    return ((f"{number / 10:.1f}x", True), (f"{number / 5:.0f} points", True), (f"{number * 100:,.0f}", False))[shape - 7]
