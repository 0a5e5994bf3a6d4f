// Papers in which no method, or nothing of another kind, was found, with how much else was
// param kind: kind = "method"  of this kind
// param limit: int = 50  how many papers
MATCH (p:Paper)
WHERE NOT EXISTS { MATCH (p)-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(e:Method|Dataset|Benchmark|Task|Metric) WHERE $kind = "" OR e.kind = $kind }
OPTIONAL MATCH (p)-[r:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(:Method|Dataset|Benchmark|Task|Metric)
RETURN p.title AS paper, p.date AS date, count(r.role) AS entities, size(p.abstract) AS characters, p.id AS id
ORDER BY entities, paper, id
LIMIT $limit
