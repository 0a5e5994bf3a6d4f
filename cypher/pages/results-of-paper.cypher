// The scores that a paper states
// param id: text  the paper's id
MATCH (p:Paper {id: $id})-[:REPORTS]->(r:Result)
RETURN r.id AS id, r.value AS value, r.number AS number, r.relative AS relative, r.sentence AS sentence, r.from_char AS from_char,
  p.id AS paper, p.title AS title, p.date AS date
ORDER BY from_char, id
