// The methods of the communities, the most named first
MATCH (m:Method)
WHERE m.community IS NOT NULL
RETURN m.community AS community, m.id AS id, m.name AS name, m.papers AS papers
ORDER BY community, papers DESC, id
