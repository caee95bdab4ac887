/** The store's statements on updates and tags, in SQL that SQLite and PostgreSQL both take. */
export const UPDATE_SQL = {
  insertUpdate: `INSERT INTO updates (sequence, kind, key_slot, companion, published_at, envelope, image)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sequence) DO NOTHING`,
  update: `SELECT * FROM updates WHERE sequence = ?`,
  updateList: `SELECT sequence, kind, key_slot, companion, published_at, envelope FROM updates ORDER BY sequence`,

  openUpdate: `INSERT INTO device_updates (device, sequence, phase, published_at, changed_at)
    VALUES (?, ?, 'open', ?, ?)
    ON CONFLICT (device, sequence) DO UPDATE SET phase = 'open', changed_at = excluded.changed_at`,
  endUpdate: `UPDATE device_updates SET phase = ?, changed_at = ? WHERE device = ? AND sequence = ?`,
  reportUpdate: `UPDATE device_updates SET phase = ?, state = ?, reason = ?, done = ?, total = ?, changed_at = ?
    WHERE device = ? AND sequence = ?`,
  offering: `UPDATE device_updates SET retained = 1 WHERE device = ? AND sequence = ?`,
  offered: `UPDATE device_updates SET retained = CASE WHEN sequence = ? THEN 1 ELSE 0 END
    WHERE device = ? AND (retained = 1 OR sequence = ?)`,

  insertUpdateState: `INSERT INTO update_states (device, ordinal, sequence, state, reason, received_at)
    SELECT ?, COALESCE(MAX(ordinal), 0) + 1, ?, ?, ?, ? FROM update_states WHERE device = ?`,
  trimUpdateStates: `DELETE FROM update_states WHERE device = ? AND ordinal <=
    (SELECT MAX(ordinal) FROM update_states WHERE device = ?) - ?`,
  lastUpdateState: `SELECT state, reason FROM update_states WHERE device = ? AND sequence = ?
    ORDER BY ordinal DESC LIMIT 1`,
  updateStates: `SELECT * FROM update_states WHERE (device = ? OR ? = '') ORDER BY received_at, device, ordinal`,

  deviceUpdates: `SELECT u.*, p.kind, p.key_slot, p.companion, d.board FROM device_updates u
    JOIN updates p ON p.sequence = u.sequence LEFT JOIN devices d ON d.device = u.device
    WHERE (u.device = ? OR ? = '') ORDER BY u.device, u.sequence`,
  activeUpdates: `SELECT u.*, p.kind, p.key_slot, p.companion, d.board FROM device_updates u
    JOIN updates p ON p.sequence = u.sequence LEFT JOIN devices d ON d.device = u.device
    WHERE (u.device = ? OR ? = '') AND (u.phase IN ('open', 'fetched') OR u.retained = 1)
    ORDER BY u.device, u.sequence`,
  deviceUpdate: `SELECT u.*, p.kind, p.key_slot, p.companion, d.board FROM device_updates u
    JOIN updates p ON p.sequence = u.sequence LEFT JOIN devices d ON d.device = u.device
    WHERE u.device = ? AND u.sequence = ?`,
  devicesOfUpdate: `SELECT device FROM device_updates WHERE sequence = ? ORDER BY device`,
  sequences: `SELECT device, sequence FROM device_updates UNION SELECT device, sequence FROM update_states`,
  sequencesOfDevice: `SELECT sequence FROM device_updates WHERE device = ?
    UNION SELECT sequence FROM update_states WHERE device = ?`,

  addTag: `INSERT INTO device_tags (device, tag) VALUES (?, ?) ON CONFLICT (device, tag) DO NOTHING`,
  removeTag: `DELETE FROM device_tags WHERE device = ? AND tag = ?`,
  tags: `SELECT device, tag FROM device_tags ORDER BY device, tag`,
} as const;
