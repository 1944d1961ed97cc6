import { Code } from "@connectrpc/connect";
import { expect, it } from "vitest";

import { grpcClient } from "../harness/ask-grpc.js";
import { providerMetric } from "../harness/metrics.js";
import {
  authorityFile,
  type CountingServer,
  startHttpServer,
  startTlsServer,
  type TestCertificate,
} from "../harness/tls-server.js";
import { answerText, type FaultCase, type Told } from "./fault-case.js";
import { callsOf, type FaultGroup, playNamed } from "./fault-house.js";

const completion = JSON.stringify({
  id: "gen-1",
  object: "chat.completion",
  model: "acme/tls",
  choices: [{ index: 0, message: { role: "assistant", content: answerText }, finish_reason: "stop" }],
  usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, cost: 0 },
});

const badCertificates = ["self-signed", "expired", "wrong-name"] as const;

/** Where upstreams of this group lead to. */
export interface ConnectionServers extends AsyncDisposable {
  /** Where redirects point to. */
  readonly trap: CountingServer;
  /** HTTPS with a certificate that is in order. */
  readonly trusted: CountingServer;
  readonly untrusted: readonly { readonly name: TestCertificate; readonly server: CountingServer }[];
  /** Where nobody listens. */
  readonly closedUrl: string;
}

/** Starts the servers. */
export async function startConnectionServers(): Promise<ConnectionServers> {
  const trap = await startHttpServer();
  const trusted = await startTlsServer("trusted", completion);
  const untrusted = await Promise.all(
    badCertificates.map(async (name) => ({ name, server: await startTlsServer(name, completion) })),
  );
  const closed = await startHttpServer();
  await closed[Symbol.asyncDispose]();
  const servers = [trap, trusted, ...untrusted.map(({ server }) => server)];
  return {
    trap,
    trusted,
    untrusted,
    closedUrl: closed.url,
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
    },
  };
}

const answered: Told = { status: 200 };
const astray: Told = { status: 502, code: "upstream_error", again: false };
const unreachable: Told = { status: 502, code: "provider_unreachable", again: true };

const casesOf = ({ trap, trusted, untrusted, closedUrl }: ConnectionServers): readonly FaultCase[] => [
  ...([301, 302, 303, 307, 308] as const).map((status): FaultCase => ({
    fault: "F22",
    name: `${status} is not followed`,
    wire: status === 307 ? "groq" : "openrouter",
    play: { kind: "redirect", status, location: `${trap.url}/v1/chat/completions` },
    told: astray,
    paid: 1,
    streamed: astray,
    ...(status === 308 && { fallback: [1, 1] as const }),
  })),
  {
    fault: "F23",
    name: "a certificate that is trusted is accepted",
    play: [],
    settings: { base_url: trusted.url },
    told: answered,
    paid: 0,
    spoilsProvider: true,
  },
  ...untrusted.map(({ name, server }): FaultCase => ({
    fault: "F23",
    name: `a certificate that is ${name}: nothing is sent`,
    play: [],
    settings: { base_url: server.url },
    told: { ...unreachable, again: false },
    paid: 0,
    spoilsProvider: true,
    streamed: { ...unreachable, again: false },
    fallback: [0, 1],
  })),
  {
    fault: "F23",
    name: "a name that is not known",
    play: [],
    settings: { base_url: "http://nowhere.invalid/v1" },
    told: unreachable,
    paid: 0,
    spoilsProvider: true,
    fallback: [0, 1],
  },
  {
    fault: "F23",
    name: "a port where nobody listens",
    play: [],
    settings: { base_url: closedUrl },
    told: unreachable,
    paid: 0,
    spoilsProvider: true,
    streamed: unreachable,
    fallback: [0, 1],
  },
];

/** F22 and F23: upstreams that cannot be reached, or point elsewhere. */
export function connectionFaults(servers: ConnectionServers): FaultGroup {
  const { trap, trusted, untrusted } = servers;
  return {
    name: "connection",
    cases: casesOf(servers),
    env: { NODE_EXTRA_CA_CERTS: authorityFile },
    more(house) {
      it("F22: nothing reaches where a redirect points to", () => {
        expect([trap.connections(), trap.requests()]).toEqual([0, 0]);
      });

      it("F23: no request reaches who has the wrong certificate", () => {
        expect(trusted.requests()).toBeGreaterThan(0);
        for (const { server } of untrusted) {
          expect(server.connections()).toBeGreaterThan(0);
          expect(server.requests()).toBe(0);
        }
      });

      it.each(["a port where nobody listens", "a name that is not known"])(
        "F23: %s: a fallback is asked at once, after one call and no wait",
        async (name) => {
          const { provider } = playNamed(house(), name, "fallback");
          const count = (metric: string) => providerMetric(house().synod, metric, { provider });
          expect(await count("synod_upstream_attempts_total")).toBe(1);
          expect(await count("synod_upstream_failovers_total")).toBe(1);
        },
      );

      it("F23: is `unavailable` over gRPC", async () => {
        await using grpc = grpcClient(house().synod.grpcAddress);
        const { provider, model } = playNamed(house(), "a port where nobody listens");
        const failure = await grpc.failure(`${provider}/${model}`);
        expect(failure).toMatchObject({ code: Code.Unavailable, reason: "provider_unreachable" });
        expect(callsOf(house(), model)).toEqual([]);
      });
    },
  };
}
