UNWIND $rows AS row
MERGE (n:<GROUP>:Kg {id: row.id})
REMOVE n:<OTHERS>
SET n:<LABEL>, n <SET> row
RETURN count(n) AS written
