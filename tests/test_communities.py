"""Communities: methods that papers use together, numbered, the same however the rows come."""

import shutil
from collections.abc import Iterable
from itertools import chain, combinations, pairwise
from pathlib import Path
from random import Random

import polars as pl
import pytest

from kg.ask import query
from kg.assemble import build
from kg.communities import communities
from kg.stores.ladybug import open_store
from kg.tables import SCHEMAS, Tables, frame, write, writing


def graph(papers: Iterable[Iterable[str]], *, generic: Iterable[str] = (), types: dict[str, str] | None = None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the entities and facts of papers that use these methods; `types` are those of entities that are none."""
    given = [list(names) for names in papers]
    names = sorted(set(chain.from_iterable(given)))
    entities = frame("entities", [{"id": n, "name": n, "type": (types or {}).get(n, "method"), "generic": n in set(generic), "papers": 1} for n in names])
    facts = [{"source": f"p{i}", "target": n, "role": "uses", "paper": f"p{i}"} for i, named in enumerate(given) for n in named]
    return entities, frame("facts", facts)


def found(papers: Iterable[Iterable[str]], **options: object) -> dict[str, int | None]:
    """Return the community of each entity."""
    made = communities(*graph(papers, **options))  # type: ignore[arg-type]
    return dict(made.select("id", "community").iter_rows())


def clique(names: str) -> list[tuple[str, str]]:
    """Return papers that each use two of the methods, every two of them once."""
    return list(combinations(names, 2))


def test_two_cliques_that_one_paper_joins_are_two_communities() -> None:
    assert found([*clique("abcde"), *clique("vwxyz"), ("e", "v")]) == dict.fromkeys("abcde", 1) | dict.fromkeys("vwxyz", 2)


def test_a_community_is_numbered_by_its_size() -> None:
    assert found([*clique("abc"), *clique("mnop"), *clique("vwxyz")]) == dict.fromkeys("abc", 3) | dict.fromkeys("mnop", 2) | dict.fromkeys("vwxyz", 1)


def test_of_two_communities_of_one_size_the_one_with_the_least_id_comes_first() -> None:
    assert found([*clique("bcde"), *clique("axyz")]) == dict.fromkeys("axyz", 1) | dict.fromkeys("bcde", 2)


def test_a_method_that_shares_no_paper_has_no_community() -> None:
    assert found([("a", "b"), ("c",), ("d",), ("d",)]) == {"a": 1, "b": 1, "c": None, "d": None}


def test_entities_of_other_types_have_no_community_and_tie_no_methods() -> None:
    types = {"t": "task", "m": "metric", "s": "dataset", "k": "benchmark"}
    assert found([("a", "t", "m", "s", "k"), ("b", "t", "m", "s", "k")], types=types) == dict.fromkeys("abtmsk")


def test_generic_methods_have_no_community_and_tie_no_others() -> None:
    papers = [*(("g", n) for n in "abcxyz"), *clique("abc"), *clique("xyz"), ("g", "h")]
    assert found(papers, generic="gh") == dict.fromkeys("abc", 1) | dict.fromkeys("xyz", 2) | dict.fromkeys("gh")
    assert found([("a", "g"), ("b", "g")], generic="g") == dict.fromkeys("abg")


def test_what_is_based_on_what_is_no_tie() -> None:
    entities, facts = graph([("a",), ("b",)])
    based = frame("facts", [{"source": "a", "target": "b", "role": "based_on", "paper": "p0"}])
    assert communities(entities, pl.concat([facts, based]))["community"].to_list() == [None, None]


@pytest.mark.parametrize("role", ["introduces", "evaluates_on", "uses", "compares", "mentions"])
def test_methods_are_tied_whatever_a_paper_does_with_them(role: str) -> None:
    entities, facts = graph([("a", "b")])
    facts = facts.with_columns(role=pl.when(pl.col("target") == "a").then(pl.lit(role)).otherwise("role"))
    assert communities(entities, facts)["community"].to_list() == [1, 1]


def test_a_paper_with_many_methods_ties_them_less_than_one_with_few() -> None:
    long = ["abcdwxyz"] * 10
    short = [*clique("abcd"), *clique("wxyz")] * 2
    assert found([*long, *short]) == dict.fromkeys("abcd", 1) | dict.fromkeys("wxyz", 2)


def test_a_ring_of_cliques_falls_into_its_cliques() -> None:
    rings = [[f"m{i}{j}" for j in range(5)] for i in range(8)]
    links = [(one[0], other[1]) for one, other in pairwise([*rings, rings[0]])]
    assert found(chain(*(combinations(names, 2) for names in rings), links)) == {n: i for i, names in enumerate(rings, 1) for n in names}


def test_nothing_in_nothing_out() -> None:
    for papers in ([], [("a",)], [("a",), ("b",)]):
        entities, facts = graph(papers)
        made = communities(entities, facts)
        assert made.schema == pl.Schema(SCHEMAS["entities"])
        assert made["id"].to_list() == entities["id"].to_list()
        assert made["community"].null_count() == made.height


def test_everything_else_of_the_entities_stays_as_it_was(sample_graph: Path) -> None:
    tables = Tables.open(sample_graph)
    entities = tables.read("entities").reverse()
    assert communities(entities.with_columns(community=None), tables.read("facts")).equals(entities)


def test_the_order_of_the_rows_changes_nothing(generated_graph: Path) -> None:
    tables = Tables.open(generated_graph)
    entities, facts = tables.read("entities"), tables.read("facts")
    shuffled = communities(entities.sample(fraction=1, shuffle=True, seed=1), facts.sample(fraction=1, shuffle=True, seed=2)).sort("id")
    assert shuffled.equals(entities.sort("id"))


def test_the_random_numbers_of_others_are_not_touched() -> None:
    import random

    import igraph

    entities, facts = graph([*clique("abcde"), *clique("vwxyz"), ("e", "v")])
    random.seed(1)
    expected = Random(1).random()
    communities(entities, facts)
    assert random.random() == expected
    graphs = []
    for _ in range(2):
        random.seed(2)
        graphs.append(igraph.Graph.Erdos_Renyi(20, 0.5).get_edgelist())
    assert graphs[0] == graphs[1], "igraph draws from the random numbers of all again"


def test_numbers_follow_on_each_other_from_the_largest(pages_graph: Path) -> None:
    entities = Tables.open(pages_graph).read("entities")
    sizes = entities.drop_nulls("community").group_by("community").agg(size=pl.len(), first=pl.col("id").min()).sort("community")
    assert sizes["community"].to_list() == list(range(1, sizes.height + 1))
    assert sizes.sort("size", "first", descending=[True, False]).equals(sizes)
    assert sizes["size"].min() >= 2  # type: ignore[operator]
    rest = entities.filter(pl.col("community").is_null())
    assert set(entities.drop_nulls("community")["type"]) == {"method"}
    assert rest.filter((pl.col("type") == "method") & ~pl.col("generic")).height > 0


# -- graphs of an older kg, which had no such column


@pytest.fixture
def older(sample_graph: Path, tmp_path: Path) -> Path:
    """A folder whose entities have no community."""
    folder = Path(shutil.copytree(sample_graph, tmp_path / "graph", ignore=shutil.ignore_patterns("store.*", ".*")))
    tables = Tables.open(folder)
    frames = {name: tables.read(name) for name in SCHEMAS}
    frames["entities"] = frames["entities"].drop("community")
    with writing(folder):
        write(folder, frames, {k: tables.manifest[k] for k in ("pipeline", "model", "threshold")})
    return folder


def test_an_older_folder_is_read_and_asked(older: Path) -> None:
    assert "community" not in pl.read_parquet_schema(older / "entities.parquet")
    entities = Tables.open(older).read("entities")
    assert entities.schema == pl.Schema(SCHEMAS["entities"])
    assert entities["community"].null_count() == entities.height > 0
    assert query("communities", older) == []
    assert query("about", older, entity="LoRA")[0]["name"] == "LoRA"


def test_an_older_folder_is_built_upon_without_reading_its_papers_again(older: Path, sample_graph: Path, sample: Path) -> None:
    done = build([sample], older)
    assert (done.read, done.changed_graph) == (0, True)
    assert Tables.open(older).content == Tables.open(sample_graph).content
    with open_store(older) as old, open_store(sample_graph) as new:
        text = "MATCH (m:Method) RETURN m.id AS id, m.community AS community ORDER BY id"
        assert old.run(text, {}) == new.run(text, {})
