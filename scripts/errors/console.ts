import { errorKind } from "./sertao-error.js";

export const consoleSilent = errorKind(
  "CONSOLE_SILENT",
  "Nothing behind the port answers as Espruino's console does.",
  (path: string, hint: string) => `Espruino does not answer on ${path}${hint}.`,
  "Press EN (reset) and run the command again; it takes firmware 2v25 or newer (sertao flash), and --baud 115200. sertao doctor --port PORT finds out more.",
);

export const consoleLocked = errorKind(
  "CONSOLE_LOCKED",
  "Espruino's console asks for a password (E.setPassword).",
  (path: string) => `The console on ${path} is locked with a password.`,
  "Unlock it in a terminal, or write the application with --image.",
);

export const consoleFailed = errorKind(
  "CONSOLE_FAILED",
  "What was evaluated on the device threw.",
  (what: string, cause: string) => `${what} failed on the device: ${cause}.`,
  "Press EN (reset) and run the command again.",
);

export const consoleTimeout = errorKind(
  "CONSOLE_TIMEOUT",
  "The device began to answer and did not end, or took too long.",
  (what: string, seconds: number) => `${what} has taken more than ${seconds} s.`,
  "Check the cable, press EN (reset) and run the command again.",
);
