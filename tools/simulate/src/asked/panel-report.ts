import { cpus } from "node:os";
import { answerCheck, bankQuestions, startSimulator } from "@synod/simulator";
import { Pool } from "undici";
import { configFor } from "./arms.js";
import { askPanel } from "./ask-panel.js";
import { panelText } from "./panel-text.js";
import type { Panel } from "./panels.js";
import { type DeploymentName, startSynod } from "./start-synod.js";

/** What the tables are made of. */
export interface PanelOptions {
  readonly panels: readonly Panel[];
  readonly deployment: DeploymentName;
  readonly seed: number;
  readonly questions: number;
}

/** Simulated models answer as many times as fast as their data say. */
const SPEED = 20;

/** Questions at once: few, so that they do not wait for each other. */
const AT_ONCE = 8;

/**
 * Asks the simulator's questions of every panel, by each strategy, through Synod's own HTTP API.
 *
 * @param say Gets the text as it comes.
 */
export async function panelReport(options: PanelOptions, say: (text: string) => void): Promise<void> {
  const { panels, deployment, seed, questions } = options;
  const models = panels.flatMap(({ members }) => members);
  await using simulator = await startSimulator({ models, seed, speed: SPEED, requireKeys: true });
  await using synod = await startSynod(deployment, simulator, configFor(panels));
  const pool = new Pool(synod.url, { connections: 2 * AT_ONCE });
  say(headText(options));
  const asking = {
    list: bankQuestions(questions, seed).map((text, index) => ({ text, seed: (seed + index) >>> 0 })),
    isRight: answerCheck(),
    seed,
    atOnce: AT_ONCE,
  };
  for (const panel of panels) {
    const result = await askPanel({ synod: pool, control: simulator.control }, panel, asking);
    say(`\n${panelText(result)}\n`);
  }
  await pool.close();
}

function headText({ deployment, seed, questions }: PanelOptions): string {
  const [cpu] = cpus();
  return `# Panels asked through Synod (seed ${seed}, ${questions} questions, ${deployment})

Every answer came over HTTP from a running Synod whose only provider was the simulator. Nothing here is about real
models: their abilities, prices and times are made up.

- right: with its interval (Clopper & Pearson). "better" and "worse" hold with 95 % confidence on the same questions
  (McNemar, exact).
- calls: upstream calls that were begun, a question. saved: planned ones that were not needed.
- $: not known where calls were stopped, since no provider says what those cost.
- p50, p95: as measured, ${AT_ONCE} questions at once, of models that answer ${SPEED} times as fast as their data say. Node
  ${process.versions.node}, ${cpus().length} x ${cpu?.model.trim() ?? "unknown"}.
- The best member is known beforehand, and aggregates. \`weighted\` knows the abilities.
`;
}
