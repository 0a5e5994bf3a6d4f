UNWIND $rows AS row
MATCH (a:FROM {id: row.source})
MATCH (b:TO {id: row.target})
MERGE (a)-[r:TYPE {paper: row.paper}]->(b)
SET r = row.properties
