"""Annotated papers as the pipeline's later components see them: the annotators' mentions in place of the tagger's."""

from collections.abc import Iterable, Iterator
from typing import Any

import gold
from spacy.tokens import Doc

from kg.extract import make_pipeline
from kg.pipes import mentions_by_entity
from kg.pipes.given import KEY
from kg.records import Reader

_AFTER_ENTITIES = ("kg_generic", "kg_roles", "kg_lineage", "kg_results")


def documents(papers: Iterable[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], Doc, dict[str, dict[str, Any]]]]:
    """Yield (paper, Doc with entities, annotated entity of each key)."""
    nlp = make_pipeline(Reader("fast"))
    nlp.remove_pipe("kg_tagger")
    nlp.add_pipe("kg_given", after="kg_sentences")
    with nlp.select_pipes(disable=_AFTER_ENTITIES):
        for paper in papers:
            doc = nlp.make_doc(gold.text_of(paper))
            doc.user_data[KEY] = gold.spans(paper)
            doc = nlp(doc)
            of = {(m, e["type"]): e for e in reversed(paper["entities"]) for m in e["mentions"]}
            known = {key: next((of[s.text, s.label_] for s in spans if (s.text, s.label_) in of), None) for key, spans in mentions_by_entity(doc).items()}
            yield paper, doc, {key: entity for key, entity in known.items() if entity}
