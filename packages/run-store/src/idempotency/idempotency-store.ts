/** How long a key is remembered, in milliseconds: 24 hours. */
export const rememberedMs = 24 * 3_600_000;

/** Who sends a request, under which key. */
export interface RequestKey {
  /** The id of the caller's own key. Empty for everyone. */
  readonly owner: string;
  /** What stands in `Idempotency-Key`. */
  readonly key: string;
}

/** A request that is to be carried out once. */
export interface ClaimRequest extends RequestKey {
  /** A hash of everything that makes it this request. */
  readonly requestHash: string;
  /** The id that its run gets if it is carried out now. New for each claim. */
  readonly runId: string;
}

/** What a request came to. */
export interface StoredResponse {
  /** The status over HTTP. */
  readonly status: number;
  /** The media type of the body. */
  readonly type: string;
  readonly body: string;
}

/** What to do with a request. */
export type Claim =
  /** Carry it out under the id that it brought, then `finish` or `release` it. */
  | { readonly type: "new" }
  /** It is being carried out: wait for it with `outcome`. */
  | { readonly type: "running"; readonly runId: string }
  /** It was carried out. */
  | { readonly type: "finished"; readonly runId: string; readonly response: StoredResponse }
  /** The key was used for another request. */
  | { readonly type: "conflict" };

/** A claim that this process holds. */
export type HeldClaim = Pick<ClaimRequest, "owner" | "key" | "runId">;

/**
 * Sees to it that a request with an idempotency key is carried out once, by one process of all.
 *
 * A key is remembered for 24 hours after it was claimed. One that a process held which died is free again after 10 s.
 */
export interface IdempotencyStore {
  /**
   * Claims a request. Of many claims at once, one is new.
   *
   * @throws StorageError
   */
  claim(request: ClaimRequest): Promise<Claim>;
  /**
   * Keeps what a claimed request came to, and tells those who wait for it. When that cannot be stored, it is tried
   * again until it can.
   */
  finish(claim: HeldClaim, response: StoredResponse): Promise<void>;
  /** Gives a claim up: nothing was paid, so the request may be carried out again. Tried again like `finish`. */
  release(claim: HeldClaim): Promise<void>;
  /**
   * Waits for the end of a request that is being carried out. Undefined when there is none to be had: it was given up,
   * or its process died. Rejects when `signal` aborts.
   */
  outcome(running: HeldClaim, signal: AbortSignal): Promise<StoredResponse | undefined>;
}
