/** Version of the tables below. A store with a higher one is refused. */
export const SCHEMA_VERSION = 3;

/** The tables, in SQL that SQLite and PostgreSQL both take. Times are milliseconds since 1970, bytes are hex. */
export const SCHEMA: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)`,
  `CREATE TABLE IF NOT EXISTS devices (
    device TEXT PRIMARY KEY,
    first_seen BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    state INTEGER,
    application TEXT,
    runtime TEXT,
    board TEXT,
    model_id BIGINT,
    model_version BIGINT,
    reset_reason INTEGER,
    boots BIGINT,
    supply_millivolts BIGINT,
    free_bytes BIGINT,
    waiting BIGINT,
    errors TEXT,
    update_sequence BIGINT,
    update_state BIGINT,
    update_reason BIGINT,
    records BIGINT NOT NULL DEFAULT 0,
    repeats BIGINT NOT NULL DEFAULT 0,
    conflicts BIGINT NOT NULL DEFAULT 0,
    refused BIGINT NOT NULL DEFAULT 0
  )`,
  `CREATE TABLE IF NOT EXISTS incarnations (
    device TEXT NOT NULL,
    incarnation BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    records BIGINT NOT NULL DEFAULT 0,
    first_sequence BIGINT,
    last_sequence BIGINT,
    evicted_normal BIGINT NOT NULL DEFAULT 0,
    evicted_alarm BIGINT NOT NULL DEFAULT 0,
    ack_normal BIGINT NOT NULL DEFAULT 0,
    ack_alarm BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (device, incarnation)
  )`,
  `CREATE TABLE IF NOT EXISTS epochs (
    device TEXT NOT NULL,
    incarnation BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    latest_start BIGINT NOT NULL,
    age_sec BIGINT NOT NULL,
    alive_at BIGINT,
    earliest_start BIGINT,
    PRIMARY KEY (device, incarnation, epoch)
  )`,
  `CREATE TABLE IF NOT EXISTS clock_marks (
    device TEXT NOT NULL,
    incarnation BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    hour BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    start_ms BIGINT NOT NULL,
    PRIMARY KEY (device, incarnation, epoch, hour)
  )`,
  `CREATE TABLE IF NOT EXISTS records (
    device TEXT NOT NULL,
    incarnation BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    priority INTEGER NOT NULL,
    epoch BIGINT NOT NULL,
    epoch_sec BIGINT NOT NULL,
    unix_sec DOUBLE PRECISION,
    model_id BIGINT NOT NULL,
    model_version BIGINT NOT NULL,
    name TEXT NOT NULL,
    value DOUBLE PRECISION,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (device, incarnation, sequence)
  )`,
  `CREATE INDEX IF NOT EXISTS records_received ON records (received_at)`,
  `CREATE TABLE IF NOT EXISTS pruned (
    device TEXT NOT NULL,
    incarnation BIGINT NOT NULL,
    first_sequence BIGINT NOT NULL,
    last_sequence BIGINT NOT NULL,
    PRIMARY KEY (device, incarnation, first_sequence)
  )`,
  `CREATE TABLE IF NOT EXISTS conflicts (
    device TEXT NOT NULL,
    incarnation BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    other TEXT NOT NULL,
    stored TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (device, incarnation, sequence, other)
  )`,
  `CREATE TABLE IF NOT EXISTS logs (
    device TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    incarnation BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    uptime_sec BIGINT NOT NULL,
    level INTEGER NOT NULL,
    line TEXT NOT NULL,
    dropped BIGINT NOT NULL
  )`,
  `CREATE INDEX IF NOT EXISTS logs_received ON logs (received_at)`,
  `CREATE TABLE IF NOT EXISTS refusals (
    device TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    topic TEXT NOT NULL,
    reason TEXT NOT NULL,
    bytes TEXT NOT NULL
  )`,
  `CREATE INDEX IF NOT EXISTS refusals_device ON refusals (device, received_at)`,
  `CREATE TABLE IF NOT EXISTS device_tags (
    device TEXT NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (device, tag)
  )`,
  `CREATE TABLE IF NOT EXISTS updates (
    sequence BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    key_slot TEXT NOT NULL,
    companion BIGINT NOT NULL,
    published_at BIGINT NOT NULL,
    envelope TEXT NOT NULL,
    image TEXT NOT NULL
  )`,
  `CREATE TABLE IF NOT EXISTS device_updates (
    device TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    phase TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    state INTEGER NOT NULL DEFAULT 0,
    reason BIGINT NOT NULL DEFAULT 0,
    done BIGINT NOT NULL DEFAULT 0,
    total BIGINT NOT NULL DEFAULT 0,
    retained INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (device, sequence)
  )`,
  `CREATE INDEX IF NOT EXISTS device_updates_phase ON device_updates (phase)`,
  `CREATE TABLE IF NOT EXISTS update_states (
    device TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    state INTEGER NOT NULL,
    reason BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (device, ordinal)
  )`,
];

/** What brings a store of an older version up to date, before SCHEMA: by the version it comes from. */
export const MIGRATIONS: Readonly<Record<number, readonly string[]>> = {
  1: [`ALTER TABLE epochs ADD COLUMN earliest_start BIGINT`],
};

/** Tables with rows of a device, for `forget`. */
export const DEVICE_TABLES: readonly string[] = [
  "devices",
  "incarnations",
  "epochs",
  "clock_marks",
  "records",
  "pruned",
  "conflicts",
  "logs",
  "refusals",
  "device_tags",
  "device_updates",
  "update_states",
];
