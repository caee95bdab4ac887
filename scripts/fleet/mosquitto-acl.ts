import { ACK, TIME, UPDATE_BLOCK, UPDATE_OFFER } from "../../lib/uplink/topics.js";
import { upTopics } from "./messages/message.js";

const downTopics = [ACK, TIME, UPDATE_OFFER, UPDATE_BLOCK];

/**
 * An access list for Mosquitto, with the settings it needs as comments: each device has its own topics and nothing
 * else, the collector reads what devices send and writes what they hear.
 */
export function mosquittoAcl(collector: string): string {
  return `# Access list of Sertão for Mosquitto. mosquitto.conf needs, with paths of your own:
#   acl_file /etc/mosquitto/sertao.acl
#   password_file /etc/mosquitto/sertao.passwords
#   allow_anonymous false
#   use_username_as_clientid true
#   persistence true
#   max_queued_messages 0
# The password file comes from mosquitto_passwd: a line for each device, named by its id, and one for "${collector}".
# Mosquitto sends PUBACK before the collector has committed. Provision devices with "ack: collector", so that nothing
# is lost when Mosquitto is killed: docs/fleet.md.
# Then: sertao fleet serve --broker mqtt://${collector}:PASSWORD@HOST:1883

user ${collector}
${upTopics.map((topic) => `topic read sertao/v1/+/${topic.name}`).join("\n")}
${downTopics.map((topic) => `topic write sertao/v1/+/${topic.name}`).join("\n")}

pattern readwrite sertao/v1/%u/#
`;
}
