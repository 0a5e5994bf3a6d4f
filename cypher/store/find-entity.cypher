// Entities by id, name or alias
// param name: text  the name as typed
// param lower: text  the name in lower case
// param method: text  the id that its normal form makes as a method
// param dataset: text  … as a data set or benchmark
// param task: text  … as a task
// param metric: text  … as a metric
MATCH (e:Method|Dataset|Benchmark|Task|Metric)
WHERE e.id IN [$name, $method, $dataset, $task, $metric] OR $lower IN e.lower
   OR $name IN e.other_ids OR $method IN e.other_ids OR $dataset IN e.other_ids OR $task IN e.other_ids OR $metric IN e.other_ids
RETURN e.id AS id, e.name AS name, e.kind AS kind, e.papers AS papers,
       e.id = $name OR e.name = $name OR $name IN e.aliases OR coalesce($name IN e.other_ids, false) AS exact
ORDER BY papers DESC, id
LIMIT 50
