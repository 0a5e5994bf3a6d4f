// Papers whose title holds a text
// param part: text  part of a title, in lower case
MATCH (p:Paper)
WHERE toLower(p.title) CONTAINS $part
RETURN p.id AS id, p.title AS name
ORDER BY name, id
LIMIT 50
