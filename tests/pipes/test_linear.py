import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.pipes.linear import BITS, Linear, load_linear, pairs, row, word_rows
from kg.records import ROLES

ANY = st.text(st.characters(exclude_categories=()), max_size=12)
FEATURES = st.lists(st.integers(0, (1 << BITS) - 1), max_size=20)
WORDS = st.lists(st.integers(0, 2**64 - 1), max_size=20).map(lambda w: np.array(w, dtype=np.uint64))


def made(seed: int = 1, classes: tuple[str, ...] = ("no", "yes", "漢字")) -> Linear:
    """Return a classifier whose every row holds weights that half precision holds exactly."""
    chance = np.random.default_rng(seed)
    weights = chance.integers(-64, 64, (1 << BITS, len(classes))).astype(np.float32) / 16
    return Linear(weights, chance.standard_normal(len(classes)).astype(np.float32), classes)


MADE = made()


# -- features ------------------------------------------------------------------------------------------------------------------


@given(ANY)
def test_a_feature_is_always_the_same_row_of_the_table(feature: str) -> None:
    assert row(feature) == row(feature)
    assert 0 <= row(feature) < 1 << BITS


def test_rows_do_not_depend_on_the_process() -> None:
    assert [row("type=method"), row(""), row("漢字")] == [30816, 185033, 75855]


def test_lone_surrogates_are_features_like_others() -> None:
    assert len({row(f) for f in ("w=\ud800", "w=\udfff", "w=\ufffd", "w=")}) == 4


@given(WORDS)
def test_a_word_has_one_row_a_kind_wherever_it_stands(words: np.ndarray) -> None:
    rows = word_rows(words, "before")
    assert [int(word_rows(words[i : i + 1], "before")[0]) for i in range(len(words))] == rows.tolist()
    assert all(0 <= r < 1 << BITS for r in rows.tolist())


def test_the_same_words_are_other_features_as_another_kind() -> None:
    words = np.arange(1000, dtype=np.uint64)
    assert (word_rows(words, "before") != word_rows(words, "after")).mean() > 0.99


def test_a_pair_of_words_has_an_order() -> None:
    a, b = np.array([1], dtype=np.uint64), np.array([2], dtype=np.uint64)
    assert pairs(a, b) != pairs(b, a)


# -- the classifier ------------------------------------------------------------------------------------------------------------


@given(FEATURES, st.randoms(use_true_random=False))
def test_order_of_the_features_does_not_matter(features: list[int], chance: random.Random) -> None:
    shuffled = chance.sample(features, len(features))
    assert np.array_equal(MADE.logits(shuffled), MADE.logits(features))


@given(FEATURES)
def test_a_feature_counts_once(features: list[int]) -> None:
    assert np.array_equal(MADE.logits(features * 3), MADE.logits(features))


@given(FEATURES)
def test_logits_are_the_sum_of_the_weights_and_the_bias(features: list[int]) -> None:
    expected = sum((MADE.weights[r].astype(float) for r in set(features)), MADE.bias.astype(float))
    assert MADE.logits(features) == pytest.approx(expected, abs=1e-3)
    assert MADE.logits(iter(features)).shape == (3,)


def test_no_features_give_the_bias() -> None:
    assert np.array_equal(MADE.logits([]), MADE.bias)


# -- on disk -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [1, 3])
def test_a_saved_classifier_says_the_same(tmp_path: Path, columns: int) -> None:
    saved = made(2, ("no", "yes", "漢字")[:columns])
    saved.save(tmp_path / "made.npz")
    again = Linear.load(tmp_path / "made.npz")
    assert again.classes == saved.classes
    assert np.array_equal(again.weights, saved.weights)
    assert np.array_equal(again.bias, saved.bias)
    assert (again.weights.dtype, again.bias.dtype) == (np.float32, np.float32)


def test_saving_again_gives_the_same_bytes(tmp_path: Path) -> None:
    MADE.save(tmp_path / "first.npz")
    Linear.load(tmp_path / "first.npz").save(tmp_path / "second.npz")
    assert (tmp_path / "first.npz").read_bytes() == (tmp_path / "second.npz").read_bytes()


def test_only_rows_with_a_weight_take_room(tmp_path: Path) -> None:
    weights = np.zeros((1 << BITS, 2), dtype=np.float32)
    nothing = Linear(weights, np.array([1, -1], dtype=np.float32), ("no", "yes"))
    nothing.save(tmp_path / "nothing.npz")
    weights[row("a")] = [0.5, -0.5]
    weights[row("b")] = 1e-4
    Linear(weights, nothing.bias, nothing.classes).save(tmp_path / "one.npz")
    assert Linear.load(tmp_path / "nothing.npz").logits([row("a"), row("b")]).tolist() == [1, -1]
    assert Linear.load(tmp_path / "one.npz").logits([row("a"), row("b")]).tolist() == [1.5, -1.5]
    assert (tmp_path / "one.npz").stat().st_size < 2_000


@pytest.mark.parametrize(
    ("name", "classes", "columns"),
    [("roles", ROLES, 5), ("scores", ("none", "absolute", "relative"), 3), ("lineage", ("no", "yes"), 1), ("ends", ("no", "yes"), 1)],
)
def test_shipped_classifiers_have_a_weight_and_a_bias_a_class(name: str, classes: tuple[str, ...], columns: int) -> None:
    shipped = load_linear(name)
    assert shipped.classes == classes
    assert shipped.weights.shape == (1 << BITS, columns)
    assert shipped.bias.shape == (columns,)
    assert np.isfinite(shipped.weights).all()
    assert np.isfinite(shipped.bias).all()


def test_a_shipped_classifier_is_loaded_once() -> None:
    assert load_linear("roles") is load_linear("roles")
