// How many papers name an entity, month by month, and how many of them introduce it or evaluate on it
// param entity: entity  a method, dataset, benchmark, task or metric
// param limit: int = 120  how many months, the latest first
MATCH (p:Paper)-[r:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(e:Method|Dataset|Benchmark|Task|Metric)
WHERE e.id = $entity AND p.year IS NOT NULL
RETURN p.year AS year, p.month AS month, count(p) AS papers, sum(CASE WHEN r.role = "introduces" THEN 1 ELSE 0 END) AS introduces,
  sum(CASE WHEN r.role = "evaluates_on" THEN 1 ELSE 0 END) AS evaluates_on
ORDER BY year DESC, coalesce(month, 0) DESC
LIMIT $limit
