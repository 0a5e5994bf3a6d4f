// What is based on an entity, and the paper and sentence that say so
// param id: text  its id
MATCH (b:<LABEL> {id: $id})<-[r:BASED_ON]-(c:Method|Dataset|Benchmark|Task|Metric)
RETURN c.id AS source, b.id AS target, c.kind AS source_kind, b.kind AS target_kind, c.name AS name, c.papers AS papers, r.role AS role, r.paper AS paper, r.score AS score,
  r.field AS field, r.from_char AS from_char, r.sentence AS sentence, r.marks AS marks, r.further AS further
ORDER BY papers DESC, source, target, paper
