"""``kg_roles``: what the paper has to do with each entity, from cue words before its mentions and from their place.

The first of these that a mention shows wins: *introduces*, *compares* (for methods), *evaluates_on*
(datasets and benchmarks), *mentions* (named only before the paper speaks of itself), *uses*.
"""

import re

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.pipes import group, mentions_by_entity, sentence_finder, title_end, write
from kg.text import is_short

_OWN = r"(?:\bwe\b|\bthis (?:paper|work|article|study|report|survey|letter|thesis)\b|\bthe (?:present )?(?:paper|authors)\b|\bour (?:work|paper)\b|(?-i:\bI\b))"
_MAKE = (
    r"(?:propos|introduc|present|develop|design|describ|releas|creat|construct|devis|build|built|formulat"
    r"|curat|establish|contribut|offer|unveil|put forward)\w*"
)
_PROPOSES = re.compile(rf"{_OWN}[^.;]{{0,60}}?(?<!previously )(?<!recently )(?<!existing )(?<!already )\b{_MAKE}\b(?P<gap>[^.;]*)$", re.IGNORECASE)
_APART = re.compile(r"\b(?:that|which|based on|using|for|to|from|with|of|by|on|in|into|via|between|against|over|under|towards?|as|than)\b")
_PASSIVE = re.compile(r"^[^.;,]{0,40}?\b(?:is|are|was|were|has been) (?:then |also |here )?(?:propos|introduc|present|develop)ed\b", re.IGNORECASE)
_CALL = r"(?:call|name|term|dub)"
_THING = (
    r"(?:method|framework|model|approach|algorithm|benchmark|dataset|system|architecture|pipeline|strategy"
    r"|technique|paradigm|metric|loss|module|network|suite|corpus)s?"
)
_NAMED = re.compile(
    rf"(?:\b(?:called|named|dubbed|termed|coined|christened|referred to as|denoted(?: as| by)?)"
    rf"|\b(?:which )?we {_CALL}(?: (?:it|this|the \w+|our \w+))?(?: as)?)\s*[\"“'`(]*$",
    re.IGNORECASE,
)
_APPOSED = re.compile(rf"\b{_THING},(?: namely)?\s*[\"“'`(]*$", re.IGNORECASE)
_COLON = re.compile(r"\s*:")
_ARTICLE = re.compile(r"\b(?:an?|novel|new)\b")
_LONGER = re.compile(r"^\s[A-Z]\w+")
"""The name goes on behind the mention, as in ``LoRA Silver Bullet``."""
_MODIFIES = re.compile(rf"^(?:-\w+|\s+(?:\w+\s+)?{_THING}\b)", re.IGNORECASE)
_OUR = re.compile(r"\b(?:our|the proposed)\s+[\"“']*$", re.IGNORECASE)
_COMPARES = re.compile(
    r"\b(?:outperform\w*|surpass\w*|exceed\w*|beat(?:s|ing)?"
    r"|compar(?:ed|ing|able|ison|isons|es?) (?:\w+ )?(?:to|with|against)|than|over|versus|vs\.?|unlike|in contrast (?:to|with)|against"
    r"|superior to|on par with|competitive with|baselines?(?:,? (?:such as|including|like|e\.g\.,?))?"
    r"|relative to|instead of|rather than|replac(?:es?|ing))\b(?P<gap>[^.;]*)$",
    re.IGNORECASE,
)
_SIGHT = 300
"""Characters before and after a mention in which cues are looked for, within its sentence."""
_BREAK = re.compile(r"\b(?:we|which|that|while|by|using|on|for|in|when|with)\b", re.IGNORECASE)
_SPEAKS = re.compile(rf"{_OWN}|\bour\b|\bhere,", re.IGNORECASE)
_TRAINS = re.compile(
    r"\b(?:(?:train(?:ed|ing)?|pre-?train(?:ed|ing)?|fine-?tun(?:ed|ing)) (?:\w+ )?(?:on|with|from|using)\b[^.;]{0,40}|training sets? (?:of|from)\s"
    r"|(?:deriv|built|construct|creat|sampl|extract|adapt)\w* (?:\w+ )?from\s)$",
    re.IGNORECASE,
)


def find_roles(doc: Doc) -> list[tuple[Span, str, float]]:
    """Return, for each entity, the mention that shows its role, the role, and how sure the cue is (0..1)."""
    text, border = doc.text, title_end(doc)
    sentences = list(doc.sents)
    speaks = next((s.start_char for s in sentences if s.start_char >= border and _SPEAKS.search(s.text)), len(text))
    defined = {(s.start, s.end) for s in group(doc, "acronyms")}
    sentence_of = sentence_finder(doc)
    out = []
    for spans in mentions_by_entity(doc).values():
        shown = [(rank(text, span, sentence_of(span), border, speaks, defined), span) for span in spans]
        (_, role, score), span = min(shown, key=lambda x: (x[0][0], x[1].start))
        out.append((span, role, score))
    return out


def rank(text: str, span: Span, sentence: Span, border: int, speaks: int, defined: set[tuple[int, int]]) -> tuple[int, str, float]:
    """Return (order, role, score) of one mention in the Doc's text; the mention with the least order decides for its entity."""
    before = text[max(sentence.start_char, span.start_char - _SIGHT) : span.start_char]
    after = text[span.end_char : min(sentence.end_char, span.end_char + _SIGHT)]
    in_title, in_body = span.start_char < border, span.start_char >= speaks
    if (span.start, span.end) in defined or is_short(span.text) or span.text[0].isupper():
        if in_title and not before and _COLON.match(after):
            return 0, "introduces", 0.95
        if score := _introduces(span.text, before, after, in_title, in_body):
            return 0, "introduces", score
    if span.label_ == "method" and not in_title:
        match = _COMPARES.search(before)
        if match and not _BREAK.search(match["gap"]):
            return 2, "compares", 0.6
    if span.label_ in ("benchmark", "dataset"):
        if _TRAINS.search(before):
            return (3 if span.label_ == "dataset" else 5), "uses", 0.6
        return 4, "evaluates_on", 0.85
    if in_title or in_body:
        return 5, "uses", 0.75
    if span.label_ in ("method", "task") and speaks < len(text):
        return 6, "mentions", 0.5
    return 6, "uses", 0.6


def _introduces(name: str, before: str, after: str, in_title: bool, in_body: bool) -> float:
    """Return how sure the words around a coined name say that the paper introduces it, 0 where they do not."""
    if _LONGER.match(after):
        return 0
    modifies = _MODIFIES.match(after)
    proposes = _PROPOSES.search(before)
    if proposes and not (modifies and _ARTICLE.search(before[-60:])) and not _APART.search(proposes["gap"]):
        return 0.9
    if (_NAMED.search(before) and not in_title) or (proposes and _APPOSED.search(before)):
        return 0.85
    if in_body and _PASSIVE.match(after):
        return 0.8
    return 0.7 if _OUR.search(before) and is_short(name) and not modifies else 0


@Language.factory("kg_roles", requires=["doc.spans", "token.is_sent_start"], assigns=["doc.spans"])
def make_roles(nlp: Language, name: str) -> "Roles":
    return Roles()


class Roles:
    def __call__(self, doc: Doc) -> Doc:
        found = find_roles(doc)
        spans = [Span(doc, s.start, s.end, label=role, kb_id=s.kb_id, span_id=s.id) for s, role, _ in found]
        return write(doc, "roles", spans, [score for _, _, score in found])
