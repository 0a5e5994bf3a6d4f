// Benchmarks, or entities of another kind, that rise and fade: their share of the papers now and before
// param kind: kind = "benchmark"  of this kind
// param months: int = 12  how many months make the span up to the newest paper, and the one before it
// param least: int = 3  papers in both spans together, at least
// param fading: bool = false  those that fade first, instead of those that rise
// param limit: int = 25  how many
MATCH (x:Paper)
WHERE x.year IS NOT NULL AND x.month IS NOT NULL
WITH max(12 * x.year + x.month) AS latest
MATCH (y:Paper)
WHERE y.year IS NOT NULL AND y.month IS NOT NULL AND 12 * y.year + y.month > latest - 2 * $months
WITH latest, sum(CASE WHEN 12 * y.year + y.month > latest - $months THEN 1 ELSE 0 END) AS now, count(y) AS dated
MATCH (p:Paper)-[:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(e:Method|Dataset|Benchmark|Task|Metric)
WHERE p.year IS NOT NULL AND p.month IS NOT NULL AND 12 * p.year + p.month > latest - 2 * $months AND ($kind = "" OR e.kind = $kind) AND e.generic = false
WITH now, dated - now AS before, e, sum(CASE WHEN 12 * p.year + p.month > latest - $months THEN 1 ELSE 0 END) AS recent, count(p) AS named
WHERE named >= $least
WITH e, recent, named - recent AS earlier,
  CASE WHEN now = 0 THEN 0.0 ELSE 100.0 * recent / now END AS percent_recent, CASE WHEN before = 0 THEN 0.0 ELSE 100.0 * (named - recent) / before END AS percent_earlier
RETURN e.name AS name, recent AS papers_recent, earlier AS papers_earlier, round(percent_recent, 3) AS percent_recent, round(percent_earlier, 3) AS percent_earlier,
  round(percent_recent - percent_earlier, 3) AS change, e.id AS id
ORDER BY CASE WHEN $fading THEN change ELSE 0.0 - change END, papers_recent DESC, id
LIMIT $limit
