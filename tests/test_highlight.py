"""What `kg extract` prints and draws, and, in a real Chromium, what a reader sees of it."""

import json
import os
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from playwright.sync_api import Page
from test_cli import KG, fails, kg
from test_terminal import on_a_terminal

from kg import highlight
from kg.extract import Reader, read
from kg.records import FIELDS, ROLES, TYPES, LocalEntity, Mention, Paper, Passage, Reading
from kg.sources import read_papers

KEYS = ["paper", "field", "start", "end", "surface", "type", "score", "rule", "entity", "role", "generic"]
RECORDS = [
    {"id": "a", "title": "QLoRA: Efficient Finetuning", "abstract": "We propose QLoRA and evaluate it on GSM8K by accuracy."},
    {"id": 7, "title": "  On\t\u00a0LoRA 😀 \u202eABEL", "abstract": "We\n\nuse  LoRA\x00 and 😀 BERT\u2028on Caf\u00e9, \\textbf{GLUE}.\r\n"},
    {"title": "A title without an abstract, on LoRA"},
    {"id": "nothing", "title": ".", "abstract": "…"},
]
HOSTILE = [
    "<script>window.owned = 1</script>",
    "</script><script>window.owned = 1</script>",
    '"><img src=x onerror="window.owned = 1">',
    "' onmouseover='window.owned=1",
    "</style><style>* { display: none !important }</style>",
    "</title><script>window.owned = 1</script><title>",
    "</mark></bdi></p></article></main></body></html>",
    "<!-- --!> <![CDATA[ ]]> <?x ?>",
    "&lt;b&gt; &amp;amp; &#60;script&#62; &nbsp;",
    "{{ 7 * 7 }} {% raw %} {# #}",
    "<base href='https://example.org/'><a href='javascript:window.owned=1'>x</a><iframe srcdoc='<script>top.owned=1</script>'>",
    "\u2028window.owned = 1\u2029",
    "\u202egnirts \u2066\u2067 \u2069 \x1b[31m\x07\x7f",
    "漢字 e\u0301 🧑\u200d💻 \ufeff\U0010ffff",
    "A" * 20_000,
]


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of four papers, some of them untidy; not to be changed."""
    path = tmp_path_factory.mktemp("papers") / "papers.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in RECORDS), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def printed(papers: Path) -> str:
    """What is printed of them."""
    done = kg("extract", papers)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def objects(text: str) -> list[dict[str, Any]]:
    """Return the objects of JSON Lines; U+2028 ends no line."""
    return [json.loads(line) for line in text.removesuffix("\n").split("\n")]


def marked(text: str, field: str, *places: tuple[int, int]) -> Reading:
    """Return a reading with a mention at each place of a text."""
    mentions = tuple(Mention(Passage(field, a, b), text[a:b], TYPES[i % 5], 0.5, "model", 0) for i, (a, b) in enumerate(places))
    return Reading("p", "", mentions, (LocalEntity("method", text[:1], False, "uses", 0.5, Passage(field, 0, len(text)), True),))


# -- lines ---------------------------------------------------------------------------------------------------------------------


def test_a_line_holds_what_a_mention_is_and_where_it_stands(papers: Path, printed: str) -> None:
    texts = {p.id: p for p in read_papers([papers])}
    for row in objects(printed):
        assert list(row) == KEYS
        assert row["field"] in FIELDS
        assert getattr(texts[row["paper"]], row["field"])[row["start"] : row["end"]] == row["surface"] != ""
        assert row["type"] in TYPES
        assert row["role"] in ROLES
        assert 0 <= row["score"] <= 1
        assert isinstance(row["generic"], bool)


def test_lines_are_the_readings_in_order(papers: Path, printed: str) -> None:
    expected = [row for p in read_papers([papers]) for row in highlight.rows(p, read(p.title, p.abstract, p.id))]
    assert objects(printed) == expected
    assert objects("".join(highlight.lines((p, read(p.title, p.abstract, p.id)) for p in read_papers([papers])))) == expected


def test_entities_are_numbered_within_a_paper_and_have_one_role(printed: str) -> None:
    said: dict[tuple[str, int], set[tuple[str, bool]]] = {}
    for row in objects(printed):
        said.setdefault((row["paper"], row["entity"]), set()).add((row["role"], row["generic"]))
    assert all(len(one) == 1 for one in said.values())
    for paper in {p for p, _ in said}:
        assert {n for p, n in said if p == paper} == set(range(sum(p == paper for p, _ in said)))


def test_standard_input_and_a_file_give_the_same(papers: Path, printed: str, tmp_path: Path) -> None:
    assert kg("extract", "-", stdin=papers.read_bytes()).stdout == printed
    written = kg("extract", "-", "-o", "out.jsonl", cwd=tmp_path, stdin=papers.read_bytes())
    assert (written.returncode, written.stdout, written.stderr) == (0, "", "")
    assert (tmp_path / "out.jsonl").read_bytes().decode() == printed


def test_the_model_and_the_threshold_are_those_asked_for(papers: Path) -> None:
    fast = objects(kg("extract", "--model", "fast", papers).stdout)
    assert fast == [row for p in read_papers([papers]) for row in highlight.rows(p, read(p.title, p.abstract, p.id, Reader("fast")))]
    sure = objects(kg("extract", "--model", "fast", "--threshold", "0.9", papers).stdout)
    assert sure == [row for p in read_papers([papers]) for row in highlight.rows(p, read(p.title, p.abstract, p.id, Reader("fast", 0.9)))]
    assert all(row["score"] >= 0.9 for row in sure)


def test_all_files_of_all_kinds_are_read(papers: Path, printed: str, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "a.csv").write_text("title,abstract\nOn BERT,We use BERT.\n")
    (paper,) = read_papers([tmp_path / "more"])
    more = "".join(highlight.lines([(paper, read(paper.title, paper.abstract, paper.id))]))
    assert kg("extract", papers, "more", cwd=tmp_path).stdout == printed + more


def test_papers_without_mentions_give_no_lines(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"title": "."}\n')
    done = kg("extract", tmp_path / "a.jsonl")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert highlight.page([], "Nothing").count("No papers.") == 1


def test_a_graph_is_neither_needed_nor_made(papers: Path, tmp_path: Path) -> None:
    kg("extract", papers, cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_gets_nothing_that_controls_it(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text(json.dumps({"id": "\x1b[31m", "title": "LoRA \u202e", "abstract": "We use LoRA\x1b]0;owned\x07, BERT."}) + "\n")
    for words in (("extract", "bad.jsonl"), ("extract", "--html", "bad.jsonl")):
        got = on_a_terminal(*words, cwd=tmp_path).replace("\r\x1b[K", "")
        assert "LoRA" in got
        assert not any(c in got for c in "\x1b\x07\u202e")


def test_a_closed_pipe_is_no_error(papers: Path) -> None:
    done = subprocess.run(f"'{KG}' extract '{papers}' | head -n 1", shell=True, capture_output=True, text=True)
    assert done.stderr == ""
    assert len(objects(done.stdout)) == 1


# -- mistakes ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [(), ("--html",)], ids=["lines", "page"])
def test_unreadable_input_is_one_line_and_writes_nothing(papers: Path, tmp_path: Path, form: tuple[str, ...]) -> None:
    bad = {
        "empty.jsonl": b"",
        "binary.txt": bytes(range(256)) * 10,
        "cut.jsonl": papers.read_bytes() + b'{"title": "A", "abs',
        "untitled.jsonl": papers.read_bytes() + b'{"abstract": "B."}\n',
    }
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "old").write_text("old")
    for name in (*bad, "absent.jsonl"):
        fails(kg("extract", *form, papers, name, "-o", "new", cwd=tmp_path), 1, name)
    fails(kg("extract", *form, "cut.jsonl", "-o", "old", cwd=tmp_path), 1, "cut.jsonl:5")
    assert kg("extract", *form, "cut.jsonl", cwd=tmp_path).stdout == ""
    assert (tmp_path / "old").read_text() == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([*bad, "old"])


@pytest.mark.parametrize(
    ("words", "code", "parts"),
    [
        ((), 2, ("FILES",)),
        (("papers.jsonl", "--model", "large"), 2, ("--model", "best", "fast")),
        (("papers.jsonl", "--threshold", "1.5"), 2, ("--threshold",)),
        (("papers.jsonl", "--threshold", "high"), 2, ("--threshold",)),
        (("papers.jsonl", "-o", "no/such/out.jsonl"), 1, ("no/such/out.jsonl",)),
        (("-",), 1, ("standard input",)),
        (("papers.jsonl", "--threshold", "nan"), 1, ("threshold", "between 0 and 1")),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, tuple) else "",
)
def test_a_mistake_is_one_line_that_says_what_to_do(papers: Path, words: tuple[str, ...], code: int, parts: tuple[str, ...]) -> None:
    fails(kg("extract", *words, cwd=papers.parent, stdin=""), code, *parts)


@pytest.mark.parametrize("form", [(), ("--html",)], ids=["lines", "page"])
def test_a_file_whose_name_is_no_utf8_is_read(papers: Path, tmp_path: Path, form: tuple[str, ...]) -> None:
    odd = os.fsdecode(b"odd\xff.jsonl")
    (tmp_path / odd).write_bytes(papers.read_bytes())
    done = kg("extract", *form, odd, "-o", "out", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out").read_text(encoding="utf-8")


# -- the page ------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drawn(papers: Path) -> str:
    """The page of the four papers."""
    return kg("extract", "--html", papers).stdout


class _Texts(HTMLParser):
    """Collect the text of each article's headings and paragraphs, what only a screen reader hears left out, and the marks."""

    def __init__(self) -> None:
        super().__init__()
        self.articles: list[list[str]] = []
        self.marks: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        hidden = dict(attrs).get("class") == "vh"
        if tag == "article":
            self.articles.append([])
        elif tag in ("h2", "p") and self.articles:
            self.articles[-1].append("")
        elif tag == "mark":
            self.marks.append("")
        self._inside.append("hidden" if hidden else tag)

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() not in (tag, "hidden"):
            pass

    def handle_data(self, data: str) -> None:
        if {"h2", "p"} & set(self._inside) and self.articles and "hidden" not in self._inside:
            self.articles[-1][-1] += data
            if "mark" in self._inside:
                self.marks[-1] += data


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=40) | st.sampled_from(HOSTILE[:-1])


@given(TEXTS, TEXTS, st.lists(st.integers(0, 40), max_size=6))
@example("<b>", "&amp;", [0, 1, 1, 3])
def test_any_text_stands_in_the_page_as_it_is(title: str, abstract: str, cuts: list[int]) -> None:
    cuts = sorted({c for c in cuts if c <= len(abstract)})
    places = list(zip(cuts[::2], cuts[1::2], strict=False))
    parsed = _Texts()
    parsed.feed(highlight.page([(Paper(id=title, title=title, abstract=abstract), marked(abstract, "abstract", *places))], abstract))
    assert parsed.articles == [[title, title, abstract]]
    assert parsed.marks == [abstract[a:b] for a, b in places]


def test_of_overlapping_mentions_the_first_is_marked() -> None:
    parsed = _Texts()
    parsed.feed(highlight.page([(Paper(id="p", title="low-rank adaptation"), marked("low-rank adaptation", "title", (0, 8), (4, 19), (9, 19)))], "x"))
    assert parsed.articles == [["p", "low-rank adaptation", ""]]
    assert parsed.marks == ["low-rank", "adaptation"]


def test_a_page_says_how_many_mentions_of_each_type_there_are(drawn: str, printed: str) -> None:
    counts = dict.fromkeys(TYPES, 0)
    for row in objects(printed):
        counts[row["type"]] += 1
    assert [(t, int(n)) for t, n in re.findall(r"</span>(\w+) (\d+)</li>", drawn)] == list(counts.items())
    assert drawn.count("<mark ") == sum(counts.values())


def test_a_page_loads_nothing_and_is_the_same_each_time(drawn: str, papers: Path, tmp_path: Path) -> None:
    done = kg("extract", "--html", papers, "-o", "page.html", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "page.html").read_bytes().decode() == drawn
    assert "default-src 'none'" in drawn
    assert not re.search(r"<(?:script|link|img|iframe)\b|\burl\(|@import", drawn)


SHOWN = """() => [...document.querySelectorAll("article")].map(article => {
  const copy = article.cloneNode(true)
  copy.querySelectorAll(".vh").forEach(hidden => hidden.remove())
  return [...copy.children].map(part => part.textContent)
})"""
SEEN = """() => [...document.querySelectorAll("article > *")].filter(part => part.textContent).every(part => part.checkVisibility())"""


def test_hostile_text_is_shown_and_never_runs(page: Page, tmp_path: Path) -> None:
    records = [{"id": f"{text} {i}", "title": f"On LoRA {text}", "abstract": f"We use {text} and LoRA{text}."} for i, text in enumerate(HOSTILE)]
    (tmp_path / "bad.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    assert kg("extract", "--html", "bad.jsonl", "-o", "bad.html", cwd=tmp_path).returncode == 0
    page.goto((tmp_path / "bad.html").as_uri())
    stored = list(read_papers([tmp_path / "bad.jsonl"]))
    assert page.evaluate(SHOWN) == [[p.id, p.title, p.abstract] for p in stored]
    assert page.evaluate(SEEN)
    assert page.evaluate("window.owned") is None
    assert page.locator("main *:not(ul, li, article, p, bdi, h2, mark, span)").count() == 0
    assert page.title() == "bad.jsonl · kg"


def test_hostile_mentions_and_titles_are_shown_and_never_run(page: Page, tmp_path: Path) -> None:
    made = [(Paper(id=text, title=text, abstract=text), marked(text, "title", (0, len(text)))) for text in HOSTILE]
    (tmp_path / "bad.html").write_text(highlight.page(made, "".join(HOSTILE[:-1])), encoding="utf-8")
    page.goto((tmp_path / "bad.html").as_uri())
    assert page.evaluate(SHOWN) == [[text] * 3 for text in HOSTILE]
    assert page.evaluate(SEEN)
    assert page.locator("h1").text_content() == "".join(HOSTILE[:-1])
    assert page.locator("mark").count() == len(HOSTILE)
    for i in range(6):
        page.locator("mark").nth(i).hover()
    assert page.evaluate("window.owned") is None
    assert page.locator("body *:not(header, h1, main, ul, li, article, p, bdi, h2, mark, span)").count() == 0


def test_records_that_cannot_be_read_can_be_left_out(papers: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text(papers.read_text(encoding="utf-8") + '{"title": 3}\n', encoding="utf-8")
    done = kg("extract", "--skip-bad", "bad.jsonl", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout == kg("extract", papers).stdout
    assert "1 skipped as unreadable" in done.stderr


def test_another_encoding_is_read_when_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "old.jsonl").write_bytes('{"title": "Café LoRA", "abstract": "We propose LoRA."}\n'.encode("cp1252"))
    assert '"LoRA"' in kg("extract", "--encoding", "cp1252", "old.jsonl", cwd=tmp_path).stdout


def test_the_input_is_not_overwritten(papers: Path) -> None:
    before = papers.read_bytes()
    fails(kg("extract", papers, "-o", papers), 2, "--output", "overwritten")
    assert papers.read_bytes() == before
