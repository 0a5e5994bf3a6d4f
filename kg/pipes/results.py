"""``kg_results``: scores that the abstract states, with the method, metric and data they belong to, from patterns within a sentence."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.pipes import by_sentence, group, write

_VALUE = re.compile(
    r"(?<![\w.,/-])(?P<sign>[+-])?(?P<number>\d{1,3}(?:\.\d+)?)"
    r"(?P<unit>\s?\\?%| percent(?:age points?)?| points?| (?:dB|BLEU|AUC|mAP|FID|F1)\b|(?=\s))(?!\w)"
)
_RELATIVE = re.compile(
    r"\b(?:improv\w*|gains?|increas\w*|decreas\w*|reduc\w*|rais\w*|boost\w*|drop\w*|lower\w*|higher|better"
    r"|outperform\w*|surpass\w*|exceed\w*|up to|by|margin of|relative|more|less|fewer)\b(?:(?! from ).){0,40}$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"^\s*(?:absolute |relative |average )*(?:improvement|gain|increase|reduction|decrease|higher|lower|better|boost|drop|point)", re.IGNORECASE
)
_NOT_QUALITY = re.compile(
    r"\b(?:parameters?|params|speed-?ups?|faster|memory|times|latency|FLOPs|compute|cost|training time|size|tokens?|samples|examples|data"
    r"|sparsity|throughput|energy|storage|compression|images|hours|GPUs?|years?|of the)\b",
    re.IGNORECASE,
)
_STATES = re.compile(r"\b(?:achiev|reach|attain|obtain|report|scor|accura|yield|get|solv|result|perform)\w*|\b(?:with|of|at|from|to|is)\b|=", re.IGNORECASE)
_SIGHT = 400
"""Characters around a value in which its entities are looked for, within its sentence."""


def find_results(doc: Doc) -> Iterator[tuple[Span, bool, dict[str, Span]]]:
    """Yield (value, relative?, {"method", "metric", "dataset" → mention}) for each stated score."""
    mentions = sorted(group(doc, "mentions"), key=lambda s: s.start)
    roles = {r.kb_id_: r.label_ for r in group(doc, "roles")}
    introduced = next((m for m in mentions if roles.get(m.kb_id_) == "introduces" and m.label_ == "method"), None)
    for sentence, inside in by_sentence(doc, mentions):
        text, begins = sentence.text, [m.start_char for m in inside]
        for match in _VALUE.finditer(text):
            start, end = sentence.start_char + match.start("number"), sentence.start_char + match.end()
            before, after = text[max(0, match.start() - 80) : match.start()], text[match.end() : match.end() + 80]
            sight = inside[bisect_left(begins, start - _SIGHT) : bisect_left(begins, end + _SIGHT)]
            percent = "%" in match["unit"]
            if any(m.start_char <= start < m.end_char for m in sight) or (not percent and "." not in match["number"] and not match["unit"].strip()):
                continue
            data = [m for m in sight if m.label_ in ("benchmark", "dataset")]
            near = [m for m in sight if m.label_ == "metric" and (abs(m.start_char - end) < 60 or abs(start - m.end_char) < 60)]
            if not (data or near) or (not _STATES.search(before) and not near) or _NOT_QUALITY.search(after[:35].split(",")[0]):
                continue
            where = _nearest(data, start, end) or _nearest([m for m in sight if m.label_ == "task"], start, end)
            value = doc.char_span(start, end if percent else sentence.start_char + match.end("number"), alignment_mode="contract")
            if where is None or value is None:
                continue
            method = _before([m for m in sight if m.label_ == "method"], start) or introduced
            ends = {"dataset": where, "metric": _nearest(near, start, end), "method": method}
            relative = bool(match["sign"] or _RELATIVE.search(before[-60:]) or _AFTER.match(after))
            yield value, relative, {k: v for k, v in ends.items() if v is not None}


def _nearest(spans: list[Span], start: int, end: int) -> Span | None:
    """Return the nearest span, one that follows ("72.9% on GSM8K") before one that precedes at the same distance."""
    return min(spans, key=lambda s: (s.start_char - end if s.start_char >= end else start - s.end_char + 8, s.start), default=None)


def _before(spans: list[Span], start: int) -> Span | None:
    return max((s for s in spans if s.end_char <= start), key=lambda s: s.start, default=None)


@Language.factory("kg_results", requires=["doc.spans", "token.is_sent_start"], assigns=["doc.spans"])
def make_results(nlp: Language, name: str) -> "Results":
    return Results()


class Results:
    def __call__(self, doc: Doc) -> Doc:
        spans = []
        for i, (value, relative, ends) in enumerate(find_results(doc)):
            spans.append(Span(doc, value.start, value.end, label="relative" if relative else "value", span_id=f"r{i}"))
            spans += [Span(doc, s.start, s.end, label=label, kb_id=s.kb_id, span_id=f"r{i}") for label, s in sorted(ends.items())]
        return write(doc, "results", spans)
