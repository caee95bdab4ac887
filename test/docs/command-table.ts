import { findCommand } from "../../scripts/engine/find-command.js";

/** Commands of the documents that the test does not run. Their npm scripts must exist. */
export const notRun: Readonly<Record<string, string>> = {
  "npm ci && npm start": "installs every package anew",
  "npm ci && npm test": "installs every package anew, and would start this test inside itself",
  "npm run seeds": "simulates twenty devices and more; test/scripts/simulate runs single seeds",
  "npm run soak": "takes minutes; test/scripts/simulate/soak.test.ts runs small ones",
  "npm run soak -- --results 10000 --devices 10 --broker aedes --seed 7": "compiles dist/, which other tests are using",
  "npm run soak -- --results 20000 --devices 20 --kill collector": "compiles dist/, which other tests are using",
  "npm run powercut -- outbox/field --cut 290 --form scatter/0": "compiles dist/, which other tests are using",
  "npx --no-install sertao simulate orchard-frost --engine espruino --days 0.5":
    "keeps real pace for minutes; test/scripts/simulate/real-espruino.test.ts runs it",
  "npx --no-install sertao simulate APP --broker mqtt://127.0.0.1:1883 --speed 60 --days 0.1":
    "keeps real pace for minutes; test/e2e/kill.test.ts runs it",
  "npx --no-install sertao simulate APP --broker mqtt://127.0.0.1:1883 --speed 60 --days 0.1 --no-collect":
    "keeps real pace for minutes; test/e2e/kill.test.ts runs it",
};

/** Documents whose commands have a test of their own, which runs them all. */
export const ownTest: Readonly<Record<string, string>> = {
  "docs/getting-started.md": "test/docs/getting-started.test.ts",
};

/** What stands in the documents for something of the reader's own. */
export const placeholders: readonly (readonly [pattern: RegExp, text: string])[] = [
  [/\bAPP\b/g, "orchard-frost"],
  [/\bFILE\.csv\b/g, "orchard.csv"],
  // The device that the simulation of the test's store has.
  [/(fleet tag \S+) dev1\b/g, "$1 d1"],
  [/mqtt:\/\/collector:PASSWORD@host:1883/g, "mqtt://collector:not-a-secret@$BROKER"],
];

/** How a command is run other than written. */
export interface Adaptation {
  readonly command: RegExp;
  /** Options that make it short, or keep it within the test's folder and on a free port. */
  readonly append?: string;
  /** It runs until it is told to stop; this is what it prints once it is up. */
  readonly serves?: RegExp;
  /** Commands that not every machine has. */
  readonly needs?: readonly string[];
  /** Variable with the pseudo-terminal that stands in for the reader's port. */
  readonly port?: "ROM_PORT" | "ESPRUINO_PORT";
}

/** Runs on the real engine, behind a pseudo-terminal. */
const ON_ESPRUINO = { needs: ["socat", "espruino-field"], port: "ESPRUINO_PORT" } as const;

const adaptations: readonly Adaptation[] = [
  { command: /sertao model .* espruino/, needs: ["espruino"] },
  { command: /sertao (flash|upload .*--image)/, needs: ["socat"], port: "ROM_PORT" },
  { command: /sertao upload .*--watch/, append: "--board linux-field", serves: /Ctrl-C ends/, ...ON_ESPRUINO },
  { command: /sertao upload/, append: "--board linux-field", ...ON_ESPRUINO },
  { command: /sertao doctor/, append: "--board linux-field --no-login", ...ON_ESPRUINO },
  { command: /sertao monitor/, serves: /is open/, ...ON_ESPRUINO },
  { command: /fleet serve --broker/, serves: /broker connected/ },
  { command: /fleet serve --cert/, append: "--listen 127.0.0.1:0", serves: /MQTT with TLS on /, needs: ["openssl"] },
  { command: /fleet serve/, append: "--listen 127.0.0.1:0", serves: /MQTT on / },
  { command: /simulate orchard-frost --link rural/, append: "--days 0.1" },
  { command: /simulate .*--replay/, append: "--days 0.05 --link perfect" },
  { command: /ota (keygen|sign|revoke)/, append: "--passphrase-env PASSWORD" },
  { command: /train orchard-frost/, append: "--epochs 1 --out trained" },
  { command: /(quantize|evaluate) orchard-frost/, append: "--out trained" },
  { command: /train occupancy/, append: "--epochs 1 --out occupied" },
  { command: /(quantize|evaluate) occupancy/, append: "--out occupied" },
];

/** How a command of the documents is run. */
export function adaptationOf(command: string): Adaptation | undefined {
  return adaptations.find((adaptation) => adaptation.command.test(command));
}

/** False where the machine lacks what the command needs. */
export function canRun(command: string): boolean {
  return (adaptationOf(command)?.needs ?? []).every((name) => findCommand(name) !== undefined);
}

/** The line for the shell: placeholders and port filled in, options appended before a comment or a redirection. */
export function lineFor(command: string): string {
  const { append, port } = adaptationOf(command) ?? {};
  const filled = placeholders
    .reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), command)
    .replace("/dev/ttyUSB0", port === undefined ? "/dev/ttyUSB0" : `$${port}`);
  const [, head, tail] = /^(.*?)(\s+[#>|].*)?$/.exec(filled)!;
  return append === undefined ? filled : `${head} ${append}${tail ?? ""}`;
}
