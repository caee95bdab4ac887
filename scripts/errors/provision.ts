import { errorKind } from "./sertao-error.js";

export const provisionBroker = errorKind(
  "PROVISION_BROKER",
  "The broker for a device is missing, or is not HOST or HOST:PORT.",
  (text: string) => (text === "" ? "No broker is given." : `"${text}" is not HOST or HOST:PORT.`),
  "Give --broker 192.168.1.10, --broker broker.example:1883 or --broker [2001:db8::1]:1883.",
  2,
);

export const provisionWifi = errorKind(
  "PROVISION_WIFI",
  "Name or password of the Wi-Fi network cannot be right.",
  (problem: string) => `Wi-Fi: ${problem}.`,
  "A network's name has 1 to 32 ASCII characters, a WPA password 8 to 63.",
  2,
);

export const secretMissing = errorKind(
  "SECRET_MISSING",
  "A password is needed, and there is no terminal to ask for it.",
  (what: string) => `${what} is missing, and there is no terminal to ask for it.`,
  "Put it into a JSON file and add --from FILE, or pipe that in and add --from -; never give it on the command line.",
  2,
);

export const secretsFile = errorKind(
  "SECRETS_FILE",
  "The file given to --from is not what it should be. Nothing of it is shown: it holds passwords.",
  (file: string, problem: string) => `${file} ${problem}.`,
  'It holds one JSON object with texts: "broker", "wifi", "wifiPassword", "password", "ack"; all may be left out.',
  2,
);

export const promptCancelled = errorKind(
  "PROMPT_CANCELLED",
  "A question was answered with Ctrl-C.",
  () => "Cancelled; nothing was written.",
  "Run the command again.",
  130,
);

export const provisionKeysDamaged = errorKind(
  "PROVISION_KEYS_DAMAGED",
  "A line of the key file is not a device and its key.",
  (file: string, line: number) => `${file}, line ${line} is no device with 64 hexadecimal digits.`,
  "Delete that line and provision its device again.",
);

export const notProvisioned = errorKind(
  "NOT_PROVISIONED_YET",
  "An upload needs a provisioning, and there is none of the device here, or there are several and none was named.",
  (problem: string) => problem,
  "Run sertao provision DEVICE --broker HOST, name the device with --device, or leave it out with --no-provisioning.",
);

export const provisionUpdateKeys = errorKind(
  "PROVISION_UPDATE_KEYS",
  "The keys that a device is to trust for updates are not one working key and one spare.",
  (files: string) => `These are not one working key and one spare: ${files}.`,
  "Give --update-key twice: working.pub and spare.pub, which sertao ota keygen makes (the spare with --spare).",
  2,
);

export const provisionPassword = errorKind(
  "PROVISION_PASSWORD",
  "The MQTT password of a configuration is empty, or not ASCII text.",
  () => "The MQTT password is empty, or not ASCII text.",
  "Give another with --from FILE, or leave the field out: the devices then keep theirs.",
  2,
);

export const configurationEmpty = errorKind(
  "CONFIGURATION_EMPTY",
  "A configuration would change nothing.",
  () => "Nothing is to change.",
  'Give --broker, --wifi, or a JSON file with "broker", "wifi", "wifiPassword" or "password" with --from.',
  2,
);

export const provisionUpdateSequence = errorKind(
  "PROVISION_UPDATE_SEQUENCE",
  "The sequence from which on a device shall take updates is no 32-bit number, or lower than what the device has.",
  (text: string, problem: string) => `--update-sequence ${text} ${problem}.`,
  "Take the sequence of the last update that it must not take: sertao ota inspect FILE.update shows it.",
  2,
);
