// What a method is based on, and what grew out of it, with the paper and the sentence that say so
// param entity: entity  a method, dataset, benchmark, task or metric
// param limit: int = 50  how many rows
MATCH (c:Method|Dataset|Benchmark|Task|Metric)-[r:BASED_ON]->(b:Method|Dataset|Benchmark|Task|Metric), (p:Paper)
WHERE (c.id = $entity OR b.id = $entity) AND p.id = r.paper
RETURN CASE WHEN c.id = $entity THEN "is based on" ELSE "led to" END AS relation, CASE WHEN c.id = $entity THEN b.name ELSE c.name END AS name,
  p.title AS paper, p.date AS date, r.sentence AS sentence, CASE WHEN c.id = $entity THEN b.id ELSE c.id END AS id, p.id AS paper_id
ORDER BY relation, name, id, paper_id
LIMIT $limit
