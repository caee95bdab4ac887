import type { GuestPart } from "./guest.js";

/** `require("tensorflow")`: whole models, run by the simulator. */
export const tensorflowPart: GuestPart = (_root, host, kit) => {
  kit.modules["tensorflow"] = {
    create: (arenaBytes: number, model: unknown) => {
      const made = host.tfliteCreate(arenaBytes, kit.bytesOf(model).buffer as ArrayBuffer);
      const [id, inputType, inputBytes, outputType, outputBytes] = made.split(" ");
      const view = (type: string, size: number): Uint8Array => {
        const buffer = new ArrayBuffer(size);
        if (type === "float32") return new Float32Array(buffer) as never;
        return (type === "int16" ? new Int16Array(buffer) : new Int8Array(buffer)) as never;
      };
      const input = view(inputType!, Number(inputBytes));
      const output = view(outputType!, Number(outputBytes));
      return {
        // What the firmware takes of the engine's memory.
        mi: new ArrayBuffer(arenaBytes),
        model,
        getInput: () => input,
        getOutput: () => output,
        invoke: () => {
          const result = host.tfliteInvoke(Number(id), input.buffer as ArrayBuffer);
          new Uint8Array(output.buffer).set(new Uint8Array(result));
        },
      };
    },
  };
};
