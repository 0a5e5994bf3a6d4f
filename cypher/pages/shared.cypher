// What papers say of what a paper names too
// param id: text  the paper's id
// param ids: list  the other papers' ids
MATCH (x:Paper {id: $id})-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(e:Method|Dataset|Benchmark|Task|Metric)<-[r:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(p:Paper)
WHERE p.id IN $ids
RETURN p.id AS source, e.id AS target, e.kind AS target_kind, e.name AS name, e.papers AS papers, e.generic AS generic, r.role AS role, p.id AS paper, r.score AS score,
  r.field AS field, r.from_char AS from_char, r.sentence AS sentence, r.marks AS marks, r.further AS further
ORDER BY source, papers, target
