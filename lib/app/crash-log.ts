import type { Messenger } from "../hal/messenger.js";
import type { Platform } from "../hal/platform.js";
import { SettingKey } from "../settings/keys.js";
import type { Settings } from "../settings/settings.js";
import { Format } from "../flash/flash-log.js";
import { encodeLog, LogLevel } from "../uplink/log-message.js";
import type { DeviceFacts } from "../uplink/status-message.js";
import { TopicName, topicPath } from "../uplink/topics.js";
import { Told } from "../update/keeper-link.js";
import type { Updates } from "./updates.js";

/** A device that crashes at once restarts no faster than this, so that its console can be reached. */
const PAUSE_MS = 10000;

/** Restarts the device after an exception that nothing caught, and tells of the last one until the broker has it. */
export class CrashLog {
  private _token = 0;

  /**
   * @param _settings where the crash waits
   * @param updates where it speaks against one on trial
   */
  constructor(
    platform: Platform,
    private readonly _settings: Settings,
    facts: DeviceFacts,
    updates: Pick<Updates, "tell">,
  ) {
    platform.onCrash((text) => {
      platform.log(text);
      updates.tell(Told.CRASHED);
      const uptimeSec = Math.floor(platform.clock.nowMs() / 1000);
      const line = encodeLog(
        facts.incarnation,
        facts.epoch,
        uptimeSec,
        LogLevel.ERROR,
        text,
        0,
        Format.MAX_VALUE_BYTES,
      );
      _settings.set(SettingKey.LAST_CRASH, line);
      platform.clock.after(PAUSE_MS, () => platform.power.restart());
    });
  }

  /** Tells of the crash that waits, if one does. */
  report(messenger: Messenger, device: string): void {
    const line = this._settings.get(SettingKey.LAST_CRASH);
    if (line.length && this._token <= 0)
      this._token = messenger.publish(topicPath(device, TopicName.LOG), line, line.length, 1, false);
  }

  /** The broker has the message of this token. */
  onPublished(token: number): void {
    if (token !== this._token) return;
    this._token = 0;
    this._settings.set(SettingKey.LAST_CRASH, new Uint8Array(0));
  }
}
