import type { FaultRule, LedgerCall, Simulator } from "@synod/simulator";

import { askModel, type ModelAnswer } from "../harness/ask-model.js";
import { type Deployment, type DeploymentKind, startDeployment } from "../harness/deployment.js";
import { askNeighbours, type Neighbourhood, neighbours, type NeighbourTimes } from "../harness/neighbours.js";
import { says, startUpstream, type Upstream } from "../harness/upstream.js";
import { type FaultCase, type Play, playsOf, rulesOf, spareText, type Way } from "./fault-case.js";

/** Synod and an upstream that plays the cases. */
export interface FaultHouse extends AsyncDisposable {
  readonly upstream: Upstream;
  readonly synod: Deployment;
  readonly plays: readonly Play[];
  /** How long neighbours took while nothing was wrong. */
  readonly usual: NeighbourTimes;
}

/** Neighbours of these providers, and of one that shares nothing with a fault but the processes. */
export function hoodOf(
  { synod, upstream }: Pick<FaultHouse, "synod" | "upstream">,
  providers: readonly string[] = [],
): Neighbourhood {
  const upstreamUrl = upstream.simulator.openrouterUrl;
  return { url: synod.url, providers: ["openrouter", ...providers], upstreamUrl };
}

/** A model that is asked when a member of a panel fails: of a provider where nothing is wrong. */
export const spare = { provider: "spare", model: "acme/spare" } as const;

/** What a group of tests needs beside the providers of its cases. */
export interface HouseExtras {
  /** Further providers of the configuration file, by id. Each has a key. */
  readonly providers?: (simulator: Simulator) => Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Further presets, by name. */
  readonly presets?: Readonly<Record<string, unknown>>;
  /** What further models do. */
  readonly rules?: readonly FaultRule[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Tests that belong together. */
export interface FaultGroup extends HouseExtras {
  readonly name: string;
  readonly cases: readonly FaultCase[];
  /** Whether its cases would disturb others at the same time. Default: false. */
  readonly heavy?: boolean;
  /** Further tests, of what the cases cannot say. */
  readonly more?: (house: () => FaultHouse) => void;
}

/** Starts an upstream, and Synod with a provider for each way of each case. */
export async function startFaultHouse(
  kind: DeploymentKind,
  groups: readonly FaultGroup[],
): Promise<FaultHouse> {
  const upstream = await startUpstream();
  const { simulator } = upstream;
  const plays = groups.flatMap(({ cases }) => playsOf(cases));
  const providers = {
    ...Object.fromEntries(plays.map((play) => [play.provider, providerOf(play, simulator)])),
    [spare.provider]: { kind: "openrouter", base_url: simulator.openrouterUrl },
    ...joined(groups.map((group) => group.providers?.(simulator))),
  };
  upstream.script([
    ...groups.flatMap(({ rules = [] }) => rules),
    ...plays.flatMap(rulesOf),
    says(spare.model, spareText),
  ]);
  const synod = await startDeployment(kind, {
    env: { ...upstream.env, ...keysOf(Object.keys(providers)), ...joined(groups.map(({ env }) => env)) },
    config: {
      providers,
      presets: {
        ...Object.fromEntries(
          plays.filter(({ way }) => way === "fallback").map((play) => [play.provider, presetOf(play)]),
        ),
        ...joined(groups.map(({ presets }) => presets)),
      },
    },
  });
  // The first calls open connections.
  const hood = hoodOf({ synod, upstream });
  await askNeighbours(hood);
  return {
    upstream,
    synod,
    plays,
    usual: await askNeighbours(hood),
    async [Symbol.asyncDispose]() {
      await synod.stop();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

/** The calls of a model so far. */
export function callsOf({ upstream }: FaultHouse, model: string): readonly LedgerCall[] {
  return upstream.calls().filter((call) => call.model === model);
}

/** Asks the model of a play, without anything else that its case says. */
export function askAgain({ synod }: FaultHouse, { provider, model }: Play): Promise<ModelAnswer> {
  return askModel(synod.url, `${provider}/${model}`);
}

/** The play of a case that is asked in a way, by the beginning of its name. */
export function playNamed(house: FaultHouse, name: string, way: Way = "beside"): Play {
  const play = house.plays.find((each) => each.given.name.startsWith(name) && each.way === way);
  if (play === undefined) throw new Error(`There is no case ${name}.`);
  return play;
}

function joined<Value>(
  records: readonly (Readonly<Record<string, Value>> | undefined)[],
): Record<string, Value> {
  return Object.assign({}, ...records) as Record<string, Value>;
}

function keysOf(providers: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    providers.map((id) => [`${id.toUpperCase().replaceAll("-", "_")}_API_KEY`, `key-of-${id}-test`]),
  );
}

function providerOf({ given, way, model }: Play, simulator: Simulator): Record<string, unknown> {
  const { wire = "openrouter", settings = {}, modelSettings } = given;
  return {
    kind: wire,
    base_url: wire === "groq" ? simulator.groqUrl : simulator.openrouterUrl,
    // What is played beside a neighbour is played again, whatever became of it before.
    ...(way === "beside" && { breaker_failures: 1_000 }),
    ...settings,
    models: {
      ...(modelSettings && { [model]: modelSettings }),
      // Neighbours have the usual timers, whichever the case sets: on a busy machine even the fast one is slow.
      ...Object.fromEntries(
        Object.values(neighbours).map((neighbour) => [
          neighbour,
          { first_token_timeout_ms: 20_000, total_timeout_ms: 120_000 },
        ]),
      ),
    },
  };
}

function presetOf({ provider, model }: Play): Record<string, unknown> {
  return {
    members: [{ model: `${provider}/${model}`, fallbacks: [`${spare.provider}/${spare.model}`] }],
    aggregation: { strategy: "majority" },
    stop_early: "off",
  };
}
