import type { GuestPart } from "./guest.js";

/** Console, `process`, `ESP32`, `require`, and the two hooks of the simulator. */
export const systemPart: GuestPart = (root, host, kit, board) => {
  const show = (value: unknown): string =>
    typeof value === "object" && value !== null ? (JSON.stringify(value) ?? String(value)) : String(value);
  const print = (...values: unknown[]): void => host.print(values.map(show).join(" "));

  root["global"] = root;
  root["print"] = print;
  root["console"] = { log: print, error: print, warn: print, info: print, debug: print };
  root["require"] = (name: string) => {
    const module = kit.modules[name];
    if (module === undefined || !board.modules.includes(name)) throw new Error(`Module "${name}" not found`);
    return module;
  };
  root["process"] = kit.emitter({
    version: board.version,
    env: {
      VERSION: board.version,
      BOARD: board.name,
      FLASH: board.flashBytes,
      STORAGE: board.storageBytes,
      SERIAL: board.serial,
      CONSOLE: "Serial1",
      MODULES: board.modules.join(","),
    },
    memory: () => {
      const usage = host.memoryUsage();
      const total = host.memoryTotal();
      return { free: total - usage, usage, total, history: 0, gc: 0, gctime: 0, blocksize: board.blockBytes };
    },
  });
  if (board.isEsp32) {
    root["ESP32"] = {
      deepSleep: (microseconds: number) => host.deepSleep(microseconds),
      getWakeupCause: () => host.wakeupCause(),
      getState: () => ({ sdkVersion: "simulated", freeHeap: 40000, BLE: false, Wifi: true, minHeap: 40000 }),
      reboot: () => host.reboot(),
    };
  }
  root["sertaoReading"] = (channel: unknown) => host.reading(String(channel));
  root["sertaoObserve"] = (name: unknown, value: unknown) => host.observe(String(name), Number(value));
};
