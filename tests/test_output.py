"""Rows as text."""

import csv
import io
import json

from hypothesis import given
from hypothesis import strategies as st

from kg.output import lines
from kg.stores import Rows
from kg.text import visible

ROWS = Rows(("name", "papers", "aliases"), [("LoRA", 7, ["Low-Rank Adaptation"]), ('a,b\n"c"', None, [])])


def test_csv_reads_back() -> None:
    rows = list(csv.reader(io.StringIO("\n".join(lines(ROWS, "csv", terminal=False)))))
    assert rows == [["name", "papers", "aliases"], ["LoRA", "7", '["Low-Rank Adaptation"]'], ['a,b\n"c"', "", "[]"]]


def test_json_and_json_lines_read_back() -> None:
    whole = json.loads("\n".join(lines(ROWS, "json", terminal=False)))
    assert whole == ROWS.dicts() == [json.loads(line) for line in lines(ROWS, "nl", terminal=False)]


def test_sentences_stand_below_the_rows_of_their_paper() -> None:
    answer = Rows(
        ("paper", "method", "sentence", "other_sentence"), [("P", "LoRA", "One.", "Two."), ("P", "SVD", "Three.", None), ("Q", "SVD", "Four.", "Five.")]
    )
    shown = list(lines(answer, "table", terminal=True))
    assert shown == [
        "P",
        "  LoRA",
        "    this paper: “One.”",
        "    other paper: “Two.”",
        "  SVD",
        "    this paper: “Three.”",
        "",
        "Q · SVD",
        "    this paper: “Four.”",
        "    other paper: “Five.”",
    ]


@given(st.text(), st.sampled_from(["table", "csv", "json", "nl"]))
def test_nothing_in_a_row_controls_a_terminal(text: str, form: str) -> None:
    for line in lines(Rows(("name", "sentence"), [(text, text)]), form, terminal=True):
        assert all(visible(c) == c for c in line if c != "\n")
