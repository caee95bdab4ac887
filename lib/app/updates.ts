import { ErrorCode } from "../core/error-code.js";
import type { Platform } from "../hal/platform.js";
import type { MqttClient } from "../mqtt/client.js";
import type { OpResolver } from "../nn/op-resolver.js";
import type { Settings } from "../settings/settings.js";
import { AGENT_FILE, AGENT_LINK_VERSION, Hook, type AgentHooks, type AgentScript } from "../update/agent-link.js";
import { UpdateKind, type Manifest } from "../update/manifest.js";
import { OfferAt, readOffer, UPDATE_PROTOCOL, type Offer } from "../update/offer.js";
import { isRefused } from "../update/refused-updates.js";
import type { Slots } from "../update/slots.js";
import { StateQueue } from "../update/state-queue.js";
import type { Trial } from "../update/trial.js";
import { encodeNumbers, UpdateState } from "../update/update-state.js";
import { topicPath, UPDATE_BLOCK, UPDATE_OFFER, UPDATE_REQUEST, UPDATE_STATE, type Topic } from "../uplink/topics.js";

/** Topic, head and the longest block: what MQTT receives at once while an update is fetched. */
const BLOCK_PACKET_BYTES = UPDATE_BLOCK.maxBytes + 64;
/** `update/state` is on its way before the device restarts. */
const RESTART_MS = 30000;

/** What `Updates` needs to know of the application. */
export interface UpdatesOptions {
  readonly application: string;
  readonly board: string;
  readonly device: string;
  readonly runtime: string;
  readonly operators: OpResolver;
  /** Longest packet while no update is fetched. */
  readonly maxReceiveBytes: number;
  readonly noteError: (code: ErrorCode) => void;
}

/**
 * Hears of updates. Only what is cheap is here: an offer is looked at, and where the device wants it, the agent is
 * evaluated from its file, which does the rest and is dropped again.
 */
export class Updates {
  private _agent: AgentHooks | undefined;
  private _offer: Offer | undefined;
  private readonly _states: StateQueue;

  constructor(
    private readonly _platform: Platform,
    private readonly _settings: Settings,
    private readonly _slots: Slots,
    private readonly _mqtt: MqttClient,
    private readonly _options: UpdatesOptions,
  ) {
    this._states = new StateQueue(_settings, (message) => this._publish(UPDATE_STATE, message));
    _mqtt.subscribe(this._topic(UPDATE_OFFER), 1, (_topic, bytes, start, end) => {
      const offer = readOffer(bytes, start, end);
      if (offer || start === end) this._onOffer(offer);
      else _options.noteError(ErrorCode.MESSAGE_INVALID);
    });
    _mqtt.subscribe(this._topic(UPDATE_BLOCK), 0, (_topic, bytes, start, end) => this._heard(bytes, start, end));
  }

  /** True while an update is fetched or verified. */
  isBusy(): boolean {
    return this._agent !== undefined;
  }

  /** @param trial before it knows of the connection */
  onConnected(trial: Trial): void {
    if (trial.isNews()) this.report(this._slots.trialSequence(), UpdateState.TRIAL, ErrorCode.OK, 0, 0);
    else this._states.send();
    if (this._agent) this._agent[Hook.CONNECTED]();
  }

  /** The connection has ended, perhaps in the middle of a block. */
  onClosed(): void {
    this._mqtt.takeCutShort((bytes, start, end) => this._heard(bytes, start, end));
  }

  onPublished(token: number): void {
    this._states.onPublished(token);
    this.look();
  }

  /** Tells the fleet what has become of an update. FETCHING is told now or never, the rest until the broker has it. */
  report(sequence: number, state: UpdateState, reason: ErrorCode, done: number, total: number): void {
    const message = encodeNumbers([UPDATE_PROTOCOL, sequence, state, reason, done, total]);
    if (state > UpdateState.FETCHING) this._states.add(message);
    else this._publish(UPDATE_STATE, message);
  }

  /** Tells what was decided about an update, if anything was, and looks again at an offer that came meanwhile. */
  look(): void {
    const decision = this._slots.report();
    if (!decision) return;
    const { companion, reason } = decision;
    const state = reason ? UpdateState.ROLLED_BACK : UpdateState.CONFIRMED;
    this.report(decision.sequence, state, reason, 0, 0);
    if (companion) this.report(companion, state, reason, 0, 0);
    this._slots.reported();
    this._onOffer(this._offer);
  }

  private _heard(bytes: Uint8Array, start: number, end: number): void {
    if (this._agent) this._agent[Hook.HEARD](bytes, start, end);
  }

  private _onOffer(offer: Offer | undefined): void {
    const slots = this._slots;
    const accepted = slots.accepted();
    if (this._agent && this._offer && offer && this._offer[OfferAt.SEQUENCE] === offer[OfferAt.SEQUENCE]) return;
    this._close(false);
    this._offer = offer;
    if (!offer || isRefused(this._settings, offer)) return;
    // The last one that was accepted is the one that runs, unless it waits for its companion. The agent judges the rest.
    if (offer[OfferAt.SEQUENCE] !== accepted || slots.waiting(offer[OfferAt.KIND] & 1)) this._evaluate(offer, accepted);
  }

  private _evaluate(offer: Offer, accepted: number): void {
    const { application, board, device, operators, runtime } = this._options;
    const platform = this._platform;
    const settings = this._settings;
    const slots = this._slots;
    const freeBytes = platform.freeMemory();
    const codes = new Uint8Array(operators.length);
    for (let i = 0; i < codes.length; i++) codes[i] = operators[i]!.code;
    const script = platform.evaluate(AGENT_FILE) as AgentScript | undefined;
    if (!script) return;
    this._mqtt.receiveUpTo(BLOCK_PACKET_BYTES);
    this._agent = script([
      AGENT_LINK_VERSION,
      offer,
      (key) => settings.get(key),
      (key, value) => settings.set(key, value),
      (which) => slots.spareFile(which),
      (which) => slots.waiting(which),
      (which) => slots.withdraw(which),
      (manifest: Manifest) => slots.stage(manifest),
      (sequence) => slots.accept(sequence),
      (items) => this._publish(UPDATE_REQUEST, encodeNumbers(items)),
      (sequence, state, reason, done, total) => this.report(sequence, state, reason, done, total),
      (restart) => this._close(restart),
      application,
      board,
      device,
      runtime,
      accepted,
      freeBytes,
      codes,
      slots.activeFile(UpdateKind.MODEL),
    ]);
  }

  /** The agent goes, and the memory for its blocks with the next packet. */
  private _close(restart: boolean): void {
    if (this._agent) this._agent[Hook.STOP]();
    this._agent = undefined;
    this._mqtt.receiveUpTo(this._options.maxReceiveBytes);
    if (restart) this._platform.clock.after(RESTART_MS, () => this._platform.power.restart());
  }

  private _publish(topic: Topic, message: Uint8Array): number {
    // What must arrive is QoS 1, and nothing of it is retained.
    return this._mqtt.publish(this._topic(topic), message, message.length, topic === UPDATE_STATE ? 1 : 0, false);
  }

  private _topic(topic: Topic): string {
    return topicPath(this._options.device, topic);
  }
}
