// Papers that name two methods, with both sentences
// param id: text  a method's id
// param other: text  the other's id
// param limit: int = 2  how many papers
MATCH (a:Method {id: $id})<-[r:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(p:Paper)-[s:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(b:Method {id: $other})
RETURN p.id AS paper, r.sentence AS sentence, r.marks AS marks, r.field AS field, s.sentence AS other_sentence,
  r.score AS score, s.score AS other_score
ORDER BY coalesce(p.date, "") DESC, paper
LIMIT $limit
