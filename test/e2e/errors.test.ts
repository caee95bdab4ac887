import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PackHeader } from "../../lib/nn/pack-format.js";
import { compileModel } from "../../scripts/model/compile.js";
import { seal } from "../../scripts/model/pack-writer.js";
import { writeTflite } from "../../scripts/model/tflite/writer.js";
import type { TensorDescription } from "../../scripts/model/tflite/writer-model.js";
import { freePort } from "../../scripts/simulate/brokers/free-port.js";
import { smallConvNet, wideDense } from "../support/small-models.js";
import { RefusingBroker } from "./refusing-broker.js";
import { built, sertao } from "./sertao-command.js";

const floats = (name: string): TensorDescription => ({ name, shape: [1, 4], type: "float32" });
const int8 = (name: string): TensorDescription => ({
  name,
  shape: [1, 4],
  type: "int8",
  quantization: { scale: [0.1], zeroPoint: [0] },
});

/** One element-wise operator. */
function oneOperator(operator: "RELU" | "DEQUANTIZE", tensor: typeof floats): Uint8Array {
  const operators = [{ operator, inputs: [0], outputs: [1] }];
  return writeTflite({ tensors: [tensor("in"), tensor("out")], inputs: [0], outputs: [1], operators });
}

function damaged(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[copy.length >> 1]! ^= 0x10;
  return copy;
}

/** Another number of an operator in it, and checksums that fit. */
function forged(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const view = new DataView(copy.buffer);
  view.setInt32(view.getUint32(PackHeader.OPERATORS, true) + 8, -5, true);
  seal(copy, 1);
  return copy;
}

const net = smallConvNet();
const { pack } = compileModel(net, { rounding: "tflm" });
/** Files of the user's folder. */
const FILES: Record<string, string | Uint8Array> = {
  "float.tflite": oneOperator("RELU", floats),
  "foreign.tflite": oneOperator("DEQUANTIZE", int8),
  "cut.tflite": net.subarray(0, net.length >> 1),
  "net.tflite": net,
  "net.smod": pack,
  "native.smod": compileModel(net, { rounding: "tflm", backend: "espruino" }).pack,
  "damaged.smod": damaged(pack),
  "forged.smod": forged(pack),
  "one.bin": new Uint8Array(192),
  "text.tflite": "no model",
  "odd.bin": new Uint8Array(7),
  "record.bin": new Uint8Array(192),
  "wide.tflite": wideDense(192, 900),
  "broken.sqlite": "no store, but longer than the header of one would be ".repeat(4),
  "app/sertao.json": "{",
};

const CASES: [code: string, command: string][] = [
  ["FILE_MISSING", "model inspect none.tflite"],
  ["FILE_MISSING", "simulate occupancy --replay none.csv"],
  ["FILE_UNREADABLE", "model compile net.tflite -o none/out.smod"],
  ["MODEL_NOT_INT8", "model compile float.tflite -o out.smod"],
  ["MODEL_OPERATOR_UNSUPPORTED", "model compile foreign.tflite -o out.smod"],
  ["MODEL_CORRUPT", "model compile cut.tflite -o out.smod"],
  ["MODEL_NOT_TFLITE", "model inspect text.tflite"],
  ["MODEL_PACK_REFUSED", "model run damaged.smod --input odd.bin --output out.bin"],
  ["MODEL_BACKEND", "model compile net.tflite -o out.smod --backend tensorflow"],
  ["BACKEND_MISSING", "model compile net.tflite -o out.smod --backend tensorflow --board esp32"],
  ["PACK_FOR_BACKEND", "model run native.smod --input one.bin --output out.bin"],
  ["ENGINE_UNKNOWN", "model run net.smod --input one.bin --output out.bin --backend gpu"],
  ["ENGINE_FAILED", "model run forged.smod --input one.bin --output out.bin"],
  ["ENGINE_FAILED", "model run forged.smod --input one.bin --output out.bin --engine quickjs"],
  ["MODEL_INPUT_SIZE", "model run net.smod --input odd.bin --output out.bin"],
  ["MODEL_INPUT_SIZE", "model diff net.tflite net.tflite --input odd.bin"],
  ["MODEL_STRUCTURES_DIFFER", "model diff net.tflite wide.tflite --input record.bin"],
  ["MODEL_RECORD_MISSING", "model dump net.tflite --input record.bin -o dump --record 1"],
  ["MODEL_DUMP_NEEDS_TFLITE", "model dump net.smod --input record.bin -o dump"],
  ["MODEL_DOES_NOT_FIT", "model compile wide.tflite -o out.smod --board esp8266-4mb"],
  ["FILE_UNREADABLE", "model dump net.tflite --input record.bin -o odd.bin/dump"],
  ["ENGINE_UNKNOWN", "model diff net.tflite net.tflite --input record.bin --engine-b v8"],
  ["BOARD_UNKNOWN", "build occupancy --board esp31"],
  ["APP_UNKNOWN", "simulate nothing"],
  ["APP_MANIFEST_INVALID", "build app --board esp32"],
  ["INIT_FOLDER_TAKEN", "init app"],
  ["INIT_SENSOR_UNKNOWN", "init new --sensors thermometer"],
  ["INIT_SENSORS_CLASH", "init new --sensors sht4x,bme280"],
  ["INIT_NO_PLACE", "init new --board linux-field"],
  ["INIT_NAME", "init new --name Nova"],
  ["BOARD_UNKNOWN", "init new --board esp31"],
  ["LINK_UNKNOWN", "simulate occupancy --link wet"],
  ["STORE_MISSING", "fleet results"],
  ["STORE_CORRUPT", "fleet results --store broken.sqlite"],
  ["BROKER_ADDRESS", "simulate occupancy --broker 127.0.0.1 --no-collect"],
  ["BROKER_UNREACHABLE", "fleet serve --broker CLOSED"],
  ["BROKER_REFUSED_LOGIN", "fleet serve --broker LOGINS"],
  ["BROKER_REFUSED_TOPICS", "fleet serve --broker SUBSCRIPTIONS"],
  ["PASSWORD_MISSING", "fleet password dev1"],
  ["USAGE", "simulate occupancy --days soon"],
  ["USAGE", "simulate occupancy --no-collect"],
];

let folder: string;
let places: Record<string, string>;
const brokers: RefusingBroker[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sertao-errors-"));
  mkdirSync(join(folder, "app"));
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(folder, name), content);
  brokers.push(await RefusingBroker.start("logins"), await RefusingBroker.start("subscriptions"));
  const [logins, subscriptions] = brokers.map((broker) => broker.url);
  places = { CLOSED: `mqtt://127.0.0.1:${await freePort()}`, LOGINS: logins!, SUBSCRIPTIONS: subscriptions! };
});
afterAll(() => {
  for (const broker of brokers) broker.stop();
  rmSync(folder, { recursive: true });
});

describe.skipIf(!built).concurrent("errors of the command line (needs dist, npm run build)", () => {
  it.each(CASES)("%s: sertao %s", async (code, command) => {
    const args = command.split(" ").map((word) => places[word] ?? word);
    const { status, stderr } = await sertao(folder, args);
    // One line: what is wrong, and what to do.
    expect(stderr).toMatch(/^sertao: [A-Z0-9_]+: [^\n]+[.)] [^\n]+\.\n$/);
    expect(stderr.split(": ")[1]).toBe(code);
    expect(stderr).not.toMatch(/undefined|\[object|\bat file:|node:internal|Error:/);
    expect([1, 2]).toContain(status);
  });
});
