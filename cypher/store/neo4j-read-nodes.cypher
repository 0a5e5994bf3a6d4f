MATCH (n:<LABEL>&Kg) RETURN properties(n) AS properties ORDER BY n.id
