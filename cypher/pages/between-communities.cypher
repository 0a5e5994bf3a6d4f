// How many times papers name methods of two communities together, where they do so more than once
MATCH (a:Method)<-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(p:Paper)-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(b:Method)
WHERE a.community < b.community
WITH a.community AS source, b.community AS target, count(p) AS together
WHERE together > 1
RETURN source, target, together
ORDER BY together DESC, source, target
