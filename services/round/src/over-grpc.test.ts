import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { Role } from "@synod/contracts/model";
import { ProviderService } from "@synod/contracts/provider";
import { RoundService } from "@synod/contracts/round";
import {
  createGrpcTransport,
  createServiceClient,
  type RunningServer,
  serve,
  serviceInterceptors,
  type ServiceModule,
} from "@synod/rpc";
import { createLogger, createMetrics } from "@synod/telemetry";
import { eventually, scriptedProviders } from "@synod/testing";
import { afterEach, describe, expect, test } from "vitest";
import { createRound } from "./create.js";

const logger = createLogger({ level: "silent", service: "test" });
const metrics = createMetrics({ service: "test" });
const interceptors = serviceInterceptors({ logger, metrics, service: "test" });
const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const part of open.splice(0).toReversed()) await part[Symbol.asyncDispose]();
});

function kept<T extends AsyncDisposable>(part: T): T {
  open.push(part);
  return part;
}

async function served(module: Pick<ServiceModule, "routes" | "services">): Promise<RunningServer> {
  const modules = [{ ...module, async [Symbol.asyncDispose]() {} }];
  return kept(await serve({ modules, grpc: { host: "127.0.0.1", port: 0 }, interceptors, logger, metrics }));
}

function reach(server: RunningServer, service: typeof RoundService | typeof ProviderService) {
  const target = new URL(server.grpcUrl ?? "").host;
  return kept(createGrpcTransport({ target, services: [service] }));
}

/** A round service and a scripted provider gateway, each behind a gRPC listener. */
async function cluster() {
  const upstream = scriptedProviders(({ model }) =>
    model === "c" ? { then: "hang" } : { text: "Answer: 42" },
  );
  const gateway = await served({ routes: upstream.routes, services: [ProviderService] });
  const providers = createServiceClient(ProviderService, reach(gateway, ProviderService));
  const round = await served(createRound({ providers, logger, metrics }));
  return { rounds: createServiceClient(RoundService, reach(round, RoundService)), asked: upstream.asked };
}

const request = {
  members: ["a", "b", "c"].map((model) => ({ model })),
  messages: [{ role: Role.USER, parts: [{ content: { case: "text", value: "6 * 7?" } as const }] }],
};

describe("a round over gRPC", () => {
  test("cancels the one that hangs when the grace is over", async () => {
    const { rounds, asked } = await cluster();
    const cases: unknown[] = [];
    for await (const { event } of rounds.runRound({ ...request, grace: durationFromMs(20) })) {
      cases.push(event.case);
    }
    expect(cases).toEqual(["answered", "answered", "cancelled", "ended"]);
    await eventually(() => asked.some(({ state }) => state === "aborted"));
    expect(asked).toHaveLength(3);
  });

  test("F25: cancels every call within a second when the caller leaves", async () => {
    const { rounds, asked } = await cluster();
    for await (const { event } of rounds.runRound(request)) {
      expect(event.case).toBe("answered");
      break;
    }
    await eventually(() => asked.every(({ state }) => state !== "open") && asked.length === 3);
    expect(asked.filter(({ question }) => question.model === "c").map(({ state }) => state)).toEqual([
      "aborted",
    ]);
  });
});
