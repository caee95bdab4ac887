import type { Node, OperatorLowering } from "../lowering.js";

/** Operators that only give the same bytes another shape: they cost nothing on the device. */
function lowerAlias(name: string, version: number): OperatorLowering {
  return {
    name,
    version,
    lower(node: Node): void {
      const input = node.input(0);
      const output = node.output();
      if (input.elements !== output.elements) {
        node.refuse(`it turns ${input.elements} elements into ${output.elements}`);
      }
      if (input.type !== output.type) node.refuse(`it turns ${input.type} into ${output.type}`);
      node.lowering.alias(output, input);
    },
  };
}

export const lowerReshape = lowerAlias("RESHAPE", 1);
export const lowerSqueeze = lowerAlias("SQUEEZE", 2);
export const lowerExpandDims = lowerAlias("EXPAND_DIMS", 1);
