// Methods that papers use together: the communities from the largest on, the most named methods of each first
// param community: int = 0  only this one; 0 for all
// param least: int = 2  papers that name a method, at least
// param limit: int = 100  how many methods
MATCH (m:Method)
WHERE m.community IS NOT NULL
WITH m.community AS number, count(m) AS methods
MATCH (n:Method)
WHERE n.community = number AND n.papers >= $least AND ($community = 0 OR number = $community)
RETURN number AS community, methods, n.name AS name, n.papers AS papers, n.id AS id
ORDER BY community, papers DESC, id
LIMIT $limit
