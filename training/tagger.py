"""Train the tagger of mentions: a linear-chain conditional random field (Lafferty, McCallum and Pereira 2001).

    python training/tagger.py TRAIN.jsonl ... -o kg/pipes/model/tagger.crfsuite [--iterations 80]

Deterministic: L-BFGS from zero weights over the papers in the order given.
"""

import argparse
import resource
import time
from pathlib import Path

import gold
import pycrfsuite

from kg.pipes.features import Features, read_clusters


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", nargs="+", type=Path)
    parser.add_argument("-o", "--output", required=True, type=Path)
    parser.add_argument("--clusters", type=Path, default=Path("kg/pipes/model/clusters.tsv.gz"))
    parser.add_argument("--iterations", type=int, default=80)
    parser.add_argument("--most", type=int, help="use this many papers only")
    options = parser.parse_args()
    start = time.time()
    features = Features(read_clusters(options.clusters))
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params({"c1": 0.3, "c2": 0.02, "max_iterations": options.iterations, "feature.minfreq": 2, "feature.possible_transitions": True})
    papers = gold.read(options.train)[: options.most]
    for paper in papers:
        words, in_title, labels = gold.labelled(paper)
        trainer.append(features(words, in_title), labels)
    print(f"{len(papers)} papers read after {time.time() - start:.0f} s", flush=True)
    trainer.train(str(options.output))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"trained in {time.time() - start:.0f} s, peak {peak:.0f} MiB, last step {trainer.logparser.last_iteration}")


if __name__ == "__main__":
    main()
