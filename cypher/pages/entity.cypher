// An entity
// param id: text  its id
MATCH (e:<LABEL> {id: $id})
RETURN e.id AS id, e.kind AS kind, e.name AS name, e.aliases AS aliases, e.reasons AS reasons, e.apart AS apart, e.apart_reasons AS apart_reasons,
  e.generic AS generic, e.papers AS papers,
  e.community AS community
ORDER BY id
