import type { Size } from "../rows/cell.js";

/** Whose open streams are measured. `upstream side`: the provider gateway in one process, without a web server. */
export type SubjectName = "upstream side" | "bare proxy" | "all-in-one" | "cluster";

/** How open streams are measured. */
export interface StreamsPlan {
  /** Streams of the small crowd, and of the large one. */
  readonly few: number;
  readonly many: number;
  /** Memory is read at `few` and after each of so many equal steps from there to `many`. */
  readonly steps: number;
  /** Events per second on each crowd; 0 when memory alone is measured. */
  readonly perSecond: number;
  /** How often CPU is read, and for how long each time, in milliseconds. */
  readonly windows: number;
  readonly windowMs: number;
  /** Events before the first window, in milliseconds. */
  readonly warmUpMs: number;
}

/** Files of a process beside one per connection. */
const otherFiles = 500;
/** How many streams are held open through five processes. */
const mostInCluster = 2_000;
/** How many times as many the large crowd is. */
const growth = 8;

/** The plan for one subject. Fewer streams than wanted where the machine lets a process open too few files. */
export function streamsPlan(subject: SubjectName, { quick, repeats }: Size, openFiles: number): StreamsPlan {
  const few = quick ? 250 : 1_000;
  // Every stream of the large crowd hears something every 4 s: less than it takes Synod to send a sign of life.
  const pace = { perSecond: few * 2, windows: repeats };
  const times = { windowMs: quick ? 1_000 : 2_000, warmUpMs: quick ? 1_000 : 2_000 };
  if (subject === "cluster") {
    const memoryOnly = { perSecond: 0, windows: 0, windowMs: 0, warmUpMs: 0 };
    return { ...scaled(mostInCluster / growth, mostInCluster, openFiles), steps: repeats, ...memoryOnly };
  }
  return { ...scaled(few, few * growth, openFiles), steps: repeats, ...pace, ...times };
}

/** A process between two others holds both sides of its crowd's streams; the bench's own hold one side of both crowds'. */
function scaled(few: number, many: number, openFiles: number): { few: number; many: number } {
  const files = Math.max(0, openFiles - otherFiles);
  const share = Math.min(1, files / (2 * many), files / (few + many));
  return { few: Math.floor(few * share), many: Math.floor(many * share) };
}

/** Says that fewer streams were opened than the goals speak of, and why. Undefined when all were. */
export function reducedNote(plan: StreamsPlan, wanted: StreamsPlan, openFiles: number): string | undefined {
  if (plan.many >= wanted.many) return undefined;
  return (
    `A process may open ${openFiles} files here: ${plan.few} and ${plan.many} streams were measured, ` +
    `not ${wanted.few} and ${wanted.many}.`
  );
}
