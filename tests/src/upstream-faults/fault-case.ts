import type { Fault, FaultRule, WireProvider } from "@synod/simulator";

/** What models say when nothing is wrong. */
export const answerText = "17 times 23 is 391.";

/** What the fallback of a model says. */
export const spareText = "The fallback says 391.";

/** What a caller is told. What is left out is not looked at. */
export interface Told {
  readonly status: number;
  readonly code?: string | number | null;
  readonly text?: string;
  readonly finishReason?: string | null;
  /** Null when nobody refused. */
  readonly refusal?: string | null;
  /** `x-should-retry`. */
  readonly again?: boolean;
  /** `Retry-After` in seconds. */
  readonly retryAfter?: readonly [least: number, most: number];
}

/** One way in which an upstream fails, and what Synod makes of it. */
export interface FaultCase {
  /** Its number. Example: `F3`. */
  readonly fault: string;
  readonly name: string;
  /** Whose wire is spoken. Default: `openrouter`. */
  readonly wire?: WireProvider;
  /** What the upstream does; where an answer comes all the same, it is `answerText`. */
  readonly play: Fault | readonly Fault[];
  /** On which calls it does so. Default: all. */
  readonly calls?: FaultRule["calls"];
  /** Settings of the provider, as in the configuration file. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Settings of the model. */
  readonly modelSettings?: Readonly<Record<string, unknown>>;
  /** Further fields of the question. */
  readonly body?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly told: Told;
  /** How many upstream calls are made for a question. */
  readonly paid: number;
  /** Milliseconds that pass at least between one upstream call and the next. */
  readonly waits?: number;
  /** What is told when the question is streamed; what came before the fault has been passed on. Not tried when unset. */
  readonly streamed?: Told;
  /** Whether the provider's other models cannot be asked either meanwhile. Default: false. */
  readonly spoilsProvider?: boolean;
  /** How many calls a panel's member and its fallback get. Not tried when unset. */
  readonly fallback?: readonly [member: number, fallback: number];
}

/**
 * How a case is played: alone, as a stream, by a panel's member with a fallback, and beside a neighbour. Each has a
 * provider and a model of its own, so that none meets another's breaker.
 */
export type Way = "unary" | "streamed" | "fallback" | "beside";

/** A case with what it is asked by. */
export interface Play {
  readonly given: FaultCase;
  readonly way: Way;
  /** The id of its provider. */
  readonly provider: string;
  /** The model's id on the wire. */
  readonly model: string;
}

/** Every way to play the cases. */
export function playsOf(cases: readonly FaultCase[]): readonly Play[] {
  return cases.flatMap((given) =>
    waysOf(given).map((way): Play => {
      const index = cases.filter(({ fault }) => fault === given.fault).indexOf(given);
      const provider = `${given.fault.toLowerCase()}-${index}-${way}`;
      return { given, way, provider, model: `acme/${provider}` };
    }),
  );
}

function waysOf({ streamed, fallback }: FaultCase): readonly Way[] {
  return [
    "unary",
    ...(streamed === undefined ? [] : (["streamed"] as const)),
    ...(fallback === undefined ? [] : (["fallback"] as const)),
    "beside",
  ];
}

/** The script of the upstream: what each play's model does. */
export function rulesOf({ given, model }: Play): readonly FaultRule[] {
  const say: Fault = { kind: "say", text: answerText };
  const played = Array.isArray(given.play) ? (given.play as readonly Fault[]) : [given.play as Fault];
  return [
    { model, calls: given.calls ?? "all", fault: [say, ...played] },
    { model, calls: "all", fault: say },
  ];
}
