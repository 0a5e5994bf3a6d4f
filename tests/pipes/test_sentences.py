from kg.extract import pipeline
from kg.pipes import sentence_finder


def test_title_is_a_sentence_of_its_own() -> None:
    doc = pipeline()("What is it? A study\n\nWe use e.g. BERT. It works.")
    assert [s.text.strip() for s in doc.sents] == ["What is it? A study", "We use e.g. BERT.", "It works."]


def test_text_without_title_is_cut_too() -> None:
    assert [s.text.strip() for s in pipeline()("We use BERT. It works.").sents] == ["We use BERT.", "It works."]


def test_sentence_finder_is_what_spacy_says() -> None:
    doc = pipeline()("A title\n\nOne is here. Two are there! Is three? (Four.)")
    find = sentence_finder(doc)
    assert [find(doc[i : i + 1]) for i in range(len(doc))] == [doc[i : i + 1].sent for i in range(len(doc))]
