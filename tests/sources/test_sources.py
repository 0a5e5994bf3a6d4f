import gzip
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from kg.errors import InputError
from kg.records import Paper
from kg.sources import Tally, read_papers
from kg.sources.record import MAX_RECORD

RECORDS = [
    {"title": "LoRA for Café Menus", "abstract": "We adapt large models with low-rank matrices, and it works. Code: https://github.com/a/b."},
    {"title": "A Second Study of Words", "abstract": "We study the words that people use when they write about models."},
]
PAGE = "Daily Papers\n\n" + "".join(f"{r['title']}\n\n{r['abstract']}\n\n" for r in RECORDS)
LINE = b'{"title": "A", "abstract": "B."}\n'

Write = Callable[[str, bytes | str], Path]


@pytest.fixture
def file(tmp_path: Path) -> Write:
    def write(name: str, content: bytes | str) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def parquet(rows: object) -> bytes:
    out = io.BytesIO()
    pl.DataFrame(rows).write_parquet(out)
    return out.getvalue()


def jsonl(records: list[dict[str, object]]) -> str:
    return "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records)


def table(separator: str = ",") -> str:
    return "".join(separator.join(f'"{c}"' for c in row) + "\n" for row in [("title", "abstract"), *((r["title"], r["abstract"]) for r in RECORDS)])


def contents() -> dict[str, bytes]:
    return {
        "page.txt": PAGE.encode(),
        "papers.jsonl": jsonl(RECORDS).encode(),
        "papers.csv": table().encode(),
        "papers.tsv": table("\t").encode(),
        "papers.parquet": parquet(RECORDS),
    }


def read(*paths: Path, encoding: str | None = None) -> list[Paper]:
    return list(read_papers(paths, encoding=encoding))


def texts(papers: list[Paper]) -> list[tuple[object, ...]]:
    return [(p.id, p.title, p.abstract, p.authors, p.date, p.venue, p.categories, p.url, p.code_urls) for p in papers]


# -- one content, every format -------------------------------------------------------------------------------------------------


def test_every_format_yields_the_same_papers(file: Write) -> None:
    read_from = {name: texts(read(file(name, content))) for name, content in contents().items()}
    assert all(papers == read_from["page.txt"] for papers in read_from.values())
    assert read_from["page.txt"][0][-1] == ("https://github.com/a/b",)
    assert [t[1] for t in read_from["page.txt"]] == [r["title"] for r in RECORDS]


@pytest.mark.parametrize("name", contents())
@pytest.mark.parametrize("suffix", [".txt", ".jsonl", ".csv", ".parquet", ".dat", ""])
def test_format_is_known_by_content_whatever_the_name(file: Write, name: str, suffix: str) -> None:
    content = contents()[name]
    assert texts(read(file(f"x{suffix}", content))) == texts(read(file(name, content)))


def test_all_columns_come_alike_from_every_table(file: Write) -> None:
    full = {
        "id": "doi:10/1",
        "title": "T one",
        "abstract": "A.",
        "authors": ["Ann Lee", "Bo"],
        "date": "2024-05-12",
        "venue": "ACL",
        "categories": ["cs.CL", "cs.LG"],
        "url": "https://x.org/1",
    }
    flat = {k: "; ".join(v) if isinstance(v, list) else v for k, v in full.items()}
    csv = ",".join(flat) + "\n" + ",".join(f'"{v}"' for v in flat.values()) + "\n"
    papers = [read(file("a.jsonl", jsonl([full])))[0], read(file("a.parquet", parquet([full])))[0], read(file("a.csv", csv))[0]]
    assert len(set(texts(papers))) == 1
    assert papers[0].authors == ("Ann Lee", "Bo")
    assert papers[0].categories == ("cs.CL", "cs.LG")
    assert papers[0].date == "2024-05-12"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize("name", ["page.txt", "papers.jsonl", "papers.csv"])
def test_byte_order_mark_tells_the_encoding(file: Write, name: str, encoding: str) -> None:
    plain = contents()[name]
    assert texts(read(file("marked", plain.decode().encode(encoding)))) == texts(read(file(name, plain)))


@pytest.mark.parametrize("name", ["page.txt", "papers.jsonl", "papers.csv"])
def test_other_encodings_are_read_when_named(file: Write, name: str) -> None:
    plain = contents()[name]
    assert texts(read(file(f"old-{name}", plain.decode().encode("cp1252")), encoding="cp1252")) == texts(read(file(name, plain)))


@pytest.mark.parametrize("name", ["page.txt", "papers.jsonl", "papers.csv"])
def test_wrong_encoding_is_an_error_that_names_the_option(file: Write, name: str) -> None:
    path = file(name, contents()[name].decode().encode("cp1252"))
    assert "--encoding" in error(path)


@pytest.mark.parametrize("name", ["nope", "", "hex", "rot13", "punycode", "a\0b"])
def test_unknown_encoding_is_an_error(file: Write, name: str) -> None:
    with pytest.raises(InputError):
        read(file("a.jsonl", LINE), encoding=name)


def test_line_ends_do_not_matter(file: Write) -> None:
    for name in ("page.txt", "papers.jsonl", "papers.csv"):
        plain = contents()[name]
        assert texts(read(file(f"crlf-{name}", plain.replace(b"\n", b"\r\n")))) == texts(read(file(name, plain)))


# -- ids, files ----------------------------------------------------------------------------------------------------------------


def test_id_of_a_record_is_kept_verbatim_and_else_made_of_the_title(file: Write) -> None:
    records = [{"id": "arXiv:2106.09685 v2", "title": "LoRA!"}, {"title": "LoRA: Nyström!"}, {"id": 7, "title": "C"}, {"id": "", "title": "D d"}]
    assert [p.id for p in read(file("a.jsonl", jsonl(records)))] == ["arXiv:2106.09685 v2", "title:lora-nystrom", "7", "title:d-d"]


def test_papers_know_the_name_of_their_file_not_its_folder(file: Write) -> None:
    assert [p.sources for p in read(file("a.jsonl", LINE))] == [("a.jsonl",)]


def test_folder_is_read_in_order_of_names_without_hidden_files(file: Write, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("b.jsonl", "a.jsonl", ".hidden.jsonl", "sub/c.jsonl"):
        file(name, LINE.replace(b"A", name.encode()))
    assert [p.title for p in read(tmp_path)] == ["a.jsonl", "b.jsonl", "sub/c.jsonl"]


def test_dash_is_json_lines_on_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LINE * 2)))
    assert [(p.title, p.sources) for p in read(Path("-"))] == [("A", ("stdin",))] * 2


def test_tally_counts_records_and_missing_abstracts(file: Write) -> None:
    tally = Tally()
    list(read_papers([file("a.jsonl", LINE + b'\n{"title": "B"}\n')], tally=tally))
    assert (tally.records, tally.without_abstract, tally.skipped) == (2, 1, 0)


def test_control_characters_and_half_surrogates_do_not_reach_a_paper(file: Write) -> None:
    (paper,) = read(file("a.jsonl", b'{"title": "a\\u0000b\\ud800", "abstract": "c\\td"}'))
    assert (paper.title, paper.abstract) == ("a\ufffdb\ufffd", "c d")


# -- what cannot be read -------------------------------------------------------------------------------------------------------


def error(path: Path, encoding: str | None = None) -> str:
    """Return the message for a file that cannot be read: one line that begins with the file's name."""
    with pytest.raises(InputError) as caught:
        read(path, encoding=encoding)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(f"{path}:")
    return message.removeprefix(f"{path}:")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.txt", b"", "empty"),
        ("a.jsonl", b" \n\n\t", "empty"),
        ("a.txt", bytes(range(256)) * 20, "not a format"),
        ("a.pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", "not a format"),
        ("a.jsonl.gz", gzip.compress(LINE), "not a format"),
        ("a.html", b"<!DOCTYPE html><html><body>A title</body></html>", "HTML"),
        ("a.txt", b"\xef\xbb\xbf <html><p>x</p></html>", "HTML"),
        ("a.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "XML"),
        ("a.jsonl", b'[{"title": "A"}]', "not a JSON object"),
        ("a.parquet", b"PAR1", "not Parquet"),
        ("a.parquet", parquet({"title": ["A"] * 99})[:-40], "not Parquet"),
        ("a.parquet", parquet({"name": ["A"]}), "no column “title”"),
        ("a.csv", b"name,abstract\nA,B\n", "no column “title”"),
    ],
)
def test_file_of_no_known_format_is_an_error(file: Write, name: str, content: bytes, says: str) -> None:
    assert says in error(file(name, content))


@pytest.mark.parametrize(
    ("name", "content", "line", "says"),
    [
        ("a.jsonl", LINE + b'{"title": "A', 2, "not JSON"),
        ("a.jsonl", LINE + b"\n[1]\n", 3, "not a JSON object"),
        ("a.jsonl", LINE + b'{"title": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 2, "nested"),
        ("a.jsonl", b'{"title": "A", "x": ' + b"9" * 5000 + b"}", 1, "not JSON"),
        ("a.jsonl", LINE + b'{"abstract": "B."}', 2, "no title"),
        ("a.jsonl", LINE + b'{"title": " "}', 2, "no title"),
        ("a.jsonl", b'{"title": 3}', 1, "“title” is not a text"),
        ("a.jsonl", b'{"title": "A", "abstract": ["B"]}', 1, "“abstract” is not a text"),
        ("a.jsonl", b'{"title": "A", "authors": [1]}', 1, "“authors”"),
        ("a.jsonl", b'{"title": "A", "id": 1.5}', 1, "“id” is not a text"),
        ("a.jsonl", b'{"title": "A", "id": "x\\ud800"}', 1, "“id” holds"),
        ("a.jsonl", b'{"title": "A", "id": "x\\u0000"}', 1, "“id” holds"),
        ("a.jsonl", b'{"title": "A", "date": "soon"}', 1, "“date” is not a date"),
        ("a.jsonl", b'{"title": "A", "date": true}', 1, "“date” is not a date"),
        ("a.csv", b"title,abstract\nA,B\nC\n", 3, "1 values"),
        ("a.csv", b"title,abstract\nA,B,C\n", 2, "3 values"),
        ("a.csv", b'title,abstract\n"A\nA",B\nC\n', 4, "1 values"),
        ("a.csv", b'title,abstract\n"A"B,C\n', 2, "not CSV"),
        ("a.csv", b"id,title,abstract\n1,,B\n", 2, "no title"),
        ("a.txt", b"Daily Papers\n\nWe study the words that people use when they write.\n", 3, "without a title"),
        ("a.jsonl", LINE * 3000 + b'{"title": "caf\xe9"}\n', 3001, "--encoding"),
    ],
)
def test_bad_record_is_an_error_that_names_the_line(file: Write, name: str, content: bytes, line: int, says: str) -> None:
    message = error(file(name, content))
    assert message.startswith(f"{line}: ")
    assert says in message


def test_bad_row_of_parquet_is_named_by_its_number(file: Write) -> None:
    assert error(file("a.parquet", parquet({"title": ["A", None]}))).startswith("row 2: ")


@pytest.mark.parametrize("content", [LINE + b'{"title": "a\0b"}\n', b"title,abstract\na\0b,c\n", b"Daily Papers\n\nA ti\0tle\n"])
def test_raw_nul_is_an_error(file: Write, content: bytes) -> None:
    error(file("a.txt", content))


def test_csv_with_old_macintosh_line_ends_is_an_error(file: Write) -> None:
    error(file("a.csv", b"title,abstract\rA,B\r"))


def test_line_of_fifty_megabytes_is_an_error_not_a_paper(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with open(path, "wb") as out:
        out.write(LINE + b'{"title": "')
        out.writelines(b"x" * 1_000_000 for _ in range(50))
        out.write(b'"}\n')
    message = error(path)
    assert message.startswith("2: ")
    assert f"{MAX_RECORD:,}" in message


def test_missing_file_and_empty_folder_are_errors(tmp_path: Path) -> None:
    assert "No such file" in error(tmp_path / "none.txt")
    (tmp_path / "empty").mkdir()
    assert "no files" in error(tmp_path / "empty")


def test_first_bad_record_stops_the_reading(file: Write) -> None:
    with pytest.raises(InputError, match=":1: "):
        read(file("a.jsonl", b'{"title": 1}\n' + LINE))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", LINE + b'{"title": 1}\n{"title": "\n[]\n' + LINE),
        ("a.csv", b"title,abstract\nA,B\nC\n,D\nE,F,G\nH,I\n"),
        ("a.parquet", parquet({"title": ["A", None, "", None, "H"]})),
    ],
)
def test_skip_bad_counts_what_it_skips(file: Write, name: str, content: bytes) -> None:
    tally = Tally()
    assert len(list(read_papers([file(name, content)], skip_bad=True, tally=tally))) == 2
    assert (tally.records, tally.skipped) == (2, 3)


@pytest.mark.parametrize(
    "start", ["<!-- saved from url=x -->\n<!DOCTYPE html>\n<p>A</p>", "<div class=x><p>A title</p>", "Daily papers\n<p>x</p>\n<div>y</div>\n<li>z</li>"]
)
def test_html_is_refused_whatever_it_begins_with(tmp_path: Path, start: str) -> None:
    (tmp_path / "page.txt").write_text(start, encoding="utf-8")
    with pytest.raises(InputError, match="HTML"):
        list(read_papers([tmp_path / "page.txt"]))
