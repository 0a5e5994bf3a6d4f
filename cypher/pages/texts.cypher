// All papers' texts
MATCH (p:Paper)
RETURN p.id AS id, p.title AS title, p.abstract AS abstract, p.authors AS authors, p.date AS date
ORDER BY id
