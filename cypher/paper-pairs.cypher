// Pairs of papers that share several methods, those that share most first, with both sentences
// param least: int = 3  methods that both name, at least
// param most: int = 50  methods that more papers than this name are not counted
// param limit: int = 10  how many pairs
MATCH (x:Paper)
WITH count(x) AS total
MATCH (p:Paper)-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(m:Method)<-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(o:Paper)
WHERE p.id < o.id AND m.generic = false AND m.papers <= $most
WITH p, o, count(m) AS shared, round(sum(log10(1.0 * total / m.papers)) * 2.302585092994046, 4) AS score
WHERE shared >= $least
WITH p, o, shared, score
ORDER BY shared DESC, score DESC, p.id, o.id
LIMIT $limit
MATCH (p)-[here:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(m:Method)<-[there:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(o)
WHERE m.generic = false AND m.papers <= $most
RETURN p.title AS paper, o.title AS other_paper, shared, score, m.name AS method, m.papers AS papers_with_it, here.sentence AS sentence, there.sentence AS other_sentence, p.id AS id, o.id AS other_id
ORDER BY shared DESC, score DESC, id, other_id, papers_with_it, method, m.id
