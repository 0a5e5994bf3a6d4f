"""Make the word clusters of the tagger: k-means over PPMI-SVD vectors of raw abstracts.

    python training/clusters.py CORPUS.parquet ... -o kg/pipes/model/clusters.tsv.gz

Vectors: positive pointwise mutual information of a word with the words up to two places
left and right (each place its own context), reduced by truncated SVD (Levy, Goldberg and
Dagan 2015). Seeds are fixed; two runs on one machine give the same file.
"""

import argparse
import gzip
from collections import Counter
from pathlib import Path

import numpy as np
import polars as pl
import scipy.sparse as sp
from sklearn.cluster import MiniBatchKMeans
from sklearn.utils.extmath import randomized_svd

from kg.pipes.features import WORD

VOCABULARY, CONTEXTS, DIMENSIONS, GRANULARITIES = 40_000, 4_000, 100, (60, 250, 1000)
PLACES = (-2, -1, 1, 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("-o", "--output", required=True, type=Path)
    options = parser.parse_args()
    texts = pl.concat([pl.read_parquet(p, columns=["title", "abstract"]) for p in options.corpora])
    count: Counter[str] = Counter()
    documents = []
    for title, abstract in texts.iter_rows():
        words = [w.lower() for w in WORD.findall(f"{title}\n\n{abstract}")]
        count.update(words)
        documents.append(words)
    vocabulary = [w for w, _ in sorted(count.items(), key=lambda x: (-x[1], x[0]))[:VOCABULARY]]
    index = {w: i for i, w in enumerate(vocabulary)}
    counts = sp.csr_matrix((VOCABULARY, CONTEXTS * len(PLACES)), dtype=np.float32)
    for first in range(0, len(documents), 20_000):
        ids = np.concatenate([np.array([index.get(w, -1) for w in d] + [-1, -1], dtype=np.int32) for d in documents[first : first + 20_000]])
        rows, columns = [], []
        for k, place in enumerate(PLACES):
            word, context = (ids[: -abs(place)], ids[abs(place) :]) if place > 0 else (ids[-place:], ids[:place])
            keep = (word >= 0) & (context >= 0) & (context < CONTEXTS)
            rows.append(word[keep])
            columns.append(context[keep] + k * CONTEXTS)
        r, c = np.concatenate(rows), np.concatenate(columns)
        counts = counts + sp.coo_matrix((np.ones(len(r), np.float32), (r, c)), shape=counts.shape).tocsr()
    total = counts.sum()
    by_word, by_context = np.asarray(counts.sum(1)).ravel(), np.asarray(counts.sum(0)).ravel() ** 0.75
    by_context *= total / by_context.sum()
    pmi = counts.tocoo()
    pmi.data = np.maximum(0, np.log(pmi.data * total / (by_word[pmi.row] * by_context[pmi.col])))
    u, s, _ = randomized_svd(pmi.tocsr(), DIMENSIONS, random_state=0)
    vectors = u * np.sqrt(s)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    labels = [MiniBatchKMeans(k, random_state=0, n_init=3, batch_size=8192).fit_predict(vectors) for k in GRANULARITIES]
    lines = "".join(f"{w}\t" + "\t".join(str(int(column[i])) for column in labels) + "\n" for i, w in enumerate(vocabulary))
    with open(options.output, "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as out:
        out.write(lines.encode())


if __name__ == "__main__":
    main()
