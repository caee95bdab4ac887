import { DeviceError } from "../core/device-error.js";
import { ErrorCode } from "../core/error-code.js";
import type { Platform } from "../hal/platform.js";
import { MqttClient } from "../mqtt/client.js";
import { Interpreter } from "../nn/interpreter.js";
import type { ModelPack } from "../nn/model-pack.js";
import { openModelPack } from "../nn/model-pack.js";
import { PackFormat } from "../nn/pack-format.js";
import type { Outbox } from "../outbox/outbox.js";
import { OverflowPolicy } from "../outbox/outbox.js";
import { RamOutbox } from "../outbox/ram-outbox.js";
import { SampleWindow } from "../sensing/sample-window.js";
import { countChannels, Sampler } from "../sensing/sampler.js";
import { MAX_RECORD_BYTES } from "../uplink/results-message.js";
import type { DeviceFacts } from "../uplink/status-message.js";
import { offlineStatus } from "../uplink/status-message.js";
import { RESULTS, STATUS, topicPath } from "../uplink/topics.js";
import { Uplink } from "../uplink/uplink.js";
import { countBoot } from "./boot-counter.js";
import type { AppDefinition } from "./define-app.js";
import { jitterSeed, volatileIncarnation } from "./identity.js";
import { Inference } from "./inference.js";
import type { Provisioning } from "./provisioning.js";
import { PROVISIONING_FILE, readProvisioning } from "./provisioning.js";

/** Name of the model pack in the device's storage. */
export const MODEL_FILE = "model.smod";

/** A record in RAM: payload and frame. */
const RAM_RECORD_BYTES = 24;
const MQTT_OVERHEAD_BYTES = 64;

/** A running application. Setup throws DeviceError; the loop counts what goes wrong and goes on. */
export class App {
  private readonly _sampler: Sampler;
  private readonly _window: SampleWindow;
  private readonly _mqtt: MqttClient;
  private readonly _uplink: Uplink;
  private readonly _inference: Inference;
  private readonly _provisioning: Provisioning;
  private readonly _outbox: Outbox;

  constructor(
    private readonly _platform: Platform,
    private readonly _app: AppDefinition,
  ) {
    const provisioning = (this._provisioning = readProvisioning(_platform.files.read(PROVISIONING_FILE)));
    const boots = countBoot(_platform.files);
    const interpreter = this._openModel();
    const sensors = _app.sensors(_platform);
    this._outbox = this._openOutbox(boots);
    this._window = new SampleWindow(countChannels(sensors), _app.windowSamples);
    this._sampler = new Sampler(_platform.clock, sensors, _app.samplePeriodMs, (values) => this._onSample(values));
    this._mqtt = this._openMqtt(boots);
    this._uplink = new Uplink(
      {
        device: provisioning.device,
        application: _app.name,
        outputs: _app.outputs.map((output) => output.name),
        facts: this._facts(interpreter.pack, boots),
        ackMode: provisioning.ackMode,
        batchRecords: _app.batchRecords,
        batchAgeMs: _app.batchAgeMs,
        statusPeriodMs: _app.statusPeriodMs,
      },
      this._outbox,
      this._mqtt,
      _platform,
    );
    this._inference = new Inference(_app, interpreter, this._uplink);
  }

  start(): void {
    this._mqtt.start();
    this._sampler.start();
  }

  private _openModel(): Interpreter {
    const platform = this._platform;
    const file = platform.files.pieces(MODEL_FILE, PackFormat.SEGMENT_BYTES);
    if (!file.length) throw new DeviceError(ErrorCode.MODEL_MISSING, 0);
    const interpreter = new Interpreter(openModelPack(file, platform.native), this._app.operators, platform.native);
    interpreter.prepare();
    if (!interpreter.selfTest()) throw new DeviceError(ErrorCode.SELF_TEST_FAILED, 0);
    return interpreter;
  }

  private _openOutbox(boots: number): Outbox {
    const bytes = this._app.ramOutboxRecords * RAM_RECORD_BYTES;
    return new RamOutbox({
      incarnation: volatileIncarnation(this._provisioning.incarnation, boots),
      normalBytes: bytes,
      alarmBytes: bytes >> 2,
      normalPolicy: OverflowPolicy.DROP_OLDEST,
      alarmPolicy: OverflowPolicy.DROP_OLDEST,
      maxRecordBytes: MAX_RECORD_BYTES,
    });
  }

  private _openMqtt(boots: number): MqttClient {
    const provisioning = this._provisioning;
    const device = provisioning.device;
    const options = {
      host: provisioning.host,
      port: provisioning.port,
      clientId: device,
      username: device,
      password: provisioning.password,
      will: { topic: topicPath(device, STATUS), payload: offlineStatus() },
      keepAliveSec: this._app.keepAliveSec,
      maxInFlight: 3,
      maxPacketBytes: RESULTS.maxBytes + MQTT_OVERHEAD_BYTES,
      maxReceiveBytes: 256,
      timeoutMs: 30000,
      retry: { minMs: 5000, maxMs: 600000 },
      jitterSeed: jitterSeed(provisioning, boots),
    };
    return new MqttClient(this._platform.transport, this._platform.clock, options, {
      onConnected: () => {
        this._platform.observe("connected", 1);
        this._uplink.onConnected();
      },
      onClosed: (code) => {
        this._uplink.noteError(code);
        this._platform.observe("connected", 0);
        this._platform.observe("bytesSent", this._mqtt.bytesSent);
      },
      onPublished: (token) => this._uplink.onPublished(token),
      onSubscribeRefused: () => this._uplink.noteError(ErrorCode.MQTT_SUBSCRIBE_REFUSED),
    });
  }

  private _facts(pack: ModelPack, boots: number): DeviceFacts {
    return {
      incarnation: this._outbox.incarnation,
      // Nothing here sleeps through its clock, so every boot is an epoch of its own.
      epoch: boots,
      resetReason: this._platform.power.resetReason(),
      application: this._app.name + " " + this._app.version,
      runtime: this._app.runtime,
      modelId: pack.modelId,
      modelVersion: pack.modelVersion,
      board: this._app.board,
      boots: boots,
    };
  }

  private _onSample(values: Float32Array): void {
    this._window.push(values);
    const taken = this._sampler.taken;
    this._uplink.noteError(this._sampler.takeError());
    this._platform.observe("sample", taken);
    if (this._window.length < this._app.windowSamples || taken % this._app.inferEverySamples !== 0) return;
    this._inference.run(this._window, this._platform.clock.nowMs());
    this._platform.observe("inference", this._inference.made);
  }
}

/** Starts an application on a platform. An error in setup is told on the console, and nothing runs. */
export function startApp(platform: Platform, definition: AppDefinition): App | undefined {
  try {
    const app = new App(platform, definition);
    app.start();
    return app;
  } catch (error) {
    platform.log("sertao: cannot start: " + error);
    return undefined;
  }
}
