"""Names and texts that hold what is typed: what is met, and what comes first."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from kg.stores import Rows
from kg.stores.ladybug import open_store
from kg.suggest import Hit, Index, Names, Texts
from kg.tables import Tables

PAPERS = [
    {"id": "a", "title": "Attention in Zebras", "abstract": "We look at stripes.", "authors": ["A"], "date": "2020"},
    {"id": "b", "title": "On stripes", "abstract": "Zebras attend. Naïve résumé of 漢字 words.", "authors": ["B"], "date": None},
    {"id": "c", "title": "Stripes, stripes, stripes", "abstract": "", "authors": [], "date": "2024-05"},
]


class Made:
    """A store that holds these entities, the most named first, and papers."""

    def __init__(self, *entities: tuple[str, str, int, list[str]], papers: list[dict[str, Any]] = PAPERS) -> None:
        self._entities, self._papers = entities, papers

    def run(self, text: str, parameters: Mapping[str, Any], *, seconds: float | None = None, limit: int | None = None) -> Rows:
        if "e:Method" in text:
            found = [(id_, id_.split(":")[0], name, aliases, papers, False) for id_, name, papers, aliases in self._entities]
            return Rows(("id", "kind", "name", "aliases", "papers", "generic"), sorted(found, key=lambda r: (-r[4], r[0])))
        return Rows(tuple(PAPERS[0]), [tuple(p.values()) for p in self._papers])

    def close(self) -> None: ...

    def __enter__(self) -> "Made":
        return self

    def __exit__(self, *error: object) -> None: ...


LORA = ("method:lora", "LoRA", 7, ["LoRA", "Low-Rank Adaptation"])
QLORA = ("method:qlora", "QLoRA", 9, ["QLoRA"])
LORAX = ("method:lorax", "LoRA-X", 3, ["LoRA-X"])
DORA = ("method:dora", "DoRA", 2, ["DoRA", "lora with directions"])
GLUE = ("dataset:glue", "GLUE", 5, ["GLUE"])


def found(names: Names, text: str, **more: Any) -> list[str]:
    return [hit.id for hit in names.find(text, **more)]


def test_exact_names_come_first_then_beginnings_then_the_rest_by_papers() -> None:
    names = Names(Made(LORAX, QLORA, LORA, DORA))
    assert found(names, "lora") == ["method:lora", "method:lorax", "method:dora", "method:qlora"]
    assert found(names, "ora") == ["method:qlora", "method:lora", "method:lorax", "method:dora"]


def test_an_own_name_comes_before_another_name_and_an_entity_comes_once() -> None:
    hits = Names(Made(LORA, DORA)).find("lo")
    assert [(h.id, h.met) for h in hits] == [("method:lora", "LoRA"), ("method:dora", "lora with directions")]


def test_case_and_white_space_do_not_count() -> None:
    names = Names(Made(LORA, ("task:weiss", "weiß  Zahl", 1, [])))
    for text in ("low-rank adaptation", "  LOW-RANK \n ADAPTATION ", "Low-Rank\u00a0Adaptation"):
        assert [(h.id, h.met) for h in names.exact(text)] == [("method:lora", "Low-Rank Adaptation")]
        assert names.find(text)[0].id == "method:lora"
    assert found(names, "WEISS ZAHL") == ["task:weiss"]


def test_only_the_kinds_that_are_asked_for_come() -> None:
    names = Names(Made(LORA, GLUE, ("task:glueing", "glueing", 9, ["GLUE"])))
    assert found(names, "glue", kinds=("dataset",)) == ["dataset:glue"]
    assert found(names, "glue", kinds=("paper",)) == []
    assert names.exact("glue", ("task", "metric")) == [Hit("task:glueing", "task", "glueing", "GLUE", 9)]
    assert found(names, "glue", kinds=()) == []


def test_of_one_name_the_most_named_thing_comes_first() -> None:
    names = Names(Made(("method:a", "Ada", 1, ["Ada"]), ("dataset:a", "Ada", 5, ["Ada"])))
    assert [h.id for h in names.exact("ADA")] == found(names, "ada") == ["dataset:a", "method:a"]


def test_papers_are_found_by_their_titles_after_entities_of_the_same_grade() -> None:
    names = Names(Made(("method:zebra", "zebras", 1, ["zebras"])))
    assert found(names, "zebras") == ["method:zebra", "a"]
    assert names.exact("on STRIPES") == [Hit("b", "paper", "On stripes", "On stripes", 0, None)]
    assert found(names, "stripes", kinds=("paper",)) == ["c", "b"]


def test_no_more_come_than_are_asked_for_and_nothing_for_nothing() -> None:
    names = Names(Made(*((f"method:m{i}", f"model {i}", i, [f"model {i}"]) for i in range(1000))))
    assert [len(names.find("model", limit=n)) for n in (0, 1, 8, 20)] == [0, 1, 8, 20]
    assert found(names, "model")[0] == "method:m999"
    assert found(names, "model 7")[0] == "method:m7"
    for nothing in ("", "   ", "\n", "\t\u00a0"):
        assert names.find(nothing) == names.exact(nothing) == []


@pytest.mark.parametrize("text", ["\n", "a\nb", ".", ".*", "[a", "(", "\\", "^lora", "lora$", "\x00", "\udc80", "x" * 100_000, "%", "ora\nq"])
def test_what_is_typed_is_a_text_and_no_pattern(text: str) -> None:
    names = Names(Made(LORA, QLORA, ("method:odd", "a.*[b", 1, ["a.*[b"])))
    assert names.exact(text) == []
    assert found(names, text) == (["method:odd"] if text in (".", ".*") else [])


def test_a_name_is_never_met_across_two_names() -> None:
    names = Names(Made(("method:a", "one", 2, []), ("method:b", "two", 1, []), papers=[]))
    assert found(names, "one two") == found(names, "one\ntwo") == found(names, "etwo") == []
    assert [names.kind(i) for i in ("method:a", "method:c", "")] == ["method", None, None]


def test_a_graph_of_nothing_is_searched() -> None:
    names, texts = Names(Made(papers=[])), Texts(Made(papers=[]))
    assert names.find("a") == names.exact("a") == texts.find("a") == []


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("stripes", ["c", "b", "a"]),
        ("STRIPES zebras", ["a", "b"]),
        ("zeb", ["a", "b"]),
        ("zeb stripes", []),
        ("naive resume", ["b"]),
        ("漢字", ["b"]),
        ("stripes-zebras", ["a", "b"]),
        ("stripes nothing", []),
    ],
)
def test_a_text_is_found_by_all_its_words_the_last_perhaps_unfinished(text: str, ids: list[str]) -> None:
    texts = Texts(Made())
    assert [p["id"] for p in texts.find(text)] == ids
    assert all("abstract" not in p for p in texts.find(text))


@pytest.mark.parametrize(
    "text",
    [
        '"', '""', "*", "a*", "^a", "a AND", "OR", "NOT a", "NEAR(a b)", "NEAR", "title:a", "title : a", "-a", "(", "a)", "{a b}", "a + b", "'",
        "; DROP TABLE texts", "\\", "_", "__ _", "\x00", "", " ", ".", "😀", "\u0301", "\u200b", "\udc80", "x" * 100_000, "a " * 50_000, "١٢", "%", "\n",
    ],
)  # fmt: skip
def test_no_word_is_a_command_to_the_index(text: str) -> None:
    texts = Texts(Made())
    assert {p["id"] for p in texts.find(text)} <= {"a", "b", "c"}
    assert [p["id"] for p in texts.find("on stripes")] == ["b"]


def test_pages_of_what_is_found_join_without_gaps() -> None:
    texts = Texts(Made(papers=[{"id": str(i), "title": f"stripes {i}", "abstract": "", "authors": [], "date": None} for i in range(30)]))
    whole = texts.find("stripes", limit=30)
    assert [*texts.find("stripes", limit=10), *texts.find("stripes", skip=10, limit=10), *texts.find("stripes", skip=20)] == whole
    assert len({p["id"] for p in whole}) == 30
    assert texts.find("stripes", skip=30) == []


# -- on a graph


@pytest.fixture(scope="module")
def index(sample_graph: Path) -> Iterator[Index]:
    with open_store(sample_graph) as store:
        yield Index(store)


def test_every_name_and_title_of_a_graph_is_met(index: Index, sample_graph: Path) -> None:
    tables = Tables.open(sample_graph)
    for id_, kind, name, aliases in tables.read("entities").select("id", "type", "name", "aliases").rows():
        assert index.names.kind(id_) == kind
        for spelling in {name, *aliases}:
            assert id_ in [h.id for h in index.names.exact(spelling)]
            assert id_ in [h.id for h in index.names.find(spelling, (kind,), limit=20)]
    for id_, title in tables.read("papers").select("id", "title").rows():
        assert [h.id for h in index.names.exact(title, ("paper",))] == [id_]
        assert index.texts.find(title)[0]["id"] == id_


def test_many_may_search_at_once(sample_graph: Path) -> None:
    with open_store(sample_graph, threads=1) as store, ThreadPoolExecutor(20) as asking:
        index = Index(store)
        first = list(asking.map(lambda _: ([h.id for h in index.names.find("lora")], [p["id"] for p in index.texts.find("model")]), range(100)))
        assert len(first[0][0]) > 1
        assert all(f == first[0] for f in first)
