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
import { MESSAGE_BYTES } from "../uplink/results-message.js";
import { MAX_RECEIVE_BYTES, TopicName, topicPath } from "../uplink/topics.js";
import { Told } from "../update/keeper-link.js";
import { Fact, type SlotFacts } from "../update/slot-facts.js";
import { Uplink } from "../uplink/uplink.js";
import { ConnectionSchedule } from "./connection-schedule.js";
import { CrashLog } from "./crash-log.js";
import { mustRest, restAndRestart } from "./boot-health.js";
import type { AppDefinition } from "./define-app.js";
import { jitterSeed } from "./identity.js";
import { keepWatch } from "./keep-watch.js";
import { Inference } from "./inference.js";
import type { DeviceMemory } from "./memory.js";
import { observeSample } from "./observe-sample.js";
import { MODEL_FILE } from "./plain-files.js";
import type { Provisioning } from "./provisioning.js";
import { configure, PROVISIONING_FILE, readProvisioning } from "./provisioning.js";
import type { Sleeper } from "./sleeper.js";
import { Updates } from "./updates.js";

/** A device that cannot start an update restarts no faster than this, so that its console can be reached. */
const PAUSE_MS = 10000;

/** CONNECT but for its password, with some room for acknowledgements. */
const CONTROL_BYTES = 144;
/** Head, topic and packet id of `results`, its device of 23 characters. */
const MQTT_OVERHEAD_BYTES = 48;

/** A running application. Setup throws DeviceError; the loop counts what goes wrong and goes on. */
export class App {
  private readonly _sampler: Sampler;
  private readonly _window: SampleWindow;
  private readonly _mqtt: MqttClient;
  private readonly _uplink: Uplink;
  private readonly _inference: Inference | undefined;
  private readonly _schedule: ConnectionSchedule;
  private readonly _crashes: CrashLog;
  private readonly _time: TimeSync | undefined;
  private readonly _radio: Radio | undefined;

  /**
   * @param provisioning with the configuration in it
   * @param _sleeper sleeps between samples; undefined where the device stays awake
   * @param rests in safe mode: sensors and model are left alone
   */
  constructor(
    private readonly _platform: Platform,
    private readonly _app: AppDefinition,
    provisioning: Provisioning,
    memory: DeviceMemory,
    private readonly _updates: Updates,
    private readonly _sleeper: Sleeper | undefined,
    rests: boolean,
  ) {
    const outbox = memory.outbox;
    const interpreter = rests ? undefined : this._openModel(_updates.facts);
    const facts = this._facts(interpreter && interpreter.pack, memory, _updates.facts);
    const sensors = rests ? [] : _app.sensors(_platform);
    this._crashes = new CrashLog(_platform, memory.settings, facts, _updates);
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
        time: (this._time = openTime(_platform, provisioning, memory.boots)),
        ackMode: provisioning.ackMode,
        batchRecords: _app.batchRecords,
        batchAgeMs: _app.batchAgeMs,
        statusPeriodMs: _app.statusPeriodMs,
      },
      outbox,
      mqtt,
      _platform,
    );
    this._schedule = new ConnectionSchedule(
      _platform.clock,
      _app.connection,
      mqtt,
      (this._radio = _platform.radio(provisioning.network, provisioning.networkPassword)),
      () => mqtt.connected() && !_updates.tell(Told.BUSY) && this._uplink.waiting() + mqtt.pending() === 0,
      () => outbox.waiting(Priority.ALARM) > 0,
    );
    _updates.listen(mqtt, this._uplink, this._schedule);
    if (interpreter) this._inference = new Inference(_app, interpreter, this._uplink);
  }

  start(): void {
    const { _sampler: sampler, _window: window, _schedule: schedule, _uplink: uplink, _time: time } = this;
    if (!this._inference) {
      uplink.noteError(ErrorCode.SAFE_MODE);
      schedule.start();
    } else if (this._sleeper) {
      const policies = this._inference._policies;
      this._sleeper.begin({ sampler, window, policies, schedule, uplink, time });
    } else {
      schedule.start();
      sampler.start(this._platform.clock.nowMs());
    }
  }

  /** The next status tells why. */
  noteError(code: ErrorCode): void {
    this._uplink.noteError(code);
  }

  private _openModel(facts: SlotFacts | undefined): Interpreter {
    const platform = this._platform;
    const file = platform.files.pieces(
      facts ? facts[Fact.MODEL_FILE] : MODEL_FILE,
      PackFormat.SEGMENT_BYTES,
      facts && facts[Fact.MODEL_BYTES],
    );
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
      will: { topic: topicPath(device, TopicName.STATUS), payload: stateStatus(DeviceState.OFFLINE) },
      keepAliveSec: this._app.keepAliveSec,
      maxInFlight: 2,
      maxPacketBytes: MESSAGE_BYTES + MQTT_OVERHEAD_BYTES,
      controlBytes: CONTROL_BYTES + provisioning.password.length,
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
        this._updates.tell(Told.CONNECTED, this._uplink.waiting());
      },
      onClosed: (code) => {
        this._uplink.noteError(code);
        this._platform.observe("connected", 0);
        this._platform.observe("bytesSent", this._mqtt.bytesSent);
        this._updates.closed(this._uplink.waiting(), !this._radio || this._radio.isJoined());
      },
      onPublished: (token) => {
        this._crashes.onPublished(token);
        this._uplink.onPublished(token);
        this._updates.tell(Told.PUBLISHED, token, this._uplink.waiting());
      },
      onSubscribeRefused: () => this._uplink.noteError(ErrorCode.MQTT_SUBSCRIBE_REFUSED),
    });
  }

  /** @param pack undefined in safe mode, which makes no records */
  private _facts(pack: ModelPack | undefined, memory: DeviceMemory, slots: SlotFacts | undefined): DeviceFacts {
    const sleeper = this._sleeper;
    return {
      incarnation: memory.outbox.incarnation,
      // Only sleep carries a clock from one boot to the next.
      epoch: sleeper ? sleeper.epoch : memory.boots,
      clockPpm: sleeper ? sleeper.clockPpm : 0,
      resetReason: this._platform.power.resetReason(),
      application: this._app.name + " " + this._app.version,
      runtime: this._app.runtime + (slots ? slots[Fact.SUPERVISOR] : ""),
      modelId: pack ? pack.modelId : 0,
      modelVersion: pack ? pack.modelVersion : 0,
      board: this._app.board,
      boots: memory.boots,
    };
  }

  private _onSample(values: Float32Array): void {
    this._window.push(values);
    const sleeper = this._sleeper;
    const taken = this._sampler.taken + (sleeper ? sleeper.takenBefore : 0);
    observeSample(this._platform, this._sampler);
    if (this._window.length === this._app.windowSamples && taken % this._app.inferEverySamples === 0) {
      this._infer(this._inference!, this._platform.clock.nowMs());
      this._schedule.look();
    }
    if (sleeper) sleeper.look();
  }

  private _infer(inference: Inference, startMs: number): void {
    const made = inference.made;
    inference.run(this._window, startMs);
    this._platform.observe("inference", inference.made);
    if (inference.made > made)
      this._updates.tell(Told.INFERRED, this._platform.clock.nowMs() - startMs, this._uplink.waiting());
  }
}

/** Puts the configuration of an update into the provisioning, where there is one. */
function configureBy(facts: SlotFacts, platform: Platform, provisioning: Provisioning): void {
  const bytes = facts[Fact.CONFIG_BYTES];
  const file = bytes && platform.files.read(facts[Fact.CONFIG_FILE]);
  if (file && !configure(provisioning, file, bytes) && facts[Fact.ON_TRIAL])
    throw new DeviceError(ErrorCode.MESSAGE_INVALID, 0);
}

/** What answers of the collector are believed by: a key and SHA-256, or undefined without either. */
function openTime(platform: Platform, provisioning: Provisioning, boots: number): TimeSync | undefined {
  const key = provisioning.key;
  return platform.digest && key.length ? new TimeSync(platform.digest, key, boots) : undefined;
}

/**
 * Starts an application on a platform. What fails in setup is told on the console; where the device can, it goes on in
 * safe mode: no sample, no inference, but reachable, and tried again after a while.
 */
export function startApp(platform: Platform, definition: AppDefinition): App | undefined {
  let memory: DeviceMemory | undefined;
  let updates: Updates | undefined;
  let code: ErrorCode = ErrorCode.OK;
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const provisioning = readProvisioning(platform.files.read(PROVISIONING_FILE));
      if (!memory) {
        memory = definition.openMemory(platform, provisioning.incarnation, definition.ramOutboxRecords);
        keepWatch(platform, definition.watchdogSec);
        updates = new Updates(platform, definition, provisioning, memory.settings);
        updates.begin();
      }
      const rests = attempt > 0 || mustRest(platform, memory.settings);
      const sleeper = rests || !definition.sleep ? undefined : definition.sleep(platform, definition, memory);
      if (sleeper && sleeper.sampleOnly()) return undefined;
      const facts = updates!.facts;
      if (facts) configureBy(facts, platform, provisioning);
      const app = new App(platform, definition, provisioning, memory, updates!, sleeper, rests);
      app.start();
      app.noteError(code);
      updates!.facts = undefined;
      if (rests) restAndRestart(platform, memory.settings);
      return app;
    } catch (error) {
      // Other errors have no code.
      code = (error as DeviceError).code || ErrorCode.OK;
      platform.log("sertao: cannot start: " + ((error as Error).message || error));
      if (updates && updates.tell(Told.FAILED, code || ErrorCode.UPDATE_CRASHED)) {
        platform.clock.after(PAUSE_MS, () => platform.power.restart());
        break;
      }
      if (memory) continue;
      // Nothing to be reached by. Flash may be of another mind later, a missing provisioning stays.
      if (code !== ErrorCode.NOT_PROVISIONED) restAndRestart(platform, undefined);
      break;
    }
  }
  return undefined;
}
