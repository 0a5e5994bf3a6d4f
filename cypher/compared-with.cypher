// What a method is compared with: the baselines of the papers that introduce it, and the methods whose papers take it as one
// param method: method  the method
// param limit: int = 50  how many rows
MATCH (m:Method {id: $method})<-[here:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(p:Paper)-[there:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(o:Method)
WHERE here.role = "introduces" AND there.role = "compares" OR here.role = "compares" AND there.role = "introduces"
RETURN CASE WHEN here.role = "introduces" THEN "is compared with" ELSE "is a baseline of" END AS relation, o.name AS method, p.title AS paper, p.date AS date,
  CASE WHEN here.role = "introduces" THEN there.sentence ELSE here.sentence END AS sentence, o.id AS id, p.id AS paper_id
ORDER BY relation DESC, method, id, paper_id
LIMIT $limit
