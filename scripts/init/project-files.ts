import { join, relative, sep } from "node:path";
import type { Board } from "../../boards/board.js";
import { packageRoot, runtimeVersion } from "../bundle/package-root.js";
import { featureNames, featuresSource, mainSource, WINDOW_SAMPLES } from "./app-source.js";
import { exampleRecording, LABEL_COLUMN } from "./example-recording.js";
import type { PlacedSensor } from "./place-sensors.js";

/** The recording that a new application is trained on and simulated with. */
export const EXAMPLE_FILE = "data/example.csv";

/** What a new application is to be. */
export interface NewApplication {
  readonly name: string;
  readonly board: Board;
  readonly sensors: readonly PlacedSensor[];
}

/** The files of a new application, by their paths in its folder; all but the model, which is trained from them. */
export function projectFiles(app: NewApplication): Record<string, string> {
  const channels = app.sensors.flatMap(({ choice }) => choice.channels);
  const names = channels.map(({ name }) => name);
  return {
    "sertao.json": json({
      name: app.name,
      version: "0.1.0",
      entry: "main.ts",
      model: "model/model.tflite",
      labels: ["alert"],
      channels: names,
      parts: app.sensors.flatMap(({ choice, place }) => choice.part(place) ?? []),
    }),
    "training.json": json({
      name: app.name,
      source: { kind: "csv", label: LABEL_COLUMN },
      channels: names,
      features: {
        module: "features.ts",
        function: "features",
        windowSamples: WINDOW_SAMPLES,
        names: featureNames(names),
      },
      labels: ["alert"],
      training: { hidden: [8], epochs: 15, batchSize: 32, learningRate: 0.01 },
    }),
    "main.ts": mainSource(app.sensors),
    "features.ts": featuresSource(names),
    [EXAMPLE_FILE]: exampleRecording(channels),
    "test/app.test.mjs": testSource(app),
    "tsconfig.json": json({
      compilerOptions: {
        target: "ES5",
        lib: ["es5"],
        types: [],
        module: "ESNext",
        moduleResolution: "Bundler",
        ignoreDeprecations: "6.0",
        strict: true,
        skipLibCheck: true,
        noEmit: true,
      },
      files: ["node_modules/sertao/firmware/apps/sertao-build.d.ts", "main.ts"],
    }),
    ".gitignore": "node_modules/\nbuild/\n# Stores, keys and passwords.\n.sertao/\n",
    "README.md": readme(app),
  };
}

/** Scripts for `package.json`. */
export function packageScripts({ board }: NewApplication): Record<string, string> {
  return {
    build: `sertao build . --board ${board.id}`,
    simulate: `sertao simulate . --board ${board.id} --replay ${EXAMPLE_FILE}`,
    train: `sertao train . --csv ${EXAMPLE_FILE} && sertao quantize . --csv ${EXAMPLE_FILE}`,
    evaluate: `sertao evaluate . --csv ${EXAMPLE_FILE}`,
    test: "node --test",
  };
}

/** `package.json` of a new application: what there is already stays as it is. */
export function packageJson(app: NewApplication, folder: string, existing: Record<string, unknown>): string {
  const { name = app.name, scripts, dependencies, devDependencies, ...others } = existing;
  const isDependency = [dependencies, devDependencies].some((list) => isObject(list) && "sertao" in list);
  const kept = isObject(scripts) ? scripts : {};
  // npm init writes a test script that only fails.
  const own = Object.fromEntries(Object.entries(kept).filter(([, line]) => !/no test specified/.test(String(line))));
  return json({
    name,
    private: true,
    type: "module",
    ...others,
    scripts: { ...packageScripts(app), ...own },
    ...(dependencies !== undefined && { dependencies }),
    ...(isDependency
      ? devDependencies !== undefined && { devDependencies }
      : { devDependencies: { ...(isObject(devDependencies) ? devDependencies : {}), sertao: sourceOf(folder) } }),
  });
}

/** The package that runs here: it is known to be this one, whatever a registry has under its name. */
function sourceOf(folder: string): string {
  return `file:${relative(folder, packageRoot).split(sep).join("/")}`;
}

function testSource({ board }: NewApplication): string {
  return `import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { dirname } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const folder = dirname(dirname(fileURLToPath(import.meta.url)));

/** What a command of Sertão prints with --json. */
function sertao(...args) {
  const options = { cwd: folder, encoding: "utf8", shell: process.platform === "win32" };
  return JSON.parse(execFileSync("npx", ["--no-install", "sertao", ...args, "--json"], options));
}

test("the application fits the board", () => {
  const { report } = sertao("build", ".", "--board", "${board.id}");
  assert.ok(report.bundle.bytes > 0);
});

test("two simulated days over a bad link lose no result", () => {
  const run = sertao("simulate", ".", "--board", "${board.id}", "--replay", "${EXAMPLE_FILE}", "--days", "2");
  assert.ok(run.delivered > 0);
  assert.equal(run.lost, 0);
});
`;
}

function readme({ name, board, sensors }: NewApplication): string {
  const list = sensors.map(({ choice, place }) => `- ${placedText({ choice, place })}\n`).join("");
  return `# ${name}

An application of [Sertão](${join("node_modules", "sertao", "README.md").split(sep).join("/")}) ${runtimeVersion} for ${board.title}.

${list}
\`\`\`sh
npm run build      # bundle and model for the board, with a size report
npm run simulate   # the built bundle on a simulated device, over a bad link
npm test           # both, checked
\`\`\`

\`${EXAMPLE_FILE}\` is made up, so that everything runs. Record your own: a column \`time\`, one for each channel of
\`sertao.json\`, and \`${LABEL_COLUMN}\`, 1 where the application should say yes. Then \`npm run train\` makes the model anew, and
\`npm run evaluate\` says how good it is: judge it on another recording than it was trained on.

To a board: \`npx --no-install sertao provision ID --broker HOST\`, then
\`npx --no-install sertao upload . --board ${board.id} --port PORT\`.
`;
}

/** A sensor and where it is, in words. */
export function placedText({ choice, place }: PlacedSensor): string {
  return place === "" ? choice.title : `${choice.title}, on ${place}`;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
