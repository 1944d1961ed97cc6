import { type ProviderError, unrepeatable } from "../provider-error.js";

/** What an error means, before its wait is known. */
export interface Verdict extends Pick<
  ProviderError,
  "reason" | "retryable" | "failOver" | "repeats" | "blames" | "tierFull" | "generated"
> {
  /** Shown with the status in place of the upstream's own text. */
  readonly message?: string;
}

/** Everything that an upstream's error can mean. */
export const verdicts = {
  /** The request is wrong, for whoever reads it. */
  rejected: { ...unrepeatable, reason: "upstream_rejected" },
  /** This model cannot do what is asked; another may. */
  unfit: { ...unrepeatable, reason: "upstream_rejected", failOver: "any" },
  /** Content was blocked. Another provider is not to be talked into it. */
  refused: { ...unrepeatable, reason: "refused" },
  tooLong: { ...unrepeatable, reason: "context_length_exceeded", failOver: "larger_context" },
  unknownModel: { ...unrepeatable, reason: "model_not_found", failOver: "any" },
  outOfCredit: { ...unrepeatable, reason: "provider_credit", failOver: "other_provider", blames: "key" },
  keyRefused: {
    ...unrepeatable,
    reason: "provider_auth",
    failOver: "other_provider",
    blames: "key",
    message: "the provider refused Synod's key",
  },
  /** A 403 that is not the provider's own says nothing about the key. */
  forbidden: {
    ...unrepeatable,
    reason: "upstream_error",
    failOver: "other_provider",
    blames: "target",
    message: "something in front of the provider forbade the call",
  },
  wrongAddress: {
    ...unrepeatable,
    reason: "upstream_error",
    failOver: "other_provider",
    blames: "target",
    message: "the provider has no such address: check its base URL",
  },
  /** A redirect, or a status that is none: it is not followed, and no key is sent anywhere else. */
  astray: {
    ...unrepeatable,
    reason: "upstream_error",
    failOver: "other_provider",
    blames: "target",
    message: "the provider gave no answer that Synod follows",
  },
  /** What it cost is not known, so the same target is not asked again. */
  late: { reason: "upstream_timeout", retryable: true, failOver: "any", repeats: 0, blames: "target" },
  broken: { reason: "upstream_error", retryable: true, failOver: "any", repeats: 2, blames: "target" },
  /** A limit of the model. */
  limited: {
    reason: "rate_limit_exceeded",
    retryable: true,
    failOver: "any",
    repeats: 2,
    blames: "model_limit",
  },
  /** A limit of everything behind the key. */
  keyLimited: {
    reason: "rate_limit_exceeded",
    retryable: true,
    failOver: "other_provider",
    repeats: 2,
    blames: "key_limit",
  },
  /** The cheap tier has no room, which says nothing about the ordinary one. */
  tierFull: {
    reason: "upstream_error",
    retryable: true,
    failOver: "any",
    repeats: 1,
    blames: "nobody",
    tierFull: true,
  },
  /** The model wrote what could not be used: another sampling may do. */
  unusable: {
    reason: "upstream_rejected",
    retryable: true,
    failOver: "any",
    repeats: 1,
    blames: "nobody",
    generated: true,
  },
} as const satisfies Record<string, Verdict>;
