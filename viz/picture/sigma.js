// sigma.js as the engine, for many nodes: WebGL points with the shapes of the types, straight lines, nothing that costs more.
/* global kgSigma */
import { extent, nodes as everyNode } from "./data.js";

const SHAPES = ["dot", "square", "triangleDown", "triangle", "diamond", "star", "hexagon"];

// How far a place of a point that is 2 × 2 wide lies outside of its shape; y grows downwards, 5/6 is the node's radius. Each is the largest of the
// distances to its sides; in a star, whose every place lies outside of one side at most, the second largest. No angles: they cost too much a pixel.
const INSIDE = `
precision mediump float;
varying vec4 v_color;
varying float v_shape;
varying float v_pixel;
float triangle(vec2 p) {
  return max(p.y - 0.264, 0.866 * abs(p.x) - 0.5 * (p.y - 0.264)) - 0.553;
}
float star(vec2 p) {
  p = vec2(abs(p.x), p.y - 0.068);
  float up = -p.y;
  float right = 0.951 * p.x - 0.309 * p.y;
  float down = 0.588 * p.x + 0.809 * p.y;
  float left = 0.809 * p.y - 0.588 * p.x;
  return max(max(min(up, right), min(right, down)), min(down, left)) - 0.274;
}
void main(void) {
  vec2 p = 2.0 * gl_PointCoord - 1.0;
  float d;
  if (v_shape < 0.5) d = length(p) - 0.833;
  else if (v_shape < 1.5) d = max(abs(p.x), abs(p.y)) - 0.833;
  else if (v_shape < 2.5) d = triangle(vec2(p.x, -p.y));
  else if (v_shape < 3.5) d = triangle(p);
  else if (v_shape < 4.5) d = 0.707 * (abs(p.x) + abs(p.y) - 0.833);
  else if (v_shape < 5.5) d = star(p);
  else d = max(abs(p.y), 0.5 * abs(p.y) + 0.866 * abs(p.x)) - 0.722;
  gl_FragColor = v_color * clamp(0.5 - d / v_pixel, 0.0, 1.0);
}`;

const PLACED = `
attribute vec4 a_color;
attribute vec2 a_position;
attribute float a_size;
attribute float a_shape;
uniform float u_sizeRatio;
uniform float u_pixelRatio;
uniform mat3 u_matrix;
varying vec4 v_color;
varying float v_shape;
varying float v_pixel;
void main() {
  gl_Position = vec4((u_matrix * vec3(a_position, 1)).xy, 0, 1);
  gl_PointSize = max(2.4 * a_size / u_sizeRatio, 2.5) * u_pixelRatio;
  v_pixel = 2.0 / gl_PointSize;
  v_shape = gl_PointSize < 8.0 ? 0.0 : a_shape;
  v_color = a_color;
  v_color.a *= 255.0 / 254.0;
}`;

function shapeProgram() {
  const { NodeProgram, floatColor } = kgSigma;
  const { FLOAT, UNSIGNED_BYTE, POINTS } = WebGLRenderingContext;
  return class extends NodeProgram {
    constructor(gl, _, sigma) {
      super(gl, null, sigma);          // no buffer for picking: what lies under the pointer is found without it, and drawing all twice costs half the frames
    }
    getDefinition() {
      return {
        VERTICES: 1, VERTEX_SHADER_SOURCE: PLACED, FRAGMENT_SHADER_SOURCE: INSIDE, METHOD: POINTS,
        UNIFORMS: ["u_sizeRatio", "u_pixelRatio", "u_matrix"],
        ATTRIBUTES: [
          { name: "a_position", size: 2, type: FLOAT }, { name: "a_size", size: 1, type: FLOAT }, { name: "a_shape", size: 1, type: FLOAT },
          { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
        ],
      };
    }
    processVisibleItem(_, start, { x, y, size, shape, color }) {
      this.array.set([x, y, size, shape, floatColor(color)], start);
    }
    setUniforms({ sizeRatio, pixelRatio, matrix }, { gl, uniformLocations: { u_sizeRatio, u_pixelRatio, u_matrix } }) {
      gl.uniform1f(u_sizeRatio, sizeRatio);
      gl.uniform1f(u_pixelRatio, pixelRatio);
      gl.uniformMatrix3fv(u_matrix, false, matrix);
    }
  };
}

export function sigmaEngine(box, { nodeLook, edgeLook, still, moved, drawn }) {
  const graph = new kgSigma.Graph({ multi: true, type: "directed" });
  let sigma = null;
  const asNode = (node) => {
    const { x, y, size, colour, hidden } = nodeLook(node);
    return { x, y: -y, size, color: colour, hidden, shape: SHAPES.indexOf(node.shape), type: "shape" };
  };
  const asEdge = (edge) => {
    const { width, dash, colour, hidden } = edgeLook(edge);
    return { size: dash ? 0.6 : width, color: colour, hidden, type: "line" };
  };
  const start = () => {
    sigma = new kgSigma.Sigma(graph, box, {
      nodeProgramClasses: { shape: shapeProgram() },
      edgeProgramClasses: { line: kgSigma.EdgeLineProgram },
      defaultNodeType: "shape", defaultEdgeType: "line",
      itemSizesReference: "positions", zoomToSizeRatioFunction: (ratio) => ratio,
      hideEdgesOnMove: true, renderLabels: false, renderEdgeLabels: false, enableEdgeEvents: false, enableCameraRotation: false,
      stagePadding: 0, zoomingRatio: 1.2, doubleClickZoomingRatio: 1, doubleClickZoomingDuration: 1,      // in no time at all the camera would lose itself
      ...(still ? { zoomDuration: 1, inertiaDuration: 1, inertiaRatio: 0 } : {}), zIndex: false, allowInvalidContainer: true,
    });
    sigma.setCustomBBox({ x: extent(everyNode, ({ x }) => x), y: extent(everyNode, ({ y }) => -y) });
    sigma.on("afterRender", drawn);
    let waiting = 0;
    sigma.getCamera().on("updated", () => {
      clearTimeout(waiting);
      waiting = setTimeout(moved, 150);
    });
    sigma.refresh();
  };
  const camera = () => {
    const [width, height] = [box.clientWidth, box.clientHeight];
    const middle = sigma.viewportToGraph({ x: width / 2, y: height / 2 });
    const [a, b] = [sigma.graphToViewport({ x: 0, y: 0 }), sigma.graphToViewport({ x: 1000, y: 0 })];
    return { x: middle.x, y: -middle.y, scale: Math.hypot(b.x - a.x, b.y - a.y) / 1000 };
  };
  return {
    update(nodes, edges) {
      for (const node of nodes) graph.mergeNode(node.key, asNode(node));
      for (const edge of edges) graph.mergeEdgeWithKey(edge.key, edge.tail.key, edge.head.key, asEdge(edge));
      if (!sigma) start();
    },
    redraw: () => sigma.scheduleRender(),
    camera,
    move({ x, y, scale }, smoothly) {
      const now = camera();
      const target = sigma.viewportToFramedGraph(sigma.graphToViewport({ x, y: -y }));
      const view = { x: target.x, y: target.y, ratio: sigma.getCamera().ratio * now.scale / scale };
      if (smoothly) sigma.getCamera().animate(view, { duration: 200 });
      else {
        sigma.getCamera().setState(view);
        sigma.refresh();
        moved();
      }
    },
  };
}
