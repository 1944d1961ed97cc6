import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { type Deployment, deployments, startDeployment } from "../../src/harness/deployment.js";
import { fails, says, startUpstream, type Upstream } from "../../src/harness/upstream.js";
import type { Asked, Client, ClientKind, Failed } from "./client.js";

const apiKey = "sk-synod-external-test";
const question = "What is 17 * 23?";

/** One name for each kind of trouble, since a model that failed is spared for a while. */
const troubles = ["calm", "limited", "failing", "breaking", "left", "flaky", "once", "half"] as const;
type Trouble = (typeof troubles)[number];

const modelOf = (trouble: Trouble, seat: number): string => `${trouble}/seat-${seat}`;
const membersOf = (trouble: Trouble) =>
  [1, 2, 3].map((seat) => ({ model: `openrouter/${modelOf(trouble, seat)}` }));
const chair = "breaking/chair";
const config = {
  // One attempt for each call, so that the repeats that are counted are the client's own.
  providers: { openrouter: { kind: "openrouter", max_attempts: 1 } },
  presets: Object.fromEntries(
    troubles.map((trouble) => {
      const aggregation =
        trouble === "breaking"
          ? { strategy: "synthesis", model: `openrouter/${chair}` }
          : { strategy: "majority" };
      return [trouble, { members: membersOf(trouble), aggregation, stop_early: "off" }];
    }),
  ),
};

/** Who is asked, how many upstream calls that is, and what is said of those that fail. */
const addressees = [
  {
    who: "a panel",
    idOf: (trouble: Trouble) => `synod/${trouble}`,
    paid: 3,
    unavailable: "All 3 members failed",
    writer: { model: chair, paid: 4, broken: "the aggregator failed in the middle of its answer" },
  },
  {
    who: "one model",
    idOf: (trouble: Trouble) => `openrouter/${modelOf(trouble, 1)}`,
    paid: 1,
    unavailable: modelOf("failing", 1),
    writer: { model: modelOf("breaking", 1), paid: 1, broken: "breaking/seat-1: Provider disconnected" },
  },
] as const;

async function textOf(stream: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const piece of stream) text += piece;
  return text;
}

/** A running Synod and its upstream, for what one client alone can do. */
export interface House {
  readonly url: string;
  readonly apiKey: string;
  readonly upstream: Upstream;
}

/** A panel that answers, and one model, with the calls that each takes. */
export const answering = [
  { who: "a panel", model: "synod/calm", paid: 3 },
  { who: "one model", model: "openrouter/calm/seat-1", paid: 1 },
] as const;

/**
 * What every client that speaks OpenAI's wire must find here, whatever it asks and however Synod runs.
 *
 * @param itsOwn Tests of what this client alone can do, in the same house.
 */
export function speaksToSynod(kind: ClientKind, itsOwn: (house: () => House) => void): void {
  describe.each(deployments)(`${kind.name}, $name`, (deployment) => {
    let upstream: Upstream;
    let synod: Deployment;
    let client: Client;

    itsOwn(() => ({ url: synod.url, apiKey, upstream }));

    beforeAll(async () => {
      upstream = await startUpstream();
      const env = { ...upstream.env, SYNOD_API_KEYS: apiKey };
      synod = await startDeployment(deployment, { env, config });
      client = kind.connect({ url: synod.url, apiKey, retries: 0 });
    }, 60_000);
    beforeEach(() => upstream.script());
    afterAll(async () => {
      await synod.stop();
      await upstream[Symbol.asyncDispose]();
    });

    const failure = (answer: Promise<unknown>): Promise<Failed> =>
      answer.then(
        (said) => expect.fail(`it has answered: ${JSON.stringify(said)}`),
        (error: unknown) => kind.failed(error),
      );
    /** Both ways to ask, one after the other: each must fail. */
    const failures = async (asked: Asked): Promise<readonly Failed[]> => [
      await failure(client.ask(asked)),
      await failure(textOf(client.stream(asked))),
    ];

    describe.each(addressees)("$who", ({ idOf, paid, unavailable, writer }) => {
      it("answers", async () => {
        const said = await client.ask({ model: idOf("calm"), text: question });
        expect(said.text).toContain("391");
        expect(said.finishReason).toBe("stop");
        expect(said.totalTokens).toBeGreaterThan(0);
        const consensus = expect.objectContaining({ preset: "calm", agreement: 1 });
        expect(said.consensus).toEqual(kind.showsConsensus && paid > 1 ? consensus : undefined);
        expect(upstream.calls()).toHaveLength(paid);
      });

      it("answers in a stream", async () => {
        expect(await textOf(client.stream({ model: idOf("calm"), text: question }))).toContain("391");
        expect(upstream.calls()).toHaveLength(paid);
      });

      it("400 names the value that is wrong, and costs nothing", async () => {
        const told = { status: 400, message: expect.stringContaining("temperature must be a number from 0") };
        const asked = { model: idOf("calm"), text: question, temperature: 3 };
        expect(await failures(asked)).toEqual([told, told]);
        expect(upstream.calls()).toHaveLength(0);
      });

      it("429 says that a limit is reached", async () => {
        upstream.script([fails("*", { kind: "rate_limit", scope: "upstream" })]);
        const told = { status: 429, message: expect.stringMatching(/rate|limit/i) };
        expect(await failures({ model: idOf("limited"), text: question })).toEqual([told, told]);
      });

      it("502 says who failed", async () => {
        upstream.script([fails("*", { kind: "status", status: 500 })]);
        const told = { status: 502, message: expect.stringContaining(unavailable) };
        expect(await failures({ model: idOf("failing"), text: question })).toEqual([told, told]);
        expect(upstream.calls()).toHaveLength(2 * paid);
      });

      it("an error in the middle of a stream is no end of it", async () => {
        upstream.script([
          fails(writer.model, [
            { kind: "say", text: "All of them say that it is exactly 391, as one can see." },
            { kind: "stream_error", afterTokens: 4 },
          ]),
        ]);
        const pieces: string[] = [];
        const reading = async (): Promise<void> => {
          for await (const piece of client.stream({ model: idOf("breaking"), text: question }))
            pieces.push(piece);
        };
        const { message } = await failure(reading());
        expect(pieces.join("")).toMatch(/^All of them/);
        expect(message).toContain(writer.broken);
        expect(upstream.calls()).toHaveLength(writer.paid);
      });

      it.each(["whole", "streamed"])("an abort cancels the calls that are under way (%s)", async (how) => {
        const { control } = upstream.simulator;
        upstream.script([fails("*", { kind: "hang", when: "before_headers" })]);
        const leaving = new AbortController();
        const asked = { model: idOf("left"), text: question, signal: leaving.signal };
        const answer = failure(how === "whole" ? client.ask(asked) : textOf(client.stream(asked)));
        await control.until(() => control.stats().inFlight === paid);
        leaving.abort();
        await answer;
        await control.until(() => control.ledger({ state: "aborted" }).length === paid);
        expect(upstream.calls()).toHaveLength(paid);
      });
    });

    it("404 names the panels that there are", async () => {
      const told = { status: 404, message: expect.stringContaining("synod/calm") };
      expect(await failures({ model: "synod/nonesuch", text: question })).toEqual([told, told]);
      expect(upstream.calls()).toHaveLength(0);
    });

    it("401 says that the key is wrong", async () => {
      const stranger = kind.connect({ url: synod.url, apiKey: "sk-nobody", retries: 0 });
      const told = await failure(stranger.ask({ model: "synod/calm", text: question }));
      expect(told).toEqual({ status: 401, message: expect.stringMatching(/key/i) });
      expect(upstream.calls()).toHaveLength(0);
    });

    it(`repeats what failed for nothing, ${kind.obeysShouldRetry ? "not" : "and"} what was paid for`, async () => {
      const unavailable = { kind: "status", status: 500 } as const;
      upstream.script([
        ...[1, 2, 3].map((seat) => fails(modelOf("flaky", seat), unavailable, [1])),
        fails(modelOf("once", 1), unavailable, [1]),
        says(modelOf("half", 1), "Answer: 391"),
        ...[2, 3].map((seat) => fails(modelOf("half", seat), { ...unavailable, status: 400 })),
      ]);
      const insistent = kind.connect({ url: synod.url, apiKey, retries: 1 });
      const [flaky, once, half] = await Promise.all([
        insistent.ask({ model: "synod/flaky", text: question }),
        insistent.ask({ model: "openrouter/once/seat-1", text: question }),
        failure(insistent.ask({ model: "synod/half", text: question })),
      ]);
      expect([flaky.text, once.text]).toEqual([
        expect.stringContaining("391"),
        expect.stringContaining("391"),
      ]);
      expect(half.status).toBe(503);
      const paid = (trouble: Trouble): number =>
        upstream.calls().filter(({ model }) => model.startsWith(`${trouble}/`)).length;
      expect([paid("flaky"), paid("once")]).toEqual([6, 2]);
      if (kind.obeysShouldRetry) expect(paid("half")).toBe(3);
      else expect(paid("half")).toBeGreaterThanOrEqual(6);
    });

    if (!kind.listsModels) return;
    it("lists the models, panels first", async () => {
      const ids = (await client.models?.()) ?? [];
      const panels = troubles.map((trouble) => `synod/${trouble}`);
      expect(ids).toEqual(expect.arrayContaining(panels));
      expect(ids.findLastIndex((id) => id.startsWith("synod/"))).toBeLessThan(
        ids.findIndex((id) => id.startsWith("openrouter/")),
      );
    });
  });
}
