// How two methods, datasets or tasks hang together: a paper that names both, or two papers and what they share, with the sentences
// param entity: entity  the entity to start from
// param other: entity  the entity to reach
// param limit: int = 5  how many paths
MATCH (a:Method|Dataset|Benchmark|Task|Metric)<-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(p:Paper)-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(c:Method|Dataset|Benchmark|Task|Metric)
WHERE a.id = $entity AND a.id <> $other AND c.id <> a.id AND (c.generic = false OR c.id = $other)
WITH c, min(p.id) AS here, count(p) AS papers_here
OPTIONAL MATCH (c)<-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(q:Paper)-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(b:Method|Dataset|Benchmark|Task|Metric)
WHERE b.id = $other AND c.id <> b.id AND q.id <> here
WITH c, here, papers_here, min(q.id) AS beyond, count(q) AS papers_beyond
WHERE c.id = $other OR papers_beyond > 0 AND c.id <> $entity
WITH c, here, papers_here, coalesce(beyond, here) AS there, CASE WHEN c.id = $other THEN 2 ELSE 4 END AS steps,
  round(1.0 * papers_here * CASE WHEN c.id = $other THEN 1 ELSE papers_beyond END / c.papers, 4) AS score
ORDER BY steps, score DESC, c.id
LIMIT $limit
MATCH (p:Paper)-[r2:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(c)
WHERE p.id = here
MATCH (p)-[r1:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(a:Method|Dataset|Benchmark|Task|Metric)
WHERE a.id = $entity
WITH c, there, steps, score, p.title AS paper, r1.sentence AS first_sentence, r2.sentence AS second_sentence
MATCH (q:Paper)-[r3:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(c)
WHERE q.id = there
MATCH (q)-[r4:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(b:Method|Dataset|Benchmark|Task|Metric)
WHERE b.id = $other
RETURN steps, paper, first_sentence AS sentence, second_sentence AS same_sentence, CASE WHEN steps = 4 THEN c.name END AS through,
  CASE WHEN steps = 4 THEN q.title END AS other_paper, CASE WHEN steps = 4 THEN r3.sentence END AS other_sentence,
  CASE WHEN steps = 4 THEN r4.sentence END AS same_other_sentence, score, c.id AS id
ORDER BY steps, score DESC, id
LIMIT $limit
