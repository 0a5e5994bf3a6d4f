// The papers that share methods with a paper, those that share the rarest first
// param id: text  the paper's id
// param total: int  how many papers there are
// param generic: bool = false  count methods too broad to say anything as well
// param limit: int = 10  how many papers
MATCH (p:Paper {id: $id})-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(m:Method)<-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(o:Paper)
WHERE o.id <> $id AND (m.generic = false OR $generic)
RETURN o.id AS id, o.title AS title, o.date AS date, round(sum(log10(1.0 * $total / m.papers)) * 2.302585092994046, 4) AS score
ORDER BY score DESC, id
LIMIT $limit
