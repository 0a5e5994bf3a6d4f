// A community: methods that papers use together, and what is based on what among them
MATCH (m:Method {community: 1})
WITH m ORDER BY m.papers DESC LIMIT 40
OPTIONAL MATCH (m)-[r:BASED_ON]->(o:Method {community: 1})
RETURN m, r, o
