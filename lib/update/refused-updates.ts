import { copyBytes, equalBytes, readU32, writeU32 } from "../core/bytes.js";
import { SettingKey } from "../settings/keys.js";
import { Lent, type LentHost } from "./agent-link.js";
import type { SlotSettings } from "./boot-record.js";
import { OfferAt, type Offer } from "./offer.js";

/** Of each: its sequence, and the first bytes of its digest; zeros where the sequence itself is refused. */
const ENTRY_BYTES = 8;
const LIST_BYTES = 8 * ENTRY_BYTES;

/**
 * Updates that were refused and are not fetched again; the last eight, the latest first. One whose signature was wrong is
 * known by its digest: who can offer anything must not be able to spoil the sequence of an update that is still to come.
 */
export function isRefused(settings: SlotSettings, offer: Offer): boolean {
  const list = settings.get(SettingKey.UPDATE_REFUSED);
  for (let at = 0; at < list.length; at += ENTRY_BYTES)
    if (
      readU32(list, at) === offer[OfferAt.SEQUENCE] &&
      (!readU32(list, at + 4) || equalBytes(list, at + 4, offer[OfferAt.DIGEST], 0, 4))
    )
      return true;
  return false;
}

/** Remembers that the offer was refused: by its sequence where `isProven`, else by its digest. */
export function rememberRefused(lent: LentHost, isProven: boolean): void {
  const offer = lent[Lent.OFFER];
  const list = lent[Lent.GET_SETTING](SettingKey.UPDATE_REFUSED);
  const next = new Uint8Array(LIST_BYTES);
  writeU32(next, 0, offer[OfferAt.SEQUENCE]);
  if (!isProven) copyBytes(offer[OfferAt.DIGEST], 0, next, 4, 4);
  if (list.length) copyBytes(list, 0, next, ENTRY_BYTES, LIST_BYTES - ENTRY_BYTES);
  lent[Lent.SET_SETTING](SettingKey.UPDATE_REFUSED, next);
}
