CREATE CONSTRAINT kg_<LABEL>_id IF NOT EXISTS FOR (n:<LABEL>) REQUIRE n.id IS UNIQUE;
CREATE FULLTEXT INDEX kg_names IF NOT EXISTS FOR (n:Paper|Entity) ON EACH [n.title, n.name, n.aliases];
CALL db.awaitIndexes(300);
