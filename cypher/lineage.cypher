// What a method is based on, and what grew out of it, with the paper and the sentence that say so
// param entity: entity  a method, dataset, benchmark, task or metric
// param limit: int = 50  how many rows
MATCH (e:Method|Dataset|Benchmark|Task|Metric)-[:BASED_ON]-(o:Method|Dataset|Benchmark|Task|Metric)
WHERE e.id = $entity
WITH DISTINCT e, o
MATCH (c:Method|Dataset|Benchmark|Task|Metric)-[r:BASED_ON]->(b:Method|Dataset|Benchmark|Task|Metric)
WHERE c.id IN [e.id, o.id] AND b.id IN [e.id, o.id] AND c.id <> b.id
MATCH (p:Paper)
WHERE p.id = r.paper
RETURN CASE WHEN c.id = $entity THEN "is based on" ELSE "led to" END AS relation, o.name AS name, p.title AS paper, p.date AS date, r.sentence AS sentence, o.id AS id,
  p.id AS paper_id
ORDER BY relation, name, id, paper_id
LIMIT $limit
