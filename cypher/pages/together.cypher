// What papers name together with an entity, what most of them name first
// param id: text  its id
MATCH (e:<LABEL> {id: $id})<-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(p:Paper)-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(o:Method|Dataset|Benchmark|Task|Metric)
WHERE o.id <> $id AND o.generic = false
RETURN o.id AS id, o.kind AS kind, o.name AS name, o.papers AS papers, count(p) AS together
ORDER BY together DESC, papers, id
LIMIT 60
