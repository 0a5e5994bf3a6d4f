// Entities by id, name or alias
// param name: text  the name as typed
// param lower: text  the name in lower case
// param ids: text  the ids that its normal forms make, a list
MATCH (e:Method|Dataset|Benchmark|Task|Metric)
WHERE e.id = $name OR $lower IN e.lower OR e.id IN $ids
RETURN e.id AS id, e.name AS name, e.kind AS kind, e.papers AS papers, e.id = $name OR e.name = $name OR $name IN e.aliases AS exact
ORDER BY papers DESC, id
LIMIT 50
