import { describe, expect, test } from "vitest";
import { writeTflite } from "../../../scripts/model/tflite/writer.js";
import {
  ACTIVATION,
  PADDING,
  type ModelDescription,
  type OperatorDescription,
  type TensorDescription,
} from "../../../scripts/model/tflite/writer-model.js";
import { loadLiteRt } from "../../support/litert.js";

const INPUT_SCALE = 1 / 16;
const WEIGHT_SCALE = 1 / 32;
const OUTPUT_SCALE = 1 / 8;

const perTensor = (scale: number, zeroPoint = 0) => ({ scale: [scale], zeroPoint: [zeroPoint] });

function activation(name: string, shape: number[], scale: number, zeroPoint = 0): TensorDescription {
  return { name, shape, type: "int8", quantization: perTensor(scale, zeroPoint) };
}

/** Puts QUANTIZE before and DEQUANTIZE behind an int8 graph (tensor 0 in, tensor 1 out), for a float runtime. */
function withFloatEnds(tensors: TensorDescription[], operators: OperatorDescription[]): ModelDescription {
  const count = tensors.length;
  return {
    tensors: [
      ...tensors,
      { name: "float_in", shape: tensors[0]!.shape, type: "float32" },
      { name: "float_out", shape: tensors[1]!.shape, type: "float32" },
    ],
    operators: [
      { operator: "QUANTIZE", inputs: [count], outputs: [0] },
      ...operators,
      { operator: "DEQUANTIZE", inputs: [1], outputs: [count + 1] },
    ],
    inputs: [count],
    outputs: [count + 1],
  };
}

/** Small deterministic weights. */
function ramp(count: number, step = 7, span = 15): Int8Array {
  return Int8Array.from({ length: count }, (_, i) => ((i * step) % span) - (span >> 1));
}

async function run(model: ModelDescription, input: readonly number[]): Promise<number[]> {
  const runtime = await loadLiteRt(writeTflite(model));
  return [...(await runtime.run([Float32Array.from(input)]))[0]!];
}

function expectNear(actual: number[], expected: number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThanOrEqual(tolerance);
}

describe("writeTflite, judged by LiteRT", () => {
  test("a dense layer with fused ReLU", async () => {
    const weights = ramp(12);
    const bias = Int32Array.from([40, -300, 8]);
    const input = [1, -0.5, 2, 0.25];
    const model = withFloatEnds(
      [
        activation("in", [1, 4], INPUT_SCALE, -3),
        activation("out", [1, 3], OUTPUT_SCALE, -128),
        { name: "w", shape: [3, 4], type: "int8", data: weights, quantization: perTensor(WEIGHT_SCALE) },
        { name: "b", shape: [3], type: "int32", data: bias, quantization: perTensor(INPUT_SCALE * WEIGHT_SCALE) },
      ],
      [
        {
          operator: "FULLY_CONNECTED",
          inputs: [0, 2, 3],
          outputs: [1],
          options: { fused_activation_function: ACTIVATION.RELU },
        },
      ],
    );
    const expected = [0, 1, 2].map((row) => {
      let sum = bias[row]! * INPUT_SCALE * WEIGHT_SCALE;
      for (let i = 0; i < 4; i++) sum += weights[row * 4 + i]! * WEIGHT_SCALE * input[i]!;
      return Math.max(0, sum);
    });
    expectNear(await run(model, input), expected, OUTPUT_SCALE / 2 + 1e-6);
  });

  test("a per-channel convolution with stride, padding and bias, pooled and reshaped", async () => {
    const weights = ramp(2 * 3 * 3, 5, 13);
    const scales = [WEIGHT_SCALE, WEIGHT_SCALE / 2];
    const input = Array.from({ length: 16 }, (_, i) => ((i * 5) % 11) / 4 - 1);
    const model = withFloatEnds(
      [
        activation("in", [1, 4, 4, 1], INPUT_SCALE),
        activation("out", [1, 2], OUTPUT_SCALE / 4),
        {
          name: "w",
          shape: [2, 3, 3, 1],
          type: "int8",
          data: weights,
          quantization: { scale: scales, zeroPoint: [0, 0], dimension: 0 },
        },
        {
          name: "b",
          shape: [2],
          type: "int32",
          data: Int32Array.from([64, -64]),
          quantization: { scale: scales.map((scale) => scale * INPUT_SCALE), zeroPoint: [0, 0], dimension: 0 },
        },
        activation("conv", [1, 2, 2, 2], OUTPUT_SCALE / 4),
        activation("pool", [1, 1, 1, 2], OUTPUT_SCALE / 4),
        { name: "shape", shape: [2], type: "int32", data: Int32Array.from([1, 2]) },
      ],
      [
        {
          operator: "CONV_2D",
          inputs: [0, 2, 3],
          outputs: [4],
          options: { padding: PADDING.SAME, stride_w: 2, stride_h: 2 },
        },
        {
          operator: "MAX_POOL_2D",
          inputs: [4],
          outputs: [5],
          options: { padding: PADDING.VALID, stride_w: 2, stride_h: 2, filter_width: 2, filter_height: 2 },
        },
        { operator: "RESHAPE", inputs: [5, 6], outputs: [1], options: { new_shape: [1, 2] } },
      ],
    );
    const expected = [0, 1].map((channel) => {
      let most = -Infinity;
      for (let y = 0; y < 4; y += 2) {
        for (let x = 0; x < 4; x += 2) {
          let sum = [64, -64][channel]! * scales[channel]! * INPUT_SCALE;
          // SAME with stride 2 on 4 pixels pads one row below and one column to the right.
          for (let ky = 0; ky < 3; ky++) {
            for (let kx = 0; kx < 3; kx++) {
              if (y + ky > 3 || x + kx > 3) continue;
              sum += weights[channel * 9 + ky * 3 + kx]! * scales[channel]! * input[(y + ky) * 4 + x + kx]!;
            }
          }
          most = Math.max(most, sum);
        }
      }
      return most;
    });
    expectNear(await run(model, input), expected, OUTPUT_SCALE / 4);
  });

  test("softmax and logistic", async () => {
    const input = [-2, 0, 1, 3];
    const soft = withFloatEnds(
      [activation("in", [1, 4], INPUT_SCALE), activation("out", [1, 4], 1 / 256, -128)],
      [{ operator: "SOFTMAX", inputs: [0], outputs: [1], options: { beta: 1 } }],
    );
    const total = input.reduce((sum, value) => sum + Math.exp(value), 0);
    expectNear(
      await run(soft, input),
      input.map((value) => Math.exp(value) / total),
      1 / 256,
    );
    const logistic = withFloatEnds(
      [activation("in", [1, 4], INPUT_SCALE), activation("out", [1, 4], 1 / 256, -128)],
      [{ operator: "LOGISTIC", inputs: [0], outputs: [1] }],
    );
    expectNear(
      await run(logistic, input),
      input.map((value) => 1 / (1 + Math.exp(-value))),
      1 / 256,
    );
  });

  test("a residual block: depthwise convolution, ADD, MEAN", async () => {
    const input = Array.from({ length: 8 }, (_, i) => (i - 3) / 4);
    const model = withFloatEnds(
      [
        activation("in", [1, 2, 2, 2], INPUT_SCALE),
        activation("out", [1, 2], OUTPUT_SCALE),
        {
          name: "w",
          shape: [1, 1, 1, 2],
          type: "int8",
          data: Int8Array.from([64, -32]),
          quantization: { scale: [WEIGHT_SCALE, WEIGHT_SCALE], zeroPoint: [0, 0], dimension: 3 },
        },
        {
          name: "b",
          shape: [2],
          type: "int32",
          data: Int32Array.from([0, 512]),
          quantization: {
            scale: [WEIGHT_SCALE * INPUT_SCALE, WEIGHT_SCALE * INPUT_SCALE],
            zeroPoint: [0, 0],
            dimension: 0,
          },
        },
        activation("conv", [1, 2, 2, 2], OUTPUT_SCALE / 4),
        activation("sum", [1, 2, 2, 2], OUTPUT_SCALE / 4),
        { name: "axes", shape: [2], type: "int32", data: Int32Array.from([1, 2]) },
      ],
      [
        {
          operator: "DEPTHWISE_CONV_2D",
          inputs: [0, 2, 3],
          outputs: [4],
          options: { padding: PADDING.VALID, stride_w: 1, stride_h: 1, depth_multiplier: 1 },
        },
        { operator: "ADD", inputs: [0, 4], outputs: [5] },
        { operator: "MEAN", inputs: [5, 6], outputs: [1], options: { keep_dims: false } },
      ],
    );
    const expected = [0, 1].map((channel) => {
      let sum = 0;
      for (let i = channel; i < 8; i += 2) sum += input[i]! * (channel === 0 ? 3 : 0) + channel;
      return sum / 4;
    });
    expectNear(await run(model, input), expected, OUTPUT_SCALE);
  });
});

describe("writeTflite", () => {
  const identity = (): ModelDescription => ({
    tensors: [activation("in", [1, 2], 1), activation("out", [1, 2], 1)],
    operators: [{ operator: "RELU", inputs: [0], outputs: [1] }],
    inputs: [0],
    outputs: [1],
  });

  test("the same description gives the same bytes, marked TFL3", () => {
    const bytes = writeTflite(identity());
    expect(Buffer.from(bytes.subarray(4, 8)).toString()).toBe("TFL3");
    expect(writeTflite(identity())).toEqual(bytes);
  });

  test("constants begin at multiples of 16 bytes, whatever their length", () => {
    for (let length = 1; length < 40; length++) {
      const data = new Int8Array(length).fill(0x55);
      const model = identity();
      const bytes = writeTflite({
        ...model,
        tensors: [...model.tensors, { name: "c", shape: [length], type: "int8", data }],
      });
      const at = Buffer.from(bytes).indexOf(Buffer.from(data.buffer));
      expect(at).toBeGreaterThan(0);
      expect(at % 16).toBe(0);
    }
  });

  test("what does not fit the description is refused", () => {
    const model = identity();
    const relu = { operator: "RELU", inputs: [0], outputs: [1] } as const;
    const constant = { name: "c", shape: [3], type: "int32", data: new Int8Array(3) } as const;
    expect(() => writeTflite({ ...model, operators: [{ ...relu, inputs: [7] }] })).toThrow(/tensor 7/);
    expect(() => writeTflite({ ...model, outputs: [-1] })).toThrow(/tensor -1/);
    expect(() => writeTflite({ ...model, operators: [{ ...relu, options: { stride: 1 } }] })).toThrow(/no option/);
    expect(() => writeTflite({ ...model, tensors: [...model.tensors, constant] })).toThrow(/do not fill/);
  });
});
