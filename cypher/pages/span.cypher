// The first and the last date of papers whose year is known
MATCH (p:Paper)
WHERE p.year IS NOT NULL
RETURN min(p.date) AS first, max(p.date) AS last, count(p) AS dated
ORDER BY dated
