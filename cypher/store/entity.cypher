// The entity with an id
// param id: text  the id
MATCH (e:Method|Dataset|Benchmark|Task|Metric)
WHERE e.id = $id
RETURN e.id AS id, e.kind AS kind
ORDER BY id
