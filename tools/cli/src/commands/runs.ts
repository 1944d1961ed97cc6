import type { Run, RunFilter, RunStatus } from "@synod/client";
import { Command, Option } from "commander";
import { jsonOption, pointInTime, urlOption, whole } from "../arguments.js";
import { type Cli, clientOf, type ServerOptions } from "../cli.js";
import { duration, instant } from "../format/figures.js";
import { table } from "../format/table.js";
import { printJson } from "../json.js";
import { runSummaryJson } from "../run-json.js";

interface Options extends ServerOptions {
  readonly status?: RunStatus;
  readonly preset?: string;
  readonly since?: Date;
  readonly before?: Date;
  readonly limit: number;
  readonly cursor?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

const statuses = ["queued", "running", "completed", "failed", "cancelled"] satisfies readonly RunStatus[];

/** `synod runs` */
export function runsCommand(cli: Cli): Command {
  const past = pointInTime(cli.now, -1);
  return new Command("runs")
    .description("list your runs, the newest first")
    .addOption(new Option("--status <status>", "only those that stand so").choices(statuses))
    .option("--preset <name>", "only those of this preset")
    .option("--since <time>", "the earliest start: a date, or a time ago such as 12h", past)
    .option("--before <time>", "all starts are before it", past)
    .option("--limit <n>", "how many, 1 to 100", whole(1, 100), 20)
    .option("--cursor <cursor>", "go on where a list ended")
    .option("--all", "all of them")
    .addOption(jsonOption())
    .addOption(urlOption())
    .action((options: Options) => runs(cli, options));
}

async function runs(cli: Cli, options: Options): Promise<void> {
  const client = clientOf(cli, options);
  const { signal } = cli;
  const filter = filterOf(options);
  if (options.all === true) {
    const all: Run[] = [];
    for await (const run of client.allRuns({ ...filter, limit: 100 }, { signal })) all.push(run);
    return print(cli, options, all, null);
  }
  const page = await client.listRuns(filter, { signal });
  print(cli, options, page.runs, page.nextCursor);
}

function filterOf({ status, preset, since, before, limit, cursor }: Options): RunFilter {
  return {
    limit,
    ...(status !== undefined && { status }),
    ...(preset !== undefined && { preset: preset.replace(/^synod\//, "") }),
    ...(since !== undefined && { since }),
    ...(before !== undefined && { before }),
    ...(cursor !== undefined && { cursor }),
  };
}

function print({ out, err }: Cli, { json }: Options, found: readonly Run[], nextCursor: string | null): void {
  if (json === true) {
    const data = found.map(runSummaryJson);
    return printJson(out, { object: "list", data, has_more: nextCursor !== null, next_cursor: nextCursor });
  }
  if (found.length === 0) return err.write("No run.\n");
  out.write(table(["RUN", "STATUS", "PRESET", "STARTED", "TOOK", "EVENTS"], found.map(rowOf)));
  if (nextCursor !== null) err.write(`More: add --cursor ${nextCursor}\n`);
}

function rowOf({
  runId,
  status,
  incomplete,
  preset,
  createTime,
  finishTime,
  eventCount,
}: Run): readonly string[] {
  const took = finishTime === null ? "" : duration(finishTime.getTime() - createTime.getTime());
  return [
    runId,
    incomplete ? `${status}, incomplete` : status,
    preset,
    instant(createTime),
    took,
    String(eventCount),
  ];
}
