MATCH (n:<GROUP>&Kg) WHERE n.kind IN $kinds RETURN n.id AS id, n.kg_hash AS kg_hash
