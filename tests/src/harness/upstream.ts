import { type FaultRule, type LedgerCall, type Simulator, startSimulator } from "@synod/simulator";

/** The models of the test panel: two over OpenRouter, one over Groq. */
export const members = {
  gemini: "google/gemini-2.0-flash-001",
  llama: "llama-3.3-70b-versatile",
  mistral: "mistralai/mistral-small-3.2-24b-instruct",
  aggregator: "qwen/qwen3-32b",
  judge: "deepseek/deepseek-chat-v3-0324",
} as const;

/** A preset of the three members; what is given replaces its fields. */
export function panel(preset: Record<string, unknown> = {}): {
  presets: { default: Record<string, unknown> };
} {
  return {
    presets: {
      default: {
        members: [
          { model: `openrouter/${members.gemini}` },
          { model: `groq/${members.llama}` },
          { model: `openrouter/${members.mistral}` },
        ],
        aggregation: { strategy: "majority" },
        stop_early: "off",
        ...preset,
      },
    },
  };
}

/** An aggregation by a model. */
export const synthesis = { strategy: "synthesis", model: `groq/${members.aggregator}` } as const;

/** What the judge replies. */
export function verdict(kind: "right" | "wrong" | "unsure", problem?: string): string {
  const findings = problem === undefined ? [] : [{ quote: "", problem, severity: "major" }];
  return JSON.stringify({ verdict: kind, findings, confidence: 0.9 });
}

/** A rule by which a model says a text. */
export function says(model: string, text: string, calls: FaultRule["calls"] = "all"): FaultRule {
  return { model, calls, fault: { kind: "say", text } };
}

/** A rule by which a model fails. */
export function fails(
  model: string,
  fault: FaultRule["fault"],
  calls: FaultRule["calls"] = "all",
): FaultRule {
  return { model, calls, fault };
}

/** The upstream of a test: a server with the wire of both providers, its script and its ledger. */
export interface Upstream extends AsyncDisposable {
  readonly simulator: Simulator;
  /** The settings that make Synod call it: base URLs and keys. */
  readonly env: Readonly<Record<string, string>>;
  /** Forgets every call and replaces the script. */
  script(rules?: readonly FaultRule[]): void;
  /** The calls that were paid, in order. */
  calls(): readonly LedgerCall[];
}

/** Starts the upstream of a test. Its keys end in `-test`. */
export async function startUpstream(): Promise<Upstream> {
  const simulator = await startSimulator({ requireKeys: true, latency: "off" });
  return {
    simulator,
    env: {
      OPENROUTER_API_KEY: "sk-or-v1-canary-or-test",
      OPENROUTER_BASE_URL: `${simulator.openrouterUrl}/`,
      GROQ_API_KEY: "gsk_canary-groq-test",
      GROQ_BASE_URL: simulator.groqUrl,
    },
    script(rules = []) {
      simulator.control.reset();
      simulator.control.setFaults(rules);
    },
    calls: () => simulator.control.ledger().filter((call) => call.endpoint === "chat"),
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  };
}

/** The messages that a call sent, as role and text. */
export function messagesOf(call: LedgerCall | undefined): { role: string; content: string }[] {
  const body = call?.body as { messages?: { role: string; content: string }[] } | undefined;
  return body?.messages ?? [];
}
