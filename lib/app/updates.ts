import { CborReader } from "../core/cbor-reader.js";
import type { Platform } from "../hal/platform.js";
import type { MqttClient } from "../mqtt/client.js";
import type { Settings } from "../settings/settings.js";
import { KEEPER_FILE, KEEPER_LINK_VERSION, Told, type KeeperScript, type TellKeeper } from "../update/keeper-link.js";
import { Fact, type SlotFacts } from "../update/slot-facts.js";
import { TopicName, topicPath } from "../uplink/topics.js";
import type { Uplink } from "../uplink/uplink.js";
import type { ConnectionSchedule } from "./connection-schedule.js";
import type { AppDefinition } from "./define-app.js";
import type { Provisioning } from "./provisioning.js";

/**
 * What an application has of updates all the time: it knows which files to use, and hears of offers. For all else it
 * evaluates the keeper of the slots (slot-keeper.ts), where there is anything to do with them, and drops it again.
 */
export class Updates {
  /** Undefined on a board without slots, and once the application has started. */
  facts: SlotFacts | undefined;
  private _tell: TellKeeper | undefined;
  /** The sequence whose offer needs no look. */
  private _accepted!: number;
  private _mqtt!: MqttClient;
  private _uplink!: Uplink;
  private _schedule!: ConnectionSchedule;

  constructor(
    private readonly _platform: Platform,
    private readonly _app: AppDefinition,
    private readonly _provisioning: Provisioning,
    private readonly _settings: Settings,
  ) {}

  /** Takes over from the supervisor, and watches the trial where one is open. */
  begin(): void {
    const facts = (this.facts = this._platform.handedOn() as SlotFacts | undefined);
    if (!facts) {
      // The first boot: there were no settings for the supervisor to look into.
      this._evaluate();
      this.facts = this.tell(Told.FACTS) as SlotFacts | undefined;
    } else if (facts[Fact.IS_NEWS] || this._provisioning.updateSequence > facts[Fact.ACCEPTED]) this._evaluate();
  }

  /** Hears of offers from now on. */
  listen(mqtt: MqttClient, uplink: Uplink, schedule: ConnectionSchedule): void {
    this._mqtt = mqtt;
    this._uplink = uplink;
    this._schedule = schedule;
    if (!this.facts) return;
    this._accepted = this.facts[Fact.ACCEPTED];
    const device = this._provisioning.device;
    mqtt.subscribe(topicPath(device, TopicName.UPDATE_OFFER), 1, (_topic, bytes, start, end) => {
      const reader = new CborReader(bytes, start, end);
      reader.array();
      reader.unsigned();
      reader.unsigned();
      const sequence = reader.unsigned();
      // Another look at what it has already would end the same way.
      if (!this._tell && (!sequence || sequence !== this._accepted)) this._evaluate();
      this.tell(Told.OFFER, bytes, start, end);
    });
    mqtt.subscribe(topicPath(device, TopicName.UPDATE_BLOCK), 0, (_topic, bytes, start, end) =>
      this.tell(Told.BLOCK, bytes, start, end),
    );
  }

  /** Tells the keeper, where it is there. */
  tell(what: Told, a?: unknown, b?: unknown, c?: unknown): unknown {
    return this._tell && this._tell(what, a, b, c);
  }

  /** The connection has ended. */
  closed(waiting: number, hasNetwork: boolean): void {
    this.tell(Told.CLOSED, waiting, hasNetwork);
  }

  private _evaluate(): void {
    const app = this._app;
    const settings = this._settings;
    const script = this._platform.evaluate(KEEPER_FILE) as KeeperScript | undefined;
    if (!script) return;
    this._tell = script([
      KEEPER_LINK_VERSION,
      (key) => settings.get(key),
      (key, value) => settings.set(key, value),
      (topic, message, qos) => this._mqtt.publish(topic, message, message.length, qos, false),
      (bytes, onPart) => this._mqtt.receiveUpTo(bytes, onPart),
      (code) => this._uplink.noteError(code),
      () => this._schedule.isOpen() && !this._mqtt.connected(),
      (accepted) => {
        this._tell = undefined;
        this._accepted = accepted;
      },
      app.name,
      app.board,
      this._provisioning.device,
      app.runtime,
      app.operators.map((operator) => operator.code),
      this._provisioning.updateSequence,
      (this.facts && this.facts[Fact.ON_TRIAL]) as boolean,
    ]);
  }
}
