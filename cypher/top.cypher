// The entities that most papers name
// param kind: kind = ""  only this kind
// param generic: bool = false  list those too broad to say anything as well
// param limit: int = 25  how many
MATCH (e:Method|Dataset|Benchmark|Task|Metric)
WHERE ($kind = "" OR e.kind = $kind) AND (e.generic = false OR $generic)
RETURN e.name AS name, e.kind AS kind, e.papers AS papers, e.id AS id
ORDER BY papers DESC, name, id
LIMIT $limit
