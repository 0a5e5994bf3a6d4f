// The benchmarks and datasets that papers which name a method evaluate on, the most used first
// param method: method  the method
// param limit: int = 25  how many
MATCH (m:Method {id: $method})<-[r:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(p:Paper)-[:EVALUATES_ON]->(b:Benchmark|Dataset)
RETURN b.name AS benchmark, b.kind AS kind, count(p) AS papers, sum(CASE WHEN r.role = "introduces" THEN 1 ELSE 0 END) AS introducing_it, b.papers AS papers_in_all, b.id AS id
ORDER BY papers DESC, papers_in_all, id
LIMIT $limit
