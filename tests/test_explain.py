"""What a graph says of its names: why one is what it is, its spellings, what to look at again; and the commands that overrule it."""

import json
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Page

from kg.assemble import build
from kg.errors import AmbiguousName, UnknownName
from kg.explain import Explained, Judgements, Step, explain_lines, explained_dict, page, review_lines
from kg.records import FIELDS, LocalEntity, Mention, Paper, Passage, Reader, Reading
from kg.tables import SCHEMAS, Tables, writing
from kg.text import occurrences, sentences, text_hash

Thing = tuple[str, list[str], bool]
"""Type, names (the one that stands for it first), whether the text defines it by that name."""

ANSWERING, QUALITY, MATRICES = "Visual question answering", "Video quality assessment", "Block-Level Adaptive Structured Matrices"
CORPUS: dict[str, tuple[str, str, list[Thing]]] = {
    "a": (
        "Quick adapters",
        "Adapters are small. We use Low-Rank Adaptation (LoRA) to train GPT-3. LoRA is quick.",
        [("method", ["Low-Rank Adaptation", "LoRA"], True), ("method", ["GPT-3"], False)],
    ),
    "b": ("More of them", "Two LoRAs beat QLoRA.", [("method", ["LoRAs"], False), ("method", ["QLoRA"], False)]),
    "c": ("Once more", "We train GPT-4 with LoRA.", [("method", ["LoRA"], False), ("method", ["GPT-4"], False)]),
    "d": ("Pictures", f"It is hard. {ANSWERING} (VQA) needs sight and BERT.", [("task", [ANSWERING, "VQA"], True), ("method", ["BERT"], False)]),
    "e": ("Videos", f"{QUALITY} (VQA) needs eyes.", [("task", [QUALITY, "VQA"], True)]),
    "f": ("Neither", "We study VQA on ImageNet.", [("task", ["VQA"], False), ("dataset", ["ImageNet"], False)]),
    "g": ("Sparse", "We introduce BLaST for ImageNet-1k.", [("method", ["BLaST"], False), ("dataset", ["ImageNet-1k"], False)]),
    "h": ("Blocks", f"{MATRICES} (BLAST) are slow. They use BERTs.", [("method", [MATRICES, "BLAST"], True), ("method", ["BERTs"], False)]),
    "k": ("Parts", "We introduce MoDeX. A modular deck is quick.", [("method", ["MoDeX", "modular deck"], False)]),
    "j": ("Less", "We try low rank adaptation.", [("method", ["low rank adaptation"], False)]),
    "i": ("Sight", f"We study {ANSWERING} on ImageNet.", [("task", [ANSWERING], False), ("dataset", ["ImageNet"], False)]),
}
NASTY = (
    "<script>alert(1)</script>",
    'say "hi"',
    "it's; rm -rf /",
    "\u202eevil \u2066name",
    "-v two",
    "$HOME `ls` \\n",
    "a & b <b>",
    "{{ 7*7 }} {% x %}",
    "--help me",
    "*",
)
HOSTILE = {f"h{i}": (f"On {text}", f"We use {text} (XQZ{i}A) here.", [("method", [text, f"XQZ{i}A"], True)]) for i, text in enumerate(NASTY)}


def graph_of(corpus: dict[str, tuple[str, str, list[Thing]]], folder: Path) -> Path:
    """Build the graph of papers whose mentions are given."""
    source = folder / "papers.jsonl"
    source.write_text("".join(json.dumps({"id": i, "title": t, "abstract": a}) + "\n" for i, (t, a, _) in corpus.items()), encoding="utf-8")

    def read(papers: Iterable[Paper], reader: Reader, *, processes: int | None = None) -> Iterator[Reading]:
        yield from (reading(p, corpus[p.id][2]) for p in papers)

    return build([source], folder / "graph", extract=read).folder


def reading(paper: Paper, things: list[Thing]) -> Reading:
    mentions, local = [], []
    for i, (type_, names, defined) in enumerate(things):
        places = [Passage(field, *place) for field in FIELDS for place in occurrences(getattr(paper, field), names)]
        mentions += [Mention(at, getattr(paper, at.field)[at.start : at.end], type_, 0.9, "model", i) for at in places]
        first = places[-1]
        (around,) = [(a, b) for a, b in sentences(getattr(paper, first.field)) if a <= first.start < b]
        role = "introduces" if f"We introduce {names[0]}" in paper.abstract else "uses"
        local.append(LocalEntity(type_, names[0], defined, role, 0.8, Passage(first.field, *around), False))
    return Reading(paper.id, text_hash(paper.title, paper.abstract), tuple(mentions), tuple(local))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of the corpus; not to be changed."""
    return graph_of(CORPUS, tmp_path_factory.mktemp("names"))


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of hostile names; not to be changed."""
    return graph_of(HOSTILE, tmp_path_factory.mktemp("nasty"))


@pytest.fixture
def graph(built: Path, tmp_path: Path) -> Path:
    """The graph of the corpus, to be changed: the folder ``graph`` in the working directory of `kg`."""
    return Path(shutil.copytree(built, tmp_path / "graph"))


@pytest.fixture
def names(built: Path) -> Judgements:
    return Judgements(Tables.open(built))


Kg = Callable[..., tuple[int, str, str]]


@pytest.fixture
def kg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Kg:
    """Return a function that runs the command in an empty folder: exit code, standard output, standard error."""
    from kg.cli import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KG_GRAPH", raising=False)

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["kg", *words])
        with pytest.raises(SystemExit) as stop:
            main()
        said = capsys.readouterr()
        assert isinstance(stop.value.code, int)
        return stop.value.code, said.out, said.err

    return run


def content(graph: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(graph.iterdir()) if not p.name.startswith(".")}


def tables(graph: Path) -> dict[str, bytes]:
    return {name: data for name, data in content(graph).items() if not name.startswith("aliases")}


def steps(found: Iterable[Step]) -> list[tuple[str, str, str]]:
    return [(s.link.name, s.link.other, s.link.reason) for s in found]


def only(found: list[Explained]) -> Explained:
    (one,) = found
    return one


# -- why a name is what it is ----------------------------------------------------------------------------------------------------


def test_a_long_form_is_explained_by_the_definition_and_its_sentence(names: Judgements) -> None:
    found = only(names.explain("Low-Rank Adaptation"))
    assert (found.name, found.entity, found.id, found.type, found.papers) == ("Low-Rank Adaptation", "LoRA", "method:lora", "method", 4)
    assert steps(found.chain) == [("LoRA", "Low-Rank Adaptation", "definition")]
    (step,) = found.chain
    assert (step.sentence, step.paper, step.link.paper) == ("We use Low-Rank Adaptation (LoRA) to train GPT-3.", "Quick adapters", "a")
    assert 0.5 < step.link.score < 1


def test_a_spelling_is_explained_step_by_step_to_the_entitys_name(names: Judgements) -> None:
    assert steps(only(names.explain("LoRAs")).chain) == [("LoRAs", "LoRA", "plural")]
    found = only(names.explain("low rank adaptation"))
    assert [reason for *_, reason in steps(found.chain)] == ["normal form", "definition"]


@pytest.mark.parametrize("name", ["lora", "Low–rank  adaptations", "LORA", "method:lora", " LoRA "])
def test_a_name_is_found_however_it_is_written(names: Judgements, name: str) -> None:
    found = only(names.explain(name))
    assert found.id == "method:lora"
    assert found.name in names.entities["method:lora"]["aliases"]
    assert bool(found.chain) == (found.name != found.entity)


@pytest.mark.parametrize("graph_", ["built", "sample_graph"])
def test_every_name_leads_to_its_entity_by_judgements_each_with_a_reason(request: pytest.FixtureRequest, graph_: str) -> None:
    judgements = Judgements(Tables.open(request.getfixturevalue(graph_)))
    unexplained = []
    for entity in judgements.entities.values():
        for alias in entity["aliases"]:
            (found,) = [e for e in judgements.explain(alias) if e.id == entity["id"]]
            assert found.name == alias
            assert all(step.link.same and step.link.reason and step.link.evidence and step.link.entity == entity["id"] for step in found.chain)
            if not found.chain and alias != entity["name"]:
                unexplained.append((entity["id"], alias))
    assert unexplained == []


def test_what_was_kept_apart_is_said_with_the_reason(names: Judgements) -> None:
    assert steps(only(names.explain("GPT-3")).apart) == [("GPT-3", "GPT-4", "version")]
    assert steps(only(names.explain("GPT-4")).apart) == [("GPT-3", "GPT-4", "version")]
    found = next(e for e in names.explain("VQA") if ANSWERING.casefold() in e.entity.casefold())
    assert "other long form" in [reason for *_, reason in steps(found.apart)]
    assert "introduced under another spelling" in [reason for *_, reason in steps(names.explain("BLaST")[0].apart)]


def test_what_was_kept_apart_is_shown_by_a_sentence(names: Judgements) -> None:
    for name, words in (("BLaST", "We introduce BLaST for ImageNet-1k."), (QUALITY, "(VQA) needs")):
        apart = [s for s in names.explain(name)[0].apart if s.link.paper]
        assert apart
        assert [s.link.reason for s in apart if not s.sentence or words not in s.sentence] == []


def test_near_names_of_other_entities_are_listed(names: Judgements) -> None:
    found = only(names.explain("LoRA"))
    assert ("method:qlora", "QLoRA", 1) in found.near
    assert "method:lora" not in [id_ for id_, *_ in found.near]
    assert all(id_.startswith("method:") for id_, *_ in found.near)


def test_each_meaning_of_a_name_is_explained_by_itself_the_one_of_most_papers_first(names: Judgements) -> None:
    found = names.explain("VQA")
    assert len(found) >= 2
    assert [e.papers for e in found] == sorted((e.papers for e in found), reverse=True)
    assert len({e.id for e in found}) == len(found)
    for entity, long in zip(found, (ANSWERING, QUALITY), strict=False):
        assert long in names.entities[entity.id]["aliases"]
    text = "\n".join(explain_lines(found))
    assert text.count("\n\n") == len(found) - 1
    for block, entity in zip(text.split("\n\n"), found, strict=True):
        assert entity.id in block.split("\n")[0]


def test_a_sense_of_a_short_form_is_a_name(names: Judgements) -> None:
    for long in (ANSWERING, QUALITY):
        assert long in names.entities[only(names.explain(long)).id]["aliases"]
    (label,) = {x.name for x in names.links if x.reason == "other long form"}
    assert [e.id for e in names.explain(label)]


def test_an_unknown_name_lists_near_ones(names: Judgements) -> None:
    with pytest.raises(UnknownName, match=r"“LoRAA”; near: .*LoRA"):
        names.explain("LoRAA")
    with pytest.raises(UnknownName, match="“nothing like it”"):
        names.explain("nothing like it")
    with pytest.raises(UnknownName):
        names.explain("")


def test_one_entity_is_asked_for_by_id_where_a_name_has_several(names: Judgements) -> None:
    ids = [e["id"] for e in names.find("VQA")]
    with pytest.raises(AmbiguousName, match=ids[0]) as error:
        names.one("VQA")
    assert all(id_ in str(error.value) for id_ in ids)
    for id_ in ids:
        assert names.one(id_)["id"] == id_
    assert names.one("LoRA")["id"] == "method:lora"


def test_an_explanation_as_json_holds_all_of_it(names: Judgements) -> None:
    found = json.loads(json.dumps(explained_dict(only(names.explain("LoRAs")))))
    assert found.keys() == {"name", "id", "entity", "type", "papers", "chain", "apart", "near"}
    (step,) = found["chain"]
    assert {"name", "other", "same", "reason", "evidence", "score", "paper", "title", "sentence"} <= step.keys()
    assert (step["name"], step["other"], step["same"], step["reason"]) == ("LoRAs", "LoRA", True, "plural")
    (step,) = explained_dict(only(names.explain("Low-Rank Adaptation")))["chain"]
    assert (step["title"], step["sentence"]) == ("Quick adapters", "We use Low-Rank Adaptation (LoRA) to train GPT-3.")
    assert {"id": "method:qlora", "name": "QLoRA", "papers": 1} in found["near"]


# -- spellings -----------------------------------------------------------------------------------------------------------------


def test_spellings_are_counted_and_each_has_the_reason_why_it_is_the_entitys(names: Judgements) -> None:
    entity, found = names.surfaces("LoRA")
    assert entity["id"] == "method:lora"
    assert [(s.surface, s.papers) for s in found] == [("LoRA", 2), ("LoRAs", 1), ("Low-Rank Adaptation", 1), ("low rank adaptation", 1)]
    assert {s.surface: (s.reason, s.other) for s in found} == {
        "LoRA": ("its name", "LoRA"),
        "LoRAs": ("plural", "LoRA"),
        "Low-Rank Adaptation": ("definition", "LoRA"),
        "low rank adaptation": ("normal form", "Low-Rank Adaptation"),
    }


def test_every_spelling_of_every_entity_is_counted(names: Judgements) -> None:
    for id_, entity in names.entities.items():
        _, found = names.surfaces(id_)
        assert sorted(s.surface for s in found) == sorted(entity["aliases"])
        assert all(1 <= s.papers <= entity["papers"] for s in found), entity
        assert [s.papers for s in found] == sorted((s.papers for s in found), reverse=True)


# -- what to look at again -------------------------------------------------------------------------------------------------------


def test_the_least_certain_judgements_come_first(names: Judgements) -> None:
    doubts = names.review(100)
    sure = [round(d.step.link.score, 1) for d in doubts]
    assert sure == sorted(sure)
    assert len(set(sure)) > 2
    for score in set(sure):
        papers = [d.papers for d, s in zip(doubts, sure, strict=True) if s == score]
        assert papers == sorted(papers, reverse=True)
    assert {True, False} == {d.step.link.same for d in doubts}
    assert names.review(3) == doubts[:3]


def test_what_leaves_no_doubt_is_not_reviewed(graph: Path, kg: Kg) -> None:
    assert kg("alias", "same", "QLoRA", "LoRA")[0] == 0
    judgements = Judgements(Tables.open(graph))
    assert {"user", "plural", "normal form", "version"} <= {x.reason for x in judgements.links}
    assert {d.step.link.reason for d in judgements.review(100)} & {"user", "plural", "normal form", "version"} == set()


def test_a_review_is_read_line_by_line_with_sentences(names: Judgements) -> None:
    lines = list(review_lines(names.review(100)))
    assert any(re.match(r"same  LoRA – Low-Rank Adaptation: definition \(0\.\d\d\); ", line) for line in lines)
    assert any("“We use Low-Rank Adaptation (LoRA) to train GPT-3.” – Quick adapters" in line for line in lines)


class Checked(HTMLParser):
    """Collects the commands of a page, its tags, and what its tags leave open."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.commands: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag == "code":
            self.commands.append("")
        if tag not in ("meta", "link", "br", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "code":
            self.commands[-1] += data
        if "style" not in self.open:
            self.text += data


def test_the_page_of_a_review_holds_every_doubt_no_script_and_loads_nothing(names: Judgements) -> None:
    doubts = names.review(100)
    found = Checked(page(doubts, names))
    assert found.open == []
    assert "script" not in found.tags
    assert {"src", "href", "srcset", "action"} & {name for name, _ in found.attributes} == set()
    assert [name for name, _ in found.attributes if name.startswith("on")] == []
    assert found.tags.count("article") == len(found.commands) == len(doubts)
    assert all(text in found.text for d in doubts for text in (d.step.link.name, d.step.link.other, d.step.link.reason, d.step.sentence or ""))
    assert "No judgement is in doubt." in Checked(page([], names)).text


def test_hostile_names_are_shown_as_they_are_and_quoted_in_the_commands(nasty: Path) -> None:
    judgements = Judgements(Tables.open(nasty))
    doubts = judgements.review(100)
    assert {name for d in doubts for name in (d.step.link.name, d.step.link.other)} >= set(NASTY)
    found = Checked(page(doubts, judgements))
    assert "script" not in found.tags
    assert "b" not in found.tags
    assert all(name in found.text for name in NASTY)
    for command, doubt in zip(found.commands, doubts, strict=True):
        words = shlex.split(command)
        assert words[:3] == ["kg", "alias", "apart" if doubt.step.link.same else "same"]
        assert {doubt.step.link.name, doubt.step.link.other} <= set(words)
        assert words[words.index("-g") + 1] == str(nasty)


def test_names_that_change_the_direction_of_text_change_it_for_themselves_only(nasty: Path, tmp_path: Path, page: Page) -> None:
    from kg.explain import page as page_of

    judgements = Judgements(Tables.open(nasty))
    path = tmp_path / "review.html"
    path.write_text(page_of(judgements.review(100), judgements), encoding="utf-8")
    page.goto(path.as_uri())
    assert page.locator("article").count() == len(judgements.review(100))
    assert "<script>alert(1)</script>" in page.locator("main").inner_text()
    assert page.evaluate("document.scripts.length") == 0
    evil = page.locator("bdi", has_text="evil")
    assert evil.count() > 0
    outside = page.evaluate(
        "[...document.querySelectorAll('article *')].filter(e => ![...e.children].length && /[\\u202a-\\u202e\\u2066-\\u2069]/.test(e.textContent)"
        " && !['BDI', 'BLOCKQUOTE', 'CODE'].includes(e.tagName)).map(e => e.tagName)"
    )
    assert outside == []


@pytest.mark.parametrize("of", ["built", "nasty"])
def test_every_command_of_a_review_overrules_the_judgement_above_it(request: pytest.FixtureRequest, of: str, tmp_path: Path, kg: Kg) -> None:
    whole = request.getfixturevalue(of)
    judgements = Judgements(Tables.open(whole))
    doubts = judgements.review(100)
    failed = []
    for doubt, command in zip(doubts, Checked(page(doubts, judgements)).commands, strict=True):
        shutil.rmtree(tmp_path / "graph", ignore_errors=True)
        shutil.copytree(whole, tmp_path / "graph")
        code, _, said = kg(*shlex.split(command.replace(f" -g {shlex.quote(str(whole))}", ""))[1:])
        now = Judgements(Tables.open(tmp_path / "graph"))
        link = doubt.step.link
        told = [x for x in now.links if x.reason == "user" and {x.name, x.other} == {link.name, link.other}]
        if code != 0 or {x.same for x in told} != {not link.same} or {x.entity == x.other_entity for x in told} != {not link.same}:
            failed.append(f"{command}: {said.splitlines()[0]}")
    assert "\n".join(failed) == ""


# -- the commands --------------------------------------------------------------------------------------------------------------


def test_explain_prints_chain_reason_and_sentence(graph: Path, kg: Kg) -> None:
    code, out, err = kg("alias", "explain", "Low-Rank Adaptation")
    assert (code, err) == (0, "")
    first, step, sentence, *_ = out.splitlines()
    assert first == "Low-Rank Adaptation is LoRA (method, 4 papers, method:lora)"
    assert re.fullmatch(r"  same  LoRA – Low-Rank Adaptation: definition \(0\.\d\d\); .+", step)
    assert sentence == "        “We use Low-Rank Adaptation (LoRA) to train GPT-3.” – Quick adapters"
    near = kg("alias", "explain", "LoRA")[1].splitlines()[-1]
    assert near.startswith("  near names, never joined: ")
    assert "QLoRA" in near


def test_explain_as_json_is_one_array(graph: Path, kg: Kg) -> None:
    code, out, _ = kg("alias", "explain", "VQA", "--json")
    assert code == 0
    assert [e["id"] for e in json.loads(out)] == [e.id for e in Judgements(Tables.open(graph)).explain("VQA")]


def test_a_name_of_nothing_lists_near_ones_and_fails(graph: Path, kg: Kg) -> None:
    for words in (("explain", "LoRAA"), ("list", "LoRAA"), ("same", "LoRAA", "BERT"), ("apart", "BERT", "LoRAA")):
        before = content(graph)
        code, out, err = kg("alias", *words)
        assert (code, out, err.count("\n")) == (1, "", 1)
        assert "LoRAA" in err
        assert "near: " in err
        assert "LoRA" in err.split("near: ")[1]
        assert content(graph) == before


def test_list_gives_counts_and_reasons_in_every_form(graph: Path, kg: Kg) -> None:
    code, out, err = kg("alias", "list", "LoRA")
    assert (code, err) == (0, "LoRA (method, 4 papers, method:lora)\n")
    rows = [json.loads(line) for line in out.splitlines()]
    assert rows[0] == {"name": "LoRA", "papers": 2, "reason": "its name", "same_as": "LoRA", "score": 1.0}
    assert {"name": "LoRAs", "papers": 1, "reason": "plural", "same_as": "LoRA"}.items() <= rows[1].items()
    assert json.loads(kg("alias", "list", "LoRA", "--json")[1]) == rows
    assert kg("alias", "list", "LoRA", "--csv")[1].splitlines()[0] == "name,papers,reason,same_as,score"
    assert all(row["name"] in kg("alias", "list", "LoRA", "--table")[1] for row in rows)


def test_a_name_of_several_lists_them_to_choose_from(graph: Path, kg: Kg) -> None:
    code, out, err = kg("alias", "list", "VQA")
    assert (code, out) == (1, "")
    ids = [e["id"] for e in Judgements(Tables.open(graph)).find("VQA")]
    assert [id_ for id_ in ids if id_ not in err] == []
    for id_ in ids:
        assert kg("alias", "list", id_)[0] == 0


def test_review_prints_pages_and_json(graph: Path, kg: Kg, tmp_path: Path) -> None:
    code, out, _ = kg("alias", "review", "--limit", "3")
    assert code == 0
    assert len([line for line in out.splitlines() if line.startswith(("same  ", "apart  "))]) == 3
    rows = json.loads(kg("alias", "review", "--json")[1])
    assert [round(r["score"], 1) for r in rows] == sorted(round(r["score"], 1) for r in rows)
    assert {"name", "other", "same", "reason", "evidence", "score", "papers", "sentence"} <= rows[0].keys()
    assert kg("alias", "review", "--html", "-o", "review.html") == (0, "", "")
    found = Checked((tmp_path / "review.html").read_text(encoding="utf-8"))
    assert len(found.commands) == len(rows)
    assert all(" -g graph " in command for command in found.commands)
    code, _, err = kg("alias", "review", "--html", "--json")
    assert (code, err.count("\n")) == (2, 1)


def test_the_page_of_a_review_names_the_graph_in_its_commands(graph: Path, kg: Kg, tmp_path: Path) -> None:
    graph.rename(tmp_path / "it's mine")
    _, out, _ = kg("alias", "review", "--html", "-g", "it's mine")
    assert all("it's mine" in shlex.split(command) for command in Checked(out).commands)


def test_the_terminal_is_not_controlled_by_names(nasty: Path, kg: Kg) -> None:
    for words in (("explain", NASTY[3]), ("review",), ("list", "method:xqz3a", "--table")):
        code, out, err = kg("alias", *words, "-g", str(nasty))
        assert code == 0
        if words[0] != "review":  # what is no terminal gets a review as it is
            assert not any(c in out + err for c in "\u202e\u2066\x1b")


@pytest.mark.parametrize("type_", [(), ("--type", "method")], ids=["", "type"])
def test_same_writes_one_line_takes_effect_and_says_what_changed(graph: Path, kg: Kg, type_: tuple[str, ...]) -> None:
    code, out, err = kg("alias", "same", "QLoRA", "LoRA", *type_)
    assert (code, out) == (0, "")
    assert (graph / "aliases.tsv").read_text(encoding="utf-8") == "\t".join(["same", "QLoRA", "LoRA", *type_[1:]]) + "\n"
    first, *rest = err.splitlines()
    assert first.startswith("graph: 11 papers (linked anew), ")
    assert "1 merged: “QLoRA” → LoRA (user)" in rest
    found = only(Judgements(Tables.open(graph)).explain("QLoRA"))
    assert (found.id, found.papers) == ("method:lora", 4)
    assert steps(found.chain) == [("QLoRA", "LoRA", "user")]
    assert "“QLoRA”" in found.chain[0].link.evidence


def test_apart_takes_effect_and_says_what_changed(graph: Path, kg: Kg) -> None:
    code, _, err = kg("alias", "apart", "Low-Rank Adaptation", "LoRA")
    assert code == 0, err
    assert re.search("1 split: “LoRA.*” → .*LoRA", err)
    judgements = Judgements(Tables.open(graph))
    assert only(judgements.explain("LoRA")).id != only(judgements.explain("Low-Rank Adaptation")).id
    assert ("Low-Rank Adaptation", "LoRA", "user") in steps(only(judgements.explain("LoRA")).apart)


def test_judgements_follow_each_other_in_the_file(graph: Path, kg: Kg) -> None:
    (graph / "aliases.tsv").write_text("# mine\nsame\tBERT\tGPT-3", encoding="utf-8")
    assert kg("alias", "same", "QLoRA", "LoRA")[0] == 0
    assert kg("alias", "apart", "BERT", "GPT-4")[0] == 0
    assert (graph / "aliases.tsv").read_text(encoding="utf-8") == "# mine\nsame\tBERT\tGPT-3\nsame\tQLoRA\tLoRA\napart\tBERT\tGPT-4\n"


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("same", "QLoRA", "LoRA"), ("graph/aliases.tsv:1", "already")),
        (("same", "LoRA", "QLoRA"), ("graph/aliases.tsv:1", "already")),
        (("apart", "QLoRA", "LoRA"), ("contradiction", "graph/aliases.tsv:1")),
        (("apart", "QLoRA", "GPT-4"), ("contradiction", "graph/aliases.tsv:1", "graph/aliases.tsv:2")),
        (("same", "LoRA", "LoRA"), ("one name",)),
        (("same", "LoRA", " "), ("empty name",)),
        (("same", "LoRA", "ImageNet"), ("“LoRA” is a method", "“ImageNet” a data set or benchmark")),
        (("same", "VQA", "BERT", "--type", "method"), ("“VQA”",)),
        (("forget", "LoRA", "BERT"), ("nothing of “LoRA” and “BERT”", "same “QLoRA” “LoRA”")),
    ],
    ids=lambda v: " ".join(v) if v[0] in ("same", "apart", "forget") else "",
)
def test_a_judgement_that_cannot_be_is_one_line_and_changes_nothing(graph: Path, kg: Kg, words: tuple[str, ...], parts: tuple[str, ...]) -> None:
    assert kg("alias", "same", "QLoRA", "LoRA")[0] == 0
    assert kg("alias", "same", "LoRA", "GPT-4")[0] == 0
    before = content(graph)
    code, out, err = kg("alias", *words)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert [part for part in parts if part not in err] == []
    assert content(graph) == before


def test_a_judgement_needs_two_names_and_a_type_that_there_is(graph: Path, kg: Kg) -> None:
    before = content(graph)
    for words in (("same", "LoRA"), ("apart",), ("forget", "LoRA"), ("same", "LoRA", "QLoRA", "--type", "methods"), ("sane", "LoRA", "QLoRA"), ("explain",)):
        code, out, err = kg("alias", *words)
        assert (code, out, err.count("\n")) == (2, "", 1)
    assert content(graph) == before


@pytest.mark.parametrize("pair", [("QLoRA", "LoRA"), ("LoRA", "QLoRA")], ids=" ".join)
def test_forget_undoes_a_judgement_byte_for_byte(graph: Path, kg: Kg, pair: tuple[str, str]) -> None:
    before = tables(graph)
    kg("alias", "same", "QLoRA", "LoRA")
    assert tables(graph) != before
    code, _, err = kg("alias", "forget", *pair)
    assert code == 0
    assert "1 split: “LoRA” → " in err
    assert tables(graph) == before
    assert (graph / "aliases.tsv").read_text(encoding="utf-8") == ""


@pytest.mark.parametrize(
    ("verdict", "name", "other"),
    [
        ("apart", "LoRA", "LoRAs"),
        ("apart", "LoRA", "Low-Rank Adaptation"),
        ("apart", "BERT", "BERTs"),
        ("same", "GPT-3", "GPT-4"),
        ("same", ANSWERING, QUALITY),
        ("apart", "VQA", ANSWERING),
        ("same", "BLaST", "BLAST"),
        ("apart", "ImageNet", "ImageNet-1k"),
    ],
    ids=str,
)
def test_any_judgement_takes_effect_and_is_forgotten_without_a_trace(graph: Path, kg: Kg, verdict: str, name: str, other: str) -> None:
    before = tables(graph)
    code, _, err = kg("alias", verdict, name, other)
    assert code == 0, err
    entities = Judgements(Tables.open(graph)).entities.values()
    assert bool([e for e in entities if {name, other} <= set(e["aliases"])]) == (verdict == "same")
    assert all(e["papers"] > 0 for e in entities)
    assert kg("alias", "forget", name, other)[0] == 0
    assert tables(graph) == before


def test_a_file_of_ones_own_is_written_and_takes_the_place_of_the_graphs(graph: Path, kg: Kg, tmp_path: Path) -> None:
    kg("alias", "same", "BERT", "GPT-3")
    mine = tmp_path / "mine.tsv"
    mine.write_text("# mine\n", encoding="utf-8")
    assert kg("alias", "same", "QLoRA", "LoRA", "-f", "mine.tsv")[0] == 0
    assert mine.read_text(encoding="utf-8") == (graph / "aliases.tsv").read_text(encoding="utf-8") == "# mine\nsame\tQLoRA\tLoRA\n"
    assert (graph / "aliases.tsv.old").read_text(encoding="utf-8") == "same\tBERT\tGPT-3\n"
    assert kg("alias", "forget", "QLoRA", "LoRA", "-f", "mine.tsv")[0] == 0
    assert mine.read_text(encoding="utf-8") == (graph / "aliases.tsv").read_text(encoding="utf-8") == "# mine\n"


def test_a_build_under_a_file_of_judgements_says_what_changed(graph: Path, kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "mine.tsv").write_text("same\tQLoRA\tLoRA\n", encoding="utf-8")
    code, _, err = kg("build", "-f", "mine.tsv")
    assert code == 0
    assert "1 merged: “QLoRA” → LoRA (user)" in err
    (tmp_path / "mine.tsv").write_text("same\tQLoRA\tLoRA\napart\tLoRA\tQLoRA\n", encoding="utf-8")
    before = content(graph)
    code, _, err = kg("build", "-f", "mine.tsv")
    assert (code, err.count("\n")) == (1, 1)
    assert "mine.tsv:1" in err
    assert "mine.tsv:2" in err
    assert content(graph) == before


@pytest.mark.parametrize("words", [("explain", "x"), ("list", "x"), ("review",), ("same", "x", "y"), ("apart", "x", "y"), ("forget", "x", "y")], ids=" ".join)
def test_without_a_graph_a_command_says_how_to_make_one(kg: Kg, tmp_path: Path, words: tuple[str, ...]) -> None:
    code, out, err = kg("alias", *words)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "kg build" in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [("alias", "same", "QLoRA", "LoRA"), ("alias", "forget", "BERT", "GPT-3"), ("remove", "a"), ("build",)], ids=" ".join)
def test_a_stop_or_another_writer_leaves_graph_and_judgements_as_they_were(
    graph: Path, kg: Kg, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    kg("alias", "same", "BERT", "GPT-3")
    before = content(graph)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("kg.assemble.link", stop)
        code, out, err = kg(*words)
    assert (code, out, err.strip().count("\n")) == (130, "", 0)
    assert "kg: stopped" in err
    assert content(graph) == before
    with writing(graph):
        code, out, err = kg(*words)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "is writing this graph" in err
    assert content(graph) == before


def test_asking_changes_nothing(graph: Path, kg: Kg) -> None:
    before = content(graph)
    for words in (("explain", "VQA"), ("list", "LoRA"), ("review",), ("review", "--html"), ("review", "--json")):
        assert kg("alias", *words)[0] == 0
    assert content(graph) == before


def test_the_graph_of_the_tests_holds_every_kind_of_doubt(names: Judgements) -> None:
    reasons = {x.reason for x in names.links}
    assert {"definition", "plural", "normal form", "version", "other long form", "introduced under another spelling"} <= reasons
    assert {name for name in SCHEMAS if names.tables.read(name).height} >= {"papers", "mentions", "entities", "links", "facts"}
