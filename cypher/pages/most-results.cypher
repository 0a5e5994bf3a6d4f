// The benchmarks and datasets on which most scores are stated
// param limit: int = 8  how many
MATCH (p:Paper)-[:REPORTS]->(r:Result)-[:ON_DATASET]->(b:Benchmark|Dataset)
RETURN b.id AS id, b.kind AS kind, b.name AS name, count(r) AS results, count(DISTINCT p.id) AS papers
ORDER BY results DESC, id
LIMIT $limit
