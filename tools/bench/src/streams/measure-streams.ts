import { setTimeout as sleep } from "node:timers/promises";
import { memoryOfTree } from "../children/memory.js";
import { cpuMsOfTree } from "../children/process-cpu.js";
import { MeasureError } from "../sample.js";
import type { Heard } from "./holder.js";
import type { StreamsPlan, SubjectName } from "./plan.js";
import { type Crowd, type CrowdOptions, startCrowd } from "./start-subject.js";
import type { CrowdWindow, MemoryAt, StreamsSample, Window } from "./streams-sample.js";

const settlingReadings = 4;
const settlingMs = 300;
/** How long events may be on their way, in milliseconds. */
const arrivesWithinMs = 10_000;

/**
 * Measures open streams of one subject.
 *
 * Memory: a crowd rises from few to many silent streams. CPU: it and a second crowd of few streams, in processes of its
 * own, hear the same number of events at the same time, so that what else the machine does falls on both alike.
 *
 * @throws MeasureError when a stream fails or misses an event.
 */
export async function measureStreams(
  subject: SubjectName,
  plan: StreamsPlan,
  options: CrowdOptions,
): Promise<StreamsSample> {
  const stops: (() => Promise<void>)[] = [];
  const onStarted = (stop: () => Promise<void>): void => {
    stops.push(stop);
    options.onStarted(stop);
  };
  const crowds: Crowd[] = [];
  const start = async (size: "few" | "many"): Promise<Crowd> => {
    const crowd = await startCrowd(subject, size, { ...options, onStarted });
    crowds.push(crowd);
    return crowd;
  };
  try {
    const large = await start("many");
    const memory = await rise(large, plan);
    const windows: Window[] = [];
    if (plan.perSecond > 0) {
      const small = await start("few");
      check(small, plan.few, await small.open(plan.few));
      windows.push(...(await listen(small, large, plan, options)));
    }
    for (const crowd of crowds) await end(crowd, options);
    return { subject, few: plan.few, many: plan.many, memory, windows };
  } finally {
    await options.upstream.ask("rest", null);
    for (const { group } of crowds) await options.upstream.ask("release", group);
    await Promise.all(stops.map((stop) => stop()));
  }
}

/** Processes give back what they needed for their start only when they are asked several times. */
async function settle({ pid, folder }: Crowd): Promise<void> {
  for (let i = 0; i < settlingReadings; i++) {
    await memoryOfTree(pid, folder);
    await sleep(settlingMs);
  }
}

async function rise(crowd: Crowd, { few, many, steps }: StreamsPlan): Promise<readonly MemoryAt[]> {
  const memory: MemoryAt[] = [];
  let open = 0;
  for (let step = 0; step <= steps; step++) {
    const streams = Math.round(few + ((many - few) * step) / steps);
    check(crowd, streams, await crowd.open(streams - open));
    open = streams;
    if (step === 0) await settle(crowd);
    memory.push({ streams, ...(await memoryOfTree(crowd.pid, crowd.folder)) });
  }
  return memory;
}

async function listen(
  small: Crowd,
  large: Crowd,
  plan: StreamsPlan,
  { upstream }: CrowdOptions,
): Promise<readonly Window[]> {
  const groups = [small.group, large.group];
  await upstream.ask("play", { groups, perSecond: plan.perSecond });
  await sleep(plan.warmUpMs);
  const windows: Window[] = [];
  for (let i = 0; i < plan.windows; i++) {
    const before = [await readNow(small), await readNow(large)] as const;
    await sleep(plan.windowMs);
    windows.push({
      few: difference(before[0], await readNow(small)),
      many: difference(before[1], await readNow(large)),
    });
  }
  return windows;
}

async function readNow(crowd: Crowd): Promise<CrowdWindow> {
  const { events } = await crowd.heard();
  return { events, cpuMs: cpuMsOfTree(crowd.pid) };
}

function difference(before: CrowdWindow, after: CrowdWindow): CrowdWindow {
  return { events: after.events - before.events, cpuMs: after.cpuMs - before.cpuMs };
}

/** Ends the streams and sees to it that every event arrived and every stream ended well. */
async function end(crowd: Crowd, { upstream }: CrowdOptions): Promise<void> {
  const written = (await upstream.ask("rest", null))[crowd.group] ?? 0;
  const { open } = await crowd.heard();
  await upstream.ask("release", crowd.group);
  const deadline = performance.now() + arrivesWithinMs;
  for (;;) {
    const heard = await crowd.heard();
    if (heard.ended === open && heard.events === written) return;
    if (heard.failed > 0 || performance.now() > deadline) {
      throw new MeasureError(
        `${crowd.group}: ${written} events were written and ${heard.events} heard; ${heard.ended} of ${open} streams ` +
          `ended well, ${heard.failed} failed${because(heard)}`,
      );
    }
    await sleep(50);
  }
}

function check(crowd: Crowd, wanted: number, heard: Heard): void {
  if (heard.open === wanted && heard.failed === 0) return;
  throw new MeasureError(
    `${crowd.group}: ${heard.open} of ${wanted} streams are open, ${heard.failed} failed${because(heard)}`,
  );
}

function because({ firstFailure }: Heard): string {
  return firstFailure === undefined ? "." : `; the first: ${firstFailure}`;
}
