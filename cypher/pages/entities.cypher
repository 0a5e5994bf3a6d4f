// Entities
// param ids: list  their ids
UNWIND $ids AS i
MATCH (e:<LABEL> {id: i})
RETURN e.id AS id, e.kind AS kind, e.name AS name, e.aliases AS aliases, e.reasons AS reasons, e.apart AS apart, e.apart_reasons AS apart_reasons,
  e.generic AS generic, e.papers AS papers,
  e.community AS community
ORDER BY id
