import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.aliases import judgement
from kg.assemble import Built, build, forget, judge, remove
from kg.errors import AmbiguousName, GraphError, InputError, KgError, UnknownName
from kg.extract import read
from kg.papers import identify
from kg.records import FIELDS, Paper, Reader, Reading
from kg.sources import read_papers
from kg.tables import SCHEMAS, Tables

BUILD = "import sys; from kg.assemble import build; build(sys.argv[2:], sys.argv[1], processes=1)"
VERSIONS = (
    '{"id": "p1", "title": "LoRA", "abstract": "We propose LoRA, evaluated on GSM8K.", "date": "--08-28"}\n',
    '{"id": "p1", "title": "LoRA", "abstract": "We propose LoRA, evaluated on GSM8K and GLUE.", "date": "2024-05-12", "venue": "ACL"}\n',
    '{"id": "p2", "title": "QLoRA", "abstract": "We present QLoRA, based on LoRA."}\n{"id": "p1", "title": "LoRA", "authors": ["Ann Lee"]}\n',
    '{"id": "p3", "title": "A note", "abstract": ""}\n',
)

Write = Callable[[str, str], Path]


@pytest.fixture
def file(tmp_path: Path) -> Write:
    def write(name: str, content: str) -> Path:
        path = tmp_path / "in" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return path

    return write


def content(graph: Path) -> dict[str, bytes]:
    """Return the graph's files; the store is a cache of its own."""
    return {p.name: p.read_bytes() for p in sorted(graph.iterdir()) if p.suffix in (".parquet", ".json")}


def make(files: list[Path], graph: Path, **options: Any) -> Built:
    return build(files, graph, processes=1, **options)


def lines(*records: dict[str, Any]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


# -- same input, same bytes ----------------------------------------------------------------------------------------------------


def test_order_of_the_files_does_not_matter(sample: Path, pages: list[Path], tmp_path: Path) -> None:
    files = [sample, pages[0]]
    assert content(make(files, tmp_path / "a").folder) == content(make(files[::-1], tmp_path / "b").folder)


def test_hash_seed_does_not_matter(sample: Path, tmp_path: Path) -> None:
    for seed in "01":
        subprocess.run([sys.executable, "-c", BUILD, str(tmp_path / seed), str(sample)], check=True, env={**os.environ, "PYTHONHASHSEED": seed})
    assert content(tmp_path / "0") == content(tmp_path / "1")


def test_incremental_build_is_the_fresh_build(pages: list[Path], pages_graph: Path, tmp_path: Path) -> None:
    for page in reversed(pages):
        last = make([page], tmp_path / "graph")
    assert content(tmp_path / "graph") == content(pages_graph)
    assert last.papers == 245
    assert last.read < 60


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["a.jsonl", "b.jsonl", "c.jsonl"]), st.sampled_from(VERSIONS)), min_size=1, max_size=5))
def test_any_sequence_of_builds_ends_where_one_build_does(tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str]]) -> None:
    folder = tmp_path_factory.mktemp("steps")
    # A later file of the same name replaces what it said of its papers; papers that it no longer names stay.
    said: dict[str, dict[str, str]] = {}
    for name, text in steps:
        (folder / name).write_text(text, encoding="utf-8")
        make([folder / name], folder / "graph")
        said.setdefault(name, {}).update({json.loads(line)["id"]: line for line in text.splitlines()})
    for name, lines in said.items():
        (folder / name).write_text("\n".join(lines.values()), encoding="utf-8")
    assert content(folder / "graph") == content(make([folder / n for n in said], folder / "fresh").folder)


LORA = "We propose Low-Rank Adaptation (LoRA), which freezes the weights of GPT-3. LoRA is trained with Adam on GLUE."
POOL: dict[str, list[tuple[dict[str, str], dict[str, str]]]] = {
    "arxiv.jsonl": [
        (
            {"id": "arxiv:2106.09685v1", "title": "LoRA: Low-Rank Adaptation of Large Language Models", "abstract": LORA},
            {"id": "arxiv:2106.09685v1", "title": "LoRA: Low-Rank Adaptation of Large Language Models", "abstract": f"{LORA} It outperforms BERT."},
        ),
        (
            {"id": "q1", "title": "Answering questions", "abstract": "Visual question answering (VQA) needs vision. We evaluate BERT on VQA with Adam."},
            {"id": "q1", "title": "Answering questions", "abstract": "Video question answering (VQA) needs time. We evaluate GPT-4 on VQA."},
        ),
        (
            {"id": "q2", "title": "Rating videos", "abstract": "Video quality assessment (VQA) is hard. We introduce BLaST, which extends BERT."},
            {"id": "q2", "title": "Rating videos with BLaST", "abstract": ""},
        ),
    ],
    "page.jsonl": [
        (
            {"title": "{LoRA}: low-rank adaptation of \\textsc{Large} language models", "abstract": LORA[:-9] + "SQuAD.", "date": "--06-17"},
            {"title": "{LoRA}: low-rank adaptation of \\textsc{Large} language models", "abstract": ""},
        ),
        (
            {"title": "Notes on adapters", "abstract": "We study VQA with GPT-4 and BLaST. We use low-rank adapters."},
            {"title": "Notes on adapters", "abstract": "We study LoRA."},
        ),
        ({"title": "Rating videos"}, {"title": "Rating videos", "abstract": "We use BLAST and Adam. We rate videos."}),
    ],
    "acl.jsonl": [
        (
            {"id": "acl:2022.x-1", "title": "LoRA: Low-Rank Adaptation of Large Language Models", "abstract": LORA, "date": "2022-05", "venue": "ICLR"},
            {"id": "acl:2022.x-1", "title": "Adapters of low rank", "abstract": "Low-rank adapters (LoRA) are faster than Adam.", "date": "2022-05"},
        ),
        (
            {"title": "Notes on adapters", "abstract": "Block-Level Adaptive Structured Matrices (BLAST) are compared with BERT in a clinic."},
            {"title": "Notes on adapters", "abstract": "Visual question answering (VQA), low-rank adaptation and GPT-3."},
        ),
    ],
}
PAIRS = (
    ("LoRA", "Low-Rank Adaptation"),
    ("low-rank adapters", "LoRA"),
    ("BLaST", "BLAST"),
    ("VQA (Visual question answering)", "VQA (Video quality assessment)"),
    ("VQA", "Visual question answering"),
    ("method:bert", "GPT-3"),
    ("GPT-3", "GPT-4"),
    ("GPT-4", "BERT"),
    ("LoRA", "VQA"),
)


@cache
def reading(title: str, abstract: str) -> Reading:
    return read(title, abstract, reader=Reader("fast"))


def quick(papers: Iterable[Paper], reader: Reader, *, processes: int | None = None) -> Iterator[Reading]:
    """Read as the fast model does, each text once."""
    yield from (replace(reading(p.title, p.abstract), paper=p.id) for p in papers)


def files_of(said: dict[str, dict[str, dict[str, str]]], folder: Path) -> list[Path]:
    """Write what is left in each file; return the files that still hold something."""
    folder.mkdir(exist_ok=True)
    for name, records in said.items():
        (folder / name).write_text(lines(*records.values()), encoding="utf-8")
    return [folder / name for name, records in said.items() if records]


BUILD_STEPS = st.tuples(st.just("build"), st.sampled_from([*POOL]), st.dictionaries(st.integers(0, 2), st.integers(0, 1), min_size=1, max_size=3))
STEPS = st.one_of(
    BUILD_STEPS,
    BUILD_STEPS,
    st.tuples(st.just("remove"), st.integers(0, 8)),
    st.tuples(st.booleans(), st.sampled_from(PAIRS), st.sampled_from([None, "method"])),
    st.tuples(st.just("forget"), st.integers(0, 2)),
    st.just(("link",)),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=3, max_size=10))
def test_any_sequence_of_changes_ends_where_one_build_of_what_is_left_does(tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[Any, ...]]) -> None:
    folder = tmp_path_factory.mktemp("changes")
    graph, own = folder / "graph", folder / "graph" / "aliases.tsv"
    said: dict[str, dict[str, dict[str, str]]] = {}
    judged: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.assemble.extract", quick)
        said["acl.jsonl"] = {"title:the first": {"title": "The first"}}
        make(files_of(said, folder / "in"), graph, model="fast", extract=quick)
        for step in steps:
            match step:
                case "build", name, chosen:
                    records = [POOL[name][i % len(POOL[name])][variant] for i, variant in chosen.items()]
                    new = {r.get("id") or f"title:{r['title'].casefold()}": r for r in records}
                    make(files_of({name: new}, folder / "in"), graph, extract=quick)
                    said[name] = said.get(name, {}) | new
                case "remove", number:
                    papers = list(read_papers(files_of(said, folder / "said")))
                    ids = identify(papers)
                    if not ids:
                        continue
                    gone = sorted(set(ids))[number % len(set(ids))]
                    remove(gone, graph)
                    of = iter(ids)
                    said = {name: {key: r for key, r in records.items() if next(of) != gone} for name, records in said.items()}
                case "forget", number if judged:
                    _, *names = judged[number % len(judged)].split("\t")
                    forget(names[0], names[1], graph)
                    judged = [line for line in judged if set(line.split("\t")[1:3]) != set(names[:2])]
                case bool(same), pair, type_:
                    before = content(graph)
                    try:
                        judge(said_now := judgement(same, *pair, type_), graph)
                    except KgError:
                        assert content(graph) == before
                    else:
                        judged.append(said_now.line)
                case ("link",):
                    assert make([], graph, extract=quick).read == 0
    assert (own.read_text(encoding="utf-8") if own.exists() else "") == "".join(f"{line}\n" for line in judged)
    rest = files_of(said, folder / "rest")
    if not rest:
        assert set(Tables.open(graph).manifest["rows"].values()) == {0}
        return
    (folder / "mine.tsv").write_text("".join(f"{line}\n" for line in judged), encoding="utf-8")
    fresh = make(rest, folder / "elsewhere" / "graph", model="fast", extract=quick, judgements=folder / "mine.tsv").folder
    assert Tables.open(graph).read("papers")["id"].to_list() == sorted(set(identify([*read_papers(rest)])))
    assert content(graph) == content(fresh)
    check(fresh)


def check(graph: Path) -> None:
    """Check that every entity is named, by its names only, and that facts, links and papers are of each other."""
    tables = Tables.open(graph)
    entities, papers, facts, mentions = (tables.read(t) for t in ("entities", "papers", "facts", "mentions"))
    ids, known = set(entities["id"]), set(papers["id"])
    assert len(ids) == entities.height
    assert entities.select("name", family=entities["id"].str.split(":").list.first()).is_unique().all()
    assert set(mentions["entity"]) == ids
    assert {(m["entity"], m["surface"]) for m in mentions.iter_rows(named=True)} == {(e["id"], a) for e in entities.iter_rows(named=True) for a in e["aliases"]}
    assert set(facts["target"]) <= ids
    assert set(facts["source"]) <= ids | known
    assert {*tables.read("links")["entity"], *tables.read("links")["other_entity"]} - {None} <= ids
    assert facts.filter(facts["role"] != "based_on").select("source", "target").is_unique().all()
    named = facts.filter(facts["role"] != "based_on").group_by("target").len()
    assert dict(named.iter_rows()) == dict(entities.select("id", "papers").iter_rows())


def test_building_twice_changes_nothing_and_reads_nothing(file: Write, tmp_path: Path) -> None:
    path = file("a.jsonl", VERSIONS[2])
    first, second = make([path], tmp_path / "g"), make([path], tmp_path / "g")
    assert (first.papers, first.new, first.read, first.changed_graph) == (2, 2, 2, True)
    assert (second.papers, second.new, second.changed, second.read, second.changed_graph) == (2, 0, 0, 0, False)


def test_only_new_and_changed_papers_are_read(file: Write, tmp_path: Path) -> None:
    make([file("a.jsonl", VERSIONS[0])], tmp_path / "g")
    added = make([file("b.jsonl", VERSIONS[2])], tmp_path / "g")
    assert (added.papers, added.new, added.changed, added.read) == (2, 1, 0, 1)
    changed = make([file("a.jsonl", VERSIONS[1])], tmp_path / "g")
    assert (changed.papers, changed.new, changed.changed, changed.read) == (2, 0, 1, 1)


def test_fresh_starts_over(file: Write, tmp_path: Path) -> None:
    make([file("a.jsonl", VERSIONS[0])], tmp_path / "g")
    built = make([file("b.jsonl", VERSIONS[3])], tmp_path / "g", fresh=True)
    assert (built.papers, built.without_abstract) == (1, 1)
    assert Tables.open(tmp_path / "g").read("papers")["id"].to_list() == ["p3"]


# -- less and more of the same --------------------------------------------------------------------------------------------------


@pytest.fixture
def pool(file: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The graph of all papers of the pool; what is read again is read by the fast model."""
    monkeypatch.setattr("kg.assemble.extract", quick)
    return make([file(name, lines(*(first for first, _ in texts))) for name, texts in POOL.items()], tmp_path / "g", model="fast", extract=quick).folder


def ids(graph: Path) -> list[str]:
    return Tables.open(graph).read("papers")["id"].to_list()


def without(graph: Path, file: Write, folder: Path, *gone: tuple[str, int]) -> Path:
    """Return a graph built at once from the pool without some texts."""
    left = {name: [first for i, (first, _) in enumerate(texts) if (name, i) not in gone] for name, texts in POOL.items()}
    return make([file(name, lines(*texts)) for name, texts in left.items() if texts], folder, model="fast", extract=quick).folder


def test_extraction_is_asked_for_new_texts_only(file: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def watched(papers: Iterable[Paper], reader: Reader, *, processes: int | None = None) -> Iterator[Reading]:
        for paper in papers:
            asked.append(paper.id)
            yield from quick([paper], reader)

    monkeypatch.setattr("kg.assemble.extract", watched)
    graph = tmp_path / "g"
    for name, new in (
        ("arxiv.jsonl", ["arxiv:2106.09685v1", "q1", "q2"]),
        ("arxiv.jsonl", []),
        ("page.jsonl", ["title:notes-on-adapters", "title:rating-videos"]),  # the page's LoRA is less full than arXiv's
    ):
        make([file(name, lines(*(first for first, _ in POOL[name])))], graph, model="fast", extract=watched)
        assert asked == new
        asked.clear()
    make([file("arxiv.jsonl", lines(POOL["arxiv.jsonl"][1][1]))], graph, extract=watched)
    assert asked == ["q1"]
    asked.clear()
    make([], graph, extract=watched)
    judge(judgement(True, "BERT", "GPT-3"), graph)
    forget("BERT", "GPT-3", graph)
    remove(["q1", "title:rating-videos"], graph)
    assert asked == []


def test_a_build_of_nothing_links_anew_under_an_alias_file_changed_by_hand(pool: Path) -> None:
    before = content(pool)
    (pool / "aliases.tsv").write_text("same\tBERT\tGPT-3\n", encoding="utf-8")
    done = make([], pool, extract=quick)
    assert (done.papers, done.new, done.changed, done.read, done.changed_graph) == (6, 0, 0, 0, True)
    assert done.difference
    assert [[n.name for n in group.old] for group in done.difference.merges] == [["BERT", "GPT-3"]]
    (pool / "aliases.tsv").unlink()
    make([], pool, extract=quick)
    assert content(pool) == before
    assert make([], pool, extract=quick).changed_graph is False


def test_a_build_of_nothing_needs_a_graph(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="name the files"):
        make([], tmp_path / "g")


@pytest.mark.parametrize(
    ("name", "gone"),
    [
        ("q1", [("arxiv.jsonl", 1)]),
        ("arxiv:2106.09685v1", [("arxiv.jsonl", 0), ("page.jsonl", 0), ("acl.jsonl", 0)]),
        ("acl:2022.x-1", [("arxiv.jsonl", 0), ("page.jsonl", 0), ("acl.jsonl", 0)]),
        ("title:lora-low-rank-adaptation-of-large-language-models", [("arxiv.jsonl", 0), ("page.jsonl", 0), ("acl.jsonl", 0)]),
        ("LoRA: Low-Rank Adaptation of Large Language Models", [("arxiv.jsonl", 0), ("page.jsonl", 0), ("acl.jsonl", 0)]),
        (" lora:  low-rank ADAPTATION of large language models ", [("arxiv.jsonl", 0), ("page.jsonl", 0), ("acl.jsonl", 0)]),
        ("{LoRA}: low-rank adaptation of \\textsc{Large} language models", [("arxiv.jsonl", 0), ("page.jsonl", 0), ("acl.jsonl", 0)]),
        ("title:rating-videos", [("page.jsonl", 2)]),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_a_paper_is_removed_by_any_of_its_ids_and_titles_with_all_its_texts(
    pool: Path, file: Write, tmp_path: Path, name: str, gone: list[tuple[str, int]]
) -> None:
    done = remove(name, pool)
    assert (done.papers, done.read, done.changed_graph) == (5, 0, True)
    assert done.difference
    assert len(done.difference.papers_removed) == 1
    assert content(pool) == content(without(pool, file, tmp_path / "fresh", *gone))


def test_removing_all_papers_leaves_an_empty_graph_that_grows_again(pool: Path, file: Write) -> None:
    full = content(pool)
    done = remove(ids(pool), pool)
    assert done.papers == 0
    assert set(Tables.open(pool).manifest["rows"].values()) == {0}
    make([file(name, lines(*(first for first, _ in texts))) for name, texts in POOL.items()], pool, extract=quick)
    assert content(pool) == full


def test_the_only_paper_can_be_removed(file: Write, tmp_path: Path) -> None:
    make([file("a.jsonl", VERSIONS[0])], tmp_path / "g", model="fast")
    done = remove("p1", tmp_path / "g")
    assert (done.papers, done.rows["entities"], done.rows["facts"], done.rows["links"]) == (0, 0, 0, 0)
    assert make([], tmp_path / "g").papers == 0


def test_a_paper_that_is_not_there_is_named_with_near_ones_and_nothing_is_removed(pool: Path) -> None:
    before = content(pool)
    for names, near in ((["Answering question"], "Answering questions"), (["q1", "Ratin videos"], "Rating videos")):
        with pytest.raises(UnknownName, match=f"near: .*{near}"):
            remove(names, pool)
    with pytest.raises(UnknownName):
        remove("", pool)
    assert content(pool) == before


def test_an_arxiv_paper_is_removed_by_its_id_in_any_version(pool: Path) -> None:
    assert "arxiv:2106.09685v1" in ids(pool)
    remove("https://arxiv.org/abs/2106.09685", pool)
    assert "arxiv:2106.09685v1" not in ids(pool)


def test_a_title_of_several_papers_lists_their_ids_and_removes_none(pool: Path) -> None:
    before = content(pool)
    for title in ("Notes on adapters", "rating videos"):
        with pytest.raises(AmbiguousName) as error:
            remove(["q1", title], pool)
        found = [id_ for id_ in ids(pool) if id_ in str(error.value).split("give the id of one: ")[1].split(", ")]
        assert len(found) == 2
    assert content(pool) == before


def test_remove_needs_a_graph(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match="kg build"):
        remove("p1", tmp_path / "g")
    assert not (tmp_path / "g").exists()


# -- papers of several sources -------------------------------------------------------------------------------------------------


def test_dated_version_stands_and_every_source_is_kept(file: Write, tmp_path: Path) -> None:
    make([file("a.jsonl", VERSIONS[1]), file("b.jsonl", VERSIONS[0]), file("c.jsonl", VERSIONS[2])], tmp_path / "g")
    row = Tables.open(tmp_path / "g").read("papers").row(0, named=True)
    assert (row["id"], row["date"], row["year"], row["month"], row["venue"]) == ("p1", "2024-05-12", 2024, 5, "ACL")
    assert row["abstract"].endswith("and GLUE.")
    assert row["authors"] == ["Ann Lee"]
    assert row["sources"] == ["a.jsonl", "b.jsonl", "c.jsonl"]
    assert [(v["source"], v["date"]) for v in row["versions"]] == [("a.jsonl", "2024-05-12"), ("b.jsonl", "--08-28"), ("c.jsonl", None)]


def test_partial_date_stays_partial(file: Write, tmp_path: Path) -> None:
    make([file("a.jsonl", VERSIONS[0])], tmp_path / "g")
    row = Tables.open(tmp_path / "g").read("papers").row(0, named=True)
    assert (row["date"], row["year"], row["month"]) == ("--08-28", None, 8)


def test_a_paper_of_a_saved_page_and_of_arxiv_is_one_with_both_texts(file: Write, tmp_path: Path) -> None:
    text = "We propose Low-Rank Adaptation, or LoRA, which freezes the weights of GPT-3 and is trained with Adam."
    page = file("page.txt", f"Jun 17\n\nLORA: low-rank adaptation of large language models\n\n{text}\n\nAnother paper\n\n{LORA}\n")
    listing = file("arxiv.jsonl", lines(POOL["arxiv.jsonl"][0][0] | {"authors": ["Ann Lee"], "date": "2021-06-17"}))
    graphs = [make(files, tmp_path / f"{i}", model="fast", extract=quick).folder for i, files in enumerate(([page, listing], [listing, page]))]
    make([page], tmp_path / "2", model="fast", extract=quick)
    graphs.append(make([listing], tmp_path / "2", extract=quick).folder)
    assert content(graphs[0]) == content(graphs[1]) == content(graphs[2])
    row, other = Tables.open(graphs[0]).read("papers").to_dicts()
    assert other["id"] == "title:another-paper"
    assert (row["id"], row["title"], row["abstract"]) == ("arxiv:2106.09685v1", "LoRA: Low-Rank Adaptation of Large Language Models", LORA)
    assert (row["date"], row["authors"], row["sources"]) == ("2021-06-17", ["Ann Lee"], ["arxiv.jsonl", "page.txt"])
    assert row["other_ids"] == ["title:lora-low-rank-adaptation-of-large-language-models"]
    assert [(v["source"], v["id"], v["abstract"], v["date"]) for v in row["versions"]] == [
        ("arxiv.jsonl", "arxiv:2106.09685v1", LORA, "2021-06-17"),
        ("page.txt", "title:lora-low-rank-adaptation-of-large-language-models", text, "--06-17"),
    ]


def test_papers_of_one_title_and_other_abstracts_are_two(file: Write, tmp_path: Path) -> None:
    texts = [POOL[name][1][0] for name in ("page.jsonl", "acl.jsonl")]
    make([file("a.jsonl", lines(texts[0])), file("b.jsonl", lines(texts[1]))], tmp_path / "g", model="fast", extract=quick)
    rows = Tables.open(tmp_path / "g").read("papers").to_dicts()
    assert sorted(r["abstract"] for r in rows) == sorted(t["abstract"] for t in texts)
    assert [len(r["sources"]) for r in rows] == [1, 1]
    assert all(r["id"].startswith("title:notes-on-adapters") for r in rows)
    alone = make([file("c.jsonl", lines(*texts))], tmp_path / "one", model="fast", extract=quick)
    assert alone.papers == 2


def test_two_texts_that_one_file_gives_for_one_id_are_both_recorded(tmp_path: Path) -> None:
    records = [{"id": "a", "title": "A paper", "abstract": t} for t in ("We use LoRA.", "We use LoRA and BERT.")]
    for name, texts in (("one", records), ("other", records[::-1])):
        (tmp_path / name).mkdir()
        (tmp_path / name / "p.jsonl").write_text("".join(json.dumps(r) + "\n" for r in texts), encoding="utf-8")
    graphs = [make([tmp_path / name / "p.jsonl"], tmp_path / name / "graph").folder for name in ("one", "other")]
    assert content(graphs[0]) == content(graphs[1])
    (paper,) = Tables.open(graphs[0]).read("papers").to_dicts()
    assert paper["abstract"] == "We use LoRA and BERT."
    assert [v["abstract"] for v in paper["versions"]] == ["We use LoRA and BERT.", "We use LoRA."]
    (tmp_path / "one" / "p.jsonl").write_text(json.dumps(records[0]) + "\n", encoding="utf-8")
    make([tmp_path / "one" / "p.jsonl"], graphs[0])
    assert Tables.open(graphs[0]).read("papers")["abstract"].to_list() == ["We use LoRA."]


# -- what the tables say -------------------------------------------------------------------------------------------------------


def test_evidence_is_in_the_text(pages_graph: Path) -> None:
    tables = Tables.open(pages_graph)
    text = {(p["id"], f): p[f] for p in tables.read("papers").iter_rows(named=True) for f in FIELDS}
    for m in tables.read("mentions").iter_rows(named=True):
        assert text[m["paper"], m["field"]][m["start"] : m["end"]] == m["surface"]
    for name in ("facts", "results"):
        rows = tables.read(name)
        assert rows.height
        for row in rows.iter_rows(named=True):
            assert text[row["paper"], row["field"]][row["start"] : row["end"]] == row["sentence"]
            assert row["sentence"].strip() == row["sentence"] != ""


def test_marks_name_the_ends_of_a_fact(pages_graph: Path) -> None:
    tables = Tables.open(pages_graph)
    aliases = {e["id"]: {*e["aliases"]} for e in tables.read("entities").iter_rows(named=True)}
    for fact in tables.read("facts").iter_rows(named=True):
        named = aliases[fact["target"]] | aliases.get(fact["source"], set())
        marked = {fact["sentence"][a:b] for a, b in fact["marks"]}
        assert marked
        assert marked <= named


@pytest.mark.parametrize("graph", ["pages_graph", "sample_graph"])
def test_tables_fit_together(request: pytest.FixtureRequest, graph: str) -> None:
    check(request.getfixturevalue(graph))


def test_every_alias_on_disk_has_a_judgement(pages_graph: Path) -> None:
    tables = Tables.open(pages_graph)
    links = tables.read("links").filter(tables.read("links")["same"])
    judged = {(row["entity"], name) for row in links.iter_rows(named=True) for name in (row["name"], row["other"])}
    assert {(e["id"], a) for e in tables.read("entities").iter_rows(named=True) for a in e["aliases"] if a != e["name"]} - judged == set()


# -- what goes wrong -----------------------------------------------------------------------------------------------------------


def test_input_error_leaves_the_graph_untouched(file: Write, tmp_path: Path) -> None:
    make([file("a.jsonl", VERSIONS[0])], tmp_path / "g")
    before = content(tmp_path / "g")
    with pytest.raises(InputError):
        make([file("b.jsonl", VERSIONS[2] + "[]\n")], tmp_path / "g")
    assert content(tmp_path / "g") == before
    with pytest.raises(InputError):
        make([tmp_path / "none"], tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_skip_bad_counts(file: Write, tmp_path: Path) -> None:
    built = make([file("a.jsonl", VERSIONS[2] + "[]\n{}\n")], tmp_path / "g", skip_bad=True)
    assert (built.papers, built.skipped) == (2, 2)


def test_folder_of_other_files_is_refused(file: Write, tmp_path: Path) -> None:
    path = file("a.jsonl", VERSIONS[0])
    with pytest.raises(GraphError, match=r"a\.jsonl"):
        make([path], path.parent)
    with pytest.raises(GraphError, match="a file stands"):
        make([path], path)
    assert [p.name for p in path.parent.iterdir()] == ["a.jsonl"]


@pytest.mark.parametrize("fresh", [False, True])
def test_damaged_graph_is_an_error_and_fresh_mends_it(file: Write, tmp_path: Path, fresh: bool) -> None:
    path = file("a.jsonl", VERSIONS[0])
    make([path], tmp_path / "g")
    good = content(tmp_path / "g")
    (tmp_path / "g" / "papers.parquet").write_bytes(b"PAR1 nothing")
    (tmp_path / "g" / "manifest.json").write_text("{" if fresh else json.dumps({**json.loads(good["manifest.json"]), "x": 1}), encoding="utf-8")
    if not fresh:
        with pytest.raises(GraphError, match="--fresh"):
            make([path], tmp_path / "g")
    make([path], tmp_path / "g", fresh=True)
    assert content(tmp_path / "g") == good


# -- killed builds -------------------------------------------------------------------------------------------------------------


def journal(graph: Path, readings: list[str], version: str) -> None:
    graph.mkdir(exist_ok=True)
    (graph / ".readings.jsonl").write_text(version + "\n" + "".join(readings), encoding="utf-8")


@pytest.mark.parametrize("tail", ["", '["p2","abc', "garbage", "\x00\x00", "[]\n", "garbage\n"])
def test_readings_of_a_killed_build_are_kept_whatever_its_last_line(file: Write, tmp_path: Path, tail: str) -> None:
    path = file("a.jsonl", VERSIONS[2])
    fresh = content(make([path], tmp_path / "fresh").folder)
    tables = Tables.open(tmp_path / "fresh")
    first = tables.read("readings")["reading"][0]
    journal(tmp_path / "g", [first + "\n", tail], tables.manifest["pipeline"])
    assert make([path], tmp_path / "g").read == 1
    assert content(tmp_path / "g") == fresh


def test_readings_of_another_pipeline_are_read_again(file: Write, tmp_path: Path) -> None:
    path = file("a.jsonl", VERSIONS[2])
    make([path], tmp_path / "fresh")
    first = Tables.open(tmp_path / "fresh").read("readings")["reading"][0]
    journal(tmp_path / "g", [first + "\n"], "0" * 12)
    assert make([path], tmp_path / "g").read == 2


def test_kill_at_any_moment_leaves_the_old_graph_or_the_new_one(sample: Path, pages: list[Path], tmp_path: Path) -> None:
    old = content(make([sample], tmp_path / "g").folder)
    new = content(make([sample, pages[0]], tmp_path / "new").folder)
    dice = random.Random(0)
    start = time.monotonic()
    subprocess.run([sys.executable, "-c", BUILD, str(tmp_path / "timed"), str(sample), str(pages[0])], check=True)
    usual = time.monotonic() - start
    for moment in [dice.uniform(0.2, 1.05) * usual for _ in range(6)]:
        killed = subprocess.Popen([sys.executable, "-c", BUILD, str(tmp_path / "g"), str(pages[0])])
        time.sleep(moment)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        tables = Tables.open(tmp_path / "g")
        assert {name: tables.read(name).height for name in SCHEMAS} == tables.manifest["rows"]
        assert content(tmp_path / "g") in (old, new)
    make([pages[0]], tmp_path / "g")
    assert content(tmp_path / "g") == new
    assert sorted(p.name for p in (tmp_path / "g").iterdir() if p.name.startswith(".")) in ([], [".lock"])


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError])
def test_a_stop_while_reading_leaves_the_old_graph_and_keeps_what_was_read(pool: Path, file: Write, stop: type[BaseException]) -> None:
    before, new = content(pool), file("more.jsonl", lines(*({"id": f"m{i}", "title": f"More {i}", "abstract": "We use LoRA."} for i in range(4))))

    def stopping(papers: Iterable[Paper], reader: Reader, *, processes: int | None = None) -> Iterator[Reading]:
        for number, done in enumerate(quick(papers, reader)):
            if number == 3:
                raise stop
            yield done

    with pytest.raises(stop):
        make([new], pool, extract=stopping)
    assert content(pool) == before
    rest = make([new], pool, extract=lambda papers, reader, **_: quick([*papers][-1:], reader))
    assert (rest.papers, rest.new) == (10, 4)
    assert not (pool / ".readings.jsonl").exists()


# -- the user's judgements -------------------------------------------------------------------------------------------------------


def aliases(graph: Path) -> dict[str, str]:
    """Return the files of judgements in a graph folder."""
    return {p.name: p.read_text(encoding="utf-8") for p in sorted(graph.glob("aliases*"))}


def entity(graph: Path, alias: str) -> str:
    """Return the id of the one entity that bears a name."""
    (id_,) = [e["id"] for e in Tables.open(graph).read("entities").iter_rows(named=True) if alias in e["aliases"]]
    return str(id_)


def test_judgements_survive_builds_removals_and_a_fresh_start(pool: Path, file: Write) -> None:
    judge(judgement(True, "BERT", "GPT-3"), pool)
    said = aliases(pool)
    assert said == {"aliases.tsv": "same\tBERT\tGPT-3\n"}
    more = file("more.jsonl", lines({"title": "More", "abstract": "We train BERT and GPT-3 with Adam."}))
    for change in (
        lambda: make([more], pool, extract=quick),
        lambda: remove("title:more", pool),
        lambda: make([more], pool, fresh=True, model="fast", extract=quick),
        lambda: make([], pool, extract=quick),
    ):
        change()
        assert aliases(pool) == said
        assert entity(pool, "BERT") == entity(pool, "GPT-3")


def test_judgements_lie_in_the_folder_before_the_first_build(file: Write, tmp_path: Path) -> None:
    (tmp_path / "g").mkdir()
    (tmp_path / "g" / "aliases.tsv").write_text("# mine\nsame\tBERT\tGPT-3\n", encoding="utf-8")
    make([file("more.jsonl", lines({"title": "More", "abstract": "We train BERT and GPT-3 with Adam."}))], tmp_path / "g", model="fast", extract=quick)
    assert entity(tmp_path / "g", "BERT") == entity(tmp_path / "g", "GPT-3")


@pytest.mark.parametrize("fresh", [False, True])
def test_a_file_of_judgements_takes_the_place_of_the_graphs_own_which_is_kept(pool: Path, file: Write, tmp_path: Path, fresh: bool) -> None:
    judge(judgement(True, "BERT", "GPT-3"), pool)
    mine = file("mine.tsv", "# mine\nsame\tLoRA\tGPT-4\n")
    sources = [tmp_path / "in" / name for name in POOL]
    done = build(sources if fresh else [], pool, fresh=fresh, model="fast", extract=quick, judgements=mine)
    assert done.changed_graph
    assert aliases(pool) == {"aliases.tsv": "# mine\nsame\tLoRA\tGPT-4\n", "aliases.tsv.old": "same\tBERT\tGPT-3\n"}
    assert entity(pool, "BERT") != entity(pool, "GPT-3")
    assert entity(pool, "LoRA") == entity(pool, "GPT-4")
    before = content(pool)
    assert make([], pool, extract=quick, judgements=mine).changed_graph is False
    assert aliases(pool)["aliases.tsv.old"] == "same\tBERT\tGPT-3\n"
    assert content(pool) == before


def test_judging_into_a_file_writes_both_it_and_the_graphs_own(pool: Path, file: Write) -> None:
    mine = file("mine.tsv", "# mine\n")
    judge(judgement(True, "BERT", "GPT-3"), pool, file=mine)
    assert mine.read_text(encoding="utf-8") == aliases(pool)["aliases.tsv"] == "# mine\nsame\tBERT\tGPT-3\n"
    forget("GPT-3", "BERT", pool, file=mine)
    assert mine.read_text(encoding="utf-8") == aliases(pool)["aliases.tsv"] == "# mine\n"


def test_a_graph_does_not_hold_where_it_lies(pool: Path, file: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = file("mine.tsv", "same\tBERT\tGPT-3\napart\tLoRA\tlow-rank adapters\n")
    make([], pool, extract=quick, judgements=mine)
    sources = [tmp_path / "in" / name for name in POOL]
    fresh = make(sources, tmp_path / "another" / "place", model="fast", extract=quick, judgements=mine)
    assert content(pool) == content(fresh.folder)
    monkeypatch.chdir(pool.parent)
    make([], Path(pool.name), extract=quick)
    assert content(pool) == content(fresh.folder)


@pytest.mark.parametrize("same", [True, False])
@pytest.mark.parametrize(
    "pair", [("LoRA", "Low-Rank Adaptation"), ("low-rank adapters", "LoRA"), ("BERT", "GPT-3"), ("Adam", "ADAM"), ("VQA", "LoRA")], ids=str
)
def test_every_mention_is_of_an_entity_that_bears_its_name_whatever_the_user_says(pool: Path, pair: tuple[str, str], same: bool) -> None:
    (pool / "aliases.tsv").write_text("\t".join(["same" if same else "apart", *pair]) + "\n", encoding="utf-8")
    make([], pool, extract=quick)
    check(pool)


@pytest.mark.parametrize("pair", [("LoRA", "Low-Rank Adaptation"), ("low-rank adapters", "LoRA"), ("VQA", "Visual question answering")], ids=str)
def test_names_that_the_user_keeps_apart_are_in_no_entity_together(pool: Path, pair: tuple[str, str]) -> None:
    judge(judgement(False, *pair), pool)
    tables = Tables.open(pool)
    assert [e["id"] for e in tables.read("entities").iter_rows(named=True) if set(pair) <= set(e["aliases"])] == []
    named = tables.read("mentions").group_by("entity").agg("surface")
    assert [id_ for id_, surfaces in named.iter_rows() if set(pair) <= set(surfaces)] == []


def test_spellings_of_one_normal_form_can_be_kept_apart(file: Write, tmp_path: Path) -> None:
    texts = (
        {"id": "a", "title": "A", "abstract": "We introduce BLaST and train it with Adam."},
        {"id": "b", "title": "B", "abstract": "We use BLAST and Adam."},
    )
    graph = make([file("a.jsonl", lines(*texts))], tmp_path / "g", model="fast", extract=quick, judgements=file("j.tsv", "apart\tBLaST\tBLAST\n")).folder
    assert entity(graph, "BLaST") != entity(graph, "BLAST")
    check(graph)
    make([], graph, extract=quick, judgements=file("j.tsv", "same\tBLaST\tBLAST\n"))
    assert entity(graph, "BLaST") == entity(graph, "BLAST")


def test_a_file_of_judgements_that_cannot_be_read_is_named_with_its_line_and_nothing_changes(pool: Path, file: Write, tmp_path: Path) -> None:
    judge(judgement(True, "BERT", "GPT-3"), pool)
    before, said = content(pool), aliases(pool)
    new = file("new.jsonl", lines({"title": "New", "abstract": "We use LoRA."}))
    bad = file("bad.tsv", "same\tLoRA\tGPT-4\nsane\tLoRA\tBERT\n")
    for change in (
        lambda: make([new], pool, extract=quick, judgements=bad),
        lambda: make([], pool, extract=quick, judgements=bad),
        lambda: judge(judgement(True, "LoRA", "BERT"), pool, file=bad),
        lambda: forget("LoRA", "GPT-4", pool, file=bad),
        lambda: make([new], tmp_path / "fresh", extract=quick, judgements=bad),
    ):
        with pytest.raises(InputError, match=r"bad\.tsv:2: “sane”"):
            change()
        assert (content(pool), aliases(pool)) == (before, said)
    assert not (tmp_path / "fresh" / "manifest.json").exists()
    with pytest.raises(InputError, match=r"none\.tsv: no such file"):
        make([], pool, extract=quick, judgements=tmp_path / "none.tsv")
    (pool / "aliases.tsv").write_text("same\tBERT\n", encoding="utf-8")
    for change in (lambda: make([new], pool, extract=quick), lambda: remove("q1", pool), lambda: judge(judgement(True, "LoRA", "BERT"), pool)):
        with pytest.raises(InputError, match=r"g/aliases\.tsv:1: 1 name"):
            change()
        assert content(pool) == before


def test_a_judgement_that_cannot_be_written_changes_nothing(pool: Path, tmp_path: Path) -> None:
    before = content(pool)
    for file in (tmp_path / "no" / "such" / "place.tsv", tmp_path):
        with pytest.raises(KgError):
            judge(judgement(True, "BERT", "GPT-3"), pool, file=file)
        assert (content(pool), aliases(pool)) == (before, {})


def test_a_stop_between_the_graph_and_the_users_file_is_made_up_for_by_saying_it_again(pool: Path, file: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = file("mine.tsv", "same\tLoRA\tGPT-4\n")
    said = judgement(True, "BERT", "GPT-3")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("kg.assemble.write_file", stop)
        with pytest.raises(KeyboardInterrupt):
            judge(said, pool, file=mine)
    judge(said, pool, file=mine)
    assert mine.read_text(encoding="utf-8") == aliases(pool)["aliases.tsv"] == "same\tLoRA\tGPT-4\nsame\tBERT\tGPT-3\n"
    assert entity(pool, "BERT") == entity(pool, "GPT-3")


@pytest.mark.parametrize("moves", range(9))
def test_a_stop_while_files_are_moved_leaves_the_new_graph_with_the_new_judgements(
    pool: Path, file: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moves: int
) -> None:
    judge(judgement(True, "LoRA", "GPT-4"), pool)
    mine = file("mine.tsv", "same\tBERT\tGPT-3\n")
    left, move = moves, Path.replace

    def stopping(path: Path, target: Path) -> Path:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return move(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", stopping)
        with pytest.raises(KeyboardInterrupt):
            make([], pool, extract=quick, judgements=mine)
    assert Tables.open(pool).manifest["rows"]["papers"] == 6
    assert aliases(pool) == {"aliases.tsv": "same\tBERT\tGPT-3\n", "aliases.tsv.old": "same\tLoRA\tGPT-4\n"}
    after = content(pool)
    assert make([], pool, extract=quick).changed_graph is False
    assert content(pool) == after
    assert entity(pool, "BERT") == entity(pool, "GPT-3")


def test_a_stop_before_the_commit_leaves_the_old_graph_with_the_old_judgements(pool: Path, file: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    judge(judgement(True, "LoRA", "GPT-4"), pool)
    before, said = content(pool), aliases(pool)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", stop)
        with pytest.raises(KeyboardInterrupt):
            make([], pool, extract=quick, judgements=file("mine.tsv", "same\tBERT\tGPT-3\n"))
    assert Tables.open(pool).content == json.loads(before["manifest.json"])["content"]
    assert (content(pool), aliases(pool)) == (before, said)


# -- the reader ----------------------------------------------------------------------------------------------------------------


def test_a_graph_is_read_by_the_model_it_was_made_with_unless_another_is_asked_for(sample: Path, tmp_path: Path) -> None:
    graph = tmp_path / "g"
    first = build([sample], graph, processes=1, model="fast", threshold=0.5)
    again = build([sample], graph, processes=1)
    assert (first.read, again.read, again.changed_graph) == (first.papers, 0, False)
    assert {k: Tables.open(graph).manifest[k] for k in ("model", "threshold")} == {"model": "fast", "threshold": 0.5}
    other = build([sample], graph, processes=1, model="best")
    fresh = build([sample], tmp_path / "fresh", processes=1)
    assert (other.read, other.changed_graph) == (first.papers, True)
    assert Tables.open(graph).content == Tables.open(fresh.folder).content


@pytest.mark.parametrize(
    ("options", "message"), [({"model": "fats"}, "near: fast"), ({"threshold": 7.0}, "between 0 and 1"), ({"threshold": float("nan")}, "between")]
)
def test_a_reader_that_cannot_be_is_refused_before_anything_is_written(sample: Path, tmp_path: Path, options: dict[str, Any], message: str) -> None:
    with pytest.raises(KgError, match=message):
        build([sample], tmp_path / "g", **options)
    assert not (tmp_path / "g" / "manifest.json").exists()
