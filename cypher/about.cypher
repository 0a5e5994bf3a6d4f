// An entity: its names, what the papers do with it, and which one introduces it
// param entity: entity  a method, dataset, benchmark, task or metric
MATCH (e:Method|Dataset|Benchmark|Task|Metric)
WHERE e.id = $entity
OPTIONAL MATCH (p:Paper)-[r:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(e)
RETURN e.name AS name, e.kind AS kind, e.aliases AS aliases, e.papers AS papers,
  sum(CASE WHEN r.role = "introduces" THEN 1 ELSE 0 END) AS introduces,
  sum(CASE WHEN r.role = "evaluates_on" THEN 1 ELSE 0 END) AS evaluates_on,
  sum(CASE WHEN r.role = "uses" THEN 1 ELSE 0 END) AS uses,
  sum(CASE WHEN r.role = "compares" THEN 1 ELSE 0 END) AS compares,
  sum(CASE WHEN r.role = "mentions" THEN 1 ELSE 0 END) AS mentions,
  min(CASE WHEN r.role = "introduces" THEN p.title END) AS introduced_by,
  e.generic AS generic, e.id AS id
ORDER BY id
