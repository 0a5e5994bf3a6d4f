"""Text as papers hold it: normal forms of titles and names, dates, code links, and what may reach a terminal."""

import datetime
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

_ACCENT = {'"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304", "c": "\u0327", "v": "\u030c", "H": "\u030b", "u": "\u0306"}
_LATEX_ACCENT = re.compile(r"\\(?:([\"'`^~=])\s*\{?([A-Za-z])\}?|([cvHu])\{([A-Za-z])\})")
_LATEX = re.compile(r"[\\${}^_]")
_LATEX_COMMAND = re.compile(r"\\[A-Za-z]+\*?\s*")
_HALVES = re.compile("[\ud800-\udfff]")
_DASHES = re.compile(r"[\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]")


def whole(text: str) -> str:
    """Return `text` with every half of a surrogate pair, which no encoding can hold, as U+FFFD; offsets stay."""
    return _HALVES.sub("\ufffd", text)


def collapse(text: str) -> str:
    """Return `text` with every run of white space as one blank, and what no store can hold (NUL, lone surrogates) as U+FFFD."""
    return whole(" ".join(text.split())).replace("\x00", "\ufffd")


def visible(text: str) -> str:
    """Return `text` safe for a terminal: control, escape and direction-changing characters are shown as ``\\x1b``."""
    return "".join(c if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp") else c.encode("unicode_escape").decode() for c in text)


def plain(text: str) -> str:
    """Return `text` without LaTeX remnants: ``Nystr\\"om`` → ``Nyström``, ``\\textsc{LoRA}$_2$`` → ``LoRA2``."""
    if not _LATEX.search(text):
        return text
    text = _LATEX_ACCENT.sub(lambda m: unicodedata.normalize("NFC", (m[2] or m[4]) + _ACCENT[m[1] or m[3]]), text)
    text = _LATEX_COMMAND.sub("", text)
    text = re.sub(r"\$[^$]*\$", lambda m: re.sub(r"[$^_]", "", m[0]), text)
    return re.sub(r"[\^_](?=\{)|[\\${}]", "", text)


def _ascii(text: str) -> str:
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def slug(text: str) -> str:
    """Return lower-case words of letters and digits joined by hyphens; a hash where there are none."""
    words = re.findall(r"[^\W_]+", _ascii(plain(text)).casefold())
    return "-".join(words) or hashlib.sha256(text.encode()).hexdigest()[:12]


def text_hash(title: str, abstract: str) -> str:
    """Return the key under which a reading is kept: it changes when the texts do."""
    return hashlib.sha256(f"{title}\n\n{abstract}".encode()).hexdigest()[:16]


# -- sentences -----------------------------------------------------------------------------------------------------------------

_END = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9\\$])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|etc|al|resp|approx|Fig|Figs|Eq|Eqs|Sec|Tab|Ref|Refs|No|Dr|Prof|St|w\.r\.t|a\.k\.a)|\b[A-Z]|\b(?:[A-Za-z]\.)+[A-Za-z])$"
)


def sentence_starts(text: str, start: int = 0) -> list[int]:
    """Return where sentences start in ``text[start:]``, `start` included; abbreviations, decimals and names like ``U.S.`` end none."""
    found = [start]
    for match in _END.finditer(text, start):
        before = text[max(0, match.start() - 12) : match.start()]
        if match.group()[0] != "." or not _ABBREVIATION.search(before):
            found.append(match.end())
    return found


def sentences(text: str) -> list[tuple[int, int]]:
    """Return start and end of each sentence, without the blanks after it."""
    starts = sentence_starts(text)
    return [(a, a + len(text[a:b].rstrip())) for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


# -- names ---------------------------------------------------------------------------------------------------------------------

_SIZE = re.compile(
    r"[\s-]*(?<![^\W_])(?:(?:\d+x)?\d+(?:\.\d+)?[bm]|\d+k|instruct|chat|base|small|medium|large|xl|tiny|it)(?![^\W_])$",
    re.IGNORECASE,
)
_HEADS = re.compile(r"(?<=\w)(?:-based|\s+mechanisms?)$", re.IGNORECASE)
_KEEP_S = ("ss", "us", "is", "ics")
_SINGULAR = frozenset(["alias", "atlas", "bayes", "bias", "canvas", "gas", "lens", "means", "news", "series", "species", "squares"])
"""Words of names that end in s without being a plural, or are never written without it (k-means, least squares)."""
_IRREGULAR = {"biases": "bias", "lenses": "lens", "movies": "movie"}
_PLURALS = (
    ("trices", "trix"),
    ("dices", "dex"),
    ("rtices", "rtex"),
    ("lyses", "lysis"),
    ("theses", "thesis"),
    ("ies", "y"),
    ("sses", "ss"),
    ("xes", "x"),
    ("ches", "ch"),
    ("shes", "sh"),
)
_FOLDED = (
    ("isation", "ization"),
    ("modelling", "modeling"),
    ("finetuned", "finetuning"),
    ("finetune", "finetuning"),
    ("pretrained", "pretraining"),
    ("pretrain", "pretraining"),
)


def without_size(name: str) -> str:
    """Return a model's or data set's name without size, ``Instruct``, ``Chat`` and ``Base``: ``Mistral 7B`` → ``Mistral``, ``ImageNet-1k`` → ``ImageNet``."""
    while True:
        shorter = _SIZE.sub("", name).strip()
        letters = len(re.findall(r"[^\W\d_]", shorter))
        if shorter == name or letters < 2 or shorter.islower() or (letters < 4 and name[-1] in "kK"):
            return name  # the 8K of GSM-8K belongs to its name
        name = shorter


def singular(word: str) -> str:
    """Return the singular of the last word of a name, by spelling alone: ``LLMs`` → ``LLM``, ``policies`` → ``policy``; ``LMS`` stays."""
    head, hyphen, last = word.rpartition("-")
    if len(word) < 3 or not word.endswith("s") or word.endswith(_KEEP_S) or last.lower() in _SINGULAR:
        return word
    if last.lower() in _IRREGULAR:
        return head + hyphen + _IRREGULAR[last.lower()]
    for plural, one in _PLURALS:
        if word.endswith(plural) and len(word) > len(plural) + 1:
            return word[: -len(plural)] + one
    return word[:-1]


@lru_cache(maxsize=200_000)
def normal_form(name: str, family: str) -> str:
    """Return the key under which spellings of one name meet; `family` is the type, benchmark counted as dataset.

    Folds LaTeX, accents, case, plural, hyphens and blanks, model and data-set sizes. Keeps version
    numbers, decimal points, and a single letter after a hyphen (``ViT-S`` is not ``ViTs``).

    >>> normal_form("GSM-8k", "dataset") == normal_form("GSM8K", "dataset")
    True
    >>> normal_form("Llama-2-7B", "method"), normal_form("LLaMA 3", "method")
    ('llama2', 'llama3')
    """
    text: str = _DASHES.sub("-", _ascii(plain(name))).strip(" \"'`.,;:")
    if family in ("method", "dataset"):
        text = without_size(text)
    if family == "dataset":
        text = re.sub(r"[\s-]+(?:data\s?sets?|benchmarks?|corpus|corpora)$", "", text, flags=re.IGNORECASE) or text
    text = _HEADS.sub("", text) or text
    words = re.findall(r"[^\W_]+(?:\.\d+)*|[+#]+", text)
    if not words:
        return text.casefold() or name
    words[-1] = singular(words[-1])
    out: str = words[0].casefold()
    for before, word in pairwise(words):
        clash = (before[-1].isdigit() and word[0].isdigit()) or (len(word) == 1 and word.isalpha() and len(before) > 1 and len(words) == 2)
        out += ("-" if clash else "") + word.casefold()
    for ending, one in _FOLDED:
        if out.endswith(ending):
            return out.removesuffix(ending) + one
    return out


_NAME_WORD = re.compile(r"[^\W_]+(?:\.\d+)*")


@lru_cache(maxsize=100_000)
def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name in lower case and the singular: ``Vision-Language Models`` → ``("vision", "language", "model")``."""
    return tuple((singular(w) if len(w) > 3 else w).lower() for w in _NAME_WORD.findall(_ascii(plain(name))))


def inflected(name: str) -> bool:
    """Tell whether a name is a form of another: ``fine-tuned`` of ``fine-tuning``."""
    return any(re.sub(r"[\W_]+", "", name).casefold().endswith(ending) for ending, _ in _FOLDED)


def version(key: str) -> tuple[str, ...]:
    """Return the numbers in a normal form: names whose numbers differ are never the same thing."""
    return tuple(re.findall(r"\d+(?:\.\d+)*", key))


@lru_cache(maxsize=100_000)
def is_short(name: str) -> bool:
    """Tell whether `name` looks coined or like an acronym: one word with a capital after its first letter, or a digit."""
    return " " not in name and bool(re.search(r"[^\W\d_].*[A-Z]|[^\W\d_].*\d", name) or re.fullmatch(r"[A-Z]{1,2}", name))


def occurrences(text: str, names: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield the places where a name stands between the ends of words, the longest where several do, in order."""
    spans = [(at, -at - len(name)) for name in set(names) if name for at in _found(text, name)]
    done = 0
    for start, end in sorted(spans):
        if start >= done:
            done = -end
            yield start, done


def _found(text: str, name: str) -> Iterator[int]:
    """Yield where a name begins that no letter or digit touches. Not by a pattern: to compile one takes longer than to look."""
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        if not text[max(at - 1, 0) : at].isalnum() and not text[end : end + 1].isalnum():
            yield at
        at = text.find(name, at + 1)


# -- dates, links --------------------------------------------------------------------------------------------------------------

_DATE = re.compile(r"(?:(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?|--(?P<m2>\d{2})(?:-(?P<d2>\d{2}))?)(?!\d)")
_CODE_URL = re.compile(
    r"(?<![\w.@/-])(?:https?://)?(?:www\.)?"
    r"(?:(?:github\.com|gitlab\.com|huggingface\.co|bitbucket\.org|codeberg\.org|zenodo\.org|anonymous\.4open\.science)/|[\w-]+\.git(?:hub|lab)\.io)"
    r"[A-Za-z0-9_/.~:?#@!$&*+,;=%-]*",
    re.IGNORECASE,
)
MONTHS = {m: i for i, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)}


def year_month(date: str | None) -> tuple[int | None, int | None]:
    """Return the year and the month of a partial date, None where unknown: ``--08-28`` → ``(None, 8)``."""
    match = _DATE.match(date or "")
    if not match:
        return None, None
    month = match["month"] or match["m2"]
    return (int(match["year"]) if match["year"] else None), (int(month) if month else None)


def partial_date(text: str) -> str | None:
    """Return the date that `text` begins with, as far as it goes, or None: ``2024-05-12T10:00Z`` → ``2024-05-12``."""
    match = _DATE.match(text.strip())
    try:
        if match:  # 2000 was a leap year: without a year, 29 February may be
            datetime.date(int(match["year"] or 2000), int(match["month"] or match["m2"] or 1), int(match["day"] or match["d2"] or 1))
    except ValueError:
        return None
    return match.group() if match else None


def code_urls(text: str) -> tuple[str, ...]:
    """Return the links to code, models and data in `text`, each once, with a scheme, in order."""
    urls = (m.group().rstrip(".,;:!?*/") for m in _CODE_URL.finditer(text.replace("\\_", "_")))
    return tuple(dict.fromkeys(u if "://" in u else f"https://{u}" for u in urls))
