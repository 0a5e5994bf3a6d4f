// The papers that do something with an entity, with the sentence
// param id: text  its id
// param role: role = ""  what they do; anything, if empty
// param by_title: bool = false  by title instead of the newest first
// param skip: int = 0  how many to leave out
// param limit: int = 25  how many
MATCH (p:Paper)-[r:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(e:<LABEL> {id: $id})
WHERE $role = "" OR r.role = $role
RETURN p.id AS id, p.title AS title, p.authors AS authors, p.date AS date, r.role AS role, r.sentence AS sentence, r.marks AS marks
ORDER BY CASE WHEN $by_title THEN title ELSE "" END, coalesce(date, "") DESC, title, id
SKIP $skip
LIMIT $limit
