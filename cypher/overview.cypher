// The graph in numbers: nodes of each kind, and how the papers relate to them
MATCH (e:Method|Dataset|Benchmark|Task|Metric)
OPTIONAL MATCH (:Paper)-[r:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(e)
RETURN e.kind AS kind, count(DISTINCT e.id) AS entities,
  sum(CASE WHEN r.role = "introduces" THEN 1 ELSE 0 END) AS introduces,
  sum(CASE WHEN r.role = "evaluates_on" THEN 1 ELSE 0 END) AS evaluates_on,
  sum(CASE WHEN r.role = "uses" THEN 1 ELSE 0 END) AS uses,
  sum(CASE WHEN r.role = "compares" THEN 1 ELSE 0 END) AS compares,
  sum(CASE WHEN r.role = "mentions" THEN 1 ELSE 0 END) AS mentions
ORDER BY kind
