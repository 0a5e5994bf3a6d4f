"""Why an entity has its names, as its page says it: the same that `kg alias` explains."""

from typing import Any

import polars as pl
import pytest

from kg.explain import Judgements
from kg.reasons import ITS_NAME, ONE_NAME, reasons
from kg.tables import SCHEMAS, Tables

GRAPHS = ("sample_graph", "pages_graph")


@pytest.fixture(scope="module", params=GRAPHS)
def judged(request: pytest.FixtureRequest) -> Judgements:
    return Judgements(Tables.open(request.getfixturevalue(request.param)))


def told(reason: str) -> str:
    """Return the kind of reason that a clause begins with."""
    return reason.partition(": ")[0]


def test_there_is_one_reason_for_each_name(judged: Judgements) -> None:
    for entity in judged.entities.values():
        assert len(entity["reasons"]) == len(entity["aliases"]), entity["id"]
        assert all(reason and "\n" not in reason for reason in entity["reasons"])


def test_the_reasons_are_those_that_are_explained(judged: Judgements) -> None:
    several = 0
    for id_, entity in judged.entities.items():
        _, surfaces = judged.surfaces(id_)
        assert dict(zip(entity["aliases"], map(told, entity["reasons"]), strict=True)) == {s.surface: s.reason for s in surfaces}, id_
        several += len(surfaces) > 1
    assert several > 10


def test_its_own_name_has_the_reason_that_it_is_its_name(judged: Judgements) -> None:
    for entity in judged.entities.values():
        of = dict(zip(entity["aliases"], entity["reasons"], strict=True))
        assert [alias for alias, why in of.items() if why == ITS_NAME] == [entity["name"]] * (entity["name"] in of)


def test_a_name_that_was_kept_apart_is_told_at_both_ends(judged: Judgements) -> None:
    apart = [link for link in judged.links if not link.same]
    assert apart
    for link in apart:
        why = f"{link.reason}: {link.evidence}" if link.evidence else link.reason
        for id_, name in ((link.entity, link.other), (link.other_entity, link.name)):
            if id_ in judged.entities:
                assert (name, why) in kept(judged.entities[id_])
    held = {entry for entity in judged.entities.values() for entry in kept(entity)}
    assert held <= {(n, f"{x.reason}: {x.evidence}" if x.evidence else x.reason) for x in apart for n in (x.name, x.other)}
    assert all(kept(entity) == sorted(set(kept(entity))) for entity in judged.entities.values())


def kept(entity: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the names that were kept from an entity, each with why."""
    return list(zip(entity["apart"], entity["apart_reasons"], strict=True))


def made(names: list[str], *links: dict[str, object]) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the reasons and what was kept apart of an entity with these names, the first its own."""
    entity = {"id": "method:a", "name": names[0], "type": "method", "aliases": names, "generic": False, "papers": 1, "other_ids": []}
    base = {"family": "method", "same": True, "evidence": "", "score": 0.5, "paper": None, "entity": "method:a", "other_entity": "method:a"}
    frame = pl.DataFrame([base | link for link in links], schema=SCHEMAS["links"])
    row = reasons(pl.DataFrame([entity], schema={k: v for k, v in SCHEMAS["entities"].items() if k in entity}), frame).row(0, named=True)
    return row["reasons"], kept(row)


def test_what_nothing_joined_is_one_name() -> None:
    assert made(["A", "a"]) == ([ITS_NAME, ONE_NAME], [])


def test_of_several_reasons_the_surest_is_told() -> None:
    links = [
        {"name": "B", "other": "A", "reason": "acronym", "score": 0.6},
        {"name": "B", "other": "A", "reason": "definition", "evidence": "B (A)", "score": 0.9},
    ]
    for order in (links, links[::-1]):
        assert made(["A", "B"], *order) == ([ITS_NAME, "definition: B (A)"], [])


def test_a_reason_that_is_about_the_name_comes_before_a_surer_one_about_the_other() -> None:
    links = [
        {"name": "B", "other": "A", "reason": "plural", "score": 0.2},
        {"name": "C", "other": "B", "reason": "definition", "evidence": "C (B)", "score": 1.0},
    ]
    assert made(["A", "B", "C"], *links)[0] == [ITS_NAME, "plural", "definition: C (B)"]


def test_another_spelling_says_nothing_of_the_name_it_is_a_spelling_of() -> None:
    links = [{"name": "B", "other": "C", "reason": "normal form", "evidence": "both fold to “b”"}]
    assert made(["A", "B", "C"], *links)[0] == [ITS_NAME, "normal form: both fold to “b”", ONE_NAME]


def test_a_judgement_without_an_entity_is_left_out() -> None:
    links = [{"name": "Z", "other": "A", "same": False, "reason": "user", "entity": None, "other_entity": "method:a"}]
    assert made(["A"], *links) == ([ITS_NAME], [("Z", "user")])
