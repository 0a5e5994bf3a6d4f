// Methods that papers use with a method two at a time, but no paper all three: what has not been tried yet
// param method: method  the method to start from
// param least: int = 2  papers for each of the three pairs, at least
// param limit: int = 25  how many
MATCH (a:Method {id: $method})<-[:INTRODUCES|USES]-(p:Paper)-[:INTRODUCES|USES]->(b:Method)
WHERE b.id <> a.id AND b.generic = false
WITH a, b, count(p) AS first_pair
WHERE first_pair >= $least
MATCH (b)<-[:INTRODUCES|USES]-(q:Paper)-[:INTRODUCES|USES]->(c:Method)
WHERE b.id < c.id AND c.id <> a.id AND c.generic = false
OPTIONAL MATCH (q)-[r:INTRODUCES|USES]->(a)
WITH a, b, c, first_pair, count(q) AS second_pair, count(r.role) AS three
WHERE second_pair >= $least AND three = 0
MATCH (a)<-[:INTRODUCES|USES]-(s:Paper)-[:INTRODUCES|USES]->(c)
WITH b, c, first_pair, second_pair, count(s) AS third_pair
WHERE third_pair >= $least
RETURN b.name AS method, c.name AS and_method, first_pair AS papers_with_method, third_pair AS papers_with_and_method, second_pair AS papers_with_both, b.id AS id, c.id AS and_id
ORDER BY papers_with_both + papers_with_method + papers_with_and_method DESC, papers_with_both DESC, id, and_id
LIMIT $limit
