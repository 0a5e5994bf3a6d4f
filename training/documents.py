"""Annotated papers as the pipeline's later components see them: the annotators' mentions in place of the tagger's."""

from collections.abc import Iterable, Iterator
from typing import Any

import gold
from spacy.language import Language
from spacy.tokens import Doc

from kg.extract import make_pipeline
from kg.pipes import mentions_by_entity, write
from kg.records import Reader

_AFTER_ENTITIES = ("kg_generic", "kg_roles", "kg_lineage", "kg_results")


@Language.component("gold_mentions")
def gold_mentions(doc: Doc) -> Doc:
    """Write the annotators' mentions, each with the score 1."""
    spans = [doc.char_span(start, end, label=type_, span_id="model", alignment_mode="expand") for start, end, type_ in doc.user_data["gold"]]
    found = [s for s in spans if s is not None]
    return write(doc, "mentions", found, [1.0] * len(found))


def documents(papers: Iterable[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], Doc, dict[str, dict[str, Any]]]]:
    """Yield (paper, Doc with entities, annotated entity of each key)."""
    nlp = make_pipeline(Reader("fast"))
    nlp.remove_pipe("kg_tagger")
    nlp.add_pipe("gold_mentions", after="kg_sentences")
    with nlp.select_pipes(disable=_AFTER_ENTITIES):
        for paper in papers:
            doc = nlp.make_doc(gold.text_of(paper))
            doc.user_data["gold"] = gold.spans(paper)
            doc = nlp(doc)
            of = {(m, e["type"]): e for e in reversed(paper["entities"]) for m in e["mentions"]}
            known = {key: next((of[s.text, s.label_] for s in spans if (s.text, s.label_) in of), None) for key, spans in mentions_by_entity(doc).items()}
            yield paper, doc, {key: entity for key, entity in known.items() if entity}
