// Nodes by kind: a person is a disc, an organisation a square, a place a diamond. Sigma's disc with another edge.
import { NodeCircleProgram } from "sigma/rendering";

const DISC = "length(v_diffVector) - v_radius";
const SQUARE = "max(abs(v_diffVector.x), abs(v_diffVector.y)) - v_radius * 0.72";
const DIAMOND = "(abs(v_diffVector.x) + abs(v_diffVector.y) - v_radius) * 0.7071";

function shaped(distance) {
  return class extends NodeCircleProgram {
    getDefinition() {
      const definition = super.getDefinition();
      if (!definition.FRAGMENT_SHADER_SOURCE.includes(DISC)) return definition; // another Sigma: discs for all
      return { ...definition, FRAGMENT_SHADER_SOURCE: definition.FRAGMENT_SHADER_SOURCE.replace(DISC, distance) };
    }
  };
}

export const SHAPES = { person: NodeCircleProgram, organisation: shaped(SQUARE), place: shaped(DIAMOND) };
const ROOM = { person: 1, organisation: 1.12, place: 1.25 }; // so that equal weights look equal

export const shapeOf = (kind) => (kind in SHAPES ? kind : "person");
export const roomOf = (kind) => ROOM[shapeOf(kind)];
