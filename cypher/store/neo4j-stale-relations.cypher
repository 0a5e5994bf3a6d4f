MATCH ()-[r:<TYPE> {kg: true}]->() WHERE r.kg_hash IN $hashes RETURN elementId(r) AS id, r.kg_hash AS kg_hash
