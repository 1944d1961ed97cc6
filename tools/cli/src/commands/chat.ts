import type { ChatAnswer, ChatRequest, SynodClient } from "@synod/client";
import { consensusJson } from "@synod/mapping";
import { Command } from "commander";
import { answerJson } from "../answer-json.js";
import { jsonObject, jsonOption, real, timeSpan, urlOption, whole } from "../arguments.js";
import { type Cli, clientOf, type ServerOptions } from "../cli.js";
import { summaryOf } from "../format/summary.js";
import { printJson } from "../json.js";
import { createLiveView } from "../panel/live-view.js";
import { createPlainView } from "../panel/plain-view.js";
import type { View } from "../panel/view.js";
import { UsageError } from "../usage-error.js";

interface Options extends ServerOptions {
  readonly model: string;
  readonly system?: string;
  readonly consensus?: Record<string, unknown>;
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly deadline?: number;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** `synod chat` */
export function chatCommand(cli: Cli): Command {
  return new Command("chat")
    .description("ask a panel, or one model")
    .argument("[question]", "the question; `-` reads it from the input")
    .option("-m, --model <id>", "synod/<preset> for a panel, or one model", "synod/default")
    .option("-s, --system <text>", "a system message before the question")
    .option("--consensus <json>", "changes to the preset for this question", jsonObject)
    .option("--max-tokens <n>", "the most tokens that a model may write", whole(1, 4_294_967_295))
    .option("--temperature <n>", "randomness, 0 to 2", real(0, 2))
    .option("--deadline <time>", "how long to wait at most, such as 20s", timeSpan(3_600_000))
    .option("-q, --quiet", "print the answer alone")
    .addOption(jsonOption())
    .addOption(urlOption())
    .action((question: string | undefined, options: Options) => chat(cli, question, options));
}

async function chat(cli: Cli, question: string | undefined, options: Options): Promise<void> {
  const client = clientOf(cli, options);
  const request = requestOf(await questionIn(cli, question), options);
  const startMs = cli.now();
  const view = viewFor(cli, options);
  let answer: ChatAnswer;
  try {
    answer = await ask(client, request, view, {
      signal: cli.signal,
      ...(options.deadline !== undefined && { timeoutMs: options.deadline }),
    });
  } finally {
    view?.end();
  }
  if (options.json === true) return printJson(cli.out, jsonOf(answer));
  if (options.quiet === true) return;
  for (const line of summaryOf(answer, cli.now() - startMs)) cli.err.write(`${line}\n`);
}

/** Asks, and shows what comes. */
async function ask(
  client: SynodClient,
  request: ChatRequest,
  view: View | undefined,
  call: { readonly signal: AbortSignal; readonly timeoutMs?: number },
): Promise<ChatAnswer> {
  let answer: ChatAnswer | undefined;
  for await (const event of client.streamChat(request, call)) {
    if (event.type === "delta") view?.text(event.text);
    if (event.type === "run_event" && event.logged.event.type !== "unknown") view?.event(event.logged.event);
    if (event.type === "finished") answer = event.answer;
  }
  if (answer === undefined) throw new Error("the stream ended without an answer");
  // A refusal is told at the end alone.
  if (answer.text === "" && answer.message.refusal !== undefined) view?.text(answer.message.refusal);
  return answer;
}

function viewFor(cli: Cli, { json, quiet = false, model }: Options): View | undefined {
  const { out, err, now, every } = cli;
  if (json === true) return undefined;
  if (out.isTerminal && err.isTerminal && !quiet) return createLiveView({ out, model, now, every });
  return createPlainView({ out, err, quiet });
}

async function questionIn({ input }: Cli, argument: string | undefined): Promise<string> {
  const text = argument === undefined || argument === "-" ? await input() : argument;
  if (text === undefined) throw new UsageError('no question. Write one: synod chat "What is 17 * 23?"');
  if (text.trim() === "") throw new UsageError("the question is empty.");
  return text;
}

function requestOf(question: string, options: Options): ChatRequest {
  const { model, system, consensus, maxTokens, temperature } = options;
  return {
    model,
    messages: [
      ...(system === undefined ? [] : [{ role: "system", content: system } as const]),
      { role: "user", content: question },
    ],
    ...(consensus !== undefined && { consensus }),
    ...(maxTokens !== undefined && { maxOutputTokens: maxTokens }),
    ...(temperature !== undefined && { temperature }),
  };
}

function jsonOf(answer: ChatAnswer): object {
  const { id, model, consensus, requestId } = answer;
  const how = consensus === null ? null : consensusJson(consensus.runId, consensus);
  return { id, model, ...answerJson(answer), consensus: how, request_id: requestId };
}
