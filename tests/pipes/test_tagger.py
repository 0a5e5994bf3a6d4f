import json
import subprocess
import sys
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
import spacy
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from spacy.language import Language
from spacy.tokens import Doc

from kg.errors import UnknownName
from kg.extract import COMPONENTS, pipeline
from kg.pipes import title_end
from kg.pipes.encoder import LABELS, answers_of
from kg.pipes.features import WORD
from kg.pipes.tagger import Tagger, best_labels, calibration, find_mentions, label_chances
from kg.records import MODELS, TYPES, Reader

TEXT = "QLoRA: Efficient Finetuning\n\nWe propose QLoRA and evaluate it on GSM8K by accuracy."
EDGES = {
    "empty": "",
    "blanks": " \n\n \t",
    "one word": "LoRA",
    "one sign": "(",
    "all caps": TEXT.upper(),
    "title only": "QLoRA: Efficient Finetuning",
    "blank line first": "\n\nWe use LoRA.",
    "LaTeX": '\\textbf{LoRA}$_2$: $O(n^2)$\n\nWe use \\textsc{BERT}~\\cite{x}, $\\mathcal{L}_{\\mathrm{KL}}$ and Nystr\\"om.',
    "control characters": "\x00Lo\x01RA\x1b[31m\x7f\x85\n\n\u202eGSM8K\u2066 \u200bBERT\ufeff\u2028Adam",
    "other scripts": "低秩适应 LoRA\n\n我们在 GSM8K 上评估 e\u0301\u0301\u0301 İstanbul ßs ﬁne-tuning 🧑\u200d💻.",
}
WORDS = ["LoRA", "(LoRA)", "low-rank adaptation", "We propose", "GSM8K", "accuracy", "BERT/GPT-4", "72.9%", "don't", "\n\n", "😀", "漢字", "e\u0301"]
TEXTS = st.text(max_size=60) | st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=25).map(" ".join)
both = pytest.mark.parametrize("model", MODELS)


def tagger_alone(words: bool = False, **config: object) -> Language:
    """Return a pipeline of the tagger, over spaCy's tokens or, with `words`, over its own."""
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "kg_words"}}} if words else {})
    nlp.add_pipe("kg_tagger", config=config)
    return nlp


ALONE = {(model, words): tagger_alone(words, model=model) for model in MODELS for words in (True, False)}


def mentions(doc: Doc) -> list[tuple[int, int, str, float]]:
    scores = doc.spans["mentions"].attrs["scores"]
    return [(s.start_char, s.end_char, s.label_, score) for s, score in zip(doc.spans["mentions"], scores, strict=True)]


# -- labels --------------------------------------------------------------------------------------------------------------------


def legal(labels: list[int]) -> bool:
    names = ["O", *(LABELS[k] for k in labels)]
    return all(b[0] != "I" or a in (f"B-{b[2:]}", b) for a, b in pairwise(names))


CHANCES = st.integers(0, 30).flatmap(lambda n: arrays(np.float32, (n, len(LABELS)), elements=st.floats(0, 1, width=32)))


@given(CHANCES)
@example(np.zeros((3, len(LABELS)), dtype=np.float32))
@example(np.eye(len(LABELS), dtype=np.float32)[::-1])
def test_no_span_continues_what_did_not_begin(chances: np.ndarray) -> None:
    labels = best_labels(chances)
    assert len(labels) == len(chances)
    assert legal(labels)


def test_no_span_continues_what_did_not_begin_in_a_very_long_run() -> None:
    chances = np.zeros((5_000, len(LABELS)), dtype=np.float32)
    chances[:, LABELS.index("I-method")] = 1
    chances[2_500:, LABELS.index("I-task")] = 1
    labels = best_labels(chances)
    assert legal(labels)
    assert labels.count(LABELS.index("I-method")) >= 2_499


@given(st.lists(st.integers(0, len(LABELS) - 1), max_size=40))
def test_the_likeliest_labels_are_taken_where_they_are_legal(labels: list[int]) -> None:
    wanted: list[int] = []
    for label in labels:  # what continues nothing begins instead
        wanted.append(label if legal([*wanted, label]) else LABELS.index(f"B-{LABELS[label][2:]}"))
    chances = np.full((len(wanted), len(LABELS)), 0.04, dtype=np.float32)
    chances[np.arange(len(wanted)), wanted] = 0.6
    assert best_labels(chances) == wanted


@settings(max_examples=30)
@given(arrays(np.float32, (3, len(LABELS)), elements=st.floats(0, 0.875, width=32)))
def test_no_legal_sequence_is_likelier(chances: np.ndarray) -> None:
    logs = np.log(np.maximum(chances.astype(float), 1e-9))
    best = max(logs[0, a] + logs[1, b] + logs[2, c] for a, b, c in product(range(len(LABELS)), repeat=3) if legal([a, b, c]))
    assert sum(logs[i, k] for i, k in enumerate(best_labels(chances))) == pytest.approx(best, abs=1e-3)


# -- mentions ------------------------------------------------------------------------------------------------------------------


def test_mentions_are_found_in_order_with_scores() -> None:
    found = find_mentions(pipeline().make_doc(TEXT))
    assert {"QLoRA", "GSM8K", "accuracy"} <= {TEXT[a:b] for a, b, _, _ in found}
    assert [f[0] for f in found] == sorted(f[0] for f in found)
    assert all(a < b and 0 < score <= 1 for a, b, _, score in found)


def test_no_words_no_mentions() -> None:
    assert find_mentions(pipeline().make_doc("  \n\n ")) == []


def check_mentions(doc: Doc, text: str, model: str) -> None:
    """Check what holds of the mentions in any text."""
    found = find_mentions(doc, model)
    assert all(0 <= a < b <= len(text) for a, b, _, _ in found)
    assert all(x[1] <= y[0] for x, y in pairwise(found))
    assert not any(a < title_end(text) < b for a, b, _, _ in found)
    assert not any(text[a].isspace() or text[b - 1].isspace() for a, b, _, _ in found)
    assert {t for _, _, t, _ in found} <= set(TYPES)
    assert all(0 <= score <= 1 for _, _, _, score in found)
    assert doc.text == text
    assert all(text[s.start_char : s.end_char] == s.text for s in doc.spans["mentions"])
    assert all(0 <= score <= 1 for _, _, _, score in mentions(doc))
    assert all(any(s.start_char < b and a < s.end_char for s in doc.spans["mentions"]) for a, b, _, score in found if score >= MODELS[model])


@both
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS, words=st.booleans())
def test_mentions_of_any_text_point_into_it(model: str, text: str, words: bool) -> None:
    check_mentions(ALONE[model, words](text), text, model)


@both
@pytest.mark.parametrize("text", EDGES.values(), ids=EDGES)
def test_awkward_texts_are_read(model: str, text: str) -> None:
    for words in (True, False):
        check_mentions(ALONE[model, words](text), text, model)


@both
def test_a_text_of_twenty_thousand_words_is_read(model: str) -> None:
    text = " ".join([TEXT] + ["We", "use", "LoRA", "on", "GSM8K", "(", "2024", ")", "models", "."] * 2_000)
    doc = ALONE[model, True](text)
    assert doc.text == text
    assert all(x[1] <= y[0] for x, y in pairwise(mentions(doc)))
    assert all(0 <= score <= 1 for *_, score in mentions(doc))


@both
@pytest.mark.parametrize("text", ["LoRA", TEXT, f"{TEXT} " * 60], ids=["word", "abstract", "several windows"])
def test_every_word_has_chances_that_sum_to_one(model: str, text: str) -> None:
    words = [m.span() for m in WORD.finditer(text)]
    chances, _ = label_chances(text, words, model)
    assert chances.shape == (len(words), len(LABELS))
    assert chances.sum(axis=1) == pytest.approx(np.ones(len(words)), abs=0.01)


@both
def test_calibrated_scores_rise_with_the_raw_ones(model: str) -> None:
    raw, right = calibration(model)
    assert len(raw) == len(right) > 1
    assert raw == sorted(set(raw))
    assert right == sorted(right)
    assert 0 <= right[0] <= right[-1] <= 1


@pytest.mark.parametrize(("model", "leaves"), [("best", True), ("fast", False)])
def test_the_encoder_leaves_its_answers_where_it_reads(model: str, leaves: bool) -> None:
    doc = ALONE[model, True](TEXT)
    assert (answers_of(doc, [doc[0:1]], "role") is not None) == leaves


# -- threshold -----------------------------------------------------------------------------------------------------------------


def test_threshold_leaves_the_unsure_out() -> None:
    def count(threshold: float) -> int:
        doc = tagger_alone(words=True, threshold=threshold)(TEXT)
        assert all(s >= threshold for s in doc.spans["mentions"].attrs["scores"])
        return len(doc.spans["mentions"])

    assert count(0.0) > count(0.99999)


@both
def test_a_higher_threshold_keeps_some_of_the_same_mentions(model: str) -> None:
    text = f"{TEXT} Kernel methods and adapters are compared with LoRA for language modelling on ImageNet, WikiText-2 and others."
    found = [set(mentions(Tagger(model, least)(pipeline().make_doc(text)))) for least in (0.0, 0.3, 0.6, 0.9, 1.0)]
    assert all(more >= fewer for more, fewer in pairwise(found))
    assert found[0] == {(a, b, t, round(score, 4)) for a, b, t, score in find_mentions(pipeline().make_doc(text), model)}


# -- the same, whatever the order ----------------------------------------------------------------------------------------------

MANY = [*EDGES.values(), *(f"Net{i}: a study\n\nWe propose Net{i}, based on LoRA, for task {i % 7} on GSM8K." for i in range(12))]


@both
@pytest.mark.parametrize("batch_size", [1, 7])
def test_mentions_do_not_depend_on_order_or_batch(model: str, batch_size: int) -> None:
    nlp = ALONE[model, True]
    one = [mentions(nlp(text)) for text in MANY]
    assert [mentions(doc) for doc in nlp.pipe(MANY, batch_size=batch_size)] == one
    assert [mentions(doc) for doc in nlp.pipe(MANY[::-1], batch_size=batch_size)] == one[::-1]


PIPE = """
import json, sys, spacy
if __name__ == "__main__":
    model, batch_size, texts = json.load(sys.stdin)
    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "kg_words"}}})
    nlp.add_pipe("kg_tagger", config={"model": model})
    if batch_size == 7:
        nlp(texts[0])  # the parent has read before it has children
    docs = nlp.pipe(texts, n_process=2, batch_size=batch_size)
    print(json.dumps([[(s.start_char, s.end_char, s.label_) for s in doc.spans["mentions"]] + doc.spans["mentions"].attrs["scores"] for doc in docs]))
"""


@both
@pytest.mark.parametrize("batch_size", [1, 7])
def test_two_processes_find_the_same(model: str, batch_size: int) -> None:
    done = subprocess.run([sys.executable, "-c", PIPE], input=json.dumps([model, batch_size, MANY]), capture_output=True, text=True, timeout=100)
    assert done.stderr == ""
    one = [mentions(ALONE[model, True](text)) for text in MANY]
    assert json.loads(done.stdout) == [[*([a, b, t] for a, b, t, _ in found), *(score for *_, score in found)] for found in one]


# -- in spaCy ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("given", "near"), [("bst", "best"), ("Fast", "fast"), ("", "best and fast"), ("large", "best and fast")])
def test_an_unknown_model_is_an_error_that_names_the_near_ones(given: str, near: str) -> None:
    for make in (lambda: Tagger(given), lambda: tagger_alone(model=given)):
        with pytest.raises(UnknownName, match=near):
            make()


def test_a_pipeline_on_disk_keeps_its_tagger(tmp_path: Path) -> None:
    nlp = tagger_alone(model="fast", threshold=0.6)
    nlp.to_disk(tmp_path / "saved")
    again = spacy.load(tmp_path / "saved")
    tagger = again.get_pipe("kg_tagger")
    assert (tagger.reader.model, tagger.threshold) == ("fast", 0.6)
    assert again.get_pipe_meta("kg_tagger").assigns == ["doc.spans"]
    assert mentions(again(TEXT)) == mentions(nlp(TEXT)) != []
    other = tagger_alone(model="fast", threshold=0.6).from_disk(tmp_path / "saved")
    assert mentions(other(TEXT)) == mentions(nlp(TEXT))


@both
def test_mentions_survive_the_bytes_of_a_doc(model: str) -> None:
    doc = ALONE[model, False](TEXT)
    again = Doc(doc.vocab).from_bytes(doc.to_bytes())
    assert mentions(again) == mentions(doc) != []
    assert [s.id_ for s in again.spans["mentions"]] == [s.id_ for s in doc.spans["mentions"]]


# -- among other components ----------------------------------------------------------------------------------------------------

TEXT_OF_ALL = "We propose LoRA, a low-rank adaptation method, on GSM8K. Low-rank adaptation reaches 85% accuracy."


def test_components_go_on_where_another_one_changed_the_mentions() -> None:
    nlp = spacy.blank("en")
    for name in COMPONENTS:
        nlp.add_pipe(name)
    nlp.add_pipe("drop_short_mentions", after="kg_tagger")
    doc = nlp(TEXT_OF_ALL)
    assert len(doc.spans["mentions"]) == len(doc.spans["mentions"].attrs["scores"])


@Language.component("drop_short_mentions")
def drop_short_mentions(doc: Doc) -> Doc:
    doc.spans["mentions"] = [s for s in doc.spans["mentions"] if len(s.text) > 4]
    return doc


def test_settings_come_back_from_bytes_and_disk(tmp_path: Path) -> None:
    saved, other = spacy.blank("en"), spacy.blank("en")
    saved.add_pipe("kg_tagger", config={"model": "fast", "threshold": 0.9})
    other.add_pipe("kg_tagger")
    saved.to_disk(tmp_path / "nlp")
    for read in (other.from_bytes(saved.to_bytes()), other.from_disk(tmp_path / "nlp")):
        tagger = read.get_pipe("kg_tagger")
        assert (tagger.reader, tagger.threshold) == (Reader("fast", 0.9), 0.9)
