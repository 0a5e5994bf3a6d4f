"""The explorer's pages as they are sent: an address → HTML from the templates of ``viz/`` or, with ``.json`` at its end, JSON; each is made once."""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from kg import draw, forms, pages, resources
from kg.asked import Asked, BadRequest, Elsewhere, NotFound, address
from kg.errors import GraphError, QueryError, StoreError, UnknownName
from kg.opened import Held, Made, Opened
from kg.output import finite
from kg.pages import LISTS
from kg.queries import CHOICES, NAMED, library
from kg.records import TYPES, family
from kg.stores import Rows
from kg.views import View, of_nodes

SECONDS = 10
"""What a statement on the query page may take."""

STATIC: dict[str, tuple[str, Callable[[], str]]] = {
    "kg.css": ("text/css", lambda: resources.text("viz", "kg.css")),
    "explorer.js": ("text/javascript", lambda: resources.text("viz", "bundle", "explorer.js")),
    "picture.js": ("text/javascript", lambda: resources.text("viz", "bundle", "picture.js")),
    "sigma.js": ("text/javascript", lambda: resources.text("viz", "bundle", "sigma.js")),
    "vis.js": ("text/javascript", draw.vis_network),
}
"""Style and scripts: name → type and text."""

_LIST_OF = {kind: plural for plural, kind in LISTS.items()}


@cache
def static_version() -> str:
    """Return what changes in the addresses of style and scripts when one of these changes."""
    return hashlib.sha256("".join(read() for _, read in STATIC.values()).encode()).hexdigest()[:12]


class Explorer:
    """The pages of one graph. A statement of a user may take so many `seconds`."""

    def __init__(self, held: Held, *, seconds: float = SECONDS) -> None:
        self.held, self._seconds = held, seconds
        self._templates = resources.environment().overlay(trim_blocks=True, lstrip_blocks=True)
        self._templates.filters = {**self._templates.filters, "date": _date, "number": "{:,}".format, "excerpt": _excerpt, "line": _line}
        self._templates.tests = {**self._templates.tests, "sentence": lambda column: column.endswith("sentence")}
        self._shared = {"static": f"/static/{static_version()}", "of_graph": forms.of_graph(held.graph, held.database)}
        self._templates.globals |= self._shared | {
            "address": address, "lists": LISTS, "types": TYPES, "choices": CHOICES, "named": NAMED, "questions": list(library().values()),
            "graph": held.graph, "at_most": f"{seconds:g}", "row_limit": forms.ROWS,
        }  # fmt: skip

    def made(self, path: str, query: bytes) -> Made | None:
        """Return the response to an address, if it was made before."""
        return self.held.now().made.get((path, query))

    def waits(self, path: str, query: bytes) -> bool:
        """Tell whether the page of an address holds an answer of the process for statements, which gives one at a time; an empty form does not."""
        here, _, name = path.removeprefix("/").partition("/")
        question = library().get(name.removesuffix(f".{_ending(path)}"))
        return here == "query" and bool(name) and (bool(query) or (question is not None and not any(p.required for p in question.parameters)))

    def busy(self, path: str) -> Made:
        """Return the response to a question while too many others wait for their answers."""
        return self._wrong(_ending(path), 503, "too many questions wait for their answers; ask again in a moment")

    def make(self, path: str, query: bytes) -> Made:
        """Return the response to an address; what is wrong with what was asked is a page too, in the form that was asked for."""
        opened = self.held.now()
        form = _ending(path)
        given: dict[str, list[str]] = {}
        try:
            given = _parameters(query)
            page, form = _without_ending(opened, path, form)
            made = self._page(opened, page, form, given)
        except Elsewhere as e:
            return Made(b"", "text/plain", 308, (("location", _redirected(e.address, form, given)), ("cache-control", "no-store")))
        except NotFound as e:
            return self._wrong(form, 404, str(e), e.near())
        except UnknownName as e:
            return self._wrong(form, 404, str(e))
        except (BadRequest, QueryError) as e:
            return self._wrong(form, 400, str(e))
        except (StoreError, GraphError) as e:
            return self._wrong(form, 503, str(e))
        if made.status == 200:
            opened.made.put((path, query), made)
        return made

    def _page(self, opened: Opened, path: str, form: str, given: Mapping[str, list[str]]) -> Made:
        asked = Asked(opened.store, opened.index, given)
        here, _, key = path.removeprefix("/").partition("/")
        if form == "csv" and not (here == "query" and key):
            raise BadRequest("only questions have their rows as CSV")
        if path == "/":
            return self._shown("home.html", form, pages.home(asked), "home")
        if here == "query":
            return self._query(opened, asked, key, form)
        if here == "paper" and (key or "id" in given):
            return self._shown("paper.html", form, pages.paper(asked, key), "papers", same=_same(given))
        if here in TYPES and (key or "id" in given):
            return self._shown("entity.html", form, pages.entity(asked, here, key), _LIST_OF[here], same=_same(given))
        if path == "/search":
            return self._shown("search.html", form, pages.search(asked), "search")
        if path == "/names" and form == "json":
            return _json(pages.suggestions(asked))
        if path == "/compare":
            return self._shown("compare.html", form, pages.compare(asked), "compare")
        if path == "/picture":
            return _json(pages.drawn(asked)) if form == "json" else self._picture(pages.pictured(asked))
        if path == "/neighbours" and form == "json":
            return _json(pages.neighbours(asked))
        if here in LISTS and not key:
            return self._shown("list.html", form, pages.listing(asked, here), here)
        if path == "/openapi" and form == "json":
            return Made(resources.text("viz", "openapi.json").encode(), "application/json")
        raise NotFound(f"there is no page {path[:100]}")

    def _query(self, opened: Opened, asked: Asked, name: str, form: str) -> Made:
        """Answer a question, or show its form."""
        if not name:
            asked.only()
            if form == "json":
                return _json({"questions": [{"name": q.name, "summary": q.summary, "address": f"/query/{q.name}"} for q in library().values()]})
            return self._html("questions.html", here="query", name="")
        question = library().get(name)
        if question is None and name != "cypher":
            raise NotFound(f"there is no question “{name[:60]}”")
        known = tuple(p.name for p in question.parameters) if question else ("q",)
        asked.only(*known, "as")
        as_picture = asked.choice("as", ("", "picture"), "") == "picture"
        filled = {p: asked.one(p) for p in known}
        ready = all(filled[p.name] or not p.required for p in question.parameters) if question else bool(filled["q"])
        answer: Rows | None = None
        wrong: QueryError | NotFound | None = None
        started = time.monotonic()
        try:
            if ready:
                answer = forms.answer(opened.apart, asked, question, filled, seconds=self._seconds)
        except (QueryError, NotFound) as e:
            wrong = e
        took = time.monotonic() - started
        if form != "html" and wrong:
            raise wrong
        if form != "html" and answer is None:
            raise BadRequest(f"the question has no answer yet: it needs {', '.join(p.name for p in question.parameters if p.required) if question else 'q'}")
        if answer and form == "csv":
            return Made(forms.as_csv(answer).encode("utf-8", "replace"), "text/csv", 200, (("content-disposition", f'attachment; filename="{name}.csv"'),))
        if answer and form == "json":
            return _json({"columns": answer.columns, "rows": answer.rows, "more": answer.more, "seconds": round(took, 3)})
        if answer and as_picture:
            return self._picture(_as_picture(opened, answer, question.summary if question else "Answer to a statement"))
        return self._html(
            "query.html", status=404 if isinstance(wrong, NotFound) else 400 if wrong else 200, here="query", name=name, question=question, given=filled,
            answer=forms.linked(answer, opened.index.names) if answer else None, milliseconds=round(1000 * took),
            string=urlencode({k: v for k, v in filled.items() if v}),
            wrong=str(wrong) if wrong else "", near=wrong.near() if isinstance(wrong, NotFound) else [],
            as_command=forms.as_command(question, filled) + self._shared["of_graph"], as_python=forms.as_python(question, filled, self.held.graph),
        )  # fmt: skip

    def _shown(self, template: str, form: str, said: Mapping[str, Any], here: str, **more: Any) -> Made:
        return _json(said) if form == "json" else self._html(template, here=here, **said, **more)

    def _html(self, template: str, /, *, status: int = 200, **said: Any) -> Made:
        return Made(self._templates.get_template(template).render(status=status, **said).encode("utf-8", "replace"), "text/html", status)

    def _picture(self, view: View) -> Made:
        larger = f"/picture?{draw.query_string(view, limit=view.larger)}" if view.larger and view.larger <= pages.MOST else None
        return Made(draw.page(view, address=address, served=self._shared | {"larger": larger}).encode("utf-8", "replace"), "text/html")

    def _wrong(self, form: str, status: int, error: str, near: list[dict[str, Any]] | None = None) -> Made:
        if form != "html":
            return _json({"error": error, "near": near or []}, status)
        return self._html("wrong.html", here="", status=status, error=error, near=near or [])


def _as_picture(opened: Opened, answer: Rows, title: str) -> View:
    """Return what an answer names, with the edges between."""
    names = opened.index.names
    kinds = {i: names.kind(i) or "" for i in forms.ids(answer, names)[: draw.MANY]}
    return of_nodes(opened.store, [i for i in kinds if kinds[i] == "paper"], {i: kind for i, kind in kinds.items() if kind != "paper"}, title)


def _json(said: Mapping[str, Any], status: int = 200) -> Made:
    text = json.dumps(finite(said), ensure_ascii=False, default=str, separators=(",", ":"))
    return Made(text.encode("utf-8", "replace"), "application/json", status)


def _parameters(query: bytes) -> dict[str, list[str]]:
    """Return the parameters of an address. Raises `BadRequest` for what is no text."""
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=4000)
    except (UnicodeDecodeError, ValueError):
        raise BadRequest("the parameters of the address are not text in UTF-8, or too many") from None
    out: dict[str, list[str]] = {}
    for name, value in pairs:
        if "\x00" in value:
            raise BadRequest(f"“{name[:40]}” holds a character that no name has")
        out.setdefault(name, []).append(value)
    return out


def _ending(path: str) -> str:
    """Return the form that the ending of a path asks for."""
    return next((form for form in ("json", "csv") if path.endswith(f".{form}")), "html")


def _without_ending(opened: Opened, path: str, form: str) -> tuple[str, str]:
    """Return the path without the ending that asks for a form, and the form; an ending that belongs to an id stays, and asks for none."""
    if "\x00" in path or "\ufffd" in path:
        raise BadRequest("the address is not text in UTF-8")
    here, _, key = path.removeprefix("/").partition("/")
    if form == "html" or (here in ("paper", *TYPES) and opened.index.names.kind(key if here == "paper" else f"{family(here)}:{key}")):
        return path, "html"
    page = path.removesuffix(f".{form}")
    return ("/" if page in ("/index", "/") else page), form


def _redirected(address: str, form: str, given: Mapping[str, list[str]]) -> str:
    """Return an address in this form, with the parameters that are given beside an id."""
    page, _, query = address.partition("?")
    more = urlencode({name: values for name, values in given.items() if name != "id"}, doseq=True)
    string = "&".join(part for part in (query, more) if part)
    return page + (f".{form}" if form != "html" else "") + (f"?{string}" if string else "")


def _same(given: Mapping[str, list[str]]) -> str:
    """Return what the links of a page to itself begin with, where its id is a parameter."""
    return f"{urlencode({'id': given['id'][0]})}&" if given.get("id") else ""


# -- filters of the templates ----------------------------------------------------------------------------------------------------

_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]


def _date(text: str | None) -> str:
    """Return a date for reading: 12 May 2025, May 2025, 2025; one without a year as it is."""
    try:
        year, *rest = [int(part) for part in (text or "").split("-")]
        month, day = [*rest, 1, 1][:2] if rest else (1, 1)
        date(year, month, day)
    except ValueError:
        return text or ""
    return " ".join([*([str(day)] if len(rest) > 1 else []), *([_MONTHS[month - 1]] if rest else []), str(year)])


def _line(text: str) -> str:
    """Return what is wrong as a sentence for reading."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', '!')) else '.'}"


_LONG, _BEFORE, _ROOM = 280, 110, 260
"""Characters of a sentence that is shown whole; of one that is cut, those before its first mark and those shown."""


def _excerpt(sentence: str, marks: Sequence[Sequence[int]]) -> dict[str, Any]:
    """Return what is shown of a sentence, cut at its marks (text, whether it is marked); a long one around its first mark, and then ``whole`` as well."""
    whole = _marked(sentence, marks, 0, len(sentence))
    if len(sentence) <= _LONG:
        return {"pieces": whole, "whole": None}
    start, end = min(((a, b) for a, b in marks), default=(0, 0))
    left = max(0, start - _BEFORE)
    right = min(len(sentence), max(left + _ROOM, end))
    while 0 < left < start and sentence[left - 1] != " ":
        left += 1
    while end < right < len(sentence) and sentence[right] != " ":
        right -= 1
    right = max([right, *(b for a, b in marks if a < right < b)])
    shown = _marked(sentence, marks, left, right)
    return {"pieces": [*([("… ", False)] if left else []), *shown, *([(" …", False)] if right < len(sentence) else [])], "whole": whole}


def _marked(sentence: str, marks: Iterable[Iterable[int]], left: int, right: int) -> list[tuple[str, bool]]:
    """Cut a part of a sentence at its marks; of marks that overlap the first stays."""
    out: list[tuple[str, bool]] = []
    done = left
    for start, end in sorted((a, b) for a, b in marks):
        if done <= start and end <= right:
            out += [(sentence[done:start], False), (sentence[start:end], True)]
            done = end
    return [piece for piece in [*out, (sentence[done:right], False)] if piece[0]]
