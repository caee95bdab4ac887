/**
 * Every setting there is. Numbers are the format of the flash: never reuse one.
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
  /** Bytes: the trusted keys, once an update has changed them (lib/update/update-keys.ts). */
  UPDATE_KEYS = 7,
  /** Bytes: how far the download of an update has come (lib/update/progress.ts). */
  UPDATE_PROGRESS = 8,
  /** Bytes: updates that were refused and are not fetched again (lib/update/refused-updates.ts). */
  UPDATE_REFUSED = 9,
  /** Bytes: the last crash, until it is reported. */
  LAST_CRASH = 10,
  /** Bytes: how far the normal records of the outbox are delivered, and the alarms. */
  OUTBOX_NORMAL = 11,
  OUTBOX_ALARM = 12,
  /** Bytes: messages of `update/state` that the broker does not have yet (lib/update/state-queue.ts). */
  UPDATE_STATES = 13,
  /** Bytes: the update that waits for its companion (lib/update/companion.ts). */
  UPDATE_COMPANION = 14,
  /** Bytes: how often a new provisioning has failed to connect (lib/update/provisioning-trial.ts). */
  PROVISIONING_TRIAL = 15,
  /** Number: boots in a row that nobody knows to have gone well. */
  UNHEALTHY_BOOTS = 20,
  /** Bytes, and likewise the three after it: what was reported last of up to eight outputs. */
  SLEEP_REPORTS = 24,
  /** Bytes: epoch, connection and what the uplink must know after a sleep. */
  SLEEP_SCHEDULE = 28,
  /** Bytes, and likewise those after it, one for each sample of the window. */
  SLEEP_SAMPLES = 64,
}
