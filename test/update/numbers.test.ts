import { expect, it } from "vitest";
import { SettingKey } from "../../lib/settings/keys.js";
import { ImageAt, Phase, RecordAt } from "../../lib/update/boot-record.js";
import { LentAt, Told } from "../../lib/update/keeper-link.js";
import { UpdateKind } from "../../lib/update/manifest.js";
import { Fact } from "../../lib/update/slot-facts.js";
import { UpdateState } from "../../lib/update/update-state.js";

// What lies in flash, travels, or passes between scripts of different releases. A device in the field has the old ones.

it("the numbers of settings stay what they are", () => {
  expect([
    [SettingKey.BOOTS, SettingKey.INCARNATION, SettingKey.EPOCH, SettingKey.SLEEP_STATE],
    [SettingKey.BOOT_RECORD, SettingKey.TRIAL, SettingKey.UPDATE_KEYS, SettingKey.UPDATE_PROGRESS],
    [SettingKey.UPDATE_REFUSED, SettingKey.LAST_CRASH, SettingKey.OUTBOX_NORMAL, SettingKey.OUTBOX_ALARM],
    [SettingKey.UPDATE_STATES, SettingKey.UPDATE_COMPANION, SettingKey.PROVISIONING_TRIAL],
    [SettingKey.UNHEALTHY_BOOTS, SettingKey.SLEEP_REPORTS, SettingKey.SLEEP_SCHEDULE, SettingKey.SLEEP_SAMPLES],
  ]).toEqual([
    [1, 2, 3, 4],
    [5, 6, 7, 8],
    [9, 10, 11, 12],
    [13, 14, 15],
    [20, 24, 28, 64],
  ]);
});

it("the boot record stays as it is", () => {
  expect([
    [RecordAt.VERSION, RecordAt.ROLES, RecordAt.ACCEPTED, RecordAt.DECIDED, RecordAt.REASON, RecordAt.UNREPORTED],
    [RecordAt.TRIAL_CRASHES, RecordAt.TRIAL_INFERENCES, RecordAt.TRIAL_FREE_BYTES, RecordAt.TRIAL_INFERENCE_MS],
    [RecordAt.INSTALLATION, RecordAt.IMAGES, RecordAt.BYTES],
    [ImageAt.SEQUENCE, ImageAt.IMAGE_BYTES, ImageAt.CRC, ImageAt.BYTES],
    [Phase.NONE, Phase.WAITING, Phase.TRIAL],
  ]).toEqual([
    [0, 1, 4, 8, 16, 18],
    [19, 20, 24, 28],
    [32, 36, 108],
    [0, 4, 8, 12],
    [0, 2, 4],
  ]);
});

it("kinds and states of updates are those of docs/protocol.md", () => {
  expect([UpdateKind.MODEL, UpdateKind.APPLICATION, UpdateKind.CONFIG, UpdateKind.KEY]).toEqual([0, 1, 2, 3]);
  expect([
    [UpdateState.FETCHING, UpdateState.STAGED, UpdateState.TRIAL],
    [UpdateState.CONFIRMED, UpdateState.REFUSED, UpdateState.ROLLED_BACK],
  ]).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ]);
});

it("applications, supervisors and keepers of different releases understand each other", () => {
  expect([
    [LentAt.VERSION, LentAt.GET_SETTING, LentAt.SET_SETTING, LentAt.PUBLISH, LentAt.RECEIVE_UP_TO],
    [LentAt.NOTE_ERROR, LentAt.IS_OFFLINE, LentAt.CLOSE, LentAt.APPLICATION, LentAt.BOARD],
    [LentAt.DEVICE, LentAt.RUNTIME, LentAt.OPERATORS, LentAt.UPDATE_SEQUENCE, LentAt.ON_TRIAL],
    [Told.FACTS, Told.OFFER, Told.BLOCK, Told.CONNECTED, Told.CLOSED],
    [Told.PUBLISHED, Told.INFERRED, Told.CRASHED, Told.FAILED, Told.BUSY],
    [Fact.ACCEPTED, Fact.ON_TRIAL, Fact.IS_NEWS, Fact.MODEL_FILE, Fact.MODEL_BYTES],
    [Fact.CONFIG_FILE, Fact.CONFIG_BYTES, Fact.SUPERVISOR],
  ]).toEqual([
    [0, 1, 2, 3, 4],
    [5, 6, 7, 8, 9],
    [10, 11, 12, 13, 14],
    [0, 1, 2, 3, 4],
    [5, 6, 7, 8, 9],
    [0, 1, 2, 3, 4],
    [5, 6, 7],
  ]);
});
