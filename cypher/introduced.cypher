// What the papers introduce, the most named first
// param kind: kind = ""  only this kind
// param limit: int = 50  how many rows
MATCH (p:Paper)-[r:INTRODUCES]->(e:Method|Dataset|Benchmark|Task|Metric)
WHERE $kind = "" OR e.kind = $kind
RETURN e.name AS name, e.kind AS kind, e.papers AS papers, p.title AS introduced_by, p.date AS date, r.sentence AS sentence, e.id AS id, p.id AS paper_id
ORDER BY papers DESC, name, id, paper_id
LIMIT $limit
