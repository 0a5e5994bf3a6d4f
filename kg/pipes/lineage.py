"""``kg_lineage``: what an introduced entity is based on, from cue phrases and from names that contain another's name."""

import re
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.pipes import by_sentence, group, mentions_by_entity, sentence_finder, write
from kg.text import is_short

_CUE = re.compile(
    r"\b(?:(?:is|are|was|were)?\s*(?:based|built|building|builds?|bas(?:es|ing)) (?:up)?on(?: top of)?|extend(?:s|ing|ed)?|extensions? (?:of|to)"
    r"|variants? of|variations? (?:of|on)|inspired by|derived from|generali[sz](?:es|ing|ation of)"
    r"|modif(?:ies|ying|ication of)|adapt(?:s|ation of)|improv(?:es|ing) (?:up)?on|integrat(?:es|ing)|combin(?:es|ing|ation of)"
    r"|augment(?:s|ing)|enhanc(?:es|ing)|version of|fine-tuned from|initiali[sz]ed from|incorporat(?:es|ing)|leverag(?:es|ing))\b",
    re.IGNORECASE,
)
_REACH = 60
"""Characters between a cue, or a parent, and the next parent."""
_SIGHT = 300
_BEATS = re.compile(r"\b(?:outperform|surpass|exceed|superior|better than|compared (?:to|with))\w*", re.IGNORECASE)
_PROPOSED = re.compile(r"\b(?:propos|introduc|present|develop)\w*", re.IGNORECASE)
_OWN = re.compile(r"\b(?:we|our|it|this|the proposed)\b", re.IGNORECASE)


def find_lineage(doc: Doc) -> Iterator[tuple[Span, Span, Span]]:
    """Yield (child, parent) mentions and the sentence that shows it, each pair of entities once."""
    keyed = mentions_by_entity(doc)
    introduced = [r.kb_id_ for r in group(doc, "roles") if r.label_ == "introduces"]
    generic = {s.kb_id_ for s in group(doc, "generic")}
    if not introduced:
        return
    seen = set()
    for child, parent, evidence in [*_by_name(doc, keyed, introduced), *_by_cue(doc, keyed, introduced)]:
        pair = child.kb_id_, parent.kb_id_
        if pair[0] != pair[1] and pair not in seen and pair[::-1] not in seen and pair[1] not in generic and parent.label_ != "metric":
            seen.add(pair)
            yield child, parent, evidence


def _by_name(doc: Doc, keyed: dict[str, list[Span]], introduced: list[str]) -> Iterator[tuple[Span, Span, Span]]:
    """Yield the pairs whose names say it, in the most telling sentence that names the child."""
    sentence_of = sentence_finder(doc)
    named: dict[str, dict[str, list[Span]]] = {}
    for key, spans in keyed.items():
        for span in spans:
            named.setdefault(key, {}).setdefault(span.text, []).append(span)
    for key in introduced:
        for other in named:
            same_type = other != key and keyed[other][0].label_ == keyed[key][0].label_
            fitting = [(c, p) for c in named[key] for p in named[other] if _contains(c, p)] if same_type else []
            if fitting:
                children = [s for surface in dict(fitting) for s in named[key][surface]]
                parents = {sentence_of(s).start: s for _, surface in reversed(fitting) for s in reversed(named[other][surface])}
                child = min(children, key=lambda c: (_telling(sentence_of(c).text, sentence_of(c).start in parents), c.start))
                yield child, parents.get(sentence_of(child).start, named[other][fitting[0][1]][0]), sentence_of(child)


def _telling(sentence: str, both: bool) -> int:
    """Return how well a sentence with the child's name shows what it grew out of, 0 best: with both names and a cue, with the child proposed, with both."""
    if _BEATS.search(sentence):
        return 4
    return 0 if both and _CUE.search(sentence) else 1 if _PROPOSED.search(sentence) else 2 if both else 3


def _contains(name: str, part: str) -> bool:
    """Tell whether the coined name is built on the other: ``RiemannLoRA`` on ``LoRA``, ``SGD-M`` on ``SGD``."""
    if not (is_short(name) and is_short(part)) or len(part) < 3 or len(name) <= len(part):
        return False
    return name.endswith(part) or bool(re.match(rf"{re.escape(part)}[-+ ]", name)) or bool(re.search(rf"[a-z-]{re.escape(part)}", name))


def _by_cue(doc: Doc, keyed: dict[str, list[Span]], introduced: list[str]) -> Iterator[tuple[Span, Span, Span]]:
    first = keyed[introduced[0]][0]
    text = doc.text
    for sentence, inside in by_sentence(doc, (s for spans in keyed.values() for s in spans)):
        for cue in _CUE.finditer(sentence.text):
            start, end = sentence.start_char + cue.start(), sentence.start_char + cue.end()
            children = [s for s in inside if s.end_char <= start and s.kb_id_ in introduced]
            own = _OWN.search(text, max(sentence.start_char, start - _SIGHT), start)
            if not children and not own:
                continue
            child = children[-1] if children else first
            for parent in (s for s in inside if s.start_char >= end):
                if parent.start_char - end > _REACH or re.search(r"[.;]|\b(?:to|for|that|which)\b", text[end : parent.start_char]):
                    break
                if parent.label_ == "method" and parent.kb_id_ not in introduced:
                    yield child, parent, sentence
                    end = parent.end_char


@Language.factory("kg_lineage", requires=["doc.spans", "token.is_sent_start"], assigns=["doc.spans"])
def make_lineage(nlp: Language, name: str) -> "Lineage":
    return Lineage()


class Lineage:
    def __call__(self, doc: Doc) -> Doc:
        spans = []
        for i, pair in enumerate(find_lineage(doc)):
            for span, label in zip(pair, ("child", "parent", "evidence"), strict=True):
                spans.append(Span(doc, span.start, span.end, label=label, kb_id=span.kb_id, span_id=f"l{i}"))
        return write(doc, "lineage", spans)
