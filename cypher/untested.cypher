// Methods that papers introduce or use on a task, of which no paper evaluates on a benchmark
// param task: task  the task
// param benchmark: benchmark  the benchmark or dataset
// param least: int = 1  papers on the task, at least
// param limit: int = 25  how many
MATCH (t:Task {id: $task})<-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(p:Paper)-[:INTRODUCES|USES]->(m:Method)
WHERE m.generic = false
WITH m, count(p) AS papers_on_task
WHERE papers_on_task >= $least AND NOT EXISTS { MATCH (m)<-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]-(q:Paper)-[:EVALUATES_ON]->(b:Benchmark|Dataset) WHERE b.id = $benchmark }
RETURN m.name AS method, papers_on_task, m.papers AS papers, m.id AS id
ORDER BY papers_on_task DESC, papers DESC, id
LIMIT $limit
