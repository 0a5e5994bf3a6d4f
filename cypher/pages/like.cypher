// The papers that share most with a paper, what few papers name counting for more
// param id: text  the paper's id
// param most: int = 100  count only what at most so many papers name
MATCH (p:Paper {id: $id})-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(e:Method|Dataset|Benchmark|Task|Metric)
WHERE e.generic = false AND e.papers <= $most
MATCH (e)<-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(o:Paper)
WHERE o.id <> $id
RETURN o.id AS id, round(sum(1.0 / e.papers), 6) AS score
ORDER BY score DESC, id
