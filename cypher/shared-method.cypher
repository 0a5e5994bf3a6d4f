// Papers that share a method with a paper, the rarest shared methods first, with the sentence on both sides
// param paper: paper  the paper to start from: an id, or part of its title
// param generic: bool = false  count methods too broad to say anything (LLM, deep learning …) as well
// param limit: int = 10  how many papers
MATCH (x:Paper)
WITH count(x) AS total
MATCH (p:Paper {id: $paper})-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(m:Method)<-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(o:Paper)
WHERE o.id <> p.id AND (m.generic = false OR $generic)
WITH total, o, round(sum(log10(1.0 * total / m.papers)) * 2.302585092994046, 4) AS score
ORDER BY score DESC, o.id
LIMIT $limit
MATCH (p:Paper {id: $paper})-[here:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(m:Method)<-[there:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(o)
WHERE m.generic = false OR $generic
RETURN o.title AS paper, score, m.name AS method, m.papers AS papers_with_it, here.role AS role, here.sentence AS sentence, there.role AS other_role, there.sentence AS other_sentence, o.id AS id
ORDER BY score DESC, id, papers_with_it, method, m.id
