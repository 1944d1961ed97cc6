import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** A secret that was made, and what is kept of it. */
export interface Secret {
  readonly keyId: string;
  /** What its owner shows. */
  readonly text: string;
  /** What is kept. */
  readonly hash: string;
}

const pattern = /^sk-synod-([0-9a-f]{16})-[\w-]{43}$/;

/** Makes a secret of 256 random bits. */
export function newSecret(): Secret {
  const keyId = randomBytes(8).toString("hex");
  const text = `sk-synod-${keyId}-${randomBytes(32).toString("base64url")}`;
  return { keyId, text, hash: hashOf(text) };
}

/** Which key a text claims to be. One of another form gets an id that no key has, so that it takes the same way. */
export function claimedId(text: string): string {
  return pattern.exec(text)?.[1] ?? "";
}

/** Whether a text is the secret that was kept as a hash. The time that it takes says nothing about either. */
export function isSecret(text: string, hash: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(text)), Buffer.from(hash.padEnd(64).slice(0, 64)));
}

/** The SHA-256 of a text, in hexadecimal digits. */
export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
