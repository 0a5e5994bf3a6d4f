UNWIND $rows AS row
MATCH (n:<GROUP>&Kg {id: row.id})
REMOVE n:<OURS>, n.kg_hash
RETURN count(n) AS done
