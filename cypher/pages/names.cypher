// All names of all entities, the most named first
MATCH (e:Method|Dataset|Benchmark|Task|Metric)
RETURN e.id AS id, e.kind AS kind, e.name AS name, e.aliases AS aliases, e.papers AS papers
ORDER BY papers DESC, id
