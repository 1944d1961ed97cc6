/** One question of a soak, and how it is asked. */
export interface SoakQuestion {
  /** Tells it apart from all others, also in the upstream's ledger. */
  readonly text: string;
  /** The only right number. */
  readonly answer: number;
  readonly model: string;
  readonly stream: boolean;
}

/** The panel that every tenth question is put to: one member with a fallback. */
export const panelName = "soak";

/** Simulated models are always right on sums of numbers with three digits. */
export const models = ["openrouter/acme/one", "groq/acme-two", "openrouter/acme/three", "groq/acme-four"];

/** The question with this number, from 0. */
export function soakQuestion(index: number): SoakQuestion {
  const [left, right] = [100 + ((index * 7) % 900), 100 + ((index * 13) % 900)];
  return {
    text: `This is question ${index}. What is ${left} + ${right}?`,
    answer: left + right,
    model: index % 10 === 9 ? `synod/${panelName}` : (models[index % models.length] ?? ""),
    stream: index % 3 === 0,
  };
}
