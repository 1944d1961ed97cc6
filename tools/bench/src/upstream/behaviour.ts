/** How a model of the bench's upstream answers. Its name says it, so that the bench knows it beforehand. */
export interface Behaviour {
  /** Milliseconds before the first byte. */
  readonly waitMs: number;
  /** Tokens of the answer, 1 or more. The last one is `42`, or what it votes for. */
  readonly tokens: number;
  /** Tokens written at once when streaming. */
  readonly burst: number;
  /** Milliseconds between two bursts. */
  readonly gapMs: number;
  /** What it votes for, when other members say something else, and the run that it is asked in, so that its end is kept. */
  readonly vote?: { readonly says: number; readonly run: number; readonly member: number };
}

const pattern =
  /^bench\/wait(\d+)-tokens(\d+)-burst(\d+)-gap(\d+)(?:-says(?<says>\d+)-run(?<run>\d+)-(?<member>\d+))?$/;

/** The wire id of the model that behaves like this. */
export function modelOf(behaviour: Behaviour): string {
  const { waitMs, tokens, burst, gapMs, vote } = behaviour;
  const voting = vote === undefined ? "" : `-says${vote.says}-run${vote.run}-${vote.member}`;
  return `bench/wait${waitMs}-tokens${tokens}-burst${burst}-gap${gapMs}${voting}`;
}

/** What a wire id says. Undefined for an id that is none of ours. */
export function behaviourOf(model: string): Behaviour | undefined {
  const match = pattern.exec(model);
  if (match === null) return undefined;
  const [waitMs, tokens, burst, gapMs] = match.slice(1, 5).map(Number);
  if (waitMs === undefined || gapMs === undefined) return undefined;
  const { says, run, member } = match.groups ?? {};
  const vote =
    says === undefined ? undefined : { says: Number(says), run: Number(run), member: Number(member) };
  return {
    waitMs,
    tokens: Math.max(1, tokens ?? 1),
    burst: Math.max(1, burst ?? 1),
    gapMs,
    ...(vote !== undefined && { vote }),
  };
}
