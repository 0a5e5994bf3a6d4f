MATCH (a)-[r:<TYPE> {kg: true}]->(b) RETURN a.id AS source, b.id AS target, properties(r) AS properties ORDER BY source, target, r.paper
