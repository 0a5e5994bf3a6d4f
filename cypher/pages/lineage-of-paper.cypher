// What a paper says that entities are based on
// param id: text  the paper's id
MATCH (p:Paper {id: $id})-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(c:Method|Dataset|Benchmark|Task|Metric)-[r:BASED_ON]->(b:Method|Dataset|Benchmark|Task|Metric)
WHERE r.paper = $id
RETURN c.id AS source, c.name AS source_name, c.kind AS source_kind, b.id AS target, b.name AS target_name, b.kind AS target_kind, r.sentence AS sentence
ORDER BY source, target
