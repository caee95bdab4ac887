import { errorKind } from "./sertao-error.js";

export const storeMissing = errorKind(
  "STORE_MISSING",
  "The fleet's store does not exist yet.",
  (file: string) => `There is no store at ${file}.`,
  "Run sertao fleet serve or sertao simulate first, or name the store with --store FILE.",
);

export const storeLocked = errorKind(
  "STORE_LOCKED",
  "Another program holds the fleet's store for too long.",
  (file: string) => `${file} is locked by another program.`,
  "End that program, or give this one a store of its own with --store FILE.",
);

export const storeFull = errorKind(
  "STORE_FULL",
  "The disk has no room for the fleet's store.",
  (file: string) => `${file} cannot grow: the disk is full.`,
  "Free some space, or run sertao fleet retain --days N. Devices keep what was not acknowledged and send it again.",
);

export const storeCorrupt = errorKind(
  "STORE_CORRUPT",
  "A file named as the fleet's store is damaged, or is something else.",
  (file: string, cause: string) => `${file} cannot be read as a store: ${cause}.`,
  "Check the path; restore a backup, or move the file away and start again with an empty store.",
);

export const storeNewer = errorKind(
  "STORE_NEWER",
  "The fleet's store was written by a newer version of Sertão.",
  (file: string, found: number, known: number) => `${file} has schema version ${found}; this version knows ${known}.`,
  "Update Sertão, or name another store with --store FILE.",
);

export const storeFailed = errorKind(
  "STORE_FAILED",
  "The fleet's store cannot be opened, read or written.",
  (file: string, cause: string) => `${file}: ${cause}.`,
  "Check that the folder exists, its permissions and the disk.",
);

export const listenAddress = errorKind(
  "LISTEN_ADDRESS",
  "The address to listen on is not HOST:PORT.",
  (text: string) => `"${text}" is not HOST:PORT.`,
  "Write it like 127.0.0.1:1883 or [::1]:1883; port 0 takes a free one.",
  2,
);

export const portInUse = errorKind(
  "PORT_IN_USE",
  "Another program listens on the port already.",
  (address: string) => `${address} is in use.`,
  "End that program, or take another port with --listen HOST:PORT.",
);

export const listenFailed = errorKind(
  "LISTEN_FAILED",
  "The broker cannot listen on the address.",
  (address: string, cause: string) => `Cannot listen on ${address}: ${cause}.`,
  "Take an address of this machine and a port above 1023 with --listen HOST:PORT.",
);

export const listenOpen = errorKind(
  "LISTEN_OPEN",
  "A broker without passwords was asked to listen beyond this machine.",
  (address: string) => `${address} can be reached from outside, and no passwords are set.`,
  "Add passwords with sertao fleet password DEVICE, or accept any device with --open.",
  2,
);

export const tlsFiles = errorKind(
  "TLS_FILES",
  "The certificate and key for TLS do not work.",
  (cause: string) => `TLS cannot start: ${cause}.`,
  "Give both --cert and --key, as PEM files that belong together.",
);

export const brokerAddress = errorKind(
  "BROKER_ADDRESS",
  "The address of the external broker is not an MQTT one.",
  (text: string) => `"${text}" is not the address of a broker.`,
  "Write it like mqtt://user:password@host:1883 or mqtts://host:8883.",
  2,
);

export const brokerUnreachable = errorKind(
  "BROKER_UNREACHABLE",
  "The external broker does not answer.",
  (address: string, cause: string) => `No broker answers at ${address}: ${cause}.`,
  "Check host and port, and that the broker runs.",
);

export const brokerRefusedLogin = errorKind(
  "BROKER_REFUSED_LOGIN",
  "The external broker refuses the collector.",
  (address: string, cause: string) => `${address} refuses the login: ${cause}.`,
  "Check user and password in --broker URL and the broker's rules (sertao fleet acl prints them); sertao fleet serve collects itself: add --no-collect to sertao simulate.",
);

export const brokerRefusedTopics = errorKind(
  "BROKER_REFUSED_TOPICS",
  "The external broker does not let the collector subscribe.",
  (address: string) => `${address} refuses the subscription to sertao/v1/+.`,
  "Give the collector's user the rules that sertao fleet acl prints.",
);

export const passwordsDamaged = errorKind(
  "PASSWORDS_DAMAGED",
  "A line of the password file is not one that sertao fleet password wrote.",
  (file: string, line: number) => `${file}, line ${line} is not a password entry.`,
  "Delete that line and add the device again with sertao fleet password DEVICE.",
);

export const passwordMissing = errorKind(
  "PASSWORD_MISSING",
  "No password arrived on stdin, or it is too short or too long.",
  (problem: string) => problem,
  "Pipe 8 to 64 characters of ASCII on one line into sertao fleet password DEVICE.",
  2,
);

export const keysDamaged = errorKind(
  "KEYS_DAMAGED",
  "A line of the key file is not one that sertao fleet key wrote.",
  (file: string, line: number) => `${file}, line ${line} is not a key entry.`,
  "Delete that line and add the device again with sertao fleet key DEVICE.",
);

export const keysExposed = errorKind(
  "KEYS_EXPOSED",
  "Others than its owner may read the key file.",
  (file: string) => `${file} holds secrets, and other users of this machine may read it.`,
  "Run chmod 600 on it; where others may have read it, give the devices new keys.",
);

export const keyMissing = errorKind(
  "KEY_MISSING",
  "No device key arrived on stdin, or it is not one.",
  (device: string) => `The key of ${device} is not 64 hexadecimal digits.`,
  "Pipe the 32 bytes of the device's provisioning in hexadecimal into sertao fleet key DEVICE.",
  2,
);

export const deviceIdInvalid = errorKind(
  "DEVICE_ID",
  "A device id has characters or a length that the protocol does not allow.",
  (text: string) => `"${text}" is not a device id.`,
  "A device id is 1 to 23 characters of a-z and 0-9.",
  2,
);

export const deviceUnknown = errorKind(
  "DEVICE_UNKNOWN",
  "The store has nothing of a device.",
  (device: string) => `The store has nothing of ${device}.`,
  "Run sertao fleet devices: it lists those it knows.",
);

export const tagInvalid = errorKind(
  "TAG",
  "A tag has characters or a length that tags do not have.",
  (text: string) => `"${text}" is not a tag.`,
  "A tag is 1 to 32 characters of a-z, 0-9, point, underscore and hyphen, and begins with a letter or digit.",
  2,
);

export const notConfirmed = errorKind(
  "NOT_CONFIRMED",
  "Something that cannot be undone was not confirmed.",
  (what: string) => `${what} was not confirmed.`,
  "Answer y, or add --yes.",
);

export const provisioningInvalid = errorKind(
  "PROVISIONING_INVALID",
  "The contents of a provisioning file break the protocol.",
  (problem: string) => `Provisioning: ${problem}.`,
  "Compare it with docs/protocol.md, which lists the fields and their limits.",
);
