import dns from "node:dns";
import { createServer } from "node:net";
import { Code, ConnectError } from "@connectrpc/connect";
import { ProviderService } from "@synod/contracts/provider";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createServiceClient } from "../client/service-client.js";
import { createGate, fired } from "../testing/gate.js";
import type { Handlers } from "../testing/houses.js";
import { startProxy } from "../testing/proxy.js";
import { answer, piece, question } from "../testing/questions.js";
import { startReplica } from "../testing/replica.js";
import { thrownBy } from "../testing/thrown-by.js";
import { until } from "../testing/until.js";
import type { GrpcTuning } from "./channel-options.js";
import { createGrpcTransport } from "./grpc-transport.js";

const quick: GrpcTuning = { maxReconnectBackoffMs: 200, minTimeBetweenResolutionsMs: 20 };

function dial(target: string, tuning: GrpcTuning = quick) {
  const transport = createGrpcTransport({ target, services: [ProviderService], tuning });
  return {
    client: createServiceClient(ProviderService, transport),
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}

/** A handler that says who answered, by a model's name. */
function named(name: string): { handlers: Handlers; counts: { unary: number } } {
  const counts = { unary: 0 };
  const handlers: Handlers = {
    listProviders: () => ({ providers: [{ id: name }] }),
    complete() {
      counts.unary += 1;
      return answer(name);
    },
  };
  return { handlers, counts };
}

/** Another address of this machine's loopback, on which the same port can be had. */
async function otherLoopback(port: number): Promise<string> {
  for (const host of ["127.0.0.2", "::1"]) {
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once("error", () => resolve(false));
      server.listen(port, host, () => server.close(() => resolve(true)));
    });
    if (free) return host;
  }
  throw new Error("this machine has one loopback address only");
}

describe("replicas behind one target", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("trap 9: share work by round robin", async () => {
    const one = named("one");
    const two = named("two");
    await using a = await startReplica(one.handlers);
    await using b = await startReplica(two.handlers);
    await using dialled = dial(`ipv4:127.0.0.1:${a.port},127.0.0.1:${b.port}`);
    const ask = () => dialled.client.complete(question("x"));
    await until(
      "both are connected",
      async () => (await ask()) && one.counts.unary > 0 && two.counts.unary > 0,
    );
    const before = one.counts.unary;
    for (let n = 0; n < 20; n += 1) await ask();
    expect(one.counts.unary - before).toBe(10);
  });

  it("must know 4: a killed replica costs nothing where a call may be repeated", async () => {
    await using a = await startReplica(named("one").handlers);
    await using b = await startReplica(named("two").handlers);
    await using doomed = await startProxy(a.url);
    await using dialled = dial(`ipv4:127.0.0.1:${doomed.port},127.0.0.1:${b.port}`);
    const seen = new Set<string | undefined>();
    const ask = async () => {
      const { providers } = await dialled.client.listProviders({});
      seen.add(providers[0]?.id);
    };
    await until("both are used", async () => {
      await ask();
      return seen.size === 2;
    });
    const workers = Array.from({ length: 8 }, async (_, worker) => {
      for (let n = 0; n < 25; n += 1) {
        if (worker === 0 && n === 5) doomed.kill();
        await ask();
      }
    });
    await Promise.all(workers);
    await doomed.revive();
    seen.clear();
    await until("the revived one is used again", async () => {
      await ask();
      return seen.size === 2;
    });
  });

  it("must know 4: a call that is paid for is never repeated", async () => {
    const begun = createGate();
    let calls = 0;
    await using replica = await startReplica({
      async complete(_, { signal }) {
        calls += 1;
        begun.open();
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        return answer("x");
      },
    });
    await using doomed = await startProxy(replica.url);
    await using dialled = dial(`127.0.0.1:${doomed.port}`);
    const call = thrownBy(dialled.client.complete(question("x")));
    await begun.opened;
    doomed.kill();
    await doomed.revive();
    expect((await call).code).toBe(Code.Unavailable);
    expect(calls).toBe(1);
  });

  it("must know 4: a frozen replica is noticed by keepalive", async () => {
    const frozen = createGate();
    await using replica = await startReplica({
      async complete() {
        frozen.open();
        await new Promise(() => undefined);
        return answer("x");
      },
    });
    await using proxy = await startProxy(replica.url);
    await using dialled = dial(`127.0.0.1:${proxy.port}`, { keepaliveTimeMs: 200, keepaliveTimeoutMs: 100 });
    const call = thrownBy(dialled.client.complete(question("x"), { timeoutMs: 60_000 }));
    await frozen.opened;
    proxy.freeze();
    expect((await call).code).toBe(Code.Unavailable);
  });

  it("must know 3: a new replica is found when a connection reaches its age", async () => {
    const one = named("one");
    const two = named("two");
    await using first = await startReplica(one.handlers, { maxConnectionAgeMs: 100 });
    const host = await otherLoopback(first.port);
    const addresses = [{ address: "127.0.0.1", family: 4 }];
    const lookup = vi.spyOn(dns.promises, "lookup").mockImplementation((async () => [...addresses]) as never);
    await using dialled = dial(`dns:///replicas.test:${first.port}`);
    await dialled.client.complete(question("x"));
    expect(lookup).toHaveBeenCalledTimes(1);
    await using second = await startReplica(two.handlers, { host, port: first.port });
    addresses.push({ address: host, family: host.includes(":") ? 6 : 4 });
    await until("the new one is used", async () => {
      await dialled.client.complete(question("x"));
      return two.counts.unary > 0;
    });
    expect(second.port).toBe(first.port);
  });

  it("must know 2: connections that reach their age cost no call", async () => {
    const { handlers, counts } = named("one");
    await using replica = await startReplica(handlers, { maxConnectionAgeMs: 150 });
    await using dialled = dial(`127.0.0.1:${replica.port}`);
    const endMs = performance.now() + 1_000;
    let asked = 0;
    const workers = Array.from({ length: 8 }, async () => {
      while (performance.now() < endMs) {
        asked += 1;
        await dialled.client.complete(question("x"));
      }
    });
    await Promise.all(workers);
    expect(counts.unary).toBe(asked);
  });

  it("a call that goes on after its connection's age is not cut, however short a shutdown is", async () => {
    const outlived = createGate();
    const startMs = performance.now();
    await using replica = await startReplica(
      {
        complete: () => answer("x"),
        async *streamCompletion() {
          yield piece("before");
          await outlived.opened;
          yield piece("after");
        },
      },
      { maxConnectionAgeMs: 50, drainMs: 1 },
    );
    await using proxy = await startProxy(replica.url);
    await using dialled = dial(`127.0.0.1:${proxy.port}`);
    let read = 0;
    for await (const _ of dialled.client.streamCompletion(question("x"))) {
      read += 1;
      if (read > 1) continue;
      await until("other calls use a newer connection", async () => {
        await dialled.client.complete(question("x"));
        return proxy.connections > 1;
      });
      await until(
        "a connection that is ended by force would be gone",
        () => performance.now() > startMs + 1_500,
      );
      outlived.open();
    }
    expect(read).toBe(2);
  });

  it("survives more cancelled calls than Node bears on one connection", async () => {
    await using replica = await startReplica({
      async *streamCompletion(_, { signal }) {
        yield piece("x");
        await fired(signal);
      },
    });
    await using dialled = dial(`127.0.0.1:${replica.port}`);
    const leave = async () => {
      for await (const _ of dialled.client.streamCompletion(question("x"))) return;
    };
    const workers = Array.from({ length: 20 }, async () => {
      for (let n = 0; n < 56; n += 1) await leave();
    });
    await Promise.all(workers);
  });

  it("says that a service is unavailable when nobody listens, without its address", async () => {
    await using dialled = dial("127.0.0.1:1");
    const error = await thrownBy(dialled.client.complete(question("x")));
    expect(error).toBeInstanceOf(ConnectError);
    expect(error.code).toBe(Code.Unavailable);
    expect(error.message).not.toContain("127.0.0.1");
  });

  it("refuses a header that cannot be sent", async () => {
    await using dialled = dial("127.0.0.1:1");
    const error = await thrownBy(dialled.client.complete(question("x"), { headers: { "x-name": "Zoë" } }));
    expect(error.code).toBe(Code.InvalidArgument);
  });

  it("disposing a transport ends its calls", async () => {
    const begun = createGate();
    await using replica = await startReplica({
      async complete() {
        begun.open();
        await new Promise(() => undefined);
        return answer("x");
      },
    });
    const dialled = dial(`127.0.0.1:${replica.port}`);
    const call = thrownBy(dialled.client.complete(question("x")));
    await begun.opened;
    await dialled[Symbol.asyncDispose]();
    expect((await call).code).toBe(Code.Canceled);
  });
});
