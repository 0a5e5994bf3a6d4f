// Papers with code that introduce a dataset or benchmark, the most named first, with the sentence
// param limit: int = 50  how many rows
MATCH (p:Paper)-[r:INTRODUCES]->(d:Dataset|Benchmark)
WHERE size(p.code_urls) > 0
RETURN d.name AS name, d.kind AS kind, d.papers AS papers, p.title AS introduced_by, p.date AS date, p.code_urls AS code, r.sentence AS sentence, d.id AS id, p.id AS paper_id
ORDER BY papers DESC, name, id, paper_id
LIMIT $limit
