// Methods that papers name together: the pairs that meet in most papers
// param least: int = 2  papers that name both, at least
// param limit: int = 1000000  how many pairs
MATCH (a:Method)<-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(p:Paper)-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(b:Method)
WHERE a.id < b.id AND a.generic = false AND b.generic = false
WITH a, b, count(p) AS together
WHERE together >= $least
RETURN a.id AS source, a.community AS source_community, b.id AS target, b.community AS target_community, together
ORDER BY together DESC, source, target
LIMIT $limit
