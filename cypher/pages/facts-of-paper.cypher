// What a paper says of entities
// param id: text  its id
MATCH (p:Paper {id: $id})-[r:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(e:Method|Dataset|Benchmark|Task|Metric)
RETURN p.id AS source, e.id AS target, e.kind AS target_kind, e.name AS name, e.aliases AS aliases, e.papers AS papers, e.generic AS generic, r.role AS role, p.id AS paper, r.score AS score,
  r.field AS field, r.from_char AS from_char, r.sentence AS sentence, r.marks AS marks, r.further AS further
ORDER BY source, target, role
