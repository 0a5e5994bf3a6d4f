MATCH ()-[r:<TYPE> {kg: true}]->() RETURN r.kg_hash AS kg_hash
