import { UPDATE_SQL } from "./update-statements.js";

/**
 * Every statement of the store, in SQL that SQLite and PostgreSQL both take; only the placeholders (?) differ.
 * Writing first, reading after.
 */
export const SQL = {
  ...UPDATE_SQL,

  touchDevice: `INSERT INTO devices (device, first_seen, last_seen) VALUES (?, ?, ?)
    ON CONFLICT (device) DO UPDATE SET last_seen =
      CASE WHEN excluded.last_seen > devices.last_seen THEN excluded.last_seen ELSE devices.last_seen END`,
  knowDevice: `INSERT INTO devices (device, first_seen, last_seen) VALUES (?, ?, ?) ON CONFLICT (device) DO NOTHING`,
  updateStatus: `UPDATE devices SET state = ?, application = COALESCE(?, application), runtime = COALESCE(?, runtime),
    board = COALESCE(?, board), model_id = COALESCE(?, model_id), model_version = COALESCE(?, model_version),
    reset_reason = COALESCE(?, reset_reason), boots = COALESCE(?, boots),
    supply_millivolts = COALESCE(?, supply_millivolts), free_bytes = COALESCE(?, free_bytes),
    waiting = COALESCE(?, waiting), errors = COALESCE(?, errors) WHERE device = ?`,
  updateUpdate: `UPDATE devices SET update_sequence = ?, update_state = ?, update_reason = ? WHERE device = ?`,
  countResults: `UPDATE devices SET records = records + ?, repeats = repeats + ?, conflicts = conflicts + ?
    WHERE device = ?`,
  countRefused: `UPDATE devices SET refused = refused + 1 WHERE device = ?`,

  knowIncarnation: `INSERT INTO incarnations (device, incarnation, ordinal)
    VALUES (?, ?, (SELECT COALESCE(MAX(ordinal), 0) + 1 FROM incarnations WHERE device = ?))
    ON CONFLICT (device, incarnation) DO NOTHING`,
  countIncarnation: `UPDATE incarnations SET records = records + ?,
    first_sequence = CASE WHEN first_sequence < ? THEN first_sequence ELSE ? END,
    last_sequence = CASE WHEN last_sequence > ? THEN last_sequence ELSE ? END
    WHERE device = ? AND incarnation = ?`,
  updateEvicted: `UPDATE incarnations SET
    evicted_normal = CASE WHEN evicted_normal > ? THEN evicted_normal ELSE ? END,
    evicted_alarm = CASE WHEN evicted_alarm > ? THEN evicted_alarm ELSE ? END
    WHERE device = ? AND incarnation = ?`,
  raiseAckNormal: `UPDATE incarnations SET ack_normal = ?
    WHERE device = ? AND incarnation = ? AND ack_normal < ?`,
  raiseAckAlarm: `UPDATE incarnations SET ack_alarm = ?
    WHERE device = ? AND incarnation = ? AND ack_alarm < ?`,

  boundEpoch: `INSERT INTO epochs (device, incarnation, epoch, latest_start, age_sec, alive_at, earliest_start)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (device, incarnation, epoch) DO UPDATE SET
      latest_start = CASE WHEN excluded.latest_start < epochs.latest_start
        THEN excluded.latest_start ELSE epochs.latest_start END,
      age_sec = CASE WHEN excluded.age_sec > epochs.age_sec THEN excluded.age_sec ELSE epochs.age_sec END,
      alive_at = CASE WHEN epochs.alive_at IS NULL OR excluded.alive_at > epochs.alive_at
        THEN excluded.alive_at ELSE epochs.alive_at END,
      earliest_start = CASE WHEN epochs.earliest_start IS NULL OR excluded.earliest_start > epochs.earliest_start
        THEN excluded.earliest_start ELSE epochs.earliest_start END`,
  markClock: `INSERT INTO clock_marks (device, incarnation, epoch, hour, received_at, start_ms)
    SELECT ?, ?, ?, ?, ?, ? WHERE NOT EXISTS (
      SELECT 1 FROM epochs WHERE device = ? AND incarnation = ? AND epoch > ?)
    ON CONFLICT (device, incarnation, epoch, hour) DO UPDATE SET
      received_at = excluded.received_at, start_ms = excluded.start_ms
      WHERE excluded.start_ms < clock_marks.start_ms`,

  insertRecord: `INSERT INTO records (device, incarnation, sequence, priority, epoch, epoch_sec, unix_sec, model_id,
    model_version, name, value, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (device, incarnation, sequence) DO NOTHING`,
  insertConflict: `INSERT INTO conflicts (device, incarnation, sequence, other, stored, received_at)
    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (device, incarnation, sequence, other) DO NOTHING`,
  insertLog: `INSERT INTO logs (device, received_at, incarnation, epoch, uptime_sec, level, line, dropped)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  insertRefusal: `INSERT INTO refusals (device, received_at, topic, reason, bytes) VALUES (?, ?, ?, ?, ?)`,

  prune: `INSERT INTO pruned (device, incarnation, first_sequence, last_sequence)
    SELECT device, incarnation, MIN(sequence), MAX(sequence) FROM (
      SELECT device, incarnation, sequence,
        sequence - ROW_NUMBER() OVER (PARTITION BY device, incarnation ORDER BY sequence) AS island
      FROM records WHERE received_at < ?) AS islands
    GROUP BY device, incarnation, island`,
  deleteRecords: `DELETE FROM records WHERE received_at < ?`,
  deleteClockMarks: `DELETE FROM clock_marks WHERE received_at < ?`,
  deleteLogs: `DELETE FROM logs WHERE received_at < ?`,
  deleteRefusals: `DELETE FROM refusals WHERE received_at < ?`,
  deleteConflicts: `DELETE FROM conflicts WHERE received_at < ?`,

  storedRecord: `SELECT epoch, epoch_sec, model_id, model_version, name, value FROM records
    WHERE device = ? AND incarnation = ? AND sequence = ?`,
  prunedRanges: `SELECT first_sequence, last_sequence FROM pruned
    WHERE device = ? AND incarnation = ? AND first_sequence <= ? AND last_sequence >= ?`,
  refusalCount: `SELECT COUNT(*) AS held FROM refusals WHERE device = ?`,
  ackLevels: `SELECT ack_normal, ack_alarm FROM incarnations WHERE device = ? AND incarnation = ?`,
  epochs: `SELECT e.device, e.incarnation, e.epoch, e.latest_start, e.age_sec, e.alive_at, e.earliest_start
    FROM epochs e JOIN incarnations i ON i.device = e.device AND i.incarnation = e.incarnation
    ORDER BY e.device, i.ordinal, e.epoch`,
  epochsOfDevice: `SELECT e.incarnation, e.epoch, e.latest_start, e.age_sec, e.earliest_start
    FROM epochs e JOIN incarnations i ON i.device = e.device AND i.incarnation = e.incarnation
    WHERE e.device = ? ORDER BY i.ordinal, e.epoch`,
  clockMarks: `SELECT incarnation, epoch, received_at, start_ms FROM clock_marks WHERE device = ? ORDER BY received_at`,
  results: `SELECT * FROM records WHERE received_at >= ? ORDER BY received_at DESC, incarnation DESC, sequence DESC`,
  resultsOfDevice: `SELECT * FROM records WHERE received_at >= ? AND device = ?
    ORDER BY received_at DESC, incarnation DESC, sequence DESC`,
  devices: `SELECT d.*, COALESCE(i.missing, 0) AS missing, COALESCE(i.unexplained, 0) AS unexplained,
      COALESCE(i.evicted, 0) AS evicted
    FROM devices d LEFT JOIN (
      SELECT device, SUM(missing) AS missing, SUM(evicted) AS evicted,
        SUM(CASE WHEN missing > evicted THEN missing - evicted ELSE 0 END) AS unexplained
      FROM (
        SELECT device, evicted_normal + evicted_alarm AS evicted,
          COALESCE(last_sequence + CASE WHEN first_sequence = 0 THEN 1 ELSE 0 END - records, 0) AS missing
        FROM incarnations) AS runs
      GROUP BY device) AS i ON i.device = d.device
    ORDER BY d.device`,
  gaps: `SELECT incarnation, below + 1 AS first_sequence, low - 1 AS last_sequence FROM (
      SELECT incarnation, low,
        COALESCE(LAG(high) OVER (PARTITION BY incarnation ORDER BY low), 0) AS below
      FROM (
        SELECT incarnation, sequence AS low, sequence AS high FROM records WHERE device = ?
        UNION ALL
        SELECT incarnation, first_sequence AS low, last_sequence AS high FROM pruned WHERE device = ?) AS held
      ) AS neighbours
    WHERE low > below + 1 ORDER BY incarnation, low`,
  conflicts: `SELECT * FROM conflicts WHERE device = ? ORDER BY received_at, incarnation, sequence`,
  logs: `SELECT device, received_at, level, line, dropped FROM logs WHERE (device = ? OR ? = '')
    ORDER BY received_at DESC LIMIT ?`,
  refusals: `SELECT received_at, topic, reason, bytes FROM refusals WHERE device = ? ORDER BY received_at`,
  totals: `SELECT COUNT(*) AS devices, COALESCE(SUM(records), 0) AS records, COALESCE(SUM(repeats), 0) AS repeats,
    COALESCE(SUM(conflicts), 0) AS conflicts, COALESCE(SUM(refused), 0) AS refused FROM devices`,
} as const;
