// The ids of the papers that name an entity, those that do most with it first, then the newest
// param id: text  its id
// param limit: int = 150  how many
MATCH (p:Paper)-[r:INTRODUCES|EVALUATES_ON|USES|COMPARES|MENTIONS]->(e:<LABEL> {id: $id})
RETURN p.id AS id, CASE r.role WHEN "introduces" THEN 1 WHEN "evaluates_on" THEN 2 WHEN "uses" THEN 3 WHEN "compares" THEN 4 ELSE 5 END AS strength
ORDER BY strength, coalesce(p.date, "") DESC, id
LIMIT $limit
