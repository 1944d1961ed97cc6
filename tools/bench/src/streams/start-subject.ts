import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { memoryProbe } from "../children/memory.js";
import { startSynod } from "../children/synod.js";
import { startWorker, type Worker } from "../children/worker.js";
import { heldModelOf } from "../upstream/held.js";
import type { Heard, HoldPlan } from "./holder.js";
import type { SubjectName } from "./plan.js";
import { streamsConfig } from "./streams-config.js";

/** Processes of their own that hold one crowd of streams. */
export interface Crowd {
  /** Its name at the upstream and where it is heard. */
  readonly group: string;
  /** Its first process. */
  readonly pid: number;
  /** Where its processes write down how much memory they use. */
  readonly folder: string;
  /** Opens so many more streams. Resolves when all have their first token. */
  open(count: number): Promise<Heard>;
  heard(): Promise<Heard>;
}

/** What crowds are started with. */
export interface CrowdOptions {
  readonly upstream: Worker;
  readonly load: Worker;
  /** A folder of the bench's own. */
  readonly folder: string;
  readonly onStarted: (stop: () => Promise<void>) => void;
}

/** How many streams may wait for their first token at once. */
const atOnce = 32;

/** Starts what holds the streams of one crowd. */
export async function startCrowd(
  subject: SubjectName,
  size: "few" | "many",
  options: CrowdOptions,
): Promise<Crowd> {
  const { upstream, load } = options;
  const group = `${subject.replaceAll(" ", "-")}-${size}`;
  const folder = join(options.folder, group);
  mkdirSync(folder, { recursive: true });
  const nodeOptions = memoryProbe(folder);
  const crowd = (pid: number, holder: Worker, source: Pick<HoldPlan, "url" | "model">): Crowd => ({
    group,
    pid,
    folder,
    open: (count) => holder.ask("hold", { ...source, group, count, atOnce }),
    heard: () => holder.ask("heard", group),
  });

  const model = heldModelOf(group);
  switch (subject) {
    case "upstream side":
    case "bare proxy": {
      const program = subject === "bare proxy" ? "bare-proxy" : "provider-streams";
      const worker = await startWorker(program, [upstream.url], [nodeOptions]);
      options.onStarted(worker.stop);
      const url = `${worker.url}/api/v1/chat/completions`;
      return crowd(worker.pid, subject === "bare proxy" ? load : worker, { url, model });
    }
    case "all-in-one":
    case "cluster": {
      const upstreamUrl = upstream.url;
      const synod = await startSynod({
        ...options,
        deployment: subject,
        folder,
        upstreamUrl,
        config: streamsConfig,
        nodeOptions,
      });
      return crowd(synod.pid, load, {
        url: `${synod.url}/v1/chat/completions`,
        model: `openrouter/${model}`,
      });
    }
    default:
      return subject satisfies never;
  }
}
