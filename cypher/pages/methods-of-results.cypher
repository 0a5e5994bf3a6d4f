// Which methods the results of a paper, method, benchmark, dataset or task are the scores of
// param id: text  its id
MATCH (s:<LABEL> {id: $id})-[:REPORTS|OF_METHOD|ON_DATASET]-(r:Result)
MATCH (r)-[:OF_METHOD]->(e:Method)
RETURN r.id AS result, e.id AS id, e.kind AS kind, e.name AS name
ORDER BY result, id
