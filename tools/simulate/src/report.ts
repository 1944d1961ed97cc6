import { isOff } from "./figure.js";
import { confidenceSection } from "./sections/confidence.js";
import { judgingSection } from "./sections/judging.js";
import { pluralitySection } from "./sections/plurality.js";
import { roundsSection } from "./sections/rounds.js";
import { savingSection } from "./sections/saving.js";
import { weightsSection } from "./sections/weights.js";

const sections = [
  pluralitySection,
  weightsSection,
  savingSection,
  roundsSection,
  confidenceSection,
  judgingSection,
];

/** All simulations as text for people, and those that do not agree with their exact figure. */
export function report(
  seed: number,
  questions: number,
): { readonly text: string; readonly off: readonly string[] } {
  // Each has draws of its own, so that none changes when another one does.
  const written = sections.map((section, i) => section({ seed: (seed + 1_000_003 * i) >>> 0, questions }));
  const parts = written.map(({ title, about, body }) => `## ${title}\n\n${about}\n\n${body}`);
  const checks = written.flatMap((section) => section.checks);
  const off = checks
    .filter(isOff)
    .map(({ name, simulated, exact }) => `${name}: simulated ${simulated}, but it must be ${exact}`);
  const head = `# Simulated panels (seed ${seed}, ${questions} questions)\n\nNothing here is about real models: members and judges are drawn, and everything is known of them.`;
  const tail = `${checks.length - off.length} of ${checks.length} simulated figures agree with their exact ones.`;
  return { text: `${[head, ...parts, tail].join("\n\n")}\n`, off };
}
