"""What the encoder says of every word: a small transformer (BERT's form, Devlin et al. 2019) with one head a question, run by onnxruntime.

A text is read in windows of at most `WINDOW` pieces that overlap by `OVERLAP`; a word's answer
comes from the window in which it stands farthest from the edge. One window is one run of the network:
dynamic quantisation scales by what it runs on, so a batch would make a text's answer depend on its neighbours.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc, Span

from kg.records import ROLES, TYPES
from kg.text import whole

if TYPE_CHECKING:
    from tokenizers import Tokenizer

WINDOW, OVERLAP = 512, 128
LABELS = ("O", *(f"{b}-{t}" for t in TYPES for b in "BI"))
_L, _R = len(LABELS), len(LABELS) + len(ROLES)
HEADS = {"label": slice(0, _L), "role": slice(_L, _R), "generic": slice(_R, _R + 1), "parent": slice(_R + 1, _R + 2)}
"""Which of the network's outputs answer what: the word's label, its entity's role, whether that is too broad to say anything
(trained beside the others; the list decides), whether something introduced is based on it."""
OUTPUTS = _R + 2
SURELY = 20.0
"""What is answered for a word that has no piece: no label, with all but certainty."""

_GLUED = re.compile(r"(?<=\w)[^\w\s\x00-\x7f]|[^\w\s\x00-\x7f](?=\w)")
"""Signs that touch a word. The tokeniser cuts at punctuation only; a sign that it does not know would make the whole word unknown."""


def case_of(word: str) -> int:
    """Return the class of a word's spelling, 1 to 7: lower case, digits, sign, capitalised, upper case, mixed, letters with digits."""
    if not word.isalnum():
        return 3
    if word.isdigit():
        return 2
    if any(c.isdigit() for c in word):
        return 7
    if word.islower():
        return 1
    if len(word) > 1 and word.isupper():
        return 5
    return 4 if not any(c.isupper() for c in word[1:]) else 6


CASES = 16
"""Classes of spelling, times two: in the title or not. 0 stands for the marks at a window's ends."""


@dataclass(frozen=True)
class Pieces:
    """A text as the network reads it: ids and spelling classes of its word pieces, and the first piece of each word (-1: none)."""

    ids: NDArray[np.int64]
    cases: NDArray[np.int64]
    first: NDArray[np.int64]


def readable(tokenizer: "Tokenizer", text: str) -> str:
    """Return a text that the tokeniser can read, at the same offsets: no lone surrogates, and no unknown sign that touches a word."""
    return _GLUED.sub(lambda m: m[0] if tokenizer.token_to_id(f"##{m[0]}") is not None else " ", whole(text))


def pieces_of(tokenizer: "Tokenizer", text: str, words: Sequence[tuple[int, int]], border: int) -> Pieces:
    """Cut a text into word pieces. `words` are (start, end) in characters, in order; `border` is where the title ends."""
    encoded = tokenizer.encode(readable(tokenizer, text), add_special_tokens=False)
    offsets = np.array(encoded.offsets, dtype=np.int64).reshape(-1, 2)
    starts = np.array([s for s, _ in words], dtype=np.int64)
    classes = np.array([case_of(text[s:e]) + 8 * (s < border) for s, e in words], dtype=np.int64)
    word_of = np.searchsorted(starts, offsets[:, 0], side="right") - 1
    cases = np.where(word_of >= 0, classes[word_of] if len(words) else 0, 0)
    first = np.searchsorted(offsets[:, 1], starts, side="right")
    inside = first < len(offsets)
    inside[inside] &= offsets[first[inside], 0] < np.array([e for _, e in words], dtype=np.int64)[inside]
    return Pieces(np.array(encoded.ids, dtype=np.int64), cases, np.where(inside, first, -1))


def windows(n: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield (start, end, from, to) over `n` pieces: read start..end, keep from..to. Windows overlap, what is kept does not."""
    room = WINDOW - 2
    if n <= room:
        yield 0, n, 0, n
        return
    step = room - OVERLAP
    start = 0
    while True:
        end = min(start + room, n)
        keep = start + OVERLAP // 2 if start else 0
        if end == n:
            yield start, end, keep, n
            return
        yield start, end, keep, start + step + OVERLAP // 2
        start += step


class Encoder:
    """The network and its tokeniser. One thread: the caller's processes share the cores."""

    def __init__(self, network: Path, pieces: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(str(network), options, providers=["CPUExecutionProvider"])
        self.tokenizer = Tokenizer.from_file(str(pieces))
        self.begin, self.end = (self.tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]"))

    def __call__(self, text: str, words: Sequence[tuple[int, int]], border: int) -> NDArray[np.float32]:
        """Return an array (words, `OUTPUTS`) of what the heads answer, before softmax or sigmoid."""
        pieces = pieces_of(self.tokenizer, text, words, border)
        answers = np.zeros((len(pieces.ids) + 1, OUTPUTS), dtype=np.float32)
        answers[-1, 0] = SURELY  # a word without a piece is no part of a mention
        for start, end, keep, to in windows(len(pieces.ids)):
            if start == end:
                continue
            ids = np.concatenate([[self.begin], pieces.ids[start:end], [self.end]])[None]
            cases = np.concatenate([[0], pieces.cases[start:end], [0]])[None]
            (out,) = self.session.run(None, {"ids": ids, "cases": cases})
            answers[keep:to] = out[0, 1 + keep - start : 1 + to - start]
        return answers[pieces.first]


@cache
def load_encoder() -> Encoder:
    """Load the shipped network, once a process."""
    folder = files("kg.pipes") / "model"
    with as_file(folder / "encoder.onnx") as network, as_file(folder / "pieces.json") as pieces:
        return Encoder(network, pieces)


# -- answers on a Doc ----------------------------------------------------------------------------------------------------------

_KEY = "kg_answers"


def keep_answers(doc: Doc, words: Sequence[tuple[int, int]], answers: NDArray[np.float32] | None) -> None:
    """Leave the heads' answers on a Doc for the components after the tagger, one row a token: that of the word it begins in. None: no encoder has read it."""
    doc.user_data.pop(_KEY, None)
    if answers is not None:
        starts = np.array([s for s, _ in words], dtype=np.int64)
        rows = np.searchsorted(starts, np.array([t.idx for t in doc], dtype=np.int64), side="right") - 1
        doc.user_data[_KEY] = answers[rows.clip(min=0), HEADS["role"].start :]


def answers_of(doc: Doc, spans: Sequence[Span], head: str) -> NDArray[np.float32] | None:
    """Return a head's answer (any but `label`) on an entity, the mean of its mentions' means; None where no encoder has read the text as it is."""
    answers = doc.user_data.get(_KEY)
    if answers is None or len(answers) != len(doc):
        return None
    shift = HEADS["role"].start
    mean = np.mean([answers[s.start : s.end].mean(axis=0) for s in spans], axis=0)
    return np.asarray(mean[HEADS[head].start - shift : HEADS[head].stop - shift], dtype=np.float32)
