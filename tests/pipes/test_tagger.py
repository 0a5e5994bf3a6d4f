import spacy

from kg.extract import pipeline
from kg.pipes.tagger import find_mentions

TEXT = "QLoRA: Efficient Finetuning\n\nWe propose QLoRA and evaluate it on GSM8K by accuracy."


def test_mentions_are_found_in_order_with_scores() -> None:
    found = find_mentions(pipeline().make_doc(TEXT))
    assert {"QLoRA", "GSM8K", "accuracy"} <= {TEXT[a:b] for a, b, _, _ in found}
    assert [f[0] for f in found] == sorted(f[0] for f in found)
    assert all(a < b and 0 < score <= 1 for a, b, _, score in found)


def test_threshold_leaves_the_unsure_out() -> None:
    def count(threshold: float) -> int:
        nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "kg_words"}}})
        nlp.add_pipe("kg_tagger", config={"threshold": threshold})
        doc = nlp(TEXT)
        assert all(s >= threshold for s in doc.spans["mentions"].attrs["scores"])
        return len(doc.spans["mentions"])

    assert count(0.0) > count(0.99999)


def test_no_words_no_mentions() -> None:
    assert find_mentions(pipeline().make_doc("  \n\n ")) == []
