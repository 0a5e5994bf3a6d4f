"""What can go wrong, as one tree; the command line prints the message as one line and exits 1.

    KgError
    ├── InputError      a file or record that cannot be read: what, where (``file:line``), what to do
    ├── UnknownName     a paper, entity, type or query that does not exist; names the near ones
    │   └── AmbiguousName   a name of several papers or entities; lists them below its line
    ├── GraphError      a graph folder that is missing, of another version, damaged, or in use by another build
    ├── QueryError      a query file, parameter or statement that an engine refuses
    └── StoreError      a store that cannot be reached or written

Anything else that is raised is a bug and keeps its traceback.
"""

from collections.abc import Iterable
from difflib import get_close_matches


class KgError(Exception):
    """Base of every error that is the input's or the environment's, not a bug."""


class InputError(KgError):
    """A file or record that cannot be read."""


class UnknownName(KgError):
    """A name that stands for nothing."""

    @classmethod
    def near(cls, what: str, name: str, known: Iterable[str], hint: str = "") -> "UnknownName":
        """Return the error for an unknown `name` of kind `what`, naming up to five known ones that look like it."""
        name = " ".join(name.split())[:100]
        by_lower = {k.lower(): k for k in sorted(known)}
        inside = [k for k in by_lower if len(name) > 2 and name.lower() in k]
        close = get_close_matches(name.lower(), by_lower, n=5, cutoff=0.6)
        names = [by_lower[k] for k in dict.fromkeys(close + inside)][:5]
        tail = f"; near: {', '.join(names)}" if names else ""
        return cls(f"no {what} is called “{name}”{tail}{'; ' + hint if hint else ''}")


class AmbiguousName(UnknownName):
    """A name that stands for several things; the message lists them, one a line."""


class GraphError(KgError):
    """A graph folder that cannot be opened or written."""


class QueryError(KgError):
    """A query that cannot be read or run."""


class StoreError(KgError):
    """A store that cannot be reached or written."""
