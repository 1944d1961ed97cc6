import type { SimulatorControl } from "@synod/simulator";
import type { Pool } from "undici";
import type { Arm } from "./arms.js";
import { ask, type AskedQuestion, type Told } from "./ask.js";

/** What questions are asked of. */
export interface Asked {
  readonly synod: Pool;
  readonly control: SimulatorControl;
}

/**
 * Asks an arm all questions, so many at once. In the order of the questions. Throws when the simulator got another number of
 * calls than the answers tell of.
 */
export async function askAll(
  { synod, control }: Asked,
  arm: Arm,
  questions: readonly AskedQuestion[],
  atOnce: number,
): Promise<readonly Told[]> {
  // It would keep every call otherwise.
  control.reset();
  const told: Told[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < questions.length; at = next++) {
      const question = questions[at];
      if (question !== undefined) told[at] = await ask(synod, arm, question);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const received = Object.values(control.stats().models).reduce((sum, each) => sum + each.received, 0);
  const made = told.reduce((sum, each) => sum + each.made, 0);
  if (received !== made) throw new Error(`${arm.name}: ${made} calls are told of, ${received} were made.`);
  return told;
}
