// Espruino's buses, as far as this port uses them. A file of their own: the minifier leaves alone every name that a
// declaration holds, and a bundle without buses should not pay for these.

interface EspruinoI2cController {
  setup(options: { sda: string; scl: string; bitrate: number }): void;
  writeTo(address: number, bytes: Uint8Array): void;
  readFrom(address: number, quantity: number): Uint8Array | undefined;
}

interface EspruinoSpiController {
  setup(options: { mosi: string; miso: string; sck: string; baud: number; mode: number }): void;
  send(bytes: Uint8Array, select: string): Uint8Array | undefined;
}

interface EspruinoSerialLine {
  setup(bitsPerSecond: number, options: { tx: string; rx: string }): void;
  write(bytes: Uint8Array): void;
  on(event: "data", listener: (text: string) => void): void;
  removeAllListeners(event: "data"): void;
}

interface EspruinoOneWireLine {
  reset(): boolean;
  write(bytes: ArrayLike<number>, power: boolean): void;
  read(count: number): Uint8Array;
}

declare const OneWire: { new (pin: string): EspruinoOneWireLine };

declare function analogRead(pin: string): number;
declare function digitalWrite(pin: string, isHigh: boolean): void;
declare function pinMode(pin: string, mode: "input_pullup"): void;
declare function setWatch(
  run: () => void,
  pin: string,
  options: { repeat: boolean; edge: "falling"; debounce: number },
): number | undefined;
declare function clearWatch(watch: number): void;
