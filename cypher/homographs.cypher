// Names that stand for several things: SVM the method and SVM the task, two meanings of one short form
// param limit: int = 25  how many names
MATCH (e:Method|Dataset|Benchmark|Task|Metric)
UNWIND e.lower AS spelling
WITH spelling, count(DISTINCT e.id) AS meanings, collect(DISTINCT e.id) AS ids
WHERE meanings > 1
WITH spelling, meanings, ids
ORDER BY meanings DESC, spelling
LIMIT $limit
UNWIND ids AS meaning
MATCH (o:Method|Dataset|Benchmark|Task|Metric)
WHERE o.id = meaning
RETURN spelling, meanings, o.name AS name, o.kind AS kind, o.papers AS papers, o.id AS id
ORDER BY meanings DESC, spelling, papers DESC, id
