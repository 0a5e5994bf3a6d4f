// vis-network as the engine: it draws nodes and edges, moves and zooms; it knows nothing of what they mean.
/* global vis */

export function visEngine(box, { nodeLook, edgeLook, many, moved, drawn }) {
  const [nodeLooks, edgeLooks] = [new vis.DataSet(), new vis.DataSet()];
  const worn = new Map();           // thing -> its look as vis has it
  const fresh = (things, look) => things.map((thing) => [thing, look(thing)]).filter(([thing, now]) => {
    const text = JSON.stringify(now);
    return worn.get(thing) !== text && worn.set(thing, text);
  }).map(([, now]) => now);
  const asVis = {
    node: (node) => {
      const { x, y, size, colour, border, hidden } = nodeLook(node);
      return { id: node.key, x, y, shape: node.shape, size, hidden, borderWidth: 1.5, color: { background: colour, border } };
    },
    edge: (edge) => {
      const { width, dash, colour, arrow, length, hidden } = edgeLook(edge);
      return {
        id: edge.key, from: edge.tail.key, to: edge.head.key, width, dashes: dash ?? false, hidden, color: { color: colour, inherit: false },
        // vis: an end is 15 × scaleFactor + 3 × width long; a full head covers the line's end, a bar and a vee need it
        arrowStrikethrough: arrow !== "arrow",
        arrows: { to: { enabled: Boolean(arrow), type: arrow ?? "arrow", scaleFactor: (length - 3 * width) / 15 } },
      };
    },
  };
  const network = new vis.Network(box, { nodes: nodeLooks, edges: edgeLooks }, {
    physics: { enabled: false },
    layout: { improvedLayout: false },
    nodes: { chosen: false },
    edges: { chosen: false, smooth: false },
    interaction: { dragNodes: false, selectable: false, hover: false, hideEdgesOnDrag: many, hideEdgesOnZoom: many, zoomSpeed: 2 },
  });
  box.firstElementChild.removeAttribute("tabindex");    // vis' frame; the container itself takes the focus
  network.on("afterDrawing", drawn);
  let zooming = 0;
  network.on("zoom", () => {
    clearTimeout(zooming);
    zooming = setTimeout(moved, 150);
  });
  for (const end of ["dragEnd", "animationFinished", "resize"]) network.on(end, moved);
  return {
    update(nodes, edges) {
      nodeLooks.update(fresh(nodes, asVis.node));
      edgeLooks.update(fresh(edges, asVis.edge));
      network.redraw();
    },
    redraw: () => network.redraw(),
    camera: () => ({ ...network.getViewPosition(), scale: network.getScale() }),
    move({ x, y, scale }, smoothly) {
      const view = { position: { x, y }, scale };
      network.moveTo(smoothly ? { ...view, animation: { duration: 200, easingFunction: "easeInOutQuad" } } : view);
      if (!smoothly) moved();
    },
  };
}
