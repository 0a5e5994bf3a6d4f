"""What two graphs differ in, on graphs made by hand, one letter a name, and on built ones."""

import json
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.assemble import build
from kg.diff import Difference, as_dict, compare, lines, read, summary
from kg.tables import SCHEMAS, frame, write, writing

Frames = dict[str, pl.DataFrame]

LONG, SHORT = "low-rank adapter", "LoRA"


def graph(
    said: dict[str, list[tuple[str, str]]],
    *,
    titles: dict[str, str] | None = None,
    names: dict[str, str] | None = None,
    roles: dict[tuple[str, str], str] | None = None,
    lineage: tuple[tuple[str, str, str], ...] = (),
    links: tuple[dict[str, Any], ...] = (),
) -> Frames:
    """Return the frames of a graph: paper → the (surface, entity) of its mentions, in order; `roles` by (paper, entity); `lineage` (paper, child, parent)."""
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in SCHEMAS}
    aliases: dict[str, list[str]] = {}
    for paper, mentions in said.items():
        rows["papers"].append({"id": paper, "title": (titles or {}).get(paper, f"Title of {paper}"), "abstract": "We use " + ", ".join(s for s, _ in mentions)})
        for i, (surface, entity) in enumerate(mentions):
            rows["mentions"].append(
                {"paper": paper, "field": "abstract", "start": 100 * i, "end": 100 * i + len(surface), "surface": surface, "entity": entity}
            )
            aliases.setdefault(entity, []).append(surface)
        for entity in dict.fromkeys(e for _, e in mentions):
            role = (roles or {}).get((paper, entity), "uses")
            rows["facts"].append({"source": paper, "target": entity, "role": role, "paper": paper, "sentence": f"We use {entity} in {paper}."})
    rows["facts"] += [{"source": c, "target": p, "role": "based_on", "paper": paper, "sentence": f"{c} extends {p}."} for paper, c, p in lineage]
    for entity, surfaces in aliases.items():
        kind, _, key = entity.partition(":")
        rows["entities"].append({"id": entity, "name": (names or {}).get(entity, key), "type": kind, "aliases": list(dict.fromkeys(surfaces))})
    rows["links"] += links
    return {table: frame(table, rows[table]) for table in SCHEMAS}


def judged(name: str, other: str, entity: str, reason: str, *, same: bool = True, score: float = 0.9) -> dict[str, Any]:
    return {"family": "method", "name": name, "other": other, "same": same, "reason": reason, "evidence": "as said", "score": score, "entity": entity}


def found(d: Difference) -> dict[str, Any]:
    """Return the lists of a difference that hold something, without mentions and sentences: ids for nodes, old → new."""

    def ids(value: Any) -> Any:
        if isinstance(value, list):
            return [ids(v) for v in value]
        if "sentence" in value:
            return value["source"]["id"], value["role"], value["target"]["id"]
        return value["id"] if "id" in value else (ids(value["old"]), ids(value["new"]))

    return {name: ids(value) for name, value in as_dict(d).items() if value}


APART = {"p": [(SHORT, "method:a"), (SHORT, "method:a")], "q": [(LONG, "method:b")], "r": [("Adam", "method:adam")]}
TOGETHER = {"p": [(SHORT, "method:a"), (SHORT, "method:a")], "q": [(LONG, "method:a")], "r": [("Adam", "method:adam")]}


# -- papers --------------------------------------------------------------------------------------------------------------------


def test_equal_graphs_do_not_differ() -> None:
    d = compare(graph(APART), graph(APART))
    assert not d
    assert (summary(d), list(lines(d)), found(d)) == ([], [], {})


def test_papers_added_removed_and_changed_are_listed_with_what_they_say() -> None:
    old = graph({"p": [("x", "method:x")], "q": [("y", "method:y")]})
    new = graph({"p": [("x", "method:x")], "r": [("z", "task:z")]}, titles={"p": "Another title"})
    d = compare(old, new)
    assert found(d) == {
        "papers_added": ["r"],
        "papers_removed": ["q"],
        "papers_changed": ["p"],
        "entities_added": ["task:z"],
        "entities_removed": ["method:y"],
        "facts_added": [("r", "uses", "task:z")],
        "facts_removed": [("q", "uses", "method:y")],
    }
    assert d.papers_changed[0].name == "Another title"
    assert summary(d) == ["+1 paper, −1, 1 changed; +1 entity, −1; +1 fact, −1"]
    report = list(lines(d))
    assert report[:2] == ["papers added: 1", "  Title of r"]
    assert report[-3:] == ["facts removed: 1", "  Title of q · uses y", "    “We use method:y in q.”"]


def test_everything_is_new_to_an_empty_graph() -> None:
    d = compare(graph({}), graph(APART))
    assert {name: len(value) for name, value in found(d).items()} == {"papers_added": 3, "entities_added": 3, "facts_added": 3}
    assert {name: len(value) for name, value in found(compare(graph(APART), graph({}))).items()} == {
        "papers_removed": 3,
        "entities_removed": 3,
        "facts_removed": 3,
    }
    assert not compare(graph({}), graph({}))


def test_an_entity_whose_only_text_was_edited_stays_itself() -> None:
    d = compare(graph({"p": [("x", "method:x")]}), graph({"p": [("new", "method:new"), ("x", "method:x")]}))
    assert found(d) == {"papers_changed": ["p"], "entities_added": ["method:new"], "facts_added": [("p", "uses", "method:new")]}


# -- merged and split ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id_", ["method:a", "method:b", "method:c", "method:adam"])
def test_entities_whose_mentions_are_in_one_now_are_merged_whatever_its_id(id_: str) -> None:
    now = {"p": [(SHORT, id_), (SHORT, id_)], "q": [(LONG, id_)], "r": [("Adam", "method:z")]}
    assert found(compare(graph(APART), graph(now, names={"method:z": "adam"}))) == {
        "merges": [(["method:a", "method:b"], [id_])],
        "renamed": [("method:adam", "method:z")],
    }


def test_a_merge_says_the_judgement_that_ties_its_names() -> None:
    known = judged(SHORT, LONG, "method:a", "judged so before", score=1.0)
    links = known, judged(LONG, f"{LONG}s (LoRA)", "method:a", "spelling"), judged(SHORT, f"{LONG} (LoRA)", "method:a", "acronym", score=0.5)
    new = graph(TOGETHER, names={"method:a": SHORT}, links=(*links, judged(LONG, SHORT, "method:a", "apart", same=False)))
    new["links"] = new["links"].reverse().with_columns(by=pl.lit("someone"))
    d = compare(graph(APART, names={"method:a": SHORT, "method:b": LONG}, links=(known,)), new)
    assert [(j.name, j.reason) for j in d.merges[0].judged] == [(SHORT, "acronym")]
    assert d.merges[0].mentions == (2, 1)
    assert summary(d) == [f"1 merged: “{LONG}” → LoRA (acronym)"]
    assert list(lines(d)) == ["merges: 1", f"  “LoRA”, “{LONG}” → “LoRA”", "    2 + 1 mentions", f"    “LoRA”, “{LONG} (LoRA)”: acronym; as said"]


def test_a_reason_is_rather_about_names_that_only_one_side_has() -> None:
    old = graph({"p": [("x", "method:a"), ("own", "method:a")], "q": [("x", "method:b"), ("y", "method:b")]})
    links = judged("x", "y", "method:a", "perhaps within b"), judged("own", "y", "method:a", "between a and b", score=0.5)
    new = graph({"p": [("x", "method:a"), ("own", "method:a")], "q": [("x", "method:a"), ("y", "method:a")]}, links=links)
    assert [j.reason for j in compare(old, new).merges[0].judged] == ["between a and b"]


def test_each_of_several_merged_has_its_reason() -> None:
    old = graph({"p": [("a", "method:a")], "q": [("b", "method:b")], "r": [("c", "method:c")]})
    links = judged("a", "b", "method:a", "one"), judged("c", "b", "method:a", "two"), judged("a", "c", "method:other", "of another entity")
    d = compare(old, graph({"p": [("a", "method:a")], "q": [("b", "method:a")], "r": [("c", "method:a")]}, links=links))
    assert [j.reason for j in d.merges[0].judged] == ["one", "two"]


def test_a_merge_needs_mentions_that_both_graphs_hold() -> None:
    assert found(compare(graph(APART), graph({"p": APART["p"], "r": [*APART["r"], (LONG, "method:a")]}))) == {
        "papers_removed": ["q"],
        "papers_changed": ["r"],
        "entities_removed": ["method:b"],
        "facts_added": [("r", "uses", "method:a")],
        "facts_removed": [("q", "uses", "method:b")],
    }


def test_a_mention_that_goes_from_one_entity_to_another_splits_the_one_and_merges_nothing() -> None:
    old = graph({"p": [("x", "method:a"), ("x", "method:a"), ("y", "method:a")], "q": [("z", "method:b")]})
    new = graph({"p": [("x", "method:a"), ("x", "method:a"), ("y", "method:b")], "q": [("z", "method:b")]})
    d = compare(old, new)
    assert found(d) == {"splits": [(["method:a"], ["method:a", "method:b"])], "facts_added": [("p", "uses", "method:b")]}
    assert d.splits[0].mentions == (2, 1)


def test_another_name_in_a_mentions_place_is_another_mention() -> None:
    old, new = graph({"p": [("abc", "method:a")], "q": [("abc", "method:a")]}), graph({"p": [("xyz", "method:x")], "q": [("abc", "method:a")]})
    assert "splits" not in found(compare(old, new))


def test_of_a_papers_roles_to_what_is_merged_only_a_change_of_the_strongest_is_a_difference() -> None:
    old = graph({"p": [("x", "method:x"), ("y", "method:y")]}, roles={("p", "method:y"): "introduces"}, lineage=(("p", "method:y", "method:x"),))
    same, weaker = (graph({"p": [("x", "method:x"), ("y", "method:x")]}, roles={("p", "method:x"): role}) for role in ("introduces", "mentions"))
    assert set(found(compare(old, same))) == {"merges"}
    d = found(compare(old, weaker))
    assert d["facts_removed"] == [("p", "introduces", "method:y")]
    assert d["facts_added"] == [("p", "mentions", "method:x")]


def test_an_entity_whose_mentions_are_in_several_is_split() -> None:
    apart = judged(SHORT, LONG, "method:a", "decided", same=False)
    d = compare(graph(TOGETHER, names={"method:a": SHORT}), graph(APART, names={"method:a": SHORT, "method:b": LONG}, links=(apart,)))
    assert found(d) == {
        "splits": [(["method:a"], ["method:a", "method:b"])],
        "facts_added": [("q", "uses", "method:b")],
        "facts_removed": [("q", "uses", "method:a")],
    }
    assert summary(d)[-1] == f"1 split: “LoRA” → LoRA, {LONG} (decided)"


def test_a_split_that_no_judgement_explains_says_which_one_is_gone() -> None:
    tie = judged(SHORT, f"{LONG} (LoRA)", "method:a", "acronym", score=0.2)
    kept = judged(SHORT, LONG, "method:a", "in both", score=1.0)
    d = compare(graph(TOGETHER, links=(tie, kept)), graph(APART, links=(kept,)))
    assert [j.reason for j in d.splits[0].judged] == ["no longer acronym"]
    apart = judged(LONG, SHORT, "method:b", "decided", same=False, score=0.1)
    d = compare(graph(TOGETHER, links=(tie,)), graph(APART, links=(apart,)))
    assert [j.reason for j in d.splits[0].judged] == ["decided"]


def test_what_no_judgement_explains_has_no_reason() -> None:
    d = compare(graph(TOGETHER), graph(APART, links=(judged(SHORT, "Adam", "method:a", "other", same=False), judged(SHORT, LONG, "method:a", "same"))))
    assert d.splits[0].judged == ()


# -- renamed and retyped -------------------------------------------------------------------------------------------------------


def test_an_entity_under_another_id_is_renamed_and_its_facts_stay() -> None:
    old = graph(APART, lineage=(("p", "method:a", "method:adam"),))
    moved = {paper: [(s, e.replace(":a", ":new-a")) for s, e in mentions] for paper, mentions in APART.items()}
    new = graph(moved, lineage=(("p", "method:new-a", "method:new-adam"),))
    assert found(compare(old, new)) == {"renamed": [("method:a", "method:new-a"), ("method:adam", "method:new-adam")]}


def test_an_id_that_another_entity_took_over_does_not_keep_the_old_one_alive() -> None:
    old = graph({"p": [(SHORT, "method:lora")], "q": [(SHORT, "method:lora-2")]}, names={"method:lora-2": "lora"})
    d = compare(old, graph({"q": [(SHORT, "method:lora")]}))
    assert found(d) == {
        "papers_removed": ["p"],
        "entities_removed": ["method:lora"],
        "renamed": [("method:lora-2", "method:lora")],
        "facts_removed": [("p", "uses", "method:lora")],
    }
    assert "  lora [method:lora-2] → lora [method:lora]" in lines(d)
    edited = found(compare(old, graph({"p": [("other", "method:lora")], "q": [(SHORT, "method:lora")]})))
    assert edited["entities_removed"] == ["method:lora"]
    assert edited["facts_removed"] == edited["facts_added"] == [("p", "uses", "method:lora")]


def test_an_entity_of_another_type_is_retyped_not_removed_and_added() -> None:
    d = compare(graph({"p": [("F1", "metric:f1")]}), graph({"p": [("F1", "task:f1")]}))
    assert found(d) == {"retyped": [("metric:f1", "task:f1")]}
    assert summary(d) == ["1 entity retyped"]
    assert list(lines(d))[1] == "  f1 [metric:f1] → f1 [task:f1] · metric → task"


def test_a_name_that_only_one_entity_bears_is_shown_without_its_id() -> None:
    both = {"method:a": "CV", "task:b": "CV", "method:c": "PCA"}
    d = compare(graph({}), graph({"p": [("x", "method:a"), ("y", "task:b"), ("z", "method:c")]}, names=both))
    assert [str(n) for n in d.entities_added] == ["CV [method:a]", "PCA", "CV [task:b]"]


def test_an_entity_that_keeps_its_name_under_another_id_is_shown_without_ids_but_where_they_are_the_difference() -> None:
    old = graph({"p": [(SHORT, "method:a")]}, names={"method:a": SHORT})
    new = graph({"p": [(SHORT, "method:b")], "q": [(SHORT, "method:b")]}, names={"method:b": SHORT})
    report = list(lines(compare(old, new)))
    assert "  LoRA [method:a] → LoRA [method:b]" in report
    assert "  Title of q · uses LoRA" in report


def test_lineage_names_child_parent_and_paper() -> None:
    said = {"p": [("q", "method:QLoRA"), ("l", "method:LoRA")]}
    (line,) = (line for line in lines(compare(graph(said), graph(said, lineage=(("p", "method:QLoRA", "method:LoRA"),)))) if "based on" in line)
    assert line == "  QLoRA · based on LoRA, says Title of p"


# -- whatever the graphs -------------------------------------------------------------------------------------------------------

surfaces = st.sampled_from("uvwxyz")
some_said = st.dictionaries(st.sampled_from("pqrs"), st.lists(st.tuples(surfaces, st.sampled_from(["method:a", "method:b", "task:c", "metric:d"])), max_size=4))


@given(some_said, some_said)
def test_the_reverse_difference_swaps_added_and_removed_papers_and_splits_what_was_merged(a: dict[str, Any], b: dict[str, Any]) -> None:
    there, back = compare(graph(a), graph(b)), compare(graph(b), graph(a))
    assert (there.papers_added, there.papers_removed) == (back.papers_removed, back.papers_added)
    assert {m.new[0].id for m in there.merges} <= {s.old[0].id for s in back.splits}
    assert bool(there) == bool(back)


@given(some_said, st.permutations(["method:a", "method:b", "task:c", "metric:d"]))
def test_other_ids_alone_add_remove_merge_and_split_nothing(said: dict[str, Any], ids: list[str]) -> None:
    new = dict(zip(["method:a", "method:b", "task:c", "metric:d"], ids, strict=True))
    d = compare(graph(said), graph({paper: [(s, new[e]) for s, e in mentions] for paper, mentions in said.items()}))
    assert set(found(d)) <= {"renamed", "retyped"}


@given(some_said, some_said, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(a: dict[str, Any], b: dict[str, Any], chance: random.Random) -> None:
    old, new = graph(a), graph(b)
    mixed = [{t: f.sample(fraction=1, shuffle=True, seed=chance.randrange(1000)) for t, f in frames.items()} for frames in (old, new)]
    assert list(lines(compare(*mixed))) == list(lines(compare(old, new)))


# -- text ----------------------------------------------------------------------------------------------------------------------


def test_a_summary_is_short_however_much_was_merged() -> None:
    papers = [(f"p{i}", f"method:{i}-{'long ' * 100}") for i in range(40)]
    old = graph({p: [("x", e)] for p, e in papers})
    merged = summary(compare(old, graph({p: [("x", f"method:m{i // 4}")] for i, (p, _) in enumerate(papers)})))
    assert len(merged) == 1
    assert merged[0].startswith("10 merged: “")
    assert merged[0].endswith("; …")
    assert len(merged[0]) < 700


def test_names_titles_and_sentences_cannot_control_the_terminal(hostile: tuple[str, ...]) -> None:
    bad = "red \x1b[31m\x1b]0;owned\x07\u202e {0.id}\nfacts added: 9"
    texts = [bad, *hostile]
    said = {f"p{i}": [(text, f"method:{text}")] for i, text in enumerate(texts)}
    merged = {p: [(s, f"method:one{bad}") for s, _ in mentions] for p, mentions in said.items()}
    links = [judged(a, b, f"method:one{bad}", f"{bad} reason") for a in texts for b in texts]
    old, new = graph(said, titles={"p0": bad}), graph(merged, titles={"p0": bad}, links=tuple(links))
    for d in (compare(graph({}), old), compare(old, new), compare(new, old)):
        printed = [*lines(d), *summary(d)]
        assert any("\\x1b[31m" in line for line in printed)
        assert not any(c in line for c in "\x1b\x07\u202e\n" for line in printed)


# -- folders and the command ---------------------------------------------------------------------------------------------------


@pytest.fixture
def kg(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run the command; return its exit code, standard output and standard error."""
    from kg.cli import main

    def run(*words: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["kg", *map(str, words)])
        with pytest.raises(SystemExit) as done:
            main()
        return int(str(done.value.code)), *capsys.readouterr()

    return run


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Two graph folders that differ by a merge."""
    for name, said in (("old", APART), ("new", TOGETHER)):
        with writing(tmp_path / name) as folder:
            write(folder, graph(said, names={"method:a": SHORT, "method:b": LONG}), {"pipeline": "by hand"})
    return tmp_path / "old", tmp_path / "new"


def test_the_command_prints_the_report_the_short_form_or_json(folders: tuple[Path, Path], kg: Callable[..., tuple[int, str, str]]) -> None:
    d = compare(*map(read, folders))
    assert kg("diff", *folders) == (0, "".join(f"{line}\n" for line in lines(d)), "")
    assert kg("diff", *folders, "--short") == (0, f"1 merged: “{LONG}” → LoRA\n", "")
    code, out, said = kg("diff", *folders, "--json")
    assert (code, said, json.loads(out)) == (0, "", as_dict(d))
    assert json.loads(out)["merges"][0]["old"][1] == {"id": "method:b", "kind": "method", "name": LONG}


def test_the_command_says_when_nothing_differs(folders: tuple[Path, Path], kg: Callable[..., tuple[int, str, str]]) -> None:
    code, out, said = kg("diff", folders[0], folders[0])
    assert (code, out) == (0, "")
    assert said.startswith("no difference")
    assert set(map(tuple, json.loads(kg("diff", folders[1], folders[1], "--json")[1]).values())) == {()}


def test_a_folder_that_is_no_graph_is_one_line(folders: tuple[Path, Path], tmp_path: Path, kg: Callable[..., tuple[int, str, str]]) -> None:
    (folders[1] / "facts.parquet").write_bytes(b"PAR1 nothing")
    for words, part, expected in (
        ((folders[0], tmp_path / "none"), "no graph here", 1),
        ((folders[0], folders[1]), "facts.parquet", 1),
        (("neo4j://localhost", folders[0]), "not on a server", 1),
        ((*folders, "--short", "--json"), "not both", 2),
    ):
        code, out, said = kg("diff", *words)
        assert (code, out, said.count("\n")) == (expected, "", 1)
        assert part in said


def test_builds_differ_by_the_papers_added(tmp_path: Path) -> None:
    records = [
        {"id": "a", "title": "LoRA", "abstract": "We propose LoRA and evaluate it on GLUE."},
        {"id": "b", "title": "QLoRA", "abstract": "We present QLoRA. It extends LoRA. We evaluate it on GSM8K."},
    ]
    for name, some in (("old", records[:1]), ("new", records)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(r) + "\n" for r in some), encoding="utf-8")
        build([tmp_path / f"{name}.jsonl"], tmp_path / name, model="fast", processes=1)
    old, new = read(tmp_path / "old"), read(tmp_path / "new")
    assert not compare(old, old)
    there, back = compare(old, new), compare(new, old)
    assert [n.id for n in there.papers_added] == ["b"]
    assert {f.paper.id for f in there.facts_added} == {"b"}
    assert there.facts_added == back.facts_removed
    assert not set(found(there)) & {"merges", "splits", "papers_changed", "entities_removed", "facts_removed"}
