/** The largest message inside Synod, in bytes: 16 MiB. */
export const defaultMaxBytes = 16 * 1024 * 1024;
