import { describe, expect, it } from "vitest";
import { houses, sharedHouses } from "../testing/houses.js";
import type { Claim, HeldClaim, IdempotencyStore, StoredResponse } from "./idempotency-store.js";

const never = (): AbortSignal => new AbortController().signal;
const response: StoredResponse = { status: 200, type: "application/json", body: '{"answer":"\\u0000 42"}' };
const held: HeldClaim = { owner: "one", key: "k", runId: "run-1" };

function claim(
  store: IdempotencyStore,
  changes: Partial<HeldClaim & { requestHash: string }> = {},
): Promise<Claim> {
  return store.claim({ ...held, requestHash: "h", ...changes });
}

for (const kind of houses) {
  describe.skipIf(!kind.available)(`requests with a key in ${kind.name}`, () => {
    it("are carried out once, and answered alike afterwards (F27)", async () => {
      await using house = await kind.build();
      const { idempotency } = await house.open();
      expect(await claim(idempotency)).toEqual({ type: "new" });
      expect(await claim(idempotency, { runId: "run-2" })).toEqual({ type: "running", runId: "run-1" });
      await idempotency.finish(held, response);
      expect(await claim(idempotency, { runId: "run-3" })).toEqual({
        type: "finished",
        runId: "run-1",
        response,
      });
    });

    it("are told from others by owner, key and content (F29)", async () => {
      await using house = await kind.build();
      const { idempotency } = await house.open();
      await claim(idempotency);
      expect(await claim(idempotency, { requestHash: "other" })).toEqual({ type: "conflict" });
      expect(await claim(idempotency, { owner: "two", requestHash: "other" })).toEqual({ type: "new" });
      expect(await claim(idempotency, { key: "K" })).toEqual({ type: "new" });
      await idempotency.finish(held, response);
      expect(await claim(idempotency, { requestHash: "other" })).toEqual({ type: "conflict" });
    });

    it("are forgotten after 24 hours", async () => {
      await using house = await kind.build();
      const { idempotency } = await house.open();
      await claim(idempotency);
      await idempotency.finish(held, response);
      house.clock.advance(24 * 3_600_000 - 1);
      expect(await claim(idempotency)).toMatchObject({ type: "finished" });
      house.clock.advance(1);
      expect(await claim(idempotency, { requestHash: "other", runId: "run-2" })).toEqual({ type: "new" });
      await idempotency.finish(held, response); // of a claim that is no longer held
      expect(await claim(idempotency, { requestHash: "other" })).toEqual({ type: "running", runId: "run-2" });
    });

    it("are free again when they were given up", async () => {
      await using house = await kind.build();
      const { idempotency } = await house.open();
      await claim(idempotency);
      await idempotency.release(held);
      expect(await claim(idempotency, { runId: "run-2" })).toEqual({ type: "new" });
      await idempotency.finish({ ...held, runId: "run-2" }, response);
      await idempotency.release({ ...held, runId: "run-2" }); // too late
      expect(await claim(idempotency)).toMatchObject({ type: "finished", runId: "run-2" });
    });

    it("let others wait for the answer", async () => {
      await using house = await kind.build();
      const { idempotency } = await house.open();
      await claim(idempotency);
      const waiting = [1, 2, 3].map(() => idempotency.outcome(held, never()));
      await idempotency.finish(held, response);
      expect(await Promise.all(waiting)).toEqual([response, response, response]);
      expect(await idempotency.outcome(held, never())).toEqual(response);
    });

    it("let others wait no longer when they were given up, or when these leave", async () => {
      await using house = await kind.build();
      const { idempotency } = await house.open();
      await claim(idempotency);
      const waiter = new AbortController();
      const left = idempotency.outcome(held, waiter.signal);
      const waiting = idempotency.outcome(held, never());
      waiter.abort(new Error("left"));
      await expect(left).rejects.toThrow("left");
      await idempotency.release(held);
      expect(await waiting).toBeUndefined();
      expect(await idempotency.outcome(held, never())).toBeUndefined();
    });

    it("are claimed by one of 50 at once (F28)", async () => {
      await using house = await kind.build();
      const { idempotency } = await house.open();
      const ids = Array.from({ length: 50 }, (_, index) => `run-${index}`);
      const claims = await Promise.all(ids.map((runId) => claim(idempotency, { runId })));
      const winner = ids[claims.findIndex(({ type }) => type === "new")];
      expect(claims.filter(({ type }) => type === "new")).toHaveLength(1);
      expect(claims.filter(({ type }) => type === "running")).toEqual(
        Array.from({ length: 49 }, () => ({ type: "running", runId: winner })),
      );
    });
  });
}

for (const kind of sharedHouses) {
  describe.skipIf(!kind.available)(`requests with a key in ${kind.name}, of several processes`, () => {
    it("are claimed by one of 50 at once at two processes, and its answer is everyone's (F28)", async () => {
      await using house = await kind.build();
      const [here, there] = [await house.open(), await house.open()];
      const claimAt = async (index: number): Promise<StoredResponse | undefined> => {
        const { idempotency } = index % 2 === 0 ? here : there;
        const claimed = await claim(idempotency, { runId: `run-${index}` });
        if (claimed.type === "new") {
          await idempotency.finish({ ...held, runId: `run-${index}` }, { ...response, body: `run-${index}` });
        }
        if (claimed.type === "running")
          return idempotency.outcome({ ...held, runId: claimed.runId }, never());
        return claimed.type === "finished" ? claimed.response : undefined;
      };
      const looking = setInterval(() => house.clock.advance(250), 5);
      const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => claimAt(index)));
      clearInterval(looking);
      const winner = answers.indexOf(undefined);
      expect(answers.filter((answer) => answer === undefined)).toHaveLength(1);
      expect(new Set(answers.map((answer) => answer?.body ?? `run-${winner}`))).toEqual(
        new Set([`run-${winner}`]),
      );
    });

    it("are free again when their process is dead, for the same request alone", async () => {
      await using house = await kind.build();
      const dead = await house.open({ clock: house.clock.stopped() });
      const { idempotency } = await house.open();
      await claim(dead.idempotency);
      house.clock.advance(9_999);
      expect(await claim(idempotency, { runId: "run-2" })).toEqual({ type: "running", runId: "run-1" });
      const waiting = idempotency.outcome(held, never());
      house.clock.advance(2_001);
      expect(await waiting).toBeUndefined();
      expect(await claim(idempotency, { requestHash: "other" })).toEqual({ type: "conflict" });
      expect(await claim(idempotency, { runId: "run-2" })).toEqual({ type: "new" });
      // The dead one was only slow: it has lost its claim.
      await dead.idempotency.finish(held, response);
      expect(await claim(idempotency, { runId: "run-3" })).toEqual({ type: "running", runId: "run-2" });
    });
  });
}
