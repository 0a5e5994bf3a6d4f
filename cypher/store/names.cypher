// Every entity's name and every paper's title, for near names
MATCH (n:Method|Dataset|Benchmark|Task|Metric|Paper)
RETURN n.kind AS kind, coalesce(n.name, n.title) AS name
ORDER BY kind, name
