import { MqttClient } from "../../../lib/mqtt/client.js";

declare let keep: unknown;

keep = MqttClient;
