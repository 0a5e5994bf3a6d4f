// What surrounds an entity, relation by relation, for a picture: its papers, and what most of them name as well
// param entity: entity  a method, dataset, benchmark, task or metric
// param entities: int = 20  how many entities, itself among them
// param limit: int = 300  how many relations
MATCH (e:Method|Dataset|Benchmark|Task|Metric)
WHERE e.id = $entity
MATCH (e)<-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(p:Paper)
MATCH (p)-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(o:Method|Dataset|Benchmark|Task|Metric)
WHERE o.generic = false OR o.id = e.id
WITH e, o, count(p) AS together
ORDER BY together DESC, o.papers, o.id
LIMIT $entities
WITH o, together
MATCH (o)<-[r:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(p:Paper)
MATCH (p)-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(e:Method|Dataset|Benchmark|Task|Metric)
WHERE e.id = $entity
RETURN p.id AS source, p.title AS source_name, r.role AS role, o.id AS target, o.name AS target_name, o.kind AS target_kind, together, r.score AS score
ORDER BY together DESC, target, source
LIMIT $limit
