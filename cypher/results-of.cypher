// The scores that abstracts state for a method, by benchmark, with the sentence
// param method: method  the method
// param limit: int = 50  how many rows
MATCH (p:Paper)-[:REPORTS]->(r:Result)-[:OF_METHOD]->(m:Method {id: $method})
OPTIONAL MATCH (r)-[:ON_DATASET]->(b:Benchmark|Dataset|Task)
OPTIONAL MATCH (r)-[:BY_METRIC]->(k:Metric)
RETURN b.name AS benchmark, k.name AS metric, r.value AS value, r.relative AS relative, p.title AS paper, p.date AS date, r.sentence AS sentence, r.id AS id
ORDER BY benchmark, metric, relative, coalesce(r.number, -1.0) DESC, id
LIMIT $limit
