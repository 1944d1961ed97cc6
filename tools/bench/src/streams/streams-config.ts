/** Longer than any measurement, in milliseconds: no stream must be cut while it is silent. */
export const streamsWithinMs = 900_000;

/** The configuration file of a Synod whose open streams are measured. */
export const streamsConfig = {
  providers: {
    openrouter: {
      kind: "openrouter",
      first_token_timeout_ms: 60_000,
      idle_timeout_ms: streamsWithinMs,
      total_timeout_ms: streamsWithinMs,
    },
  },
} as const;
