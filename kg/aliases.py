"""What the user says of names: which are the same, which are to stay apart. A text file, kept beside the graph.

``aliases.tsv`` in the graph folder, or a file that the user names and keeps under version control. One judgement a line:
``same`` or ``apart``, two names and, where it holds for one type only, the type, separated by tabs. Blank lines and those that
begin with ``#`` say nothing. What stands there wins over every rule and holds for every build.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kg.errors import InputError, UnknownName
from kg.records import TYPES, family
from kg.text import collapse, normal_form

FILE = "aliases.tsv"
"""The name of the file in a graph folder."""
FAMILIES = tuple(dict.fromkeys(map(family, TYPES)))


@dataclass(frozen=True, slots=True)
class UserJudgement:
    """Two names that are the same thing, or stay apart."""

    same: bool
    name: str
    other: str
    family: str | None = None  # None: in every type
    where: str = ""  # file:line

    @property
    def line(self) -> str:
        """The judgement as a line of the file."""
        return "\t".join(["same" if self.same else "apart", self.name, self.other, *filter(None, [self.family])])

    def __str__(self) -> str:
        return f"{'same' if self.same else 'apart'} “{self.name}” “{self.other}”"

    def forms(self, kind: str) -> tuple[str, str]:
        """Return the normal forms of both names in a type family."""
        return form_in(self.name, kind), form_in(self.other, kind)

    def families(self) -> tuple[str, ...]:
        """Return the type families for which it holds."""
        return FAMILIES if self.family is None else (self.family,)


def form_in(name: str, kind: str) -> str:
    """Return the normal form in a type family of a name, which may be written as an id (``method:lora``)."""
    return normal_form(name.removeprefix(f"{kind}:"), kind)


def judgement(same: bool, name: str, other: str, type_: str | None = None) -> UserJudgement:
    """Return a judgement on two names, of a type if it holds for one only. Raises `InputError` where it is none."""
    if type_ is not None and type_ not in TYPES:
        raise InputError(f"“{type_[:40]}” is not a type; there are {', '.join(TYPES)}")
    said = UserJudgement(same, collapse(name), collapse(other), family(type_) if type_ else None)
    if not said.name or not said.other:
        raise InputError("an empty name stands for nothing")
    if said.name == said.other:
        raise InputError(f"{said} is about one name; it needs two")
    return said


def text_of(path: Path, *, missing: bool = False) -> str:
    """Return the text of a file of judgements; with `missing`, nothing where there is no file. Raises `InputError` where it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        if missing:
            return ""
        raise InputError(f"{path}: no such file of judgements") from None
    except (OSError, UnicodeDecodeError) as e:
        raise InputError(f"{path}: cannot be read as judgements ({getattr(e, 'strerror', None) or 'not UTF-8'})") from e


def parse(text: str, source: str = FILE, *, check: bool = True) -> list[UserJudgement]:
    """Return the judgements in the text of a file called `source`.

    Raises `InputError`, with file and line, for a line that is none and for contradictions, which go unseen without `check`.
    """
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        line = line.removesuffix("\r")
        if line.strip() and not line.startswith("#"):
            found.append(_judgement(line, f"{source}:{number}"))
    if check:
        _check(found)
    return found


def _judgement(line: str, where: str) -> UserJudgement:
    verdict, *rest = (collapse(cell) for cell in line.split("\t"))
    if verdict not in ("same", "apart"):
        raise InputError(f"{where}: “{verdict[:40]}” is not a judgement; a line is same or apart, two names and perhaps a type, separated by tabs")
    names = len([r for r in rest[:2] if r])
    if len(rest) not in (2, 3) or names != 2:
        wrong = "too many columns" if names == 2 and len(rest) > 3 else f"{names} name{'' if names == 1 else 's'}"
        raise InputError(f"{where}: {wrong}; a line is same or apart, two names and perhaps a type, separated by tabs")
    try:
        return replace(judgement(verdict == "same", rest[0], rest[1], next(filter(None, rest[2:]), None)), where=where)
    except InputError as e:
        raise InputError(f"{where}: {e}") from None


def _check(judgements: Sequence[UserJudgement]) -> None:
    """Refuse judgements that contradict each other: names that are the same, be it through others, and apart."""
    for kind in FAMILIES:
        holding = [j for j in judgements if kind in j.families()]
        divided = {j.forms(kind)[0] for j in holding if not j.same and len(set(j.forms(kind))) == 1}

        def key(name: str, kind: str = kind, divided: Collection[str] = divided) -> str:
            """Return the normal form of a name; the name itself where spellings of that form are kept apart."""
            form = form_in(name, kind)
            return name if form in divided else form

        tied: dict[str, list[tuple[str, UserJudgement]]] = {}
        for judgement in (j for j in holding if j.same):
            a, b = key(judgement.name), key(judgement.other)
            tied.setdefault(a, []).append((b, judgement))
            tied.setdefault(b, []).append((a, judgement))
        for apart in (j for j in holding if not j.same):
            if chain := _chain(tied, key(apart.name), key(apart.other)):
                lines = "; ".join(f"{j.where}: {j}" for j in [*chain, apart])
                raise InputError(f"contradiction: {lines}; take one of them out")


def _chain(tied: Mapping[str, Sequence[tuple[str, UserJudgement]]], start: str, end: str) -> list[UserJudgement]:
    """Return the judgements that lead from one name to another, the fewest; none where they do not."""
    came: dict[str, list[UserJudgement]] = {start: []}
    waiting = [start]
    for name in waiting:
        for to, judgement in tied.get(name, ()):
            if to not in came:
                came[to] = [*came[name], judgement]
                waiting.append(to)
    return came.get(end, [])


def bearers(name: str, kind: str) -> set[str]:
    """Return the ids that an entity of a type family which bears this name has, one of them; a name may be an id, or ``VQA (visual question answering)``."""
    bare = name.removeprefix(f"{kind}:")
    return {f"{kind}:{bare}"} | {f"{kind}:{normal_form(n, kind)}" for n in (bare, *_LABEL.findall(bare))}


_LABEL = re.compile(r"(.+) \(.+\)$")


# -- changing a file -------------------------------------------------------------------------------------------------------------


def added(text: str, judgement: UserJudgement, source: str) -> str:
    """Return the text of a file with a judgement at its end. Raises `InputError` where it contradicts one in it or stands there already."""
    for known in parse(text, source):
        if {known.name, known.other} == {judgement.name, judgement.other} and (known.same, known.family) == (judgement.same, judgement.family):
            raise InputError(f"{known.where}: {known}, so it stands there already")
    end = "\r\n" if "\r\n" in text else "\n"
    text += "" if not text or text.endswith("\n") else end
    line = judgement.line + end
    parse(text + line, source)
    return text + line


def without(text: str, name: str, other: str, source: str) -> str:
    """Return the text of a file without its judgements on two names. Raises `UnknownName` where there are none."""
    pair = {collapse(name), collapse(other)}
    judgements = parse(text, source, check=False)
    gone = {int(j.where.rpartition(":")[2]) for j in judgements if {j.name, j.other} == pair}
    if not gone:
        said = "; ".join(map(str, judgements[:5]))
        raise UnknownName(f"{source} says nothing of “{name}” and “{other}”{f'; it says: {said}' if said else ''}")
    return "\n".join(line for number, line in enumerate(text.split("\n"), 1) if number not in gone)
