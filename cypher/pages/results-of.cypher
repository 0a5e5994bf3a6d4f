// The scores that papers state for a method, or on a benchmark, dataset or task
// param id: text  its id
MATCH (e:<LABEL> {id: $id})<-[:OF_METHOD|ON_DATASET]-(r:Result)<-[:REPORTS]-(p:Paper)
RETURN r.id AS id, r.value AS value, r.number AS number, r.relative AS relative, r.sentence AS sentence, r.from_char AS from_char,
  p.id AS paper, p.title AS title, p.date AS date
ORDER BY coalesce(date, "") DESC, paper, from_char, id
