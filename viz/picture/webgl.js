// What the picture of many nodes needs of sigma.js and graphology, as one global: bundled apart, since most pages do without it.
import Graph from "graphology";
import Sigma from "sigma";
import { NodeProgram } from "sigma/rendering";
import { EdgeLineProgram } from "sigma/rendering";
import { floatColor } from "sigma/utils";

globalThis.kgSigma = { EdgeLineProgram, Graph, NodeProgram, Sigma, floatColor };
