"""``kg_roles``: what the paper has to do with each entity.

A linear classifier over the contexts of all its mentions (`kg.pipes.contexts`) and the cues below; where the
tagger's encoder has read the text, its answer, averaged over the mentions, is weighed in.
"""

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.pipes import mentions_by_entity, write
from kg.pipes.contexts import Contexts, contexts_of
from kg.pipes.encoder import answers_of
from kg.pipes.linear import load_linear, log_softmax, row
from kg.text import is_short

ENCODER_WEIGHT = 0.5
"""Share of the encoder's log-probabilities; the classifier's have the rest. Chosen on the training papers held back (``training/README.md``)."""

_OWN = r"(?:\bwe\b|\bthis (?:paper|work|article|study|report|survey|letter|thesis)\b|\bthe (?:present )?(?:paper|authors)\b|\bour (?:work|paper)\b|\bi (?=\w))"
_MAKE = (
    r"(?:propos|introduc|present|develop|design|describ|releas|creat|construct|devis|build|built|formulat"
    r"|curat|establish|contribut|offer|unveil|put forward)\w*"
)
_PROPOSES = re.compile(rf"{_OWN}[^.;]{{0,60}}?(?<!previously )(?<!recently )(?<!existing )(?<!already )\b{_MAKE}\b")
_APART = re.compile(r"\b(?:that|which|based on|using|for|to|from|with|of|by|on|in|into|via|between|against|over|under|towards?|as|than)\b")
_PASSIVE = re.compile(r"[^.;,]{0,40}?\b(?:is|are|was|were|has been) (?:then |also |here )?(?:propos|introduc|present|develop)ed\b")
_CALL = r"(?:call|name|term|dub)"
_THING = (
    r"(?:method|framework|model|approach|algorithm|benchmark|dataset|system|architecture|pipeline|strategy"
    r"|technique|paradigm|metric|loss|module|network|suite|corpus)s?"
)
_NAMED = re.compile(
    rf"(?:\b(?:called|named|dubbed|termed|coined|christened|referred to as|denoted(?: as| by)?)"
    rf"|\b(?:which )?we {_CALL}(?: (?:it|this|the \w+|our \w+))?(?: as)?)\s*[\"“'`(]*$",
)
_APPOSED = re.compile(rf"\b{_THING},(?: namely)?\s*[\"“'`(]*$")
_COLON = re.compile(r"\s*:")
_ARTICLE = re.compile(r"\b(?:an?|novel|new)\b")
_LONGER = re.compile(r"\s[A-Z]\w+")
"""The name goes on behind the mention, as in ``LoRA Silver Bullet``."""
_MODIFIES = re.compile(rf"(?:-\w+|\s+(?:\w+\s+)?{_THING}\b)")
_OUR = re.compile(r"\b(?:our|the proposed)\s+[\"“']*$")
_COMPARES = re.compile(
    r"\b(?:outperform\w*|surpass\w*|exceed\w*|beat(?:s|ing)?"
    r"|compar(?:ed|ing|able|ison|isons|es?) (?:\w+ )?(?:to|with|against)|than|over|versus|vs\.?|unlike|in contrast (?:to|with)|against"
    r"|superior to|on par with|competitive with|baselines?(?:,? (?:such as|including|like|e\.g\.,?))?"
    r"|relative to|instead of|rather than|replac(?:es?|ing))\b",
)
_BREAK = re.compile(r"\b(?:we|which|that|while|by|using|on|for|in|when|with)\b")
_TRAINS = re.compile(
    r"\b(?:(?:train(?:ed|ing)?|pre-?train(?:ed|ing)?|fine-?tun(?:ed|ing)) (?:\w+ )?(?:on|with|from|using)\b[^.;]{0,40}|training sets? (?:of|from)\s"
    r"|(?:deriv|built|construct|creat|sampl|extract|adapt)\w* (?:\w+ )?from\s)$",
)
_SIGHT = 80
"""Characters before and after a mention in which a cue that touches it is looked for, within its sentence."""


def cues(contexts: Contexts, span: Span) -> Iterator[str]:
    """Yield the names of the cues around one mention: phrases by which authors introduce, compare or train on a thing."""
    before, after = contexts.around(span, _SIGHT)
    in_title = span.start_char < contexts.border
    if in_title and not before and _COLON.match(after):
        yield "title"
    if not _LONGER.match(contexts.text, span.end_char):
        modifies = _MODIFIES.match(after)
        gap = contexts.since(_PROPOSES, span)
        if gap is not None:
            yield "proposes, apart" if _APART.search(gap) else "proposes, modifies" if modifies and _ARTICLE.search(before[-60:]) else "proposes"
        if (_NAMED.search(before) and not in_title) or (gap is not None and _APPOSED.search(before)):
            yield "named"
        if _PASSIVE.match(after):
            yield "proposed"
        if _OUR.search(before):
            yield "our, modifies" if modifies else "our"
    gap = contexts.since(_COMPARES, span)
    if gap is not None:
        yield "compares, apart" if _BREAK.search(gap) else "compares"
    if _TRAINS.search(before):
        yield "trains"


def mention_features(contexts: Contexts, span: Span) -> list[int]:
    """Return what the classifier sees of one mention."""
    found = list(cues(contexts, span))
    short = "coined" if is_short(span.text) else "capital" if span.text[0].isupper() else "small"
    return [*contexts.of_mention(span), *(row(f"cue={c}|{x}") for c in found for x in (span.label_, short))]


def find_roles(doc: Doc, *, encoder_weight: float = ENCODER_WEIGHT) -> list[tuple[Span, str, float]]:
    """Return, for each entity, the mention that speaks most for its role, the role, and its probability."""
    keyed = mentions_by_entity(doc)
    if not keyed:
        return []
    model, contexts = load_linear("roles"), contexts_of(doc)
    out = []
    for spans in keyed.values():
        shown = [mention_features(contexts, span) for span in spans]
        logits = model.logits([*contexts.of_entity(spans), *(f for fs in shown for f in fs)])
        chances = blend(logits, answers_of(doc, spans, "role"), encoder_weight)
        best = int(chances.argmax())
        telling = max(range(len(spans)), key=lambda i: (model.logits(shown[i])[best], -i)) if len(spans) > 1 else 0
        out.append((spans[telling], model.classes[best], float(chances[best])))
    return out


def blend(logits: NDArray[np.float32], answer: NDArray[np.float32] | None, weight: float) -> NDArray[np.float32]:
    """Return the roles' probabilities: the geometric mean of the classifier's and the encoder's, by weight."""
    mixed = log_softmax(logits)
    if answer is not None:
        mixed = (1 - weight) * mixed + weight * log_softmax(answer)
    return np.exp(log_softmax(mixed))


@Language.factory("kg_roles", requires=["doc.spans", "token.is_sent_start"], assigns=["doc.spans"])
def make_roles(nlp: Language, name: str) -> "Roles":
    return Roles()


class Roles:
    def __call__(self, doc: Doc) -> Doc:
        found = find_roles(doc)
        spans = [Span(doc, s.start, s.end, label=role, kb_id=s.kb_id, span_id=s.id) for s, role, _ in found]
        return write(doc, "roles", spans, [score for _, _, score in found])
