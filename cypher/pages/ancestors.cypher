// What entities are based on, and the paper and sentence that say so
// param ids: list  their ids
MATCH (c:<LABEL>)-[r:BASED_ON]->(b:Method|Dataset|Benchmark|Task|Metric)
WHERE c.id IN $ids
RETURN c.id AS source, b.id AS target, c.kind AS source_kind, b.kind AS target_kind, b.name AS name, b.papers AS papers, r.role AS role, r.paper AS paper, r.score AS score,
  r.field AS field, r.from_char AS from_char, r.sentence AS sentence, r.marks AS marks, r.further AS further
ORDER BY papers DESC, target, source, paper
