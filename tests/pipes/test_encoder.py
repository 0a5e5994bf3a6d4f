import random
from copy import copy
from itertools import pairwise

import numpy as np
import pytest
import spacy
from hypothesis import example, given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from kg.pipes.encoder import (
    CASES,
    HEADS,
    LABELS,
    OUTPUTS,
    OVERLAP,
    SURELY,
    WINDOW,
    answers_of,
    case_of,
    keep_answers,
    load_encoder,
    pieces_of,
    readable,
    windows,
)
from kg.pipes.features import WORD
from kg.pipes.linear import log_softmax
from kg.records import ROLES

TEXT = "QLoRA: Efficient Finetuning\n\nWe propose QLoRA and evaluate it on GSM8K by accuracy."
ANY = st.characters(exclude_categories=())
AWKWARD = st.sampled_from("aé\u0301\u0345ß漢字İﬁ½²_\x00\x1b \n😀×→\u1100\u1161가\ufeff\u200b\u00ad\ud800\udc00")
TEXTS = st.text(ANY, max_size=60) | st.text(AWKWARD, max_size=40)
PLAIN = st.text(st.sampled_from("aZé0漢字ΩЖ.,-_()$\\{}^' \n"), max_size=60)
"""Letters, digits and punctuation: where both the words and the pieces end at the same places."""


def words_of(text: str) -> list[tuple[int, int]]:
    return [m.span() for m in WORD.finditer(text)]


def offsets_of(text: str) -> list[tuple[int, int]]:
    tokenizer = load_encoder().tokenizer
    return tokenizer.encode(readable(tokenizer, text), add_special_tokens=False).offsets


@pytest.mark.parametrize(("text", "read"), [("GSM8K\U0001f600 x", "GSM8K  x"), ("GSM8K, LoRA\ud800", "GSM8K, LoRA "), ("a→b", "a→b")])
def test_an_unknown_sign_that_touches_a_word_does_not_hide_it(text: str, read: str) -> None:
    assert readable(load_encoder().tokenizer, text) == read


# -- windows -------------------------------------------------------------------------------------------------------------------

AROUND = [i + d for i in (0, OVERLAP, WINDOW, 2 * WINDOW - OVERLAP, 20_000) for d in (-3, -2, -1, 0, 1) if i + d >= 0]


@given(st.integers(0, 20_000) | st.sampled_from(AROUND))
def test_windows_keep_every_piece_once(n: int) -> None:
    assert [i for _, _, keep, to in windows(n) for i in range(keep, to)] == list(range(n))


@given(st.integers(0, 20_000) | st.sampled_from(AROUND))
def test_windows_leave_room_for_the_marks_and_keep_only_what_they_read(n: int) -> None:
    for start, end, keep, to in windows(n):
        assert 0 <= start <= keep <= to <= end <= n
        assert end - start <= WINDOW - 2


@given(st.integers(0, 20_000) | st.sampled_from(AROUND))
def test_what_is_kept_stands_far_from_an_edge_inside_the_text(n: int) -> None:
    for start, end, keep, to in windows(n):
        assert start == 0 or keep - start >= OVERLAP // 2
        assert end == n or end - to >= OVERLAP // 2


@given(st.integers(0, 20_000) | st.sampled_from(AROUND))
def test_windows_overlap_by_the_same_everywhere_and_end_with_the_text(n: int) -> None:
    found = list(windows(n))
    assert found[-1][1] == n
    assert all(a[1] < n and a[1] - b[0] == OVERLAP for a, b in pairwise(found))


# -- words and pieces ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "case"),
    [
        ("model", 1),
        ("é", 1),
        ("2024", 2),
        ("²", 2),
        ("(", 3),
        ("_", 3),
        ("\u0301", 3),
        ("😀", 3),
        ("Adam", 4),
        ("A", 4),
        ("漢字", 4),
        ("GPT", 5),
        ("LoRA", 6),
        ("mBERT", 6),
        ("LLMs", 6),
        ("GSM8K", 7),
        ("4bit", 7),
        ("x²", 7),
    ],
)
def test_case_of_a_word(word: str, case: int) -> None:
    assert case_of(word) == case


@given(TEXTS)
def test_every_word_has_one_of_seven_cases(text: str) -> None:
    assert {case_of(text[s:e]) for s, e in words_of(text)} <= set(range(1, 8))


@given(TEXTS)
@example("")
@example(" \n\x00")
@example("\ud800")
@example("漢字e\u0301")
@example("GSM8K😀LoRA")
def test_first_piece_is_the_first_that_covers_some_of_the_word(text: str) -> None:
    words = words_of(text)
    pieces = pieces_of(load_encoder().tokenizer, text, words, 0)
    covering = [[k for k, (a, b) in enumerate(offsets_of(text)) if a < end and start < b] for start, end in words]
    assert pieces.first.tolist() == [c[0] if c else -1 for c in covering]


@given(PLAIN)
@example("GSM8K/漢字, \\textbf{LoRA}_2")
def test_first_piece_lies_in_its_word_in_plain_text(text: str) -> None:
    words = words_of(text)
    offsets = offsets_of(text)
    for (start, end), k in zip(words, pieces_of(load_encoder().tokenizer, text, words, 0).first, strict=True):
        assert k >= 0
        a, b = offsets[k]
        assert start == a < b <= end


@given(TEXTS, st.integers(0, 60))
def test_cases_say_how_a_word_is_spelled_and_whether_it_is_in_the_title(text: str, border: int) -> None:
    words = words_of(text)
    pieces = pieces_of(load_encoder().tokenizer, text, words, border)
    assert pieces.ids.shape == pieces.cases.shape == (len(offsets_of(text)),)
    assert pieces.first.shape == (len(words),)
    assert all(0 <= c < CASES for c in pieces.cases)
    begins = [s for s, _ in words]
    for (a, _), case in zip(offsets_of(text), pieces.cases, strict=True):
        inside = sum(s <= a for s in begins) - 1  # the last word that begins before the piece or with it
        start, end = words[inside] if inside >= 0 else (0, 0)
        assert case == (case_of(text[start:end]) + 8 * (start < border) if inside >= 0 else 0)


# -- the network ---------------------------------------------------------------------------------------------------------------


def answers(text: str) -> np.ndarray:
    return load_encoder()(text, words_of(text), max(text.find("\n\n"), 0))


def test_heads_share_out_the_outputs() -> None:
    taken = [i for s in HEADS.values() for i in range(s.start, s.stop)]
    assert sorted(taken) == list(range(OUTPUTS))
    assert len(LABELS) == HEADS["label"].stop - HEADS["label"].start
    assert len(ROLES) == HEADS["role"].stop - HEADS["role"].start


@settings(max_examples=100, deadline=None)
@given(TEXTS)
@example("")
@example("\x00 \ufeff")
def test_any_text_gets_a_finite_row_a_word(text: str) -> None:
    found = answers(text)
    first = pieces_of(load_encoder().tokenizer, text, words_of(text), 0).first
    assert found.shape == (len(words_of(text)), OUTPUTS)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    assert [row[0] == SURELY and not row[1:].any() for row in found] == (first < 0).tolist()


class Echo:
    """A network that answers every piece with its own id and case."""

    def run(self, _: None, window: dict[str, np.ndarray]) -> list[np.ndarray]:
        ids, cases = window["ids"], window["cases"]
        assert ids.shape == cases.shape == (1, min(ids.shape[1], WINDOW))
        assert (ids[0, 0], ids[0, -1], cases[0, 0], cases[0, -1]) == (load_encoder().begin, load_encoder().end, 0, 0)
        return [np.stack([ids, cases, *[np.zeros_like(ids)] * (OUTPUTS - 2)], axis=-1).astype(np.float32)]


@pytest.mark.parametrize("text", ["", "LoRA", TEXT, f"{TEXT} " * 50, "e\u0301 " * 600], ids=["empty", "word", "abstract", "several windows", "gaps"])
def test_a_word_gets_the_answer_of_its_first_piece(text: str) -> None:
    encoder = copy(load_encoder())
    encoder.session = Echo()
    words, border = words_of(text), max(text.find("\n\n"), 0)
    pieces = pieces_of(encoder.tokenizer, text, words, border)
    expected = [(pieces.ids[k], pieces.cases[k]) if k >= 0 else (SURELY, 0) for k in pieces.first]
    assert encoder(text, words, border)[:, :2].tolist() == [list(pair) for pair in expected]


def test_an_answer_does_not_depend_on_what_was_read_before() -> None:
    texts = [TEXT, TEXT.upper(), "", "LoRA", "漢字 e\u0301 \\textbf{x}", f"{TEXT} " * 40, *(f"On task {i}\n\n{'We use LoRA. ' * i}" for i in range(1, 12))]
    before = {t: answers(t) for t in texts}
    for seed in range(3):
        for text in random.Random(seed).sample(texts, len(texts)):
            assert np.array_equal(answers(text), before[text])


def test_a_word_is_read_in_its_window_only() -> None:
    head = "We propose QLoRA and evaluate it on GSM8K by accuracy. " * 100
    kept = next(windows(20_000))[3]
    first = pieces_of(load_encoder().tokenizer, head, words_of(head), 0).first
    inside = int((first < kept).sum())
    assert 0 < inside < len(first)
    assert np.array_equal(answers(head)[:inside], answers(head + "Something else entirely. " * 50)[:inside])


def test_every_word_of_a_very_long_text_is_answered() -> None:
    text = " ".join(random.Random(1).choices(["LoRA", "models", "on", "GSM8K", "(", "2024", "fine-tuning", "."], k=20_000))
    text = text[: words_of(text)[19_999][1]]
    found = answers(text)
    assert found.shape == (20_000, OUTPUTS)
    assert np.isfinite(found).all()
    assert found.any(axis=1).all()


# -- answers on a Doc ----------------------------------------------------------------------------------------------------------


def read_doc() -> tuple[Doc, np.ndarray]:
    """Return a Doc of four tokens, the second of them three words, and made-up answers: row i holds i and its column's hundredths."""
    doc = Doc(spacy.blank("en").vocab, words=["We", "fine-tune", " ", "LoRA"], spaces=[True, True, False, False])
    words = words_of(doc.text)
    made = (np.arange(len(words))[:, None] + np.arange(OUTPUTS) / 100).astype(np.float32)
    keep_answers(doc, words, made)
    return doc, made


@pytest.mark.parametrize("head", ["role", "generic", "parent"])
def test_a_token_has_the_answer_of_its_first_word(head: str) -> None:
    doc, made = read_doc()
    for token, word in ((0, 0), (1, 1), (3, 4)):
        assert np.array_equal(answers_of(doc, [doc[token : token + 1]], head), made[word, HEADS[head]])


def test_answers_are_averaged_over_the_words_then_over_the_mentions() -> None:
    doc, made = read_doc()
    found = answers_of(doc, [doc[0:2], doc[3:4]], "role")
    assert found == pytest.approx((made[[0, 1]].mean(axis=0) / 2 + made[4] / 2)[HEADS["role"]], abs=1e-6)


def test_answers_survive_the_bytes_of_a_doc() -> None:
    doc, _ = read_doc()
    again = Doc(doc.vocab).from_bytes(doc.to_bytes())
    assert np.array_equal(answers_of(again, [again[1:4]], "role"), answers_of(doc, [doc[1:4]], "role"))


@pytest.mark.parametrize("head", ["role", "generic", "parent"])
def test_no_encoder_no_answers(head: str) -> None:
    doc = Doc(spacy.blank("en").vocab, words=["We", "use", "LoRA"])
    assert answers_of(doc, [doc[2:3]], head) is None


@given(st.lists(st.floats(-1e4, 1e4, width=32), min_size=1, max_size=11))
def test_log_softmax_is_the_logarithm_of_chances(logits: list[float]) -> None:
    chances = np.exp(log_softmax(np.array([logits], dtype=np.float32)))
    assert chances.sum() == pytest.approx(1, abs=1e-5)
    assert chances[0, int(np.argmax(logits))] == chances.max()
