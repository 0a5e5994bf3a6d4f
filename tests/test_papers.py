import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.papers import identify, known_id, own_id, similarity
from kg.records import Paper
from kg.text import slug

TITLE = "PiSSA: Principal Singular Values and Singular Vectors Adaptation"
ABSTRACT = (
    "To parameter-efficiently fine-tune large language models, LoRA approximates the model changes through the product of two matrices. "
    "We initialise the adaptor with the principal components of the original matrix and freeze the residual components."
)
REVISED = (
    "To parameter-efficiently fine-tune (PEFT) large language models (LLMs), LoRA approximates the changes by the product of two matrices. "
    "PiSSA shares the architecture of LoRA, but initialises the adaptor with the principal components of the original matrix, and converges faster."
)
OTHER = "Patients with cystic fibrosis were given a nebulised antibiotic twice a day; lung function was measured by spirometry after twelve weeks."


def text(id_: str = "", title: str = TITLE, abstract: str = ABSTRACT, source: str = "a.jsonl", **rest: Any) -> Paper:
    return Paper(id=id_ or f"title:{slug(title)}", title=title, abstract=abstract, sources=(source,), **rest)


def papers(*texts: Paper) -> int:
    return len(set(identify(texts)))


# -- one paper -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        TITLE.upper(),
        r"\textsc{PiSSA}: {Principal} Singular Values and Singular Vectors Adaptation",
        "PiSSA – principal singular values, and singular-vectors adaptation.",
        "Pissä: Principal Singular Values and Singular Vectors Adaptation",
        "PiSSA: Principal SingularValues and Singular Vectors Adaptation",
    ],
)
def test_titles_that_differ_in_case_latex_punctuation_or_accents_are_one_paper(title: str) -> None:
    assert papers(text(), text(title=title, source="b.txt")) == 1


@pytest.mark.parametrize(
    "spelling",
    [
        "arxiv:2404.02948v2",
        "arXiv:2404.02948",
        "2404.02948",
        "2404.02948v3",
        "https://arxiv.org/abs/2404.02948v1",
        "http://www.arxiv.org/pdf/2404.02948v2.pdf",
        "arxiv.org/html/2404.02948#S1",
        "https://huggingface.co/papers/2404.02948",
        "10.48550/arXiv.2404.02948",
        "https://doi.org/10.48550/arXiv.2404.02948",
        "doi:10.48550/ARXIV.2404.02948",
    ],
)
def test_an_arxiv_id_is_the_same_in_every_spelling_as_id_and_as_address(spelling: str) -> None:
    known = text("arxiv:2404.02948")
    assert own_id(spelling) == ("arxiv", "2404.02948")
    assert papers(known, text(spelling, title="Renamed", abstract=OTHER)) == 1
    assert papers(known, text(title="Renamed", abstract=OTHER, url=spelling)) == 1
    assert papers(known, text("acl:x", title="Renamed", abstract=OTHER, url=spelling)) == 1


@pytest.mark.parametrize(
    ("spelling", "known"),
    [
        ("cs/0610065v2", ("arxiv", "cs/0610065")),
        ("https://arxiv.org/abs/cs/0610065", ("arxiv", "cs/0610065")),
        ("https://doi.org/10.1145/3292500.3330701", ("doi", "10.1145/3292500.3330701")),
        ("doi:10.1162/TACL_A_00349", ("doi", "10.1162/tacl_a_00349")),
        ("https://aclanthology.org/2020.acl-main.1.pdf", ("acl", "2020.acl-main.1")),
        ("acl:P18-1001", ("acl", "p18-1001")),
        ("1999.02948", None),
        ("2404.02948 and more", None),
        ("https://example.org/2404.02948", None),
        ("", None),
    ],
)
def test_ids_of_known_schemes_are_read_from_ids_and_addresses(spelling: str, known: tuple[str, str] | None) -> None:
    assert known_id(spelling) == known


def test_a_revised_a_cut_and_an_extended_abstract_are_of_one_paper() -> None:
    assert papers(text(), text(abstract=REVISED, source="b"), text(abstract=ABSTRACT[:90] + "…", source="c"), text(abstract=f"{ABSTRACT} {OTHER}")) == 1


def test_short_abstracts_that_say_the_same_are_of_one_paper() -> None:
    assert papers(text(abstract="We propose LoRA."), text(abstract="We propose LoRA for adaptation.", source="b")) == 1


def test_preprint_and_publication_are_one_paper_called_by_the_arxiv_id() -> None:
    given = [text(), text("acl:2024.acl-long.1", abstract=REVISED), text("doi:10.1/a"), text("p7"), text("arxiv:2404.02948")]
    assert identify(given) == ["arxiv:2404.02948"] * 5
    assert identify(given[:4]) == ["doi:10.1/a"] * 4
    assert identify([*given[:2], given[3]]) == ["acl:2024.acl-long.1"] * 3
    assert identify([given[0], given[3], text("p6", source="b")]) == ["p6"] * 3


def test_the_plain_spelling_of_an_id_names_the_paper() -> None:
    assert set(identify([text("2404.02948"), text("arxiv:2404.02948v2"), text("arxiv:2404.02948")])) == {"arxiv:2404.02948"}
    assert set(identify([text("2404.02948v2"), text("2404.02948")])) == {"2404.02948"}


def test_a_sources_own_id_means_one_paper_whatever_it_says() -> None:
    assert papers(text("p1"), text("p1", title="Another title", abstract=OTHER, source="b")) == 1


def test_a_text_without_abstract_joins_the_only_paper_of_a_distinctive_title() -> None:
    assert identify([text(abstract=""), text("doi:10.1/a", abstract="", source="b"), text("arxiv:2404.02948")]) == ["arxiv:2404.02948"] * 3


def test_a_text_without_abstract_and_with_a_generic_title_joins_by_its_author() -> None:
    full = text("doi:10.1/a", title="Introduction", authors=("Streinu, Ileana",))
    bare = text(title="Introduction", abstract="", authors=("Ileana Streinu", "Louis Theran"))
    assert papers(full, bare) == 1
    assert papers(full, text(title="Introduction", abstract="", authors=("Edgar Codd",))) == 2
    assert papers(full, text(title="Introduction", abstract="")) == 2


def test_an_author_tells_which_of_two_papers_a_text_without_abstract_is_of() -> None:
    mine, theirs = text("doi:10.1/a", authors=("A B",)), text("doi:10.1/b", abstract=OTHER, authors=("C D",))
    assert identify([mine, theirs, text(abstract="", authors=("D C",))])[2] == "doi:10.1/b"


# -- two papers ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ABSTRACT, OTHER),
        ("We study graphs.", "We study proteins."),
        ("We introduce a new method for image classification.", "We introduce a new method to translate text."),
    ],
)
def test_equal_titles_with_clearly_different_abstracts_are_two_papers(one: str, other: str) -> None:
    assert papers(text(abstract=one), text(abstract=other)) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [("arxiv:2404.02948", "arxiv:2404.02949"), ("doi:10.1/a", "doi:10.1/b"), ("acl:x", "acl:y"), ("s2:1", "s2:2"), ("p1", "p2")],
)
def test_two_ids_of_one_scheme_are_two_papers_even_with_one_text(one: str, other: str) -> None:
    assert identify([text(one), text(other), text(one)]) == [one, other, one]


def test_ids_that_only_their_files_know_do_not_keep_texts_of_two_files_apart() -> None:
    assert identify([text("p1"), text("p2", source="b")]) == ["p1", "p1"]


@pytest.mark.parametrize("between", [text(), text("doi:10.1/a"), text("doi:10.1/a", url="https://arxiv.org/abs/2404.02949"), text(abstract="")])
def test_no_chain_joins_two_arxiv_ids(between: Paper) -> None:
    one, other = text("arxiv:2404.02948"), text("arxiv:2404.02949", abstract=REVISED)
    assert len({*identify([one, between, other])[::2]}) == 2


def test_a_text_goes_with_the_abstract_most_like_its_own() -> None:
    given = [text("arxiv:2404.02948", abstract=REVISED), text("arxiv:2404.02949"), text(abstract=f"{ABSTRACT} It converges faster.")]
    assert identify(given)[2] == "arxiv:2404.02949"


def test_the_id_that_a_source_gives_outweighs_the_address() -> None:
    wrong = text("arxiv:2404.02949", url="https://arxiv.org/abs/2404.02948")
    assert papers(text("arxiv:2404.02948"), wrong) == 2


def test_one_address_joins_ids_of_two_schemes() -> None:
    url = "https://arxiv.org/abs/2404.02948"
    assert papers(text("acl:x", url=url), text("p1", title="Renamed", abstract=OTHER, url=url)) == 1


def test_two_addresses_keep_texts_without_ids_apart() -> None:
    assert papers(text(url="https://arxiv.org/abs/2404.02948"), text(url="https://arxiv.org/abs/2404.02949")) == 2


def test_a_text_without_abstract_that_fits_two_papers_joins_neither() -> None:
    assert papers(text("arxiv:2404.02948"), text("arxiv:2404.02949"), text(abstract="")) == 3
    assert papers(text("doi:10.1/a", abstract=""), text("doi:10.1/b", abstract=""), text(abstract="")) == 3


# -- ids -----------------------------------------------------------------------------------------------------------------------


def test_the_earliest_of_two_papers_keeps_the_plain_id() -> None:
    early, late, undated = text(date="2019-05"), text(abstract=OTHER, date="2024"), text(abstract="Quite another thing.", date="--01-02")
    ids = identify([late, undated, early])
    assert ids[2] == early.id
    assert all(id_.startswith(f"{early.id}-") for id_ in ids[:2])
    assert identify([early]) == identify([late]) == [early.id]


def test_the_id_of_a_paper_outlives_the_arrival_of_a_later_one_and_of_a_text_without_abstract() -> None:
    known = [text(date="2019"), text(abstract=OTHER, date="2024")]
    assert identify([*known, text(abstract="Quite another thing."), text(abstract="")])[:2] == identify(known)
    undated = [text(), text(abstract=OTHER)]
    assert identify([*undated, text(abstract="", date="2000")])[:2] == identify(undated)


def test_an_id_that_another_paper_has_is_not_given_again() -> None:
    early, late = text(date="2019"), text(abstract=OTHER, date="2024")
    squatter = text(identify([early, late])[1], title="Elsewhere", date="2018")
    ids = identify([early, late, squatter])
    assert ids[0] == early.id
    assert ids[2] == squatter.id
    assert len(set(ids)) == 3


def test_texts_that_nothing_tells_apart_are_one_paper() -> None:
    assert papers(text(title="Editorial", abstract=""), text(title="Editorial", abstract="", source="b")) == 1


# -- hostile input -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["", "🦜🔗", "$$", "\\", "…", "x" * 100_000, "\\{^_ " * 20_000, "$" * 100_000, "注意力机制综述"])
def test_any_title_is_one_paper_with_its_like_and_two_with_another_abstract(title: str) -> None:
    assert papers(text(title=title), text(title=title, source="b"), text("arxiv:2404.02948", title=title)) == 1
    assert papers(text(title=title), text(title=title, abstract=OTHER)) == 2


@pytest.mark.parametrize("id_", ["title:", ":", "https://openreview.net/forum?id=a", "an abstract:1", "a" * 100_000, "10.48550/" + "a-" * 50_000, "🦜"])
def test_any_id_names_its_paper(id_: str) -> None:
    assert identify([text(id_)]) == [id_]


def test_no_text_is_no_paper() -> None:
    assert identify([]) == []


def test_abstracts_under_one_title_are_compared_with_few_others(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    monkeypatch.setattr("kg.papers.similarity", lambda *two: compared.append(two) or similarity(*two))
    rng = random.Random(0)
    words = [f"word{i}" for i in range(1000)]
    given = [text(title="Introduction", abstract=" ".join(rng.sample(words, 30))) for _ in range(3000)]
    assert papers(*given) == 3000
    assert len(compared) < 3000 * 16


def test_thousands_of_versions_under_one_title_are_one_paper() -> None:
    given = [text(title="Introduction", abstract=f"{ABSTRACT} Version {i}.") for i in range(3000)]
    assert papers(*given) == 1
    assert papers(*(text(f"arxiv:{2001 + i // 1000}.{i % 1000:05}", abstract=ABSTRACT) for i in range(3000))) == 3000


def test_twenty_thousand_papers_keep_their_ids() -> None:
    given = [text(f"arxiv:2404.{i:05}", title=f"On the {i}th problem of Hilbert", abstract=f"{ABSTRACT} {i}") for i in range(20_000)]
    assert identify(given) == [p.id for p in given]


# -- properties ----------------------------------------------------------------------------------------------------------------

IDS = [
    "",
    "title:x",
    "arxiv:2404.00001",
    "2404.00001v2",
    "arxiv:2404.00002",
    "doi:10.1000/a",
    "doi:10.1000/b",
    "10.48550/arXiv.2404.00002",
    "acl:a",
    "p1",
    "p2",
]
URLS = [None, "https://arxiv.org/abs/2404.00001v1", "https://arxiv.org/abs/2404.00002", "https://doi.org/10.1000/a", "https://aclanthology.org/b"]
TEXTS = st.lists(
    st.builds(
        text,
        st.sampled_from(IDS),
        title=st.sampled_from(["Introduction", "introduction!", TITLE, TITLE.upper(), "🦜"]),
        abstract=st.sampled_from(["", ABSTRACT, ABSTRACT.lower(), REVISED, OTHER, "We study graphs."]),
        source=st.sampled_from(["a", "b"]),
        url=st.sampled_from(URLS),
        authors=st.sampled_from([(), ("A B",), ("B, A", "C D")]),
        date=st.sampled_from([None, "2024", "2024-05", "--05-02"]),
    ),
    max_size=12,
)


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.randoms(use_true_random=False))
def test_papers_depend_on_the_set_of_the_texts_only(given: Sequence[Paper], rng: random.Random) -> None:
    ids = dict(zip(given, identify(given), strict=True))
    shuffled = [*given, *rng.choices(given, k=3)] if given else []
    rng.shuffle(shuffled)
    assert dict(zip(shuffled, identify(shuffled), strict=True)) == ids


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_an_own_id_is_one_paper_and_no_paper_holds_two_of_a_scheme(given: Sequence[Paper]) -> None:
    paper_of: dict[tuple[str, str], str] = {}
    held: dict[tuple[str, str], str] = {}
    for one, paper in zip(given, identify(given), strict=True):
        if own := own_id(one.id) or known_id(one.url or ""):
            assert paper_of.setdefault(own, paper) == paper
            kind = own[0] or one.sources[0]
            assert held.setdefault((paper, kind), own[1]) == own[1]
        if not paper.startswith("title:"):
            assert paper in {p.id for p in given}


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_any_titles_get_ids_and_equal_ones_the_same(titles: Sequence[str]) -> None:
    given = [text(title=t) for t in titles]
    ids = identify(given)
    assert all(ids[titles.index(t)] == id_ for t, id_ in zip(titles, ids, strict=True))
