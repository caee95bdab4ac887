import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";
import type { Platform } from "../hal/platform.js";
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
import { Uplink } from "../uplink/uplink.js";
import { Slots } from "../update/slots.js";
import { ConnectionSchedule } from "./connection-schedule.js";
import { CrashLog } from "./crash-log.js";
import type { AppDefinition } from "./define-app.js";
import { jitterSeed } from "./identity.js";
import { Inference } from "./inference.js";
import type { DeviceMemory } from "./memory.js";
import type { Provisioning } from "./provisioning.js";
import { PROVISIONING_FILE, readProvisioning } from "./provisioning.js";
import { Updates } from "./updates.js";

/** Name of the model pack in the device's storage. */
export const MODEL_FILE = "model.smod";

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
  /** Absent where the board keeps no settings. */
  private readonly _updates: Updates | undefined;

  constructor(
    private readonly _platform: Platform,
    private readonly _app: AppDefinition,
  ) {
    const provisioning = readProvisioning(_platform.files.read(PROVISIONING_FILE));
    const memory = _app.openMemory(_platform, provisioning.incarnation, _app.ramOutboxRecords);
    const outbox = memory.outbox;
    const interpreter = this._openModel();
    const facts = this._facts(interpreter.pack, memory);
    const sensors = _app.sensors(_platform);
    this._crashes = new CrashLog(_platform, memory.settings, facts);
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
    if (memory.settings)
      this._updates = new Updates(_platform, memory.settings, new Slots(memory.settings, _platform.files), mqtt, {
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
      _platform.radio(provisioning.network, provisioning.networkPassword),
      () => mqtt.connected() && !this._isUpdating() && this._uplink.waiting() + mqtt.pending() === 0,
      () => outbox.waiting(Priority.ALARM) > 0,
    );
    this._inference = new Inference(_app, interpreter, this._uplink);
  }

  start(): void {
    this._schedule.start();
    this._sampler.start();
  }

  private _isUpdating(): boolean {
    return this._updates !== undefined && this._updates.isBusy();
  }

  private _openModel(): Interpreter {
    const platform = this._platform;
    const file = platform.files.pieces(MODEL_FILE, PackFormat.SEGMENT_BYTES);
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
        if (this._updates) this._updates.onConnected();
      },
      onClosed: (code) => {
        if (this._updates) this._updates.onClosed();
        this._uplink.noteError(code);
        this._platform.observe("connected", 0);
        this._platform.observe("bytesSent", this._mqtt.bytesSent);
      },
      onPublished: (token) => {
        this._crashes.onPublished(token);
        this._uplink.onPublished(token);
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

  private _onSample(values: Float32Array): void {
    this._window.push(values);
    const sampler = this._sampler;
    const taken = sampler.taken;
    this._platform.observe("sample", taken);
    this._platform.observe("missed", sampler.missed);
    this._platform.observe("lateMs", sampler.lateMs);
    if (this._window.length < this._app.windowSamples || taken % this._app.inferEverySamples !== 0) return;
    this._inference.run(this._window, this._platform.clock.nowMs());
    this._platform.observe("inference", this._inference.made);
    this._schedule.look();
  }
}

/** What answers of the collector are believed by: a key and SHA-256, or undefined without either. */
function openTime(platform: Platform, provisioning: Provisioning, boots: number): TimeSync | undefined {
  const key = provisioning.key;
  return platform.digest && key.length ? new TimeSync(platform.digest, key, boots) : undefined;
}

/** Starts an application on a platform. An error in setup is told on the console, and nothing runs. */
export function startApp(platform: Platform, definition: AppDefinition): App | undefined {
  try {
    const app = new App(platform, definition);
    app.start();
    return app;
  } catch (error) {
    platform.log("sertao: cannot start: " + ((error as Error).message || error));
    return undefined;
  }
}
