// Papers that share a method with a paper
MATCH (p:Paper)-[r:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(m:Method)<-[s:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(o:Paper)
WHERE p.title STARTS WITH "PiSSA" AND NOT m.generic
RETURN p, r, m, s, o
LIMIT 200
