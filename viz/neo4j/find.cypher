// Find papers and entities by name, alias or title
CALL db.index.fulltext.queryNodes("kg_names", "low rank adaptation", {limit: 10}) YIELD node, score
RETURN node, score
