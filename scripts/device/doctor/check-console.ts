import type { Board } from "../../../boards/index.js";
import { PROVISIONING_FILE } from "../../../lib/app/provisioning.js";
import { encodeProvisioning, type Provisioning } from "../../provision/provisioning.js";
import type { EspruinoConsole } from "../console/espruino-console.js";
import { type DeviceFacts, isThere, lookAtDevice } from "../upload/device-files.js";
import { type Check, finding, note, ok } from "./check.js";

const CODE_FILE = ".bootcde";
/** Slot, or by itself. */
const PACK_FILES = ["model.a", "model.smod"];
const SUPERVISOR_FILE = ".boot0";
/** Below it an application that runs has no room for a burst. */
const LOW_MEMORY_SHARE = 0.1;
const LOW_STORAGE_SHARE = 0.05;
/** Engines count from 1970 where nobody has set their clock. */
const CALENDAR_SEC = 1e9;
const CLOCK_TOLERANCE_SEC = 120;
const WEAK_DBM = -80;

/** What the doctor knows before it looks. */
export interface Expected {
  readonly board: Board | undefined;
  /** The device's, as it is kept on this machine. */
  readonly provisioning: Provisioning | undefined;
  readonly nowSec: number;
}

/** Looks at a running device through its console. @throws SertaoError CONSOLE_…, PORT_LOST */
export async function checkConsole(device: EspruinoConsole, expected: Expected): Promise<Check[]> {
  const facts = await lookAtDevice(device, [CODE_FILE, SUPERVISOR_FILE, "app.a", ...PACK_FILES, PROVISIONING_FILE]);
  return [
    ok("boot mode", "Espruino runs, and its console answers."),
    ok("firmware", `Espruino ${facts.version} for ${facts.board}`),
    ...checkBoardName(facts, expected.board),
    checkMemory(facts),
    checkStorage(facts),
    ...checkFiles(facts, expected.provisioning),
    checkClock(Number(await device.evaluate("getTime()")), expected.nowSec),
    await checkWifi(device),
  ];
}

function checkBoardName({ board }: DeviceFacts, wanted: Board | undefined): Check[] {
  if (wanted === undefined) return [];
  if (wanted.firmwareBoards.includes(board)) return [ok("board", `It is what ${wanted.id} runs.`)];
  const names = wanted.firmwareBoards.join(" or ");
  return [
    finding(
      "board",
      `The firmware is for ${board}; ${wanted.id} runs ${names}.`,
      "Name the right board with --board, or flash its firmware with sertao flash.",
    ),
  ];
}

function checkMemory({ jsVars: { free, total } }: DeviceFacts): Check {
  const text = `${free} of ${total} JsVars are free`;
  if (free >= total * LOW_MEMORY_SHARE) return ok("memory", text);
  return finding(
    "memory",
    text,
    "Make the model's arena or the outbox smaller; sertao build estimates what is needed.",
  );
}

function checkStorage({ storage: { totalBytes, freeBytes, trashBytes } }: DeviceFacts): Check {
  const text = `${freeBytes} of ${totalBytes} bytes are free, and ${trashBytes} come back when Storage makes room`;
  if (freeBytes + trashBytes >= totalBytes * LOW_STORAGE_SHARE) return ok("Storage", text);
  return finding(
    "Storage",
    text,
    'Erase files that nobody needs (require("Storage").list() in sertao monitor), or upload with --image.',
  );
}

function checkFiles({ files }: DeviceFacts, provisioning: Provisioning | undefined): Check[] {
  const checks: Check[] = [];
  const upload = "Bring it with sertao upload APP --board BOARD --port PORT.";
  const hasSlots = files.has("app.a");
  if (hasSlots !== files.has(SUPERVISOR_FILE))
    checks.push(finding("application", "Its slots and what starts them do not belong together.", upload));
  else if (!files.has(CODE_FILE)) checks.push(finding("application", "There is none.", upload));
  else checks.push(ok("application", hasSlots ? "in slots" : `${files.get(CODE_FILE)!.bytes} bytes`));
  const pack = PACK_FILES.map((name) => files.get(name)).find((file) => file !== undefined);
  if (pack === undefined) checks.push(note("model", "There is no model pack."));
  else checks.push(ok("model", files.has("model.a") ? "in slots" : `${pack.bytes} bytes`));
  if (!files.has(PROVISIONING_FILE))
    checks.push(
      finding("provisioning", "The device has none.", "Run sertao provision DEVICE --broker HOST, and upload."),
    );
  else if (provisioning === undefined) checks.push(ok("provisioning", "The device has one."));
  else {
    const isSame = isThere({ name: PROVISIONING_FILE, bytes: encodeProvisioning(provisioning) }, { files });
    const { device } = provisioning;
    checks.push(
      isSame
        ? ok("provisioning", `It is the one of ${device} that is kept here.`)
        : finding("provisioning", `It is another than the one of ${device} that is kept here.`, upload),
    );
  }
  return checks;
}

function checkClock(deviceSec: number, nowSec: number): Check {
  if (deviceSec < CALENDAR_SEC)
    return note("clock", "Not set: it counts from power-on. Results are placed by the collector.");
  const offSec = Math.round(deviceSec - nowSec);
  if (Math.abs(offSec) <= CLOCK_TOLERANCE_SEC) return ok("clock", `Set, ${offSec} s off this machine's`);
  return note("clock", `Set, and ${offSec} s off this machine's: nothing on the device runs by it`);
}

interface WifiStatus {
  readonly station?: string;
  readonly rssi?: number;
}

async function checkWifi(device: EspruinoConsole): Promise<Check> {
  // getDetails would tell the password too.
  const ask = `(function(w){try{w=require("Wifi").getStatus();return{station:w.station,rssi:w.rssi}}catch(e){return 0}})()`;
  const status = (await device.evaluateJson(ask, { what: "Asking for the Wi-Fi" })) as WifiStatus | 0;
  if (status === 0) return note("Wi-Fi", "The firmware has no Wi-Fi module.");
  if (status.station !== "connected")
    return finding(
      "Wi-Fi",
      `Not connected: ${status.station ?? "unknown"}.`,
      "Check network and password in the provisioning, and that it is a 2.4 GHz network.",
    );
  if (status.rssi === undefined) return ok("Wi-Fi", "Connected.");
  const text = `Connected, ${status.rssi} dBm`;
  if (status.rssi >= WEAK_DBM) return ok("Wi-Fi", text);
  return finding("Wi-Fi", `${text}: weak.`, "Move the board or its antenna, or bring an access point nearer.");
}
