// The papers, the newest first
// param by_title: bool = false  by title instead
// param skip: int = 0  how many to leave out
// param limit: int = 8  how many
MATCH (p:Paper)
RETURN p.id AS id, p.title AS title, p.authors AS authors, p.date AS date
ORDER BY CASE WHEN $by_title THEN toLower(title) ELSE "" END, CASE WHEN p.year IS NULL THEN 1 ELSE 0 END, coalesce(date, "") DESC, id
SKIP $skip
LIMIT $limit
