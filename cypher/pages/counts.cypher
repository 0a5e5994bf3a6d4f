// How many nodes of a label there are
MATCH (n:<LABEL>)
RETURN count(n) AS nodes
ORDER BY nodes
