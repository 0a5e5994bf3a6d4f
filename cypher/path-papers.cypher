// How two papers hang together: through what both name, or through one paper between them, with the sentences
// param paper: paper  the paper to start from
// param other: paper  the paper to reach
// param generic: bool = false  go through entities too broad to say anything as well
// param limit: int = 5  how many paths
MATCH (p:Paper {id: $paper})-[r1:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(a:Method|Dataset|Benchmark|Task|Metric)
WHERE a.generic = false OR $generic
MATCH (a)<-[r2:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(m:Paper)
MATCH (m)-[r3:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(b:Method|Dataset|Benchmark|Task|Metric)
WHERE b.generic = false OR $generic
MATCH (b)<-[r4:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(q:Paper {id: $other})
WHERE p.id <> q.id AND (m.id = p.id AND a.id = b.id OR m.id <> p.id AND m.id <> q.id AND a.id <> b.id)
RETURN CASE WHEN m.id = p.id THEN 2 ELSE 4 END AS steps, a.name AS through, r1.sentence AS sentence,
  CASE WHEN m.id <> p.id THEN m.title END AS middle, CASE WHEN m.id <> p.id THEN r2.sentence END AS middle_sentence,
  CASE WHEN m.id <> p.id THEN b.name END AS and_through, CASE WHEN m.id <> p.id THEN r3.sentence END AS same_middle_sentence,
  r4.sentence AS other_sentence, CASE WHEN m.id = p.id THEN a.papers ELSE a.papers + b.papers END AS papers_along, a.id AS id,
  CASE WHEN m.id <> p.id THEN m.id END AS middle_id, CASE WHEN m.id <> p.id THEN b.id END AS and_id
ORDER BY steps, papers_along, id, middle_id, and_id
LIMIT $limit
