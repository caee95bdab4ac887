import type { GuestPart } from "./guest.js";

/** Events, the guard around everything the loop runs, and byte strings. First of the parts: the others use its kit. */
export const eventsPart: GuestPart = (_root, host, kit) => {
  type Listener = (...values: unknown[]) => void;
  const lists = new WeakMap<object, Record<string, Listener[]>>();
  let failing = false;

  kit.modules = {};
  kit.entries = {};
  kit.heard = (target, event) => (lists.get(target)?.[event]?.length ?? 0) > 0;
  kit.emitter = (target) => {
    const listeners: Record<string, Listener[]> = {};
    lists.set(target, listeners);
    const methods = {
      on: (event: string, listener: Listener) => {
        (listeners[event] ??= []).push(listener);
      },
      emit: (event: string, ...values: unknown[]) => {
        for (const listener of [...(listeners[event] ?? [])]) kit.guard(() => listener.apply(target, values));
      },
      removeListener: (event: string, listener: Listener) => {
        listeners[event] = (listeners[event] ?? []).filter((other) => other !== listener);
      },
      removeAllListeners: (event?: string) => {
        for (const name of event === undefined ? Object.keys(listeners) : [event]) delete listeners[name];
      },
    };
    for (const [name, value] of Object.entries(methods)) Object.defineProperty(target, name, { value, writable: true });
    return target as typeof target & typeof methods;
  };
  kit.guard = (run) => {
    try {
      run();
    } catch (error) {
      const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      const heard = kit.heard(_root["process"] as object, "uncaughtException") && !failing;
      host.crashed(text);
      if (heard) {
        failing = true;
        (_root["process"] as { emit(event: string, error: unknown): void }).emit("uncaughtException", error);
        failing = false;
      } else {
        host.print(`Uncaught ${text}`);
        const stack = error instanceof Error ? (error.stack ?? "").trimEnd() : "";
        if (stack !== "") host.print(stack);
      }
    }
  };
  // QuickJS collects cycles when its heap has grown by half: garbage of our own makes it do so now.
  kit.entries["collect"] = () => {
    const witness = ((): WeakRef<object> => {
      const cycle: Record<string, object> = {};
      cycle["self"] = cycle;
      return new WeakRef(cycle);
    })();
    for (let i = 0; i < 200_000 && witness.deref() !== undefined; i++) {
      const cycle: Record<string, object> = {};
      cycle["self"] = cycle;
    }
  };
  kit.bytesOf = (data) => {
    if (data instanceof ArrayBuffer) return new Uint8Array(data.slice(0));
    if (data instanceof Uint8Array) return new Uint8Array(data);
    if (typeof data === "object" && data !== null && "length" in data) {
      return Uint8Array.from(data as ArrayLike<number>, (value) => value & 255);
    }
    const text = String(data);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i) & 255;
    return bytes;
  };
  kit.textOf = (bytes) => {
    let text = "";
    for (let at = 0; at < bytes.length; at += 4096) {
      text += String.fromCharCode(...bytes.subarray(at, at + 4096));
    }
    return text;
  };
};
