// The papers most like a paper: those that share most with it of all kinds, what few papers name counting for more
// param paper: paper  the paper to start from: an id, or part of its title
// param generic: bool = false  count entities too broad to say anything as well
// param limit: int = 10  how many papers
MATCH (x:Paper)
WITH count(x) AS total
MATCH (p:Paper {id: $paper})-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(e:Method|Dataset|Benchmark|Task|Metric)<-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(o:Paper)
WHERE o.id <> p.id AND (e.generic = false OR $generic)
RETURN o.title AS paper, round(sum(log10(1.0 * total / e.papers)) * 2.302585092994046, 4) AS score, count(e) AS shared,
  sum(CASE WHEN e.kind = "method" THEN 1 ELSE 0 END) AS methods, o.date AS date, o.id AS id
ORDER BY score DESC, id
LIMIT $limit
