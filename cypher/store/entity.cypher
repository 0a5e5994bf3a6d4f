// The entity with an id
// param id: text  the id
MATCH (e:Method|Dataset|Benchmark|Task|Metric)
WHERE e.id = $id
RETURN e.id AS id, e.name AS name, e.kind AS kind, e.papers AS papers
ORDER BY id
