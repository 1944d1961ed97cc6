/** The largest message inside Synod, in bytes: 16 MiB. */
export const defaultMaxBytes = 16 * 1024 * 1024;

/** The longest time that a timer can wait, in milliseconds: 24.8 days. A longer one would fire at once. */
export const longestTimeoutMs = 2_147_483_647;
