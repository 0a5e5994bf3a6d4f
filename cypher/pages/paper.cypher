// A paper
// param id: text  its id
MATCH (p:Paper {id: $id})
RETURN p.id AS id, p.title AS title, p.abstract AS abstract, p.authors AS authors, p.date AS date, p.venue AS venue, p.categories AS categories, p.url AS url,
  p.code_urls AS code_urls, p.sources AS sources, p.other_ids AS other_ids
ORDER BY id
