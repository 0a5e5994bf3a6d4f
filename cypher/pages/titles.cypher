// All papers' titles
MATCH (p:Paper)
RETURN p.id AS id, p.title AS title, p.date AS date
ORDER BY id
