"""``kg_lineage``: what an introduced entity is based on.

A linear classifier over pairs (introduced entity, other entity): the other's contexts, the words between the two, and
names that contain another's name; where the tagger's encoder has read the text, its answer is weighed in.
"""

import re
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc, Span

from kg.pipes import group, mentions_by_entity, write
from kg.pipes.contexts import MOST, Contexts, contexts_of
from kg.pipes.encoder import answers_of
from kg.pipes.linear import load_linear, row, sigmoid
from kg.text import is_short

THRESHOLD = 0.36
ENCODER_WEIGHT = 0.3
"""The least probability of a pair, and the encoder's share in its logit: chosen on the training papers held back (``training/README.md``)."""

TYPES = ("method", "dataset", "benchmark")
"""What can be based on something, and be what something is based on: 98 % of the annotated pairs."""

_CUE = re.compile(
    r"\b(?:(?:is|are|was|were)?\s*(?:based|built|building|builds?|bas(?:es|ing)) (?:up)?on(?: top of)?|extend(?:s|ing|ed)?|extensions? (?:of|to)"
    r"|variants? of|variations? (?:of|on)|inspired by|derived from|generali[sz](?:es|ing|ation of)"
    r"|modif(?:ies|ying|ication of)|adapt(?:s|ation of)|improv(?:es|ing) (?:up)?on|integrat(?:es|ing)|combin(?:es|ing|ation of)"
    r"|augment(?:s|ing)|enhanc(?:es|ing)|version of|fine-tuned from|initiali[sz]ed from|incorporat(?:es|ing)|leverag(?:es|ing))\b",
)
_BEATS = re.compile(r"\b(?:outperform|surpass|exceed|superior|better than|compared (?:to|with))\w*")
_REACH = 60
"""Characters between a cue and what it speaks of."""
_BREAK = re.compile(r"[.;]|\b(?:to|for|that|which)\b")


def parent_features(contexts: Contexts, spans: list[Span], role: str) -> list[int]:
    """Return what the classifier sees of the entity that may be a parent, whatever the child."""
    out = [row(f"role={role}"), *contexts.of_entity(spans)]
    for span in spans:
        out += contexts.of_mention(span)
        before, _ = contexts.around(span, 2 * _REACH)
        for match in _CUE.finditer(before):
            if len(before) - match.end() <= _REACH and not _BREAK.search(before, match.end()):
                out += [row("cue"), row(f"cue={match.group().split()[0]}")]
    return out


def pair_features(contexts: Contexts, child: list[Span], parent: list[Span], order: int, role: str, introduced: int) -> list[int]:
    """Return what the classifier sees of the pair. `order` numbers the introduced entities, `introduced` counts them."""
    at = f"{min(order, 3)} of {min(introduced, 4)}"
    child, parent = child[:MOST], parent[:MOST]
    here = {contexts.sentence(s) for s in child}
    shared = [s for s in parent if contexts.sentence(s) in here]
    first = contexts.sentence(child[0])
    out = [
        f"child={at}",
        f"child={at}|{role}",
        f"types={child[0].label_}|{parent[0].label_}",
        f"child title={child[0].start_char < contexts.border}|{role}",
        f"child mentions={min(len(child), 5)}",
        f"apart={min(max(contexts.sentence(parent[0]) - first, -3), 3)}|{role}",
        f"together={min(len(shared), 2)}|{role}",
    ]
    names = {(c.text, p.text) for c in child for p in parent}
    if any(_contains(c, p) for c, p in names):
        out += ["contains", f"contains|{role}"]
    if any(c.lower() in p.lower() for c, p in names):
        out.append("contained")
    rows = [row(f) for f in out]
    for span in shared:
        near = min((c for c in child if contexts.sentence(c) == contexts.sentence(span)), key=lambda c: (abs(c.start - span.start), c.start))
        side = "child before" if near.end <= span.start else "child after"
        start, end = (near.end, span.start) if near.end <= span.start else (span.end, near.start)
        rows += [row(f"{side}|{min(max(end - start, 0) // 4, 6)}"), *contexts.words_as(side)[start : min(end, start + 12)]]
    return rows


def _contains(name: str, part: str) -> bool:
    """Tell whether the coined name is built on the other: ``RiemannLoRA`` on ``LoRA``, ``SGD-M`` on ``SGD``."""
    if not (is_short(name) and is_short(part)) or len(part) < 3 or len(name) <= len(part):
        return False
    return name.endswith(part) or bool(re.match(rf"{re.escape(part)}[-+ ]", name)) or bool(re.search(rf"[a-z-]{re.escape(part)}", name))


def pair_chances(
    doc: Doc, keyed: dict[str, list[Span]], roles: dict[str, str], generic: set[str], *, encoder_weight: float = ENCODER_WEIGHT
) -> dict[tuple[str, str], float]:
    """Return the probability of each pair (introduced entity, other entity)."""
    children = [key for key, spans in keyed.items() if roles.get(key) == "introduces" and spans[0].label_ in TYPES]
    if not children:
        return {}
    model, contexts = load_linear("lineage"), contexts_of(doc)
    found = {}
    for parent, spans in keyed.items():
        if spans[0].label_ not in TYPES or parent in generic:
            continue
        role = roles.get(parent, "uses")
        alone = model.logits(parent_features(contexts, spans, role))[0]
        answer = answers_of(doc, spans, "parent")
        for order, child in enumerate(children):
            if child != parent:
                logit = alone + model.logits(pair_features(contexts, keyed[child], spans, order, role, len(children)))[0] - model.bias[0]
                if answer is not None:
                    logit = (1 - encoder_weight) * logit + encoder_weight * answer[0]
                found[child, parent] = sigmoid(logit)
    return found


def find_lineage(doc: Doc) -> Iterator[tuple[Span, Span, Span, float]]:
    """Yield (child, parent) mentions, the sentence that shows it and the probability, each pair of entities once."""
    keyed = mentions_by_entity(doc)
    found = pair_chances(doc, keyed, {r.kb_id_: r.label_ for r in group(doc, "roles")}, {s.kb_id_ for s in group(doc, "generic")})
    contexts = contexts_of(doc) if found else None
    for (child, parent), chance in found.items():
        if contexts and chance >= THRESHOLD and (chance, parent) > (found.get((parent, child), 0.0), child):
            yield (*_evidence(contexts, keyed[child], keyed[parent]), chance)


def _evidence(contexts: Contexts, children: list[Span], parents: list[Span]) -> tuple[Span, Span, Span]:
    """Return the mentions and the sentence that show the pair best: one with both names, one that does not compare, one with a cue, the first."""
    children, parents = children[:MOST], parents[:MOST]

    def telling(parent: Span) -> tuple[bool, bool, bool, int]:
        sentence = contexts.sentence(parent)
        both = any(contexts.sentence(c) == sentence for c in children)
        text = contexts.lower[slice(*contexts.bounds[sentence])]
        return not both, _BEATS.search(text) is not None, _CUE.search(text) is None, parent.start

    parent = min(parents, key=telling)
    sentence = contexts.sentence(parent)
    child = min(children, key=lambda c: (contexts.sentence(c) != sentence, c.start))
    return child, parent, parent.doc[contexts.starts[sentence] : contexts.ends[sentence]]


@Language.factory("kg_lineage", requires=["doc.spans", "token.is_sent_start"], assigns=["doc.spans"])
def make_lineage(nlp: Language, name: str) -> "Lineage":
    return Lineage()


class Lineage:
    def __call__(self, doc: Doc) -> Doc:
        spans, scores = [], []
        for i, (child, parent, evidence, chance) in enumerate(find_lineage(doc)):
            for span, label in ((child, "child"), (parent, "parent"), (evidence, "evidence")):
                spans.append(Span(doc, span.start, span.end, label=label, kb_id=span.kb_id, span_id=f"l{i}"))
                scores.append(chance)
        return write(doc, "lineage", spans, scores)
