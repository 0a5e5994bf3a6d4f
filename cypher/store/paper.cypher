// The paper with an id
// param id: text  the id
MATCH (p:Paper {id: $id})
RETURN p.id AS id, p.title AS name
ORDER BY id
