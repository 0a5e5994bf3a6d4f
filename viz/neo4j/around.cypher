// What surrounds an entity: its papers, and what several of them name as well
MATCH (e:Entity {name: "LoRA"})<-[r:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(p:Paper)
OPTIONAL MATCH (p)-[s:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(o:Entity)
WHERE NOT o.generic AND COUNT { (o)<-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(:Paper)-->(e) } > 2
RETURN e, r, p, s, o
LIMIT 300
