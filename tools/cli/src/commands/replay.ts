import type { RunEvent } from "@synod/client";
import { replay, type Replay, type RoundOutcome, strategies, type StrategyName } from "@synod/consensus";
import { Command, InvalidArgumentError, Option } from "commander";
import { toolCallJson } from "../answer-json.js";
import { jsonOption, named, urlOption, whole } from "../arguments.js";
import { type Cli, clientOf, type ServerOptions } from "../cli.js";
import { CommandError } from "../command-error.js";
import { describeReplay } from "../format/describe-replay.js";
import { printJson } from "../json.js";

interface Options extends ServerOptions {
  readonly strategy: StrategyName;
  readonly round?: number;
  readonly weight?: Readonly<Record<string, number>>;
  readonly accuracy?: Readonly<Record<string, number>>;
  readonly json?: boolean;
}

const asksNoModel = Object.values(strategies)
  .filter(({ needsModel }) => !needsModel)
  .map(({ name }) => name);

/** `synod replay` */
export function replayCommand(cli: Cli): Command {
  return new Command("replay")
    .description("aggregate the recorded answers of a run again, another way. No model is asked")
    .argument("<id>", "the run")
    .addOption(
      new Option("--strategy <name>", `how: ${asksNoModel.join(", ")}`)
        .argParser(strategyNamed)
        .makeOptionMandatory(),
    )
    .option("--round <n>", "the round whose answers are taken (default: the last)", whole(1, 1_000))
    .option("--weight <model=n>", "what a member's vote weighs; may be given several times", named(1e-9, 1e6))
    .option(
      "--accuracy <model=p>",
      "the probability that a member is right, 0 to 1; for all members or none",
      named(0, 1),
    )
    .addOption(jsonOption())
    .addOption(urlOption())
    .action((runId: string, options: Options) => replayRun(cli, runId, options));
}

function strategyNamed(text: string): StrategyName {
  const known = Object.values(strategies).find(({ name }) => name === text);
  if (known?.needsModel === false) return known.name;
  const why = known === undefined ? "It is unknown." : "It asks a model.";
  throw new InvalidArgumentError(`${why} These ask none: ${asksNoModel.join(", ")}.`);
}

async function replayRun(cli: Cli, runId: string, options: Options): Promise<void> {
  const client = clientOf(cli, options);
  const { signal } = cli;
  const { status } = await client.getRun(runId, { signal });
  if (status === "running" || status === "queued") {
    throw new CommandError(`run ${runId} still goes on. Wait until it is over.`);
  }
  const events: RunEvent[] = [];
  for await (const { event } of client.runEvents(runId, { signal })) {
    if (event.type !== "unknown") events.push(event);
  }
  const { strategy, round, weight, accuracy } = options;
  const result = replay(events, {
    strategy,
    ...(round !== undefined && { round }),
    ...(weight !== undefined && { weights: weight }),
    ...(accuracy !== undefined && { accuracies: accuracy }),
  });
  if (result.status === "refused") throw new CommandError(whyRefused(result, runId, options));
  if (options.json === true) return printJson(cli.out, replayJson(runId, result));
  cli.out.write(describeReplay(runId, result));
}

function whyRefused(
  refusal: Extract<Replay, { readonly status: "refused" }>,
  runId: string,
  { round }: Options,
) {
  switch (refusal.reason) {
    case "needs_model":
      return "the strategy asks a model.";
    case "no_answers":
      return `run ${runId} has no answer${round === undefined ? "" : ` in round ${round}`}.`;
    case "unknown_member":
      return `${refusal.model} is no member of the panel of run ${runId}.`;
    case "accuracy_missing":
      return `--accuracy: ${refusal.model} has none. Give one for every member, or for none.`;
    default:
      return refusal satisfies never;
  }
}

function replayJson(
  runId: string,
  { round, recorded, replayed }: Extract<Replay, { readonly status: "replayed" }>,
) {
  return {
    run_id: runId,
    round,
    recorded: recorded === null ? null : outcomeJson(recorded),
    replayed: outcomeJson(replayed),
  };
}

function outcomeJson({ outcome, votes, record }: RoundOutcome): object {
  return {
    strategy: record.strategy,
    answer: outcome.text,
    tool_calls: (outcome.toolCalls ?? []).map(toolCallJson),
    answer_key: outcome.answerKey,
    agreement: record.agreement,
    confidence: record.confidence,
    tie_broken: record.tieBroken,
    votes: votes.map(({ model, sample, answerKey, counted, weight, influence, swings }) => ({
      model,
      sample,
      answer_key: answerKey,
      counted,
      weight,
      influence,
      swings,
    })),
    dissent: record.dissent.map(({ answerKey, models }) => ({ answer_key: answerKey, models })),
  };
}
