import { ErrorCode } from "../core/error-code.js";
import { SettingKey } from "../settings/keys.js";
import type { Settings } from "../settings/settings.js";
import type { ReportPolicy } from "../uplink/report-policy.js";
import { keepNumbers, keptNumbers } from "./kept-numbers.js";

/** Outputs under one key. */
const OUTPUTS_EACH = 8;
/** Numbers of an output: the value reported last, when, and on which side of its level. */
const NUMBERS = 3;

/** Writes what was reported last of each output; what has not changed costs nothing. */
export function keepReports(settings: Settings, policies: readonly ReportPolicy[]): ErrorCode {
  for (let from = 0, key: number = SettingKey.SLEEP_REPORTS; from < policies.length; from += OUTPUTS_EACH, key++) {
    const numbers: number[] = [];
    for (let i = from; i < from + OUTPUTS_EACH && i < policies.length; i++) {
      const policy = policies[i]!;
      numbers.push(policy._last, policy._lastMs, policy._above ? 1 : 0);
    }
    const status = keepNumbers(settings, key, numbers);
    if (status) return status;
  }
  return ErrorCode.OK;
}

/** Reads it back. @param shiftMs what its times are too great by */
export function restoreReports(settings: Settings, policies: readonly ReportPolicy[], shiftMs: number): void {
  for (let i = 0; i < policies.length; i++) {
    const first = i - (i % OUTPUTS_EACH);
    const count = Math.min(OUTPUTS_EACH, policies.length - first) * NUMBERS;
    const numbers = keptNumbers(settings, SettingKey.SLEEP_REPORTS + first / OUTPUTS_EACH, count);
    const at = (i - first) * NUMBERS;
    if (!numbers.length) continue;
    const policy = policies[i]!;
    policy._last = numbers[at]!;
    policy._lastMs = numbers[at + 1]! - shiftMs;
    policy._above = numbers[at + 2]! > 0;
  }
}
