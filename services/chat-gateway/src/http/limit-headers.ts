import type { ServerResponse } from "node:http";
import type { Room } from "@synod/run-store";

const named = { requests_per_minute: "requests", tokens_per_minute: "tokens" } as const satisfies Record<
  Room["limit"],
  string
>;
const told = ["limit", "remaining", "reset"] as const;

/** The headers that say what is left of a key's limits per minute, as OpenAI and Groq have them. */
export const limitHeaders: readonly string[] = Object.values(named).flatMap((what) =>
  told.map((part) => `x-ratelimit-${part}-${what}`),
);

/** Says what is left of limits per minute. Not once something has gone out. */
export function tellRooms(rooms: readonly Room[], res: ServerResponse): void {
  if (res.headersSent) return;
  for (const { limit, most, left, fullAfterMs } of rooms) {
    const what = named[limit];
    res.setHeader(`x-ratelimit-limit-${what}`, most);
    res.setHeader(`x-ratelimit-remaining-${what}`, left);
    res.setHeader(`x-ratelimit-reset-${what}`, `${fullAfterMs / 1_000}s`);
  }
}
