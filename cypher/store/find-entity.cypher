// Entities by id, name or alias
// param name: text  the name as typed
// param lower: text  the name in lower case
// param alias: text  an id to accept
MATCH (e:Method|Dataset|Benchmark|Task|Metric)
WHERE e.id = $name OR toLower(e.name) = $lower OR $name IN e.aliases OR e.id ENDS WITH $alias
RETURN e.id AS id, e.name AS name, e.kind AS kind, e.papers AS papers, e.name = $name OR e.id = $name AS exact
ORDER BY papers DESC, id
LIMIT 50
