import type { GuestPart } from "./guest.js";

/** `require("net")` as a client, and as much of `require("Wifi")` as there is to a link that comes and goes by itself. */
export const networkPart: GuestPart = (root, host, kit) => {
  interface Socket {
    connected: (() => void) | undefined;
    closed: boolean;
    emit: (event: string, ...values: unknown[]) => void;
  }
  const sockets = new Map<number, Socket>();

  kit.modules["net"] = {
    connect: (options: { host?: unknown; port?: unknown }, connected?: (socket: object) => void) => {
      const id = host.netOpen(String(options.host ?? "localhost"), Number(options.port));
      const state: Socket = { connected: undefined, closed: false, emit: () => undefined };
      const write = (data: unknown): boolean => {
        if (state.closed) throw new Error("This socket is closed");
        // A typed array becomes "1,2,3" as on Espruino: only byte strings arrive as they are.
        host.netWrite(id, kit.bytesOf(String(data)).buffer as ArrayBuffer);
        return false;
      };
      const socket = kit.emitter({
        write,
        end: (data?: unknown) => {
          if (state.closed) return;
          if (data !== undefined) write(data);
          host.netEnd(id);
        },
      });
      state.emit = socket.emit;
      if (connected !== undefined) state.connected = () => connected(socket);
      sockets.set(id, state);
      return socket;
    },
  };

  kit.entries["netConnected"] = (id: number) => {
    const connected = sockets.get(id)?.connected;
    if (connected !== undefined) kit.guard(connected);
  };
  kit.entries["netData"] = (id: number, bytes: ArrayBuffer) => {
    sockets.get(id)?.emit("data", kit.textOf(new Uint8Array(bytes)));
  };
  kit.entries["netDrain"] = (id: number) => sockets.get(id)?.emit("drain");
  kit.entries["netError"] = (id: number, code: number, message: string, isLast: boolean) => {
    const socket = sockets.get(id);
    if (socket === undefined) return;
    if (isLast) {
      socket.closed = true;
      sockets.delete(id);
    }
    socket.emit("error", { code, message });
  };
  kit.entries["netClose"] = (id: number, hadError: boolean) => {
    const socket = sockets.get(id);
    if (socket === undefined) return;
    socket.closed = true;
    sockets.delete(id);
    if (!hadError) socket.emit("end");
    socket.emit("close", hadError);
  };

  const address = { ip: "192.168.4.2", netmask: "255.255.255.0", gw: "192.168.4.1", mac: "02:00:00:00:00:02" };
  /** Scanning, joining and an address by DHCP. */
  const JOIN_MS = 1500;
  const later = root["setTimeout"] as (run: () => void, delayMs: number) => void;
  const wifi = kit.emitter({
    connect: (_network: unknown, _options: unknown, done?: (error: string | null) => void) => {
      host.radio(true);
      later(() => {
        const up = host.wifi();
        if (up) wifi.emit("connected", address);
        if (done !== undefined) kit.guard(() => done(up ? null : "nossid"));
      }, JOIN_MS);
    },
    getIP: (done?: (error: null, found: object) => void) => {
      const found = host.wifi() ? address : { ip: "0.0.0.0" };
      if (done !== undefined) kit.guard(() => done(null, found));
      return found;
    },
    getStatus: () => ({ station: host.wifi() ? "connected" : "connecting" }),
    disconnect: () => host.radio(false),
    stopAP: () => undefined,
    save: () => undefined,
    setHostname: () => undefined,
  });
  kit.modules["Wifi"] = wifi;
};
