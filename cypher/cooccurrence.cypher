// Methods that papers name together, the pairs that meet most beyond chance first
// param least: int = 2  papers that name both, at least
// param generic: bool = false  count methods too broad to say anything as well
// param limit: int = 25  how many pairs
MATCH (x:Paper)
WITH count(x) AS total
MATCH (a:Method)<-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(p:Paper)-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(b:Method)
WHERE a.id < b.id AND (a.generic = false AND b.generic = false OR $generic)
WITH total, a, b, count(p) AS together
WHERE together >= $least
RETURN a.name AS method, b.name AS with_method, together, a.papers AS papers_method, b.papers AS papers_with,
  round(together * log10(1.0 * total * together / (a.papers * b.papers)) * 2.302585092994046, 4) AS score
ORDER BY score DESC, together DESC, a.id, b.id
LIMIT $limit
