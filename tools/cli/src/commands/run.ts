import { toJson } from "@bufbuild/protobuf";
import type { LoggedEvent, Message, Run, RunEvent, SynodClient } from "@synod/client";
import { RunEventSchema } from "@synod/contracts/chat";
import { toProtoRunEvent } from "@synod/mapping";
import { Command } from "commander";
import { jsonOption, urlOption } from "../arguments.js";
import { type Cli, clientOf, type ServerOptions } from "../cli.js";
import { describeRun } from "../format/describe-run.js";
import { duration } from "../format/figures.js";
import { printJson } from "../json.js";
import { eventLine } from "../panel/event-line.js";
import { runJson } from "../run-json.js";

interface Options extends ServerOptions {
  readonly events?: boolean;
  readonly json?: boolean;
}

/** `synod run` */
export function runCommand(cli: Cli): Command {
  return new Command("run")
    .description("show a run: what was asked, who said what, what came of it")
    .argument("<id>", "the run")
    .option("--events", "its events, as they come while it goes on")
    .addOption(jsonOption())
    .addOption(urlOption())
    .action((runId: string, options: Options) => show(cli, runId, options));
}

async function show(cli: Cli, runId: string, options: Options): Promise<void> {
  const client = clientOf(cli, options);
  if (options.events === true) return follow(cli, client, runId, options);
  const run = await client.getRun(runId, { signal: cli.signal });
  if (options.json === true) return printJson(cli.out, runJson(run));
  cli.out.write(describeRun(run, await questionOf(cli, client, run)));
}

/** The conversation that a run answers: its first event holds it. */
async function questionOf({ signal }: Cli, client: SynodClient, { runId }: Run): Promise<readonly Message[]> {
  for await (const { event } of client.runEvents(runId, { signal })) {
    return event.type === "run_started" ? event.messages : [];
  }
  return [];
}

async function follow(
  { out, signal }: Cli,
  client: SynodClient,
  runId: string,
  { json }: Options,
): Promise<void> {
  const events: RunEvent[] = [];
  let startMs: number | undefined;
  for await (const logged of client.runEvents(runId, { signal })) {
    const { event, seq, createTime } = logged;
    startMs ??= createTime.getTime();
    if (json === true) {
      out.write(`${JSON.stringify(eventJson(logged))}\n`);
      continue;
    }
    if (event.type !== "unknown") events.push(event);
    const text = event.type === "unknown" ? "something that only a newer version knows" : eventLine(events);
    const after = `+${duration(createTime.getTime() - startMs)}`;
    out.write(`${String(seq).padStart(3)}  ${after.padStart(9)}  ${text}\n`);
  }
}

/** An event as the HTTP API has it. */
function eventJson({ runId, seq, createTime, event }: LoggedEvent): unknown {
  const place = { runId, seq, createTimeMs: createTime.getTime() };
  if (event.type === "unknown") return { runId, seq, createTime: createTime.toISOString() };
  return toJson(RunEventSchema, toProtoRunEvent(event, place));
}
