// What may have replaced a method: methods whose papers build on it or compare with it, the most named first, with the sentence
// param method: method  the method
// param limit: int = 25  how many rows
MATCH (m:Method {id: $method})<-[c:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(p:Paper)-[:INTRODUCES]->(n:Method)
WHERE n.id <> m.id
OPTIONAL MATCH (n)-[b:BASED_ON]->(m)
WHERE b.paper = p.id
WITH n, p, c, b
WHERE c.role = "compares" OR b.paper IS NOT NULL
RETURN n.name AS method, CASE WHEN b.paper IS NULL THEN "compares with it" ELSE "builds on it" END AS relation, n.papers AS papers, p.title AS paper, p.date AS date,
  coalesce(b.sentence, c.sentence) AS sentence, n.id AS id, p.id AS paper_id
ORDER BY papers DESC, id, paper_id
LIMIT $limit
