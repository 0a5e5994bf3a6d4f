from collections.abc import Callable
from pathlib import Path

import pytest

from kg.records import Paper
from kg.sources import read_papers
from kg.sources.saved_page import date_of, is_prose

FIRST = "As models grow, tuning them costs more; we introduce a method that tunes fewer parameters, and it works."
SECOND = "We prove a bound on the rank of alternating matrices, and we show that it is tight in all cases."

BLANK_LINES = f"""new

Get trending papers in your email inbox!

Subscribe

Daily Papers

byAK and the research community

Aug 28

PiSSA: Principal Singular Values

{FIRST}

On affine spaces

{SECOND}
"""
COMPACT = f"""Get trending papers in your email inbox once a day!
Get trending papers in your email inbox!
SubscribePiSSA: Principal Singular Values
{FIRST}
On affine spaces
{SECOND}
"""

Read = Callable[[str], list[Paper]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(page: str) -> list[Paper]:
        (tmp_path / "page.txt").write_text(page, encoding="utf-8")
        return list(read_papers([tmp_path / "page.txt"]))

    return read


@pytest.mark.parametrize("page", [BLANK_LINES, COMPACT])
def test_both_layouts_hold_the_same_papers(read: Read, page: str) -> None:
    assert [(p.title, p.abstract) for p in read(page)] == [("PiSSA: Principal Singular Values", FIRST), ("On affine spaces", SECOND)]


def test_date_line_dates_the_papers_below_and_invents_no_year(read: Read) -> None:
    assert [p.date for p in read(BLANK_LINES)] == ["--08-28", "--08-28"]
    assert [p.date for p in read(COMPACT)] == [None, None]
    assert [p.date for p in read(BLANK_LINES.replace("On affine", "Sep 2, 2024\n\nOn affine"))] == ["--08-28", "2024-09-02"]


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Aug 28", "--08-28"),
        ("August 28", "--08-28"),
        ("Sept. 3", "--09-03"),
        ("Mar 1, 2024", "2024-03-01"),
        ("Aug 32", None),
        ("Foo 1", None),
        ("28", None),
        ("May 1 or later", None),
    ],
)
def test_date_of_a_line(line: str, date: str | None) -> None:
    assert date_of(line) == date


def test_lines_of_the_site_are_no_papers(read: Read) -> None:
    site = "\n\n".join(["Upvote", "12", "· 3 authors", "Submitted by someone", "View on arXiv", "Published on Aug 3", "—"][1:])
    assert [p.title for p in read(BLANK_LINES.replace("On affine", f"{site}\n\nOn affine"))] == ["PiSSA: Principal Singular Values", "On affine spaces"]


def test_title_that_begins_with_subscribe_is_left_whole_inside_the_page(read: Read) -> None:
    assert [p.title for p in read(COMPACT.replace("On affine", "SubscribeNet: on affine"))][1] == "SubscribeNet: on affine spaces"


def test_title_without_abstract_is_a_paper(read: Read) -> None:
    papers = read(BLANK_LINES.replace("On affine spaces", "A lonely title\n\nOn affine spaces") + "\nA last title\n")
    assert [(p.title, bool(p.abstract)) for p in papers] == [
        ("PiSSA: Principal Singular Values", True),
        ("A lonely title", False),
        ("On affine spaces", True),
        ("A last title", False),
    ]


def test_paragraphs_of_one_abstract_are_joined(read: Read) -> None:
    assert [p.abstract for p in read(BLANK_LINES.replace(SECOND, f"{SECOND}\n\n{FIRST}"))][1] == f"{SECOND} {FIRST}"


def test_prose_is_told_from_titles() -> None:
    assert is_prose(FIRST)
    assert is_prose("x" * 300)
    assert not is_prose("What is a good title? A study of titles")
    assert not is_prose("Dr. Who.")


def test_shared_pages_hold_what_was_counted(pages: list[Path]) -> None:
    held = [list(read_papers([p])) for p in pages]
    assert [len(papers) for papers in held] == [60, 82, 119]
    assert len({p.id for papers in held for p in papers}) == 245
    assert all(p.abstract for papers in held for p in papers)
    assert [{p.date for p in papers} for papers in held] == [{"--08-28"}, {"--03-14"}, {None}]
    assert held[2][0].title == "PiSSA: Principal Singular Values and Singular Vectors Adaptation of Large Language Models"
