// Papers, for a picture
// param ids: list  their ids
UNWIND $ids AS i
MATCH (p:Paper {id: i})
RETURN p.id AS id, p.title AS title, p.authors AS authors, p.date AS date, p.year AS year, p.url AS url
ORDER BY id
