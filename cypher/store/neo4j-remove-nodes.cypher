UNWIND $rows AS row
MATCH (n:<GROUP>&Kg {id: row.id})
WHERE NOT EXISTS { MATCH (n)--() }
DELETE n
RETURN count(n) AS done
