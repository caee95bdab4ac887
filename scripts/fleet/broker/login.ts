import { isDeviceId } from "../../../lib/uplink/topics.js";
import type { PasswordFile } from "../secrets/passwords.js";

/** Return codes of CONNACK (MQTT 3.1.1 §3.2.2.3). */
export const enum ConnectCode {
  ACCEPTED = 0,
  IDENTIFIER_REJECTED = 2,
  SERVER_UNAVAILABLE = 3,
  BAD_LOGIN = 4,
  NOT_AUTHORISED = 5,
}

/** What a client says of itself in CONNECT. */
export interface Login {
  readonly clientId: string;
  readonly user: string | undefined;
  readonly password: Uint8Array | undefined;
}

/**
 * Judges a login. The client id must be a device id and the user name the same; without a password file the user name
 * may be absent and any password passes.
 */
export async function judgeLogin(login: Login, passwords: PasswordFile | undefined): Promise<ConnectCode> {
  const { clientId, user, password } = login;
  if (!isDeviceId(clientId)) return ConnectCode.IDENTIFIER_REJECTED;
  if (passwords === undefined) {
    return user === undefined || user === clientId ? ConnectCode.ACCEPTED : ConnectCode.NOT_AUTHORISED;
  }
  if (user !== clientId || password === undefined) return ConnectCode.BAD_LOGIN;
  return (await passwords.verify(clientId, password)) ? ConnectCode.ACCEPTED : ConnectCode.BAD_LOGIN;
}
