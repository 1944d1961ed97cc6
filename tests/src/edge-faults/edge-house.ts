import { expect } from "vitest";

import { type HttpAnswer, post } from "../harness/api.js";
import { askModel, type AskOptions, type ModelAnswer } from "../harness/ask-model.js";
import { type Deployment, type DeploymentKind, startDeployment } from "../harness/deployment.js";
import { fails, panel, says, startUpstream, type Upstream } from "../harness/upstream.js";
import { type FloodServer, startFloodServer } from "./flood-server.js";

/** A Synod behind whose edge an upstream counts what is paid. */
export interface EdgeHouse extends AsyncDisposable {
  readonly upstream: Upstream;
  readonly synod: Deployment;
  /** The provider `flood`. */
  readonly flood: FloodServer;
}

/** What differs from the usual house. */
export interface EdgeOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, number>>;
  readonly maxFiles?: number;
}

/** Models that hang: before a byte, and after a first token. */
export const hanging = { silent: "acme/silent", begun: "acme/begun" } as const;

/** The upstream's script of every house: all answer, but for those that hang. */
const script = [
  fails(hanging.silent, { kind: "hang", when: "before_headers" }),
  fails(hanging.begun, { kind: "hang", afterTokens: 1 }),
  { ...says("*", "It is 391."), model: "acme/healthy" },
];

/** Starts an upstream and Synod in front of it. */
export async function startEdgeHouse(kind: DeploymentKind, options: EdgeOptions = {}): Promise<EdgeHouse> {
  const upstream = await startUpstream();
  const flood = await startFloodServer();
  upstream.script(script);
  const { presets } = panel();
  const synod = await startDeployment(kind, {
    env: { ...upstream.env, ...options.env },
    ...(options.maxFiles !== undefined && { maxFiles: options.maxFiles }),
    config: {
      presets,
      providers: { flood: { kind: "openai", base_url: flood.url } },
      ...(options.limits !== undefined && { limits: options.limits }),
    },
  });
  return {
    upstream,
    synod,
    flood,
    async [Symbol.asyncDispose]() {
      await synod.stop();
      await upstream[Symbol.asyncDispose]();
      await flood[Symbol.asyncDispose]();
    },
  };
}

/** How many upstream calls were paid so far. */
export const paidIn = ({ upstream }: EdgeHouse): number => upstream.calls().length;

/**
 * Does something, and expects that it pays so many upstream calls, leaves none open, and that a neighbour is answered
 * meanwhile and afterwards.
 */
export async function expectPaid<T>(house: EdgeHouse, paid: number, act: () => Promise<T>): Promise<T> {
  const before = paidIn(house);
  const acting = act();
  await expectHealthy(house);
  const result = await acting;
  await expectHealthy(house);
  expect(paidIn(house) - before - 2).toBe(paid);
  return result;
}

/** Expects that an ordinary question is answered. It pays one call. */
export async function expectHealthy({ synod }: EdgeHouse): Promise<void> {
  expect(await askModel(synod.url, "openrouter/acme/healthy")).toMatchObject({
    status: 200,
    text: "It is 391.",
  });
}

/** Asks the panel of three. */
export function askPanel({ synod }: EdgeHouse, options: AskOptions = {}): Promise<ModelAnswer> {
  return askModel(synod.url, "synod/default", options);
}

/** Posts whatever it is to the chat completions. */
export function complete({ synod }: EdgeHouse, body: unknown, headers = {}): Promise<HttpAnswer> {
  return post(`${synod.url}/v1/chat/completions`, body, { headers });
}
