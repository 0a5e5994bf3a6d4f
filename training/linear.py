"""Fit the linear classifiers of equal things, roles, lineage and results on the annotators' mentions.

    python training/linear.py roles TRAIN.jsonl ... -o kg/pipes/model/roles.npz

Multinomial (or, for yes and no, binary) logistic regression with an L2 penalty, features that fewer than three examples
have left out. Prints accuracy on the papers held back. Deterministic.
"""

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import gold
import numpy as np
import scipy.sparse as sp
from documents import documents
from sklearn.linear_model import LogisticRegression
from spacy.tokens import Doc

from kg.pipes import group, mentions_by_entity
from kg.pipes.contexts import contexts_of
from kg.pipes.entities import by_form, things_of
from kg.pipes.entities import candidates as candidates_of
from kg.pipes.lineage import TYPES, pair_features, parent_features
from kg.pipes.linear import BITS, Linear
from kg.pipes.results import candidates, end_features, in_sight, value_features
from kg.pipes.roles import mention_features
from kg.records import ROLES, family

Example = tuple[list[int], str]


def role_examples(paper: dict[str, Any], doc: Doc, entity_of: dict[str, dict[str, Any]]) -> Iterator[Example]:
    """Yield an example an entity that is not generic."""
    contexts = contexts_of(doc)
    for key, spans in mentions_by_entity(doc).items():
        if key in entity_of and not entity_of[key].get("generic"):
            yield [*contexts.of_entity(spans), *(f for s in spans for f in mention_features(contexts, s))], entity_of[key]["role"]


def lineage_examples(paper: dict[str, Any], doc: Doc, entity_of: dict[str, dict[str, Any]]) -> Iterator[Example]:
    """Yield an example a pair of an introduced entity and another."""
    contexts, keyed = contexts_of(doc), mentions_by_entity(doc)
    keys = [k for k in keyed if k in entity_of and entity_of[k]["type"] in TYPES and not entity_of[k].get("generic")]
    children = [k for k in keys if entity_of[k]["role"] == "introduces"]
    for parent in keys:
        role = entity_of[parent]["role"]
        alone = parent_features(contexts, keyed[parent], role) if children else []
        for order, child in enumerate(children):
            if entity_of[child]["name"] != entity_of[parent]["name"]:
                pair = pair_features(contexts, keyed[child], keyed[parent], order, role, len(children))
                yield [*alone, *pair], "yes" if entity_of[parent]["name"] in entity_of[child].get("based_on", ()) else "no"


def same_examples(paper: dict[str, Any], doc: Doc, entity_of: dict[str, dict[str, Any]]) -> Iterator[Example]:
    """Yield an example two names of a paper that share words: are they one thing? (Without what is known of names: that is learnt from the same papers.)"""
    with patch("kg.names._table", return_value={}):
        numbers = by_form(doc)
    names: dict[int, Counter[str]] = {}
    of = {(m, family(e["type"])): e["name"] for e in reversed(paper["entities"]) for m in e["mentions"]}
    for mention, number in zip(group(doc, "mentions"), numbers, strict=True):
        if name := of.get((mention.text, family(mention.label_))):
            names.setdefault(number, Counter())[name] += 1
    for a, b, features in candidates_of(things_of(doc, numbers)):
        if a in names and b in names:
            yield features, "yes" if names[a].most_common(1)[0][0] == names[b].most_common(1)[0][0] else "no"


def score_examples(paper: dict[str, Any], doc: Doc, entity_of: dict[str, dict[str, Any]]) -> Iterator[Example]:
    """Yield an example a number: no score, an absolute one, a relative one."""
    contexts = contexts_of(doc)
    stated = {r["value"]: "relative" if r.get("relative") else "absolute" for r in paper["results"]}
    for span in candidates(doc, contexts):
        yield value_features(contexts, span), stated.get(span.text, "none")


def end_examples(paper: dict[str, Any], doc: Doc, entity_of: dict[str, dict[str, Any]]) -> Iterator[Example]:
    """Yield an example an annotated score and an entity that it may belong to."""
    contexts, keyed = contexts_of(doc), mentions_by_entity(doc)
    for result in paper["results"]:
        ends = {result.get(k) for k in ("method", "metric")} | {result.get("dataset") or result.get("task")}
        span = next((s for s in candidates(doc, contexts) if s.text == result["value"]), None)
        if span is not None and sum(r["value"] == result["value"] for r in paper["results"]) == 1:
            for key, spans in keyed.items():
                if key in entity_of and in_sight(contexts, span, spans):
                    yield end_features(contexts, span, spans, entity_of[key]["role"]), "yes" if entity_of[key]["name"] in ends else "no"


KINDS: dict[str, tuple[Callable[[dict[str, Any], Doc, dict[str, dict[str, Any]]], Iterator[Example]], tuple[str, ...], float]] = {
    "same": (same_examples, ("no", "yes"), 0.2),
    "roles": (role_examples, ROLES, 0.03),
    "lineage": (lineage_examples, ("no", "yes"), 0.03),
    "scores": (score_examples, ("none", "absolute", "relative"), 0.1),
    "ends": (end_examples, ("no", "yes"), 0.1),
}
"""What makes the examples, the classes in order, and the inverse strength of the penalty."""


def matrix(examples: list[list[int]]) -> sp.csr_matrix:
    """Return (examples, 2^BITS) of ones where an example has a feature."""
    bounds = np.cumsum([0, *map(len, examples)])
    return sp.csr_matrix((np.ones(bounds[-1], np.float32), np.concatenate([*map(np.array, examples)]), bounds), shape=(len(examples), 1 << BITS))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("train", nargs="+", type=Path)
    parser.add_argument("-o", "--output", required=True, type=Path)
    parser.add_argument("--strength", type=float, help="inverse strength of the penalty (C)")
    options = parser.parse_args()
    start = time.time()
    make, classes, strength = KINDS[options.kind]
    sets = []
    for papers in gold.split(gold.read(options.train)):
        found = [(sorted(set(f)), y, 1.0 if p.get("fast") else 1.5) for p, doc, of in documents(papers) for f, y in make(p, doc, of)]
        sets.append((matrix([x for x, _, _ in found]), np.array([classes.index(y) for _, y, _ in found]), np.array([w for _, _, w in found])))
    (x, y, weight), (held_x, held_y, _) = sets
    used = np.flatnonzero(np.asarray((x > 0).sum(axis=0)).ravel() >= 3)
    fitted = LogisticRegression(C=options.strength or strength, max_iter=500, tol=1e-3).fit(x[:, used], y, sample_weight=weight)
    assert fitted.classes_.tolist() == list(range(len(classes)))
    accuracy = fitted.score(held_x[:, used], held_y)
    print(f"{len(y)} examples, {len(used)} features, {time.time() - start:.0f} s; held back: accuracy {accuracy:.4f} of {len(held_y)}")
    if len(classes) == 2:
        chance = fitted.predict_proba(held_x[:, used])[:, 1]
        for least in np.arange(0.1, 0.9, 0.05):
            right = ((chance >= least) & (held_y == 1)).sum()
            print(f"  from {least:.2f}: P {right / max(1, (chance >= least).sum()):.3f} R {right / held_y.sum():.3f}")
    if options.kind == "scores":
        chance = 1 - fitted.predict_proba(held_x[:, used])[:, 0]
        for least in np.arange(0.3, 0.8, 0.05):
            right = ((chance >= least) & (held_y > 0)).sum()
            print(f"  from {least:.2f}: P {right / max(1, (chance >= least).sum()):.3f} R {right / (held_y > 0).sum():.3f}")
    weights = np.zeros((1 << BITS, len(fitted.intercept_)), dtype=np.float32)
    weights[used] = fitted.coef_.T
    Linear(weights, fitted.intercept_.astype(np.float32), classes).save(options.output)
    print(f"{options.output}: {options.output.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
