// The most named entities of a type
// param generic: bool = false  those too broad to say anything as well
// param by_name: bool = false  by name instead
// param skip: int = 0  how many to leave out
// param limit: int = 50  how many
MATCH (e:<LABEL>)
WHERE e.generic = false OR $generic
RETURN e.id AS id, e.kind AS kind, e.name AS name, e.papers AS papers
ORDER BY CASE WHEN $by_name THEN toLower(e.name) ELSE "" END, papers DESC, id
SKIP $skip
LIMIT $limit
