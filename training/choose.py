"""Choose weights and thresholds on the training papers held back: tables of what each value gives.

    python training/choose.py TRAIN.jsonl ...

How much the encoder counts beside the field, in roles and in lineage; the least probability of a pair; and the least score of a
mention, by the F1 of `edge` and `share` of the whole path, which is what the graph is worth.
"""

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

import gold
import numpy as np
from documents import documents

from kg import score
from kg.assemble import build
from kg.exports.annotations import papers
from kg.pipes import lineage, mentions_by_entity, roles, tagger
from kg.pipes.encoder import HEADS, keep_answers, load_encoder
from kg.pipes.features import WORD
from kg.pipes.linear import log_softmax
from kg.records import MODELS
from kg.tables import Tables

WEIGHTS = (0.0, 0.3, 0.4, 0.5, 0.55, 0.6, 0.7, 1.0)


def f1(right: int, found: int, known: int) -> float:
    """Return F1 from counts."""
    return 2 * right / max(1, found + known)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", nargs="+", type=Path)
    options = parser.parse_args()
    _, held = gold.split(gold.read(options.train))
    encoder = load_encoder()
    counts = {w: [0, 0, 0] for w in WEIGHTS}
    answers = {}
    for paper in held:
        text = gold.text_of(paper)
        words = [w.span() for w in WORD.finditer(text)]
        border = len(paper["title"])
        answers[paper["id"]] = words, encoder(text, words, border)
        own = np.exp(log_softmax(answers[paper["id"]][1][:, HEADS["label"]]))
        field = tagger.load_field().chances([text[s:e] for s, e in words], [s < border for s, _ in words])
        known = set(gold.spans(paper))
        for w in WEIGHTS:
            chances = w * own + (1 - w) * field
            found = {f[:3] for f in tagger.spans_of(words, tagger.best_labels(chances), chances)}
            counts[w] = [a + b for a, b in zip(counts[w], (len(found & known), len(found), len(known)), strict=True)]
    print(f"{len(held)} papers held back\nencoder beside the field, span F1:", *(f"{w}: {f1(*c):.4f}" for w, c in counts.items()), sep="\n  ")

    right, total = dict.fromkeys(WEIGHTS, 0), 0
    pairs: dict[float, list[tuple[float, bool]]] = {w: [] for w in WEIGHTS}
    missed = 0
    for paper, doc, entity_of in documents(held):
        keep_answers(doc, *answers[paper["id"]])
        asked = {k for k, e in entity_of.items() if not e.get("generic")}
        for w in WEIGHTS:
            found_roles = roles.find_roles(doc, encoder_weight=w)
            right[w] += sum(role == entity_of[s.kb_id_]["role"] for s, role, _ in found_roles if s.kb_id_ in asked)
        total += len(asked)
        keyed = mentions_by_entity(doc)
        gold_roles = {k: e["role"] for k, e in entity_of.items()}
        known_pairs = {(a, b) for a, e in entity_of.items() for b, o in entity_of.items() if o["name"] in e.get("based_on", ())}
        for w in WEIGHTS:
            likely = lineage.pair_chances(doc, keyed, gold_roles, {k for k, e in entity_of.items() if e.get("generic")}, encoder_weight=w)
            pairs[w] += [(c, pair in known_pairs) for pair, c in likely.items()]
            missed = missed + len(known_pairs - set(likely)) if w == WEIGHTS[0] else missed
    print("encoder in roles, accuracy:", *(f"{w}: {n / total:.4f}" for w, n in right.items()), sep="\n  ")
    print("encoder in lineage (the annotators' entities and roles), threshold and F1:")
    for w, found in pairs.items():
        known_n = sum(y for _, y in found) + missed
        best = max((f1(sum(y for c, y in found if c >= t), sum(c >= t for c, _ in found), known_n), -t) for t in np.arange(0.1, 0.7, 0.02))
        print(f"  {w}: {-best[1]:.2f} {best[0]:.4f}")

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "held.jsonl"
        path.write_text("".join(json.dumps(p) + "\n" for p in held), encoding="utf-8")
        annotated = score.read_annotations(path)
        print("threshold of mentions, whole path: model, threshold, F1 of mention, edge, share, lineage, result")
        for model in MODELS:
            for least in (0.0, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55):
                graph = build([path], Path(folder) / "graph", fresh=True, model=model, threshold=least).folder
                system: dict[str, Any] = {p["id"]: p for p in papers(Tables.open(graph))}
                figures = score.as_dict(score.score(annotated, system))
                print(" ", model, least, *(f"{figures[k]['f1']:.4f}" for k in ("mention", "edge", "share", "lineage", "result")), flush=True)


if __name__ == "__main__":
    main()
