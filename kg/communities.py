"""Methods that papers use together → communities, computed over the whole graph when it is built.

Two methods are tied by every paper that names both. Like a paper's authors (Newman 2001, Scientific collaboration networks II), a paper
with k methods gives each of its ties 1 / (k - 1), so that a long list counts no more than a short one. The communities are those of the
Leiden algorithm (Traag, Waltman and van Eck 2019, From Louvain to Leiden) for modularity, from a seeded start.
"""

import random

import polars as pl

from kg.records import ROLES

ITERATIONS = 4
"""Passes of the algorithm; further ones hardly raise the modularity."""


def communities(entities: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Return the entities with the number of their community in the column ``community``: 1 is the one with most methods, ties go by the least id.

    Null for methods that share no paper with another, for those too broad to say anything, and for entities of other types.
    """
    tied = ties(entities, facts)
    ids = pl.concat([tied["a"], tied["b"]]).unique().sort()
    member = pl.DataFrame({"id": ids, "part": _parts(tied, ids)}, schema={"id": pl.String, "part": pl.Int32})
    order = member.group_by("part").agg(size=pl.len(), first=pl.col("id").min()).sort(["size", "first"], descending=[True, False])
    numbered = member.join(order.with_row_index("community", offset=1), on="part").select("id", pl.col("community").cast(pl.Int32))
    return entities.drop("community", strict=False).join(numbered, on="id", how="left", maintain_order="left").select(entities.columns)


def ties(entities: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each pair of methods that a paper names: ``a`` < ``b`` and the ``weight`` of their tie, in order."""
    methods = entities.lazy().filter((pl.col("type") == "method") & ~pl.col("generic")).select(target="id")
    named = facts.lazy().filter(pl.col("role").is_in(ROLES)).select("paper", "target").join(methods, on="target", how="semi")
    shared = named.with_columns(k=pl.len().over("paper")).filter(pl.col("k") > 1)
    pairs = shared.join(shared.select("paper", b="target"), on="paper").rename({"target": "a"}).filter(pl.col("a") < pl.col("b"))
    # Integers are summed, so that the order of the rows does not show in the last digits.
    weight = (1_000_000 // (pl.col("k") - 1)).cast(pl.Int64).sum()
    return pairs.group_by("a", "b").agg(weight=weight).sort("a", "b").collect()


def _parts(ties: pl.DataFrame, ids: pl.Series) -> list[int]:
    """Return for each of the ids, which are sorted, the part that it is in."""
    import igraph

    ends = [ids.search_sorted(ties[end]) for end in ("a", "b")]
    graph = igraph.Graph(n=len(ids), edges=pl.DataFrame({"a": ends[0], "b": ends[1]}).to_numpy())
    igraph.set_random_number_generator(random.Random(7))
    try:
        found = graph.community_leiden(objective_function="modularity", weights=ties["weight"].to_list(), n_iterations=ITERATIONS) if len(ids) else ()
    finally:
        igraph.set_random_number_generator(random)
    return list(found.membership) if found else []
