// The papers that name an entity, by what they do with it, with the sentence
// param entity: entity  a method, dataset, benchmark, task or metric
// param role: role = ""  only this role
// param limit: int = 50  how many papers
MATCH (p:Paper)-[r:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(e:Method|Dataset|Benchmark|Task|Metric)
WHERE e.id = $entity AND ($role = "" OR r.role = $role)
RETURN r.role AS role, p.title AS paper, p.date AS date, r.sentence AS sentence, p.id AS id
ORDER BY CASE r.role WHEN "introduces" THEN 1 WHEN "evaluates_on" THEN 2 WHEN "uses" THEN 3 WHEN "compares" THEN 4 ELSE 5 END, paper, id
LIMIT $limit
