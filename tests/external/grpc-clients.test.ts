import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { type Deployment, deployments, startDeployment } from "../src/harness/deployment.js";
import { fails, members, panel, startUpstream, type Upstream } from "../src/harness/upstream.js";
import { type Ended, languageOf } from "./conformance/languages.js";

const key = "sk-synod-grpc-test";
const question = "What is 17 * 23?";
const onceEach = { max_attempts: 1 };
const config = { ...panel(), providers: { openrouter: onceEach, groq: onceEach } };

for (const language of [languageOf("python"), languageOf("go")]) {
  const why = language.missing === null ? "" : ` (${language.missing})`;
  describe.skipIf(language.missing !== null).each(deployments)(
    `gRPC from ${language.name}${why}, $name`,
    (kind) => {
      let upstream: Upstream;
      let synod: Deployment;

      beforeAll(async () => {
        upstream = await startUpstream();
        const env = { ...upstream.env, SYNOD_API_KEYS: key };
        synod = await startDeployment(kind, { env, config });
      }, 60_000);
      beforeEach(() => upstream.script());
      afterAll(async () => {
        await synod.stop();
        await upstream[Symbol.asyncDispose]();
      });

      const call = (...args: string[]): Promise<Ended> =>
        language.run(["--target", synod.grpcAddress, "--key", key, ...args]);
      const done = (output: unknown): Ended => ({ code: 0, errors: "", output: output as string });
      /** An error as every language names its code in a way of its own: NOT_FOUND, NotFound. */
      const failedWith = async (example: Promise<Ended>) => {
        const { code, errors } = await example;
        expect(code).toBe(1);
        const [first = "", ...details] = errors.trim().split("\n");
        const [status = "", ...message] = first.split(": ");
        return { status: status.replaceAll("_", "").toLowerCase(), message: message.join(": "), details };
      };

      it("asks a panel", async () => {
        const answer = await call("chat", "synod/default", question);
        expect(answer).toEqual(done(expect.stringMatching(/391[^]*\nmajority, agreement 1\.00, 3 calls\n$/)));
        expect(upstream.calls()).toHaveLength(3);
      });

      it("asks one model, with a key for its repeats", async () => {
        const model = `groq/${members.llama}`;
        const answer = await call("--idempotency-key", "q-1", "chat", model, question);
        expect(answer).toEqual(done(expect.stringMatching(/391\n$/)));
        expect(upstream.calls()).toHaveLength(1);
      });

      it("follows a run, and reads its text as it comes", async () => {
        const { code, output } = await call("stream", "synod/default", question);
        const events = output.split("\n").filter((line) => line.startsWith("event "));
        const names = events.map((line) => line.replace(/^event \d+: /, ""));
        expect([code, names.at(0), names.at(-1)]).toEqual([0, "run_started", "run_finished"]);
        expect(names.filter((name) => name === "member_answered")).toHaveLength(3);
        expect(events.map((line) => Number(/\d+/.exec(line)?.[0]))).toEqual(
          names.map((_, index) => index + 1),
        );
        expect(output).toMatch(/\nstreamed: [^]*391/);
        expect(upstream.calls()).toHaveLength(3);
      });

      it("leaves, and what is being asked upstream is cancelled", async () => {
        upstream.script([fails("*", { kind: "hang", when: "before_headers" })]);
        const { control } = upstream.simulator;
        expect(await call("cancel", "synod/default", question)).toEqual(
          done("the members are being asked: leaving\nCANCELLED\n"),
        );
        await control.until(() => control.stats().inFlight === 0);
        expect(control.ledger({ state: "finished" })).toHaveLength(0);
      });

      it("waits no longer than its deadline", async () => {
        upstream.script([fails("*", { kind: "hang", when: "before_headers" })]);
        const { control } = upstream.simulator;
        const late = await failedWith(call("--deadline", "0.5s", "chat", "synod/default", question));
        expect(late.status).toBe("deadlineexceeded");
        await control.until(() => control.stats().inFlight === 0);
        expect(control.ledger({ state: "finished" })).toHaveLength(0);
      });

      it("is told what is wrong with a question", async () => {
        const [unknown, stranger] = await Promise.all([
          failedWith(call("chat", "synod/nonesuch", question)),
          failedWith(call("--key", "sk-nobody", "chat", "synod/default", question)),
        ]);
        expect(unknown).toEqual({
          status: "notfound",
          message: expect.stringContaining("synod/default"),
          details: ["reason MODEL_NOT_FOUND, again: false", expect.stringMatching(/^field model: /)],
        });
        expect(stranger).toMatchObject({
          status: "unauthenticated",
          details: ["reason INVALID_API_KEY, again: false"],
        });
        expect(upstream.calls()).toHaveLength(0);
      });

      it("is told how long to wait", async () => {
        upstream.script([
          fails("*", { kind: "rate_limit", scope: "upstream", hint: { seconds: 7, as: "seconds" } }),
        ]);
        const limited = await failedWith(
          call("--deadline", "5s", "chat", "openrouter/limited/model", question),
        );
        expect(limited).toMatchObject({
          status: "resourceexhausted",
          details: ["reason RATE_LIMIT_EXCEEDED, again: true", expect.stringMatching(/^wait \d{4} ms$/)],
        });
        expect(upstream.calls()).toHaveLength(1);
      });

      it("lists the models, asks for health without a key, and learns the contract by reflection", async () => {
        const [models, health, reflection] = await Promise.all([
          call("models"),
          language.run(["--target", synod.grpcAddress, "health"]),
          call("reflect"),
        ]);
        expect(models).toEqual(
          done(expect.stringMatching(/^synod\/default \(synod\)\n[^]*\nopenrouter\/\S+ \(openrouter\)\n/)),
        );
        expect(health).toEqual(done("SERVING\n"));
        expect(reflection).toEqual(done(expect.stringMatching(/\d+ models, synod\/default first\n$/)));
        expect(reflection.output).toContain("synod.chat.v1.ChatService\n");
      });
    },
  );
}
