import type { Radio } from "../../../lib/hal/radio.js";

/** Between attempts to join. `Wifi.connect` gives up after three of its own, and nothing in the firmware tries again. */
const RETRY_MS = 15000;

/** Wi-Fi as a station. */
class EspruinoRadio implements Radio {
  private _wanted = false;
  private _isJoined = false;
  private _joined: (() => void) | undefined;

  constructor(
    private readonly _wifi: EspruinoWifi,
    private readonly _network: string,
    private readonly _password: string,
  ) {
    _wifi.on("disconnected", () => {
      this._isJoined = false;
      this._retry();
    });
  }

  on(joined: () => void): void {
    this._wanted = true;
    this._joined = joined;
    this._join();
  }

  off(): void {
    this._wanted = this._isJoined = false;
    this._joined = undefined;
    this._wifi.disconnect();
  }

  isJoined(): boolean {
    return this._isJoined;
  }

  private _join(): void {
    if (!this._wanted) return;
    this._wifi.connect(this._network, { password: this._password }, (error) => {
      const joined = this._joined;
      this._isJoined = !error;
      if (error) this._retry();
      else if (joined) {
        this._joined = undefined;
        joined();
      }
    });
  }

  private _retry(): void {
    setTimeout(() => this._join(), RETRY_MS);
  }
}

/** The radio, for a network; undefined where the firmware has no Wi-Fi or the device was given no network. */
export function espruinoRadio(network: string, password: string): Radio | undefined {
  if (!network) return undefined;
  let wifi: EspruinoWifi | undefined;
  try {
    wifi = require("Wifi");
  } catch (_) {
    // A cable, or the simulated network of a workstation.
  }
  return wifi && new EspruinoRadio(wifi, network, password);
}
