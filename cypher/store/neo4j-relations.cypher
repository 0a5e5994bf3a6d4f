UNWIND $rows AS row
MATCH (a:<FROM>&Kg {id: row.source})
MATCH (b:<TO>&Kg {id: row.target})
MERGE (a)-[r:<TYPE> {kg: true, paper: row.paper}]->(b)
SET r <SET> row.properties
RETURN count(r) AS written
