// The scores that abstracts state on a benchmark, with method and metric
MATCH (p:Paper)-[a:REPORTS]->(r:Result)-[b:ON_DATASET]->(e:Entity {name: "GSM8K"})
OPTIONAL MATCH (r)-[c:OF_METHOD]->(m:Method)
OPTIONAL MATCH (r)-[d:BY_METRIC]->(k:Metric)
RETURN p, a, r, b, e, c, m, d, k
LIMIT 200
