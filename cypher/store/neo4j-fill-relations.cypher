MATCH ()-[x:<NAME> {kg: true}]->() WHERE x.<LIST> IS NULL
WITH x LIMIT 20000
SET x.<LIST> = []
RETURN count(x) AS done
