// What is evaluated on a benchmark or dataset: the papers, the methods they introduce, and the sentence
// param benchmark: benchmark  a benchmark or dataset
// param limit: int = 50  how many rows
MATCH (p:Paper)-[r:EVALUATES_ON]->(b:Benchmark|Dataset)
WHERE b.id = $benchmark
OPTIONAL MATCH (p)-[:INTRODUCES]->(m:Method)
RETURN m.name AS method, p.title AS paper, p.date AS date, r.sentence AS sentence, p.id AS id
ORDER BY paper, id, method, m.id
LIMIT $limit
