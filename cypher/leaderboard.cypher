// The scores that abstracts state on a benchmark, by metric, the highest number first (not always the best), with the sentence
// param benchmark: benchmark  a benchmark or dataset
// param relative: bool = false  differences and ratios (“3 points better”) as well
// param limit: int = 50  how many rows
MATCH (p:Paper)-[:REPORTS]->(r:Result)-[:ON_DATASET]->(b:Benchmark|Dataset)
WHERE b.id = $benchmark AND (r.relative = false OR $relative)
OPTIONAL MATCH (r)-[:OF_METHOD]->(m:Method)
OPTIONAL MATCH (r)-[:BY_METRIC]->(k:Metric)
RETURN k.name AS metric, r.value AS value, m.name AS method, r.relative AS relative, p.title AS paper, p.date AS date, r.sentence AS sentence, r.id AS id
ORDER BY metric, relative, coalesce(r.number, -1.0) DESC, id
LIMIT $limit
