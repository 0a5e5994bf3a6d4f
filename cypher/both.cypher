// The papers that name two entities, with both sentences
// param entity: entity  the one
// param other: entity  the other
// param limit: int = 50  how many papers
MATCH (a:Method|Dataset|Benchmark|Task|Metric)<-[here:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(p:Paper)-[there:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(b:Method|Dataset|Benchmark|Task|Metric)
WHERE a.id = $entity AND b.id = $other AND a.id <> b.id
RETURN p.title AS paper, here.role AS role, here.sentence AS sentence, there.role AS other_role, there.sentence AS same_sentence, p.date AS date, p.id AS id
ORDER BY paper, id
LIMIT $limit
