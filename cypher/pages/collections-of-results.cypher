// What the results of a paper, method, benchmark, dataset or task are scores on
// param id: text  its id
MATCH (s:<LABEL> {id: $id})-[:REPORTS|OF_METHOD|ON_DATASET]-(r:Result)
MATCH (r)-[:ON_DATASET]->(e:Benchmark|Dataset|Task)
RETURN r.id AS result, e.id AS id, e.kind AS kind, e.name AS name
ORDER BY result, id
