// Every sentence in which a paper names an entity, the one that shows what it does with it first
// param paper: paper  an id, or part of a title
// param entity: entity  a method, dataset, benchmark, task or metric
MATCH (p:Paper {id: $paper})-[r:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(e:Method|Dataset|Benchmark|Task|Metric)
WHERE e.id = $entity
UNWIND [r.sentence] + coalesce(r.further, []) AS sentence
RETURN r.role AS role, sentence, sentence = r.sentence AS shows_role
ORDER BY shows_role DESC, sentence
