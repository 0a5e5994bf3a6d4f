// Papers whose title holds a text, or that have an id among those of their sources
// param part: text  part of a title, in lower case
// param id: text  the id
MATCH (p:Paper)
WHERE toLower(p.title) CONTAINS $part OR $id IN p.other_ids
RETURN p.id AS id, p.title AS name, coalesce($id IN p.other_ids, false) AS exact
ORDER BY exact DESC, name, id
LIMIT 50
