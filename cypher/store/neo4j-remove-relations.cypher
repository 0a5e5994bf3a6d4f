UNWIND $rows AS row
MATCH ()-[r:<TYPE> {kg: true}]->()
WHERE elementId(r) = row.id AND r.kg_hash = row.kg_hash
DELETE r
RETURN count(r) AS done
