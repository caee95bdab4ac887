import { crc32 } from "node:zlib";
import type { GuestHost } from "../guest/guest.js";
import type { QuickJsEngine } from "../quickjs/engine.js";
import { aes, digest } from "./ciphers.js";
import type { BusCalls } from "./bus-calls.js";
import { FirmwareTensorflow } from "./firmware-tensorflow.js";
import type { AddressedFlash } from "./flash-address.js";
import type { DeviceNetwork } from "./network.js";
import type { DeviceStorage } from "./storage.js";

/** What one boot of a device gives to the code in its engine, apart from its files, flash and network. */
export type BootCalls = Pick<
  GuestHost,
  | "time"
  | "wake"
  | "print"
  | "crashed"
  | "observe"
  | "reading"
  | "watchdog"
  | "kick"
  | "reboot"
  | "deepSleep"
  | "wakeupCause"
  | "radio"
>;

export interface BootParts {
  readonly calls: BootCalls;
  readonly buses: BusCalls;
  readonly storage: DeviceStorage;
  readonly flash: AddressedFlash;
  readonly network: DeviceNetwork;
  readonly totalJsVars: number;
  linkUp(): boolean;
  engine(): QuickJsEngine | undefined;
  /** Runs flash work; where the power goes meanwhile, the device dies of it. */
  flashWork<T>(work: () => T): T;
}

/** The functions of one boot, as the guest calls them. */
export function hostCalls(parts: BootParts): GuestHost {
  const { storage, flash, network, flashWork } = parts;
  const tensorflow = new FirmwareTensorflow();
  return {
    ...parts.calls,
    ...parts.buses,
    memoryTotal: () => parts.totalJsVars,
    memoryUsage: () => parts.engine()?.measure() ?? 0,
    fileRead: (name) => flashWork(() => storage.read(name)?.slice().buffer as ArrayBuffer | undefined),
    fileWrite: (name, bytes, offset, size) => flashWork(() => storage.write(name, new Uint8Array(bytes), offset, size)),
    fileErase: (name) => flashWork(() => storage.erase(name)),
    fileList: () => storage.list().join("\n"),
    fileFree: () => storage.freeBytes(),
    flashRead: (address, count) => flashWork(() => flash.read(address, count).buffer as ArrayBuffer),
    flashWrite: (address, bytes) => flashWork(() => flash.write(address, new Uint8Array(bytes))),
    flashErase: (address) => flashWork(() => flash.erase(address)),
    flashPage: (address) => flash.page(address)?.address ?? -1,
    flashPageBytes: (address) => flash.page(address)?.bytes ?? 0,
    netOpen: (host) => network.open(host),
    netWrite: (id, bytes) => network.write(id, new Uint8Array(bytes)),
    netEnd: (id) => network.end(id),
    hash: digest,
    crc32: (bytes) => crc32(new Uint8Array(bytes)),
    aes,
    wifi: parts.linkUp,
    tfliteCreate: (arenaBytes, model) => tensorflow.create(arenaBytes, new Uint8Array(model)),
    tfliteInvoke: (id, input) => tensorflow.invoke(id, input),
  };
}
