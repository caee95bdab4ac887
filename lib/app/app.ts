import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";
import type { Platform } from "../hal/platform.js";
import type { Radio } from "../hal/radio.js";
import { MqttClient } from "../mqtt/client.js";
import { Interpreter } from "../nn/interpreter.js";
import type { ModelPack } from "../nn/model-pack.js";
import { openModelPack } from "../nn/model-pack.js";
import { PackFormat } from "../nn/pack-format.js";
import { Priority } from "../outbox/outbox.js";
import { SampleWindow } from "../sensing/sample-window.js";
import { countChannels, Sampler } from "../sensing/sampler.js";
import type { DeviceFacts } from "../uplink/status-message.js";
import { DeviceState, stateStatus } from "../uplink/status-message.js";
import { TimeSync } from "../uplink/time-sync.js";
import { RESULTS, STATUS, topicPath } from "../uplink/topics.js";
import { UpdateKind } from "../update/manifest.js";
import type { Slots } from "../update/slots.js";
import type { Trial } from "../update/trial.js";
import { Uplink } from "../uplink/uplink.js";
import { ConnectionSchedule } from "./connection-schedule.js";
import { CrashLog } from "./crash-log.js";
import type { AppDefinition } from "./define-app.js";
import { jitterSeed } from "./identity.js";
import { Inference } from "./inference.js";
import type { DeviceMemory } from "./memory.js";
import type { Provisioning } from "./provisioning.js";
import { configure, PROVISIONING_FILE, readProvisioning } from "./provisioning.js";
import { Updates } from "./updates.js";

/** Name of the model pack in the storage of a device without slots. */
export const MODEL_FILE = "model.smod";

/** A device that cannot start an update restarts no faster than this, so that its console can be reached. */
const PAUSE_MS = 10000;
/** How often a configuration on trial is asked whether it has brought a connection. */
const LOOK_MS = 30000;

const MQTT_OVERHEAD_BYTES = 64;
/** Longest packet while no update is fetched. */
const MAX_RECEIVE_BYTES = 256;

/** A running application. Setup throws DeviceError; the loop counts what goes wrong and goes on. */
export class App {
  private readonly _sampler: Sampler;
  private readonly _window: SampleWindow;
  private readonly _mqtt: MqttClient;
  private readonly _uplink: Uplink;
  private readonly _inference: Inference;
  private readonly _schedule: ConnectionSchedule;
  private readonly _crashes: CrashLog;
  private readonly _radio: Radio | undefined;
  private readonly _trial: Trial | undefined;
  /** Absent where the board keeps no settings. */
  private readonly _updates: Updates | undefined;

  /** @param provisioning with the configuration in it */
  constructor(
    private readonly _platform: Platform,
    private readonly _app: AppDefinition,
    provisioning: Provisioning,
    memory: DeviceMemory,
  ) {
    const outbox = memory.outbox;
    const slots = memory.slots;
    const interpreter = this._openModel(slots);
    this._trial = memory.trial;
    const facts = this._facts(interpreter.pack, memory);
    const sensors = _app.sensors(_platform);
    this._crashes = new CrashLog(_platform, memory.settings, facts, memory.trial);
    this._window = new SampleWindow(countChannels(sensors), _app.windowSamples);
    this._sampler = new Sampler(
      _platform.clock,
      sensors,
      _app.samplePeriodMs,
      (values) => this._onSample(values),
      (code) => this._uplink.noteError(code),
    );
    const mqtt = (this._mqtt = this._openMqtt(provisioning, memory.boots));
    this._uplink = new Uplink(
      {
        device: provisioning.device,
        application: _app.name,
        outputs: _app.outputs.map((output) => output.name),
        facts,
        state: _app.connection.everyMs ? DeviceState.SLEEPING : DeviceState.ONLINE,
        time: openTime(_platform, provisioning, memory.boots),
        ackMode: provisioning.ackMode,
        batchRecords: _app.batchRecords,
        batchAgeMs: _app.batchAgeMs,
        statusPeriodMs: _app.statusPeriodMs,
      },
      outbox,
      mqtt,
      _platform,
    );
    if (slots)
      this._updates = new Updates(_platform, memory.settings!, slots, mqtt, {
        application: _app.name,
        board: _app.board,
        device: provisioning.device,
        runtime: _app.runtime,
        operators: _app.operators,
        maxReceiveBytes: MAX_RECEIVE_BYTES,
        noteError: (code) => this._uplink.noteError(code),
      });
    this._schedule = new ConnectionSchedule(
      _platform.clock,
      _app.connection,
      mqtt,
      (this._radio = _platform.radio(provisioning.network, provisioning.networkPassword)),
      () => mqtt.connected() && !this._isUpdating() && this._uplink.waiting() + mqtt.pending() === 0,
      () => outbox.waiting(Priority.ALARM) > 0,
    );
    this._inference = new Inference(_app, interpreter, this._uplink);
  }

  start(): void {
    this._schedule.start();
    this._sampler.start();
    if (this._trial && this._trial.isOpen) this._lookOnline(this._trial);
  }

  private _isUpdating(): boolean {
    return this._updates !== undefined && this._updates.isBusy();
  }

  private _openModel(slots: Slots | undefined): Interpreter {
    const platform = this._platform;
    let file: ArrayBuffer[] = [];
    if (slots)
      file = platform.files.pieces(
        slots.activeFile(UpdateKind.MODEL),
        PackFormat.SEGMENT_BYTES,
        slots.activeBytes(UpdateKind.MODEL),
      );
    if (!file.length) file = platform.files.pieces(MODEL_FILE, PackFormat.SEGMENT_BYTES);
    if (!file.length) throw new DeviceError(ErrorCode.MODEL_MISSING, 0);
    const interpreter = new Interpreter(openModelPack(file), this._app.operators, platform.native);
    interpreter.prepare();
    if (!interpreter.selfTest()) throw new DeviceError(ErrorCode.SELF_TEST_FAILED, 0);
    return interpreter;
  }

  private _openMqtt(provisioning: Provisioning, boots: number): MqttClient {
    const device = provisioning.device;
    const options = {
      host: provisioning.host,
      port: provisioning.port,
      clientId: device,
      username: device,
      password: provisioning.password,
      will: { topic: topicPath(device, STATUS), payload: stateStatus(DeviceState.OFFLINE) },
      keepAliveSec: this._app.keepAliveSec,
      maxInFlight: 3,
      maxPacketBytes: RESULTS.maxBytes + MQTT_OVERHEAD_BYTES,
      maxReceiveBytes: MAX_RECEIVE_BYTES,
      timeoutMs: 30000,
      retry: { minMs: 5000, maxMs: 600000 },
      jitterSeed: jitterSeed(provisioning, boots),
    };
    return new MqttClient(this._platform.transport, this._platform.clock, options, {
      onConnected: () => {
        this._platform.observe("connected", 1);
        this._crashes.report(this._mqtt, device);
        this._uplink.onConnected();
        if (this._updates) this._updates.onConnected(this._trial!);
        if (this._trial) this._trial.connected(this._uplink.waiting());
        if (this._updates) this._updates.look();
      },
      onClosed: (code) => {
        if (this._updates) this._updates.onClosed();
        this._uplink.noteError(code);
        this._platform.observe("connected", 0);
        this._platform.observe("bytesSent", this._mqtt.bytesSent);
        if (this._trial) this._trial.closed(this._uplink.waiting(), !this._radio || this._radio.isJoined());
        this._judge();
      },
      onPublished: (token) => {
        this._crashes.onPublished(token);
        this._uplink.onPublished(token);
        if (this._trial) this._trial.delivered(this._uplink.waiting());
        if (this._updates) this._updates.onPublished(token);
      },
      onSubscribeRefused: () => this._uplink.noteError(ErrorCode.MQTT_SUBSCRIBE_REFUSED),
    });
  }

  private _facts(pack: ModelPack, memory: DeviceMemory): DeviceFacts {
    return {
      incarnation: memory.outbox.incarnation,
      // Nothing here sleeps through its clock, so every boot is an epoch of its own.
      epoch: memory.boots,
      resetReason: this._platform.power.resetReason(),
      application: this._app.name + " " + this._app.version,
      runtime: this._app.runtime,
      modelId: pack.modelId,
      modelVersion: pack.modelVersion,
      board: this._app.board,
      boots: memory.boots,
    };
  }

  /** Without a network no attempt to connect is made, and none fails: somebody must ask. */
  private _lookOnline(trial: Trial): void {
    this._platform.clock.after(LOOK_MS, () => {
      if (!trial.isOpen) return;
      if (this._schedule.isOpen() && !this._mqtt.connected()) trial.offline(false);
      this._judge();
      this._lookOnline(trial);
    });
  }

  /** Runs the confirmed image in place of one that was taken back. */
  private _judge(): void {
    if (!this._trial || !this._trial.isLost) return;
    this._platform.log("sertao: update taken back");
    this._platform.power.restart();
  }

  private _onSample(values: Float32Array): void {
    this._window.push(values);
    const sampler = this._sampler;
    const taken = sampler.taken;
    this._platform.observe("sample", taken);
    this._platform.observe("missed", sampler.missed);
    this._platform.observe("lateMs", sampler.lateMs);
    if (this._window.length < this._app.windowSamples || taken % this._app.inferEverySamples !== 0) return;
    const made = this._inference.made;
    const startMs = this._platform.clock.nowMs();
    this._inference.run(this._window, startMs);
    this._platform.observe("inference", this._inference.made);
    if (this._trial && this._inference.made > made) {
      const durationMs = this._platform.clock.nowMs() - startMs;
      this._trial.inferred(durationMs, this._platform.freeMemory(), this._uplink.waiting());
      this._updates!.look();
      this._judge();
    }
    this._schedule.look();
  }
}

/** The provisioning with the configuration of an update in it, where there is one. */
function configured(platform: Platform, provisioning: Provisioning, memory: DeviceMemory): Provisioning {
  const slots = memory.slots;
  const bytes = slots ? slots.activeBytes(UpdateKind.CONFIG) : 0;
  const file = bytes ? platform.files.read(slots!.activeFile(UpdateKind.CONFIG)) : undefined;
  if (!file) return provisioning;
  const changed = configure(provisioning, file, bytes);
  if (!changed && memory.trial!.isOpen) throw new DeviceError(ErrorCode.MESSAGE_INVALID, 0);
  return changed || provisioning;
}

/** What answers of the collector are believed by: a key and SHA-256, or undefined without either. */
function openTime(platform: Platform, provisioning: Provisioning, boots: number): TimeSync | undefined {
  const key = provisioning.key;
  return platform.digest && key.length ? new TimeSync(platform.digest, key, boots) : undefined;
}

/** Starts an application on a platform. An error in setup is told on the console, and nothing runs. */
export function startApp(platform: Platform, definition: AppDefinition): App | undefined {
  let trial: Trial | undefined;
  try {
    const provisioning = readProvisioning(platform.files.read(PROVISIONING_FILE));
    const memory = definition.openMemory(platform, provisioning.incarnation, definition.ramOutboxRecords);
    trial = memory.trial;
    if (memory.slots) memory.slots.accept(provisioning.updateSequence);
    const app = new App(platform, definition, configured(platform, provisioning, memory), memory);
    app.start();
    return app;
  } catch (error) {
    platform.log("sertao: cannot start: " + ((error as Error).message || error));
    // It would not start the next time either.
    if (trial && trial.isOpen) {
      trial.rollBack((error as DeviceError).code || ErrorCode.UPDATE_CRASHED);
      platform.clock.after(PAUSE_MS, () => platform.power.restart());
    }
    return undefined;
  }
}
