// What a method is based on and what grew out of it, up to three steps
MATCH path = (:Entity {name: "LoRA"})-[:BASED_ON*1..3]-(:Entity)
RETURN path
LIMIT 200
