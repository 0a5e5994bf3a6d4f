// What the results of a paper, method, benchmark, dataset or task are measured by
// param id: text  its id
MATCH (s:<LABEL> {id: $id})-[:REPORTS|OF_METHOD|ON_DATASET]-(r:Result)
MATCH (r)-[:BY_METRIC]->(e:Metric)
RETURN r.id AS result, e.id AS id, e.kind AS kind, e.name AS name
ORDER BY result, id
