"""Whether a statement only reads the graph, told from its text before it is sent: no clause that writes, none that reads or writes files,
no procedure but those known to be harmless. The engines refuse to write as well; files and addresses are kept from them here alone.
"""

import re
import unicodedata
from functools import lru_cache

from kg.errors import QueryError
from kg.queries import NOT_CODE
from kg.text import collapse

BEGIN = {"MATCH", "OPTIONAL", "UNWIND", "WITH", "RETURN", "CALL", "SHOW", "LET", "FILTER"}
"""How a reading statement begins."""

WRITE = {
    "CREATE", "MERGE", "SET", "DELETE", "DETACH", "REMOVE", "FOREACH", "INSERT", "DROP", "ALTER", "COPY", "INSTALL", "ATTACH", "TERMINATE", "TRANSACTIONS",
}  # fmt: skip
"""Clauses that write to the graph or to files, or that end what others run."""

FILES = {"CSV", "FROM", "WITH", "EXTENSION"}
"""What follows LOAD where it reads a file."""

PROCEDURES = re.compile(
    r"show_\w+|table_info|db_version|current_setting"  # LadybugDB
    r"|db\.(?:labels|relationshipTypes|propertyKeys|ping|info|schema\.\w+|index\.\w+\.query\w+)|dbms\.components"
    r"|gds\.[\w.]+\.(?:stream|stats|estimate|list|exists)|apoc\.(?:path|meta|algo|neighbors)\.[\w.]+",
    re.IGNORECASE,
)
"""Procedures that read the graph or say what the engine holds."""

_ESCAPE = re.compile(r"\\u+([0-9a-fA-F]{4})")
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[^\W\d]\w*|\S")


@lru_cache(maxsize=512)
def check_reads(text: str) -> None:
    """Raise `QueryError` for a statement that does more than read the graph."""
    # One engine puts in escaped characters, quotes included, before it looks for texts and clauses: the statement must hold in both readings.
    for read in dict.fromkeys((text, _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text))):
        _check(_tokens(read), text)


def _tokens(text: str) -> list[str]:
    """Return the numbers, words and signs of a statement outside of texts and comments."""
    plain = "".join(" " if unicodedata.category(c) in ("Zs", "Zl", "Zp", "Cf") or c in "\x1c\x1d\x1e\x1f" else c for c in text)
    return _TOKEN.findall(NOT_CODE.sub(lambda found: " " if found[0].startswith("/") else ' "" ', plain))


def _check(tokens: list[str], text: str) -> None:
    words = [t.upper() for t in tokens]
    before, after = ["", *words[:-1]], [*words[1:], ""]
    for i, word in enumerate(words):
        if word == "LOAD" and after[i] in FILES:
            raise QueryError(f"the statement reads a file (LOAD {after[i]}), and kg only reads the graph")
        if word in WRITE and not _is_name(before[i], after[i]) and not (word == "TRANSACTIONS" and before[i] == "SHOW"):
            raise QueryError(f"the statement writes ({word}), and kg only reads the graph")
        if word == "CALL" and not _is_name(before[i], after[i]):
            name = re.match(r"[\w.]*", "".join(tokens[i + 1 :]))
            if after[i] not in ("{", "(") and not (name and PROCEDURES.fullmatch(name[0])):
                raise QueryError(f"the statement calls {(name and name[0]) or 'a procedure'}, which is not known only to read the graph")
    if _first(words) not in BEGIN:
        raise QueryError(f"not a reading statement: “{collapse(text)[:60]}”; it begins with MATCH, UNWIND, WITH, RETURN or CALL")


def _is_name(before: str, after: str) -> bool:
    """Tell a property, parameter, label, map key or alias from a clause, by what stands before and after."""
    if before in (".", "$", ":", "|", "&", "!") or after == ":":
        return True
    return before == "AS" and (after in ("", ",", ")", "}", ";", "ORDER", "SKIP", "LIMIT", "WHERE", "UNION") or after in BEGIN)


def _first(words: list[str]) -> str:
    """Return the first clause: what stands after opening brackets and what says in which version, how and where to run it."""
    rest = iter(words)
    for word in rest:
        if word == "USE" or word == "." or word == "=":
            next(rest, None)
        elif word not in ("(", "{", "CYPHER", "EXPLAIN", "PROFILE") and not word[0].isdigit() and word not in ("RUNTIME", "PLANNER", "REPLAN"):
            return word
    return ""
