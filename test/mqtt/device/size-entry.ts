import { MqttClient } from "../../../lib/mqtt/client.js";

declare function keep(value: unknown): void;

keep(MqttClient);
