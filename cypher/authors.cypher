// Who writes about an entity: the authors of most papers that name it
// param entity: entity  a method, dataset, benchmark, task or metric
// param limit: int = 25  how many authors
MATCH (a:Author)-[:AUTHORED]->(p:Paper)-[r:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(e:Method|Dataset|Benchmark|Task|Metric)
WHERE e.id = $entity
RETURN a.name AS author, count(p) AS papers, sum(CASE WHEN r.role = "introduces" THEN 1 ELSE 0 END) AS introduces, min(p.year) AS since, max(p.year) AS until, a.id AS id
ORDER BY papers DESC, introduces DESC, id
LIMIT $limit
