import type { GuestPart } from "./guest.js";

/** `require("crypto")`: digests and AES. As on Espruino, CTR counts from zero whatever `iv` says. */
export const cryptoPart: GuestPart = (_root, host, kit) => {
  const buffer = (data: unknown): ArrayBuffer => kit.bytesOf(data).buffer as ArrayBuffer;
  const digest = (name: string) => (data: unknown) => host.hash(name, buffer(data));
  const aes = (encrypt: boolean) => (data: unknown, key: unknown, options?: { iv?: unknown; mode?: unknown }) => {
    const mode = String(options?.mode ?? "CBC");
    const iv = options?.iv === undefined || mode === "CTR" ? new ArrayBuffer(16) : buffer(options.iv);
    return host.aes(encrypt, mode, buffer(key), iv, buffer(data));
  };
  kit.modules["crypto"] = {
    SHA1: digest("sha1"),
    SHA224: digest("sha224"),
    SHA256: digest("sha256"),
    SHA384: digest("sha384"),
    SHA512: digest("sha512"),
    AES: { encrypt: aes(true), decrypt: aes(false) },
  };
};
