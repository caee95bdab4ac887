/**
 * Every setting there is. Numbers are the format of the flash: never reuse one. 1 to 31.
 * Values are numbers (`getNumber`) or bytes (`get`).
 */
export const enum SettingKey {
  /** Number: boots since the settings were formatted. */
  BOOTS = 1,
  /** Number: names the outbox's sequence; renewed when its flash is formatted. */
  INCARNATION = 2,
  /** Number: names the present unbroken run of the clock. */
  EPOCH = 3,
  /** Bytes: clock and planned sleep, checkpointed before the device sleeps. */
  SLEEP_STATE = 4,
  /** Bytes: which slots are confirmed, waiting or on trial (lib/update/boot-record.ts). */
  BOOT_RECORD = 5,
  /** Bytes: what the trial under way has seen so far (lib/update/trial.ts). */
  TRIAL = 6,
  /** Bytes: the trusted keys, once an update has changed them: working and spare, 60 bytes each, zeros where revoked. */
  UPDATE_KEYS = 7,
  /** Bytes: the last crash, until it is reported. */
  LAST_CRASH = 10,
  /** Bytes: how far the normal records of the outbox are delivered, and the alarms. */
  OUTBOX_NORMAL = 11,
  OUTBOX_ALARM = 12,
}
