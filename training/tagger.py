"""Train the tagger of mentions: a linear-chain conditional random field (Lafferty, McCallum and Pereira 2001).

    python training/tagger.py TRAIN.jsonl ... -o kg/pipes/model/field.npz [--iterations 80]

CRFsuite (Okazaki 2007) trains it; `kg.pipes.field` reads what is saved. Deterministic: L-BFGS from zero weights over the
papers in the order given.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

import gold
import numpy as np
import pycrfsuite

from kg.pipes.encoder import LABELS
from kg.pipes.features import Features, read_clusters
from kg.pipes.field import Field


def field_of(trained: Any, features: Features) -> Field:
    """Return what CRFsuite trained, in arrays."""
    label = {name: i for i, name in enumerate(LABELS)}
    names = sorted({name for name, _ in trained.state_features})
    row = {name: i for i, name in enumerate(names)}
    weights = np.zeros((len(names), len(LABELS)), dtype=np.float32)
    for (name, of), weight in trained.state_features.items():
        weights[row[name], label[of]] = weight
    transitions = np.zeros((len(LABELS), len(LABELS)))
    for (before, after), weight in trained.transitions.items():
        transitions[label[before], label[after]] = weight
    return Field(features, names, weights, transitions)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", nargs="+", type=Path)
    parser.add_argument("-o", "--output", required=True, type=Path)
    parser.add_argument("--clusters", type=Path, default=Path("kg/pipes/model/clusters.tsv.gz"))
    parser.add_argument("--iterations", type=int, default=80)
    parser.add_argument("--c1", type=float, default=0.3, help="strength of the L1 penalty, which sets weights to nothing: larger for a smaller file")
    parser.add_argument("--least", type=int, default=2, help="how often a feature must occur")
    parser.add_argument("--most", type=int, help="use this many papers only")
    options = parser.parse_args()
    start = time.time()
    features = Features(read_clusters(options.clusters))
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params({"c1": options.c1, "c2": 0.02, "max_iterations": options.iterations})
    trainer.set_params({"feature.minfreq": options.least, "feature.possible_transitions": True})
    papers = gold.split(gold.read(options.train))[0][: options.most]
    for paper in papers:
        words, in_title, labels = gold.labelled(paper)
        trainer.append(features(words, in_title), labels)
    print(f"{len(papers)} papers read after {time.time() - start:.0f} s", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        trainer.train(f"{folder}/field")
        trained = pycrfsuite.Tagger()
        trained.open(f"{folder}/field")
        field_of(trained.info(), features).save(options.output)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"trained in {time.time() - start:.0f} s, peak {peak:.0f} MiB, last step {trainer.logparser.last_iteration}")


if __name__ == "__main__":
    main()
