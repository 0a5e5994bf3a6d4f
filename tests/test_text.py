import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.text import code_urls, collapse, is_short, normal_form, partial_date, plain, sentence_starts, singular, slug, text_hash, version, visible, year_month

FAMILIES = st.sampled_from(["method", "dataset", "task", "metric"])


@pytest.mark.parametrize(
    ("spellings", "family"),
    [
        (["GSM8K", "GSM-8k", "GSM8k"], "dataset"),
        (["CIFAR10", "CIFAR-10", "CIFAR 10"], "dataset"),
        (["LLaMA-2", "LLaMa-2", "Llama-2", "Llama 2", "Llama-2-7B", "Llama-2-7B-Chat"], "method"),
        (["Wikitext-103", "WikiText-103"], "dataset"),
        (["Mistral 7B", "Mistral", "Mistral-7B-Instruct"], "method"),
        (["ImageNet-1k", "ImageNet", "ImageNet dataset"], "dataset"),
        (["LLM", "LLMs"], "method"),
        (['Nystr\\"om', 'Nystr\\"{o}m', "Nyström", "Nystro\u0308m"], "method"),
        (["low-rank adaptation", "Low-Rank Adaptation", "low rank adaptation", "low\u2010rank adaptation"], "method"),
        (["policies", "policy"], "task"),
        (["tokenisation", "tokenization"], "task"),
    ],
)
def test_normal_form_merges_spellings_of_one_name(spellings: list[str], family: str) -> None:
    assert {normal_form(s, family) for s in spellings} == {normal_form(spellings[0], family)}


@pytest.mark.parametrize(
    "names",
    [
        ["GPT-3", "GPT-4", "GPT-3.5"],
        ["LLaMA-2", "LLaMA-3"],
        ["CIFAR-10", "CIFAR-100"],
        ["Wikitext-2", "Wikitext-103"],
        ["LMs", "LMS"],
        ["ViTs", "ViT-S"],
        ["C", "C++", "C#"],
    ],
)
@pytest.mark.parametrize("family", ["method", "dataset"])
def test_normal_form_keeps_names_apart(names: list[str], family: str) -> None:
    assert len({normal_form(n, family) for n in names}) == len(names)


@given(st.text(min_size=1), FAMILIES)
def test_normal_form_is_never_empty(name: str, family: str) -> None:
    assert normal_form(name, family)


@given(st.from_regex(r"[A-Za-z]{2,8}([- ][A-Za-z0-9]{1,6}){0,3}", fullmatch=True), FAMILIES)
def test_normal_form_does_not_see_case_of_the_first_word_nor_blanks_around_it(name: str, family: str) -> None:
    assert normal_form(f" {name}. ", family) == normal_form(name, family)


def test_version_is_the_numbers_of_a_name() -> None:
    assert version("gpt3.5") == ("3.5",)
    assert version("glm4-9") == ("4", "9")
    assert version("bert") == ()


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("LLMs", "LLM"),
        ("policies", "policy"),
        ("matrices", "matrix"),
        ("losses", "loss"),
        ("LMS", "LMS"),
        ("bias", "bias"),
        ("biases", "bias"),
        ("k-means", "k-means"),
        ("series", "series"),
    ],
)
def test_singular_goes_by_spelling(plural: str, one: str) -> None:
    assert singular(plural) == one


@pytest.mark.parametrize("name", ["LoRA", "GPT-4", "BERT", "mBERT", "GSM8K", "C"])
def test_coined_names_are_short(name: str) -> None:
    assert is_short(name)


@pytest.mark.parametrize("name", ["low-rank adaptation", "Adam", "attention", "Low Rank", "42"])
def test_other_names_are_not_short(name: str) -> None:
    assert not is_short(name)


def test_plain_takes_latex_away() -> None:
    assert plain('Nystr\\"om') == "Nyström"
    assert plain("Erd\\H{o}s") == "Erdős"
    assert plain("\\textsc{LoRA}$_2$") == "LoRA2"
    assert plain("nothing here") == "nothing here"


# -- white space, terminals ----------------------------------------------------------------------------------------------------


def test_collapse_joins_white_space_and_replaces_what_no_store_holds() -> None:
    assert collapse("  a\t\nb\u00a0c\x00d\ud800 ") == "a b c\ufffdd\ufffd"


@given(st.text(st.characters(exclude_categories=())))
def test_collapse_is_idempotent_and_can_be_written_as_utf8(text: str) -> None:
    once = collapse(text)
    assert collapse(once) == once
    assert once.encode().decode() == once


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\u202eb", "a\\u202eb"),
        ("a\u200bb", "a\\u200bb"),
        ("a\u2066b\u2069", "a\\u2066b\\u2069"),
        ("bell\x07\x9b", "bell\\x07\\x9b"),
        ("line\u2028\u2029", "line\\u2028\\u2029"),
        ("Nyström 漢字 🙂\n\t", "Nyström 漢字 🙂\n\t"),
    ],
)
def test_visible_shows_what_would_steer_a_terminal(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(st.characters(exclude_categories=())))
def test_visible_lets_no_control_character_through(text: str) -> None:
    out = visible(text)
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in out if c not in "\n\t")
    assert visible(out) == out


# -- keys ----------------------------------------------------------------------------------------------------------------------


def test_slug_is_lower_case_words_joined_by_hyphens() -> None:
    assert slug("PiSSA: Principal Singular Values") == "pissa-principal-singular-values"
    assert slug('NLoRA: Nystr\\"om-Initiated') == slug("NLoRA: Nyström-Initiated") == "nlora-nystrom-initiated"


def test_slugs_of_titles_without_letters_are_distinct_hashes() -> None:
    assert len({slug("!!!"), slug("???"), slug("…")}) == 3


@given(st.text(min_size=1).map(collapse))
def test_slug_is_never_empty_and_its_own_slug(title: str) -> None:
    assert slug(title)
    assert slug(slug(title)) == slug(title)


def test_text_hash_changes_with_title_and_abstract() -> None:
    assert len({text_hash("a", "b"), text_hash("a", "c"), text_hash("c", "b"), text_hash("ab", "")}) == 4


# -- sentences -----------------------------------------------------------------------------------------------------------------


def sentences(text: str) -> list[str]:
    starts = sentence_starts(text)
    return [text[a:b].strip() for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


@pytest.mark.parametrize(
    "text",
    [
        "We use models, e.g. GPT-4, for this.",
        "The best one, i.e. LoRA, wins.",
        "Smith et al. Propose it.",
        "It gains 3.5 Points over 2.0 Baselines.",
        "The U.S. Census is used.",
        "See Fig. 3 for BERT vs. GPT.",
    ],
)
def test_abbreviations_and_decimals_end_no_sentence(text: str) -> None:
    assert sentences(text) == [text]


def test_sentences_end_at_full_stops_questions_and_brackets() -> None:
    assert sentences('We do X1. "Why?" you ask. Is it good? (It is.) [Yes!] $x$ is 2. \\textbf{End}.') == [
        "We do X1.",
        '"Why?" you ask.',
        "Is it good?",
        "(It is.)",
        "[Yes!]",
        "$x$ is 2.",
        "\\textbf{End}.",
    ]


def test_sentences_start_where_asked() -> None:
    assert sentence_starts("A title. B title\n\nThe text. More.", 18) == [18, 28]


@given(st.text())
def test_sentence_starts_are_ascending_offsets(text: str) -> None:
    starts = sentence_starts(text)
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert starts[-1] <= len(text)


# -- dates, links --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2024-05-12T10:00Z", "2024-05-12"),
        ("2024-05-12", "2024-05-12"),
        ("2024-05", "2024-05"),
        (" 2024 ", "2024"),
        ("--08-28", "--08-28"),
        ("--08", "--08"),
        ("2024-13", None),
        ("2024-00", None),
        ("2024-05-32", None),
        ("--13-01", None),
        ("May 2024", None),
        ("", None),
    ],
)
def test_partial_date_goes_as_far_as_the_text(text: str, date: str | None) -> None:
    assert partial_date(text) == date


@pytest.mark.parametrize("text", ["12345", "99999-01", "20240512"])
def test_partial_date_takes_no_year_out_of_a_longer_number(text: str) -> None:
    assert partial_date(text) is None


@pytest.mark.parametrize(
    ("date", "parts"),
    [("2024-05-12", (2024, 5)), ("2024-05", (2024, 5)), ("2024", (2024, None)), ("--08-28", (None, 8)), (None, (None, None)), ("", (None, None))],
)
def test_year_month_is_none_where_unknown(date: str | None, parts: tuple[int | None, int | None]) -> None:
    assert year_month(date) == parts


REPO = "https://github.com/a/b"


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        (f"Code at {REPO}.", (REPO,)),
        (f"({REPO})", (REPO,)),
        (f"[code]({REPO}).", (REPO,)),
        (f"<{REPO}>, and more", (REPO,)),
        (f"\\url{{{REPO}}}", (REPO,)),
        (f"\\href{{{REPO}}}{{here}}", (REPO,)),
        ("https://github.com/a/b\\_c", ("https://github.com/a/b_c",)),
        ("github.com/a/b_c!", ("https://github.com/a/b_c",)),
        (f"{REPO}/ and {REPO}.", (REPO,)),
        ("https://a-b.github.io/lora/.", ("https://a-b.github.io/lora",)),
        ("see lora.gitlab.io", ("https://lora.gitlab.io",)),
        ("https://huggingface.co/a/b and gitlab.com/c/d", ("https://huggingface.co/a/b", "https://gitlab.com/c/d")),
        ("huggingface's models, GitHub.com's and github.com", ()),
        ("write to me@github.com/x or see mygithub.com/a/b", ()),
        ("no link", ()),
    ],
)
def test_code_urls_are_clean_links(text: str, urls: tuple[str, ...]) -> None:
    assert code_urls(text) == urls


@pytest.mark.parametrize("end", ["”", "’", "。", "\u200b", "」"])
def test_code_urls_end_before_typographic_marks(end: str) -> None:
    assert code_urls(f"“{REPO}{end}") == (REPO,)


@given(st.text())
def test_code_urls_have_a_scheme_and_no_blank(text: str) -> None:
    assert all(u.lower().startswith(("http://", "https://")) and not any(c.isspace() for c in u) for u in code_urls(f"{text} {REPO}/{text}"))
