from hypothesis import given
from hypothesis import strategies as st

from kg.extract import pipeline
from kg.pipes.features import WORD, shape


def test_words_are_runs_of_letters_and_digits_or_one_mark() -> None:
    assert [t.text for t in pipeline().make_doc("LoRA-2.5's GPT_4 (e.g.) don't") if not t.is_space] == [
        *("LoRA", "-", "2", ".", "5", "'", "s", "GPT", "_", "4", "(", "e", ".", "g", ".", ")", "don", "'", "t"),
    ]


@given(st.text(max_size=80))
def test_tokens_spell_the_text(text: str) -> None:
    assert pipeline().make_doc(text).text == text


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Z", "Mn", "Mc", "Me")), max_size=60))
def test_tokens_are_the_words_of_the_tagger(text: str) -> None:
    assert [t.text for t in pipeline().make_doc(text) if not t.is_space] == WORD.findall(text)


def test_shape_squeezes_runs() -> None:
    assert (shape("LoRA"), shape("2024"), shape("transformer"), shape("GPT")) == ("XxXX", "dd", "xx", "XX")
