/**
 * Who may import whom (ARCHITECTURE.md):
 * core ← hal ← {crypto, flash} ← settings ← {nn, dsp, sensing, outbox, mqtt, update} ← uplink ← app ← firmware/apps
 */
const LAYERS = [
  ["core"],
  ["hal"],
  ["crypto", "flash"],
  ["settings"],
  ["nn", "dsp", "sensing", "outbox", "mqtt", "update"],
  ["uplink"],
  ["app"],
];

/** A folder may import itself and the layers below: not its siblings, not what stands above. */
const layerRules = LAYERS.flatMap((layer, level) =>
  layer.map((folder) => {
    const allowed = [folder, ...LAYERS.slice(0, level).flat()];
    return {
      name: `lib-${folder}-imports-down-only`,
      severity: "error",
      from: { path: `^lib/${folder}/` },
      to: { path: "^lib/", pathNot: `^lib/(${allowed.join("|")})/` },
    };
  }),
);

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: "lib-is-portable",
      comment: "lib knows no engine, no board, no Node and no package.",
      severity: "error",
      from: { path: "^lib/" },
      to: { pathNot: "^lib/" },
    },
    {
      name: "ports-and-drivers-implement-hal",
      severity: "error",
      from: { path: "^firmware/(platform|drivers)/" },
      to: { path: "\\.ts$", pathNot: "^(lib/(core|hal|sensing)/|firmware/(platform|drivers)/)" },
    },
    {
      name: "drivers-know-no-port",
      severity: "error",
      from: { path: "^firmware/drivers/" },
      to: { path: "^firmware/platform/" },
    },
    {
      name: "applications-know-no-port",
      comment: "An application asks for sertao:platform, and the build chooses.",
      severity: "error",
      from: { path: "^firmware/apps/" },
      to: { pathNot: "^(lib|firmware/drivers|firmware/apps)/", path: "\\.ts$" },
    },
    {
      name: "applications-are-separate",
      severity: "error",
      from: { path: "^firmware/apps/([^/]+)/" },
      to: { path: "^firmware/apps/", pathNot: "^firmware/apps/$1/" },
    },
    {
      name: "boards-are-data",
      severity: "error",
      from: { path: "^boards/" },
      to: { pathNot: "^boards/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "only-simulator-and-bundler-touch-firmware",
      severity: "error",
      from: { path: "^scripts/", pathNot: "^scripts/(simulate|bundle)/" },
      to: { path: "^firmware/" },
    },
    {
      name: "nothing-imports-test",
      severity: "error",
      from: { pathNot: "^(test|bench)/" },
      to: { path: "^test/" },
    },
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "imports-resolve",
      severity: "error",
      from: { pathNot: "^firmware/platform/" },
      to: { couldNotResolve: true, pathNot: "^sertao:" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|build|coverage)/|^test/fixtures/|^node_modules/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.device.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".mjs", ".js", ".json", ".d.ts"],
      conditionNames: ["import", "node", "default"],
      exportsFields: ["exports"],
    },
    builtInModules: {
      add: ["sertao:platform", "sertao:buses", "sertao:memory", "sertao:sleep", "sertao:operators", "sertao:build"],
    },
  },
};
