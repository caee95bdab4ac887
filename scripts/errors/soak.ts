import { errorKind } from "./sertao-error.js";

export const brokerCommandMissing = errorKind(
  "BROKER_COMMAND_MISSING",
  "A broker that was asked for by name is not installed.",
  (command: string) => `The command ${command} is not on PATH.`,
  "Install it, name it with SERTAO_MOSQUITTO=/path/to/mosquitto, or take --broker aedes.",
);

export const brokerNotStarted = errorKind(
  "BROKER_NOT_STARTED",
  "A broker's command ended, or did not listen in time.",
  (name: string, output: string) => `${name} did not start: ${output.replace(/\s+/g, " ").trim()}.`,
  "Start it by hand with the configuration that it complains of.",
);

export const collectorEnded = errorKind(
  "COLLECTOR_ENDED",
  "The collector that a soak started ended before it served.",
  (output: string) => `sertao fleet serve ended: ${output.replace(/\s+/g, " ").trim()}.`,
  "Build first (npm run build), and see what it says of its store or port.",
);

export const soakOption = errorKind(
  "SOAK_OPTION",
  "An option of npm run soak has a value that it does not take, or does not go with another.",
  (problem: string) => problem,
  "Run npm run soak -- --help.",
  2,
);
