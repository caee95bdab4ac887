import { ErrorCode } from "../core/error-code.js";
import type { Platform } from "../hal/platform.js";
import { AGENT_FILE, Hook, type AgentHooks, type AgentScript } from "../update/agent-link.js";
import type { SlotSettings } from "../update/boot-record.js";
import { KEEPER_LINK_VERSION, LentAt, Told, type LentDevice, type TellKeeper } from "../update/keeper-link.js";
import { UpdateKind, type Manifest } from "../update/manifest.js";
import { OfferAt, readOffer, UPDATE_PROTOCOL, type Offer } from "../update/offer.js";
import { isRefused } from "../update/refused-updates.js";
import { modelTraits } from "./model-traits.js";
import { passedOver, slotFacts } from "../update/slot-facts.js";
import { ProvisioningTrial } from "../update/provisioning-trial.js";
import { Slots } from "../update/slots.js";
import { StateQueue } from "../update/state-queue.js";
import { Trial } from "../update/trial.js";
import { encodeNumbers, UpdateState } from "../update/update-state.js";
import { MAX_RECEIVE_BYTES, TopicName, topicPath, UPDATE_BLOCK } from "../uplink/topics.js";

/** Topic, head and the longest block: what MQTT receives at once while an update is fetched. */
const BLOCK_PACKET_BYTES = UPDATE_BLOCK.maxBytes + 64;
/** `update/state` is on its way before the device restarts. */
const RESTART_MS = 30000;
/** How often a trial is asked whether it has brought a connection. */
const LOOK_MS = 30000;

/**
 * Keeps the slots while there is anything to do with them: watches the trial, tells the fleet what was decided, and opens
 * the update agent for an offer that is wanted. Goes when nothing of this is left.
 */
export class SlotKeeper {
  private _agent: AgentHooks | undefined;
  private _offer: Offer | undefined;
  private _restarts = false;
  /** `update/request` for which there was no room. */
  private _unsent: Uint8Array | undefined;
  private _isConnected = false;
  private readonly _settings: SlotSettings;
  private readonly _slots: Slots;
  private readonly _trial: Trial;
  private readonly _states: StateQueue;
  private readonly _provisioning: ProvisioningTrial;

  constructor(
    private readonly _platform: Platform,
    private readonly _lent: LentDevice,
  ) {
    const settings = (this._settings = {
      get: _lent[LentAt.GET_SETTING],
      set: _lent[LentAt.SET_SETTING],
    });
    const slots = (this._slots = new Slots(settings, _platform.files));
    // At the first boot there were no settings yet for the supervisor to note it in.
    slots.install();
    slots.accept(_lent[LentAt.UPDATE_SEQUENCE]);
    const trial = (this._trial = new Trial(slots, settings));
    // What was staged since the boot is tried by the next one.
    trial.isOpen = trial.isOpen && _lent[LentAt.ON_TRIAL];
    this._provisioning = new ProvisioningTrial(slots.activeBytes(UpdateKind.CONFIG) > 0, settings, _platform.files);
    const state = topicPath(_lent[LentAt.DEVICE], TopicName.UPDATE_STATE);
    this._states = new StateQueue(settings, (message) => _lent[LentAt.PUBLISH](state, message, 1));
    this._lookOnline();
  }

  /** Takes what the application tells, and goes where there is nothing more to wait for. */
  tell(what: Told, a: unknown, b: unknown, c: unknown): unknown {
    const trial = this._trial;
    const number = a as number;
    if (what === Told.BUSY) return this._agent !== undefined;
    if (what === Told.FACTS) return slotFacts(trial, this._provisioning, "");
    if (what === Told.BLOCK) this._heard(a as Uint8Array, b as number, c as number);
    else if (what === Told.OFFER) this._takeOffer(a as Uint8Array, b as number, c as number);
    else if (what === Told.CONNECTED) {
      this._isConnected = true;
      if (this._provisioning.usesPrevious) this._lent[LentAt.NOTE_ERROR](ErrorCode.PROVISIONING_FAILED);
      this._provisioning.connected();
      if (trial.isNews()) this._report(this._slots.trialSequence(), UpdateState.TRIAL, ErrorCode.OK, 0, 0);
      else this._states.send();
      if (this._agent) this._agent[Hook.CONNECTED]();
      trial.connected(number);
    } else if (what === Told.CLOSED) {
      this._isConnected = false;
      if (this._agent) this._agent[Hook.CLOSED]();
      trial.closed(number, b as boolean);
      this._failed();
    } else if (what === Told.PUBLISHED) {
      trial.delivered(b as number);
      this._states.onPublished(number);
      // There was no room for all of it while others were on their way.
      this._states.send();
      if (this._unsent) this._request(this._unsent);
    } else if (what === Told.INFERRED) {
      trial.inferred(number, this._platform.freeMemory(), b as number);
    } else if (what === Told.CRASHED) {
      // The device restarts by itself.
      trial.crashed();
      return undefined;
    } else if (what === Told.FAILED) {
      const wasOpen = trial.isOpen;
      // It would not start the next time either.
      trial.rollBack(number);
      return wasOpen;
    }
    this._look();
    this._judge();
    return undefined;
  }

  /**
   * Tells what was decided about an update, if anything was, and looks again at an offer that came meanwhile. Goes where
   * nothing is left.
   */
  private _look(): void {
    const slots = this._slots;
    const decision = slots.report();
    if (decision) {
      if (!this._isConnected) return;
      const { companion, reason } = decision;
      const state = reason ? UpdateState.ROLLED_BACK : UpdateState.CONFIRMED;
      this._report(decision.sequence, state, reason, 0, 0);
      if (companion) this._report(companion, state, reason, 0, 0);
      slots.reported();
      this._onOffer(this._offer);
    }
    if (!(this._agent || this._trial.isOpen || this._provisioning.isOpen || this._restarts || this._states.length()))
      this._lent[LentAt.CLOSE](passedOver(slots));
  }

  /** FETCHING is told now or never, the rest until the broker has it. */
  private _report(sequence: number, state: UpdateState, reason: ErrorCode, done: number, total: number): void {
    const message = encodeNumbers([UPDATE_PROTOCOL, sequence, state, reason, done, total]);
    if (state > UpdateState.FETCHING) this._states.add(message);
    else this._lent[LentAt.PUBLISH](topicPath(this._lent[LentAt.DEVICE], TopicName.UPDATE_STATE), message, 1);
  }

  /** Without a network no attempt to connect is made, and none fails: somebody must ask. */
  private _lookOnline(): void {
    const trial = this._trial;
    if (!(trial.isOpen || this._provisioning.isOpen)) return;
    this._platform.clock.after(LOOK_MS, () => {
      if ((trial.isOpen || this._provisioning.isOpen) && this._lent[LentAt.IS_OFFLINE]()) {
        trial.offline(false);
        this._failed();
      }
      this._judge();
      this._lookOnline();
    });
  }

  /** Tries the other provisioning where this one has not connected for long. */
  private _failed(): void {
    if (!this._provisioning.failed()) return;
    this._platform.log("sertao: trying the other provisioning");
    this._platform.power.restart();
  }

  /** Runs the confirmed image in place of one that was taken back. */
  private _judge(): void {
    if (!this._trial.isLost) return;
    this._platform.log("sertao: update taken back");
    this._platform.power.restart();
  }

  private _heard(bytes: Uint8Array, start: number, end: number): void {
    if (this._agent) this._agent[Hook.HEARD](bytes, start, end);
  }

  private _takeOffer(bytes: Uint8Array, start: number, end: number): void {
    const offer = readOffer(bytes, start, end);
    if (offer || start === end) this._onOffer(offer);
    else this._lent[LentAt.NOTE_ERROR](ErrorCode.MESSAGE_INVALID);
  }

  private _onOffer(offer: Offer | undefined): void {
    const slots = this._slots;
    if (this._agent && this._offer && offer && this._offer[OfferAt.SEQUENCE] === offer[OfferAt.SEQUENCE]) return;
    this._close();
    this._offer = offer;
    if (!offer || isRefused(this._settings, offer)) return;
    // The agent judges the rest.
    if (offer[OfferAt.SEQUENCE] !== slots.accepted() || slots.waiting(offer[OfferAt.KIND] & 1)) this._evaluate(offer);
  }

  private _evaluate(offer: Offer): void {
    const lent = this._lent;
    const slots = this._slots;
    const freeBytes = this._platform.freeMemory();
    const script = this._platform.evaluate(AGENT_FILE) as AgentScript | undefined;
    if (!script) return;
    lent[LentAt.RECEIVE_UP_TO](BLOCK_PACKET_BYTES, (bytes, start, end) => this._heard(bytes, start, end));
    this._agent = script([
      offer,
      lent[LentAt.GET_SETTING],
      lent[LentAt.SET_SETTING],
      (which) => slots.spareFile(which),
      (which) => slots.waiting(which),
      (which) => slots.withdraw(which),
      (manifest: Manifest) => slots.stage(manifest),
      (sequence) => slots.accept(sequence),
      (items) => this._request(encodeNumbers(items)),
      (sequence, state, reason, done, total) => this._report(sequence, state, reason, done, total),
      (restart) => this._end(restart),
      lent[LentAt.APPLICATION],
      lent[LentAt.BOARD],
      lent[LentAt.DEVICE],
      lent[LentAt.RUNTIME],
      slots.accepted(),
      freeBytes,
      new Uint8Array(lent[LentAt.OPERATORS]),
      modelTraits(this._platform.files, slots.activeFile(UpdateKind.MODEL)),
    ]);
  }

  private _request(message: Uint8Array): number {
    const topic = topicPath(this._lent[LentAt.DEVICE], TopicName.UPDATE_REQUEST);
    const status = this._lent[LentAt.PUBLISH](topic, message, 0);
    this._unsent = status === -ErrorCode.MQTT_WINDOW_FULL ? message : undefined;
    return status;
  }

  /** The agent has done what it can. */
  private _end(restart: boolean): void {
    this._close();
    if (restart) {
      this._restarts = true;
      this._platform.clock.after(RESTART_MS, () => this._platform.power.restart());
    }
    this._look();
  }

  /** The agent goes, and the memory for its blocks with the next packet. */
  private _close(): void {
    if (this._agent) this._agent[Hook.STOP]();
    this._agent = this._unsent = undefined;
    this._lent[LentAt.RECEIVE_UP_TO](MAX_RECEIVE_BYTES);
  }
}

/** Makes a keeper with what the application lends it; undefined where that is of another version. */
export function startKeeper(platform: Platform, lent: LentDevice): TellKeeper | undefined {
  if (lent[LentAt.VERSION] !== KEEPER_LINK_VERSION) return undefined;
  const keeper = new SlotKeeper(platform, lent);
  return (what, a, b, c) => keeper.tell(what, a, b, c);
}
