// How many papers do what with an entity, and since when
// param id: text  its id
MATCH (p:Paper)-[r:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(e:<LABEL> {id: $id})
RETURN r.role AS role, count(p) AS papers, min(p.year) AS first
ORDER BY role
