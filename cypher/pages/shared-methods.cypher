// What papers say of the methods that a paper names too
// param id: text  the paper's id
// param ids: list  the other papers' ids
MATCH (x:Paper {id: $id})-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(m:Method)<-[r:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(p:Paper)
WHERE p.id IN $ids
RETURN p.id AS source, m.id AS target, m.name AS name, m.papers AS papers, r.role AS role, r.sentence AS sentence, r.marks AS marks
ORDER BY source, papers, target
