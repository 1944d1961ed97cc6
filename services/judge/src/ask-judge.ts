import type { Client } from "@connectrpc/connect";
import {
  type Failure,
  type JudgeQuestion,
  type JudgeVote,
  type Judgement,
  isRefusal,
  judgePrompt,
  parseJudgement,
  type ModelPrompt,
  repairPrompt,
  type Usage,
  unknownUsage,
  withoutShape,
} from "@synod/consensus";
import type { Completion, ProviderService } from "@synod/contracts/provider";
import {
  contentOfProtoCompletion,
  fromProtoSpent,
  fromProtoUsageOrNull,
  toProtoCompletionRequest,
} from "@synod/mapping";
import { type CallContext, failureOf, spentOf } from "@synod/rpc";

/** One judge, and what it is to judge. */
export interface JudgeTask {
  readonly providers: Client<typeof ProviderService>;
  readonly model: string;
  readonly question: JudgeQuestion;
  /** The call that it is asked for. When that one ends, so does the question. */
  readonly call: CallContext;
}

/**
 * Asks one judge. Whatever goes wrong with it is part of the vote: a judge that is down is never an error.
 *
 * @throws What the client threw, when the call as a whole was ended.
 */
export async function askJudge(task: JudgeTask): Promise<JudgeVote> {
  const judge = new Judge(task);
  const said = await judge.ask(judgePrompt(task.question));
  if ("failure" in said) return judge.silent(said.failure);
  const judgement = parseJudgement(said.text);
  if (!("error" in judgement)) return judge.vote(judgement);

  const again = await judge.ask(
    repairPrompt({ ...task.question, reply: said.text, problem: judgement.error }),
  );
  if ("failure" in again) return judge.silent(again.failure);
  const repaired = parseJudgement(again.text);
  return "error" in repaired ? judge.silent(unreadable(repaired.error)) : judge.vote(repaired);
}

type Said = { readonly text: string } | { readonly failure: Failure };

/** One judge with the calls that were made for it. */
class Judge {
  readonly #task: JudgeTask;
  readonly #calls: JudgeVote["calls"][number][] = [];
  #shaped = true;

  constructor(task: JudgeTask) {
    this.#task = task;
  }

  /** Asks once; again without a shape of reply if the provider refuses to be asked for one. The prompt names it too. */
  async ask(prompt: ModelPrompt): Promise<Said> {
    const said = await this.#askOnce(prompt);
    if (!this.#shaped || !("failure" in said) || !isRejected(said.failure)) return said;
    this.#shaped = false;
    return this.#askOnce(prompt);
  }

  vote(judgement: Judgement): JudgeVote {
    return { model: this.#task.model, judgement, failure: null, calls: this.#calls };
  }

  silent(failure: Failure): JudgeVote {
    return { model: this.#task.model, judgement: null, failure, calls: this.#calls };
  }

  async #askOnce(prompt: ModelPrompt): Promise<Said> {
    const { providers, model, call } = this.#task;
    const request = toProtoCompletionRequest(model, this.#shaped ? prompt : withoutShape(prompt));
    const startedMs = performance.now();
    try {
      const { completion } = await providers.complete({ completion: request }, call.outgoing());
      this.#paid(completion === undefined ? unknownUsage : fromProtoUsageOrNull(completion.usage), startedMs);
      return saidIn(completion);
    } catch (error) {
      if (call.signal.aborted) throw error;
      const usage = fromProtoSpent(spentOf(error))?.usage;
      if (usage !== undefined) this.#paid(usage, startedMs);
      const failure = failureOf(error);
      // What was written and cannot be used was paid for, and can be repaired.
      const isUnusable = isRejected(failure) && usage?.costUsdNanos !== 0;
      if (isUnusable) this.#shaped = false;
      const isReply = isUnusable || failure.reason === "empty_answer";
      return isReply ? { text: "" } : { failure };
    }
  }

  #paid(usage: Usage | null, startedMs: number): void {
    this.#calls.push({ usage, latencyMs: performance.now() - startedMs });
  }
}

function isRejected(failure: Failure): boolean {
  return failure.reason === "upstream_rejected";
}

function saidIn(completion: Completion | undefined): Said {
  if (completion === undefined) return { text: "" };
  const content = contentOfProtoCompletion(completion);
  return isRefusal(content)
    ? { failure: { reason: "refused", message: "the judge refused to judge", retryable: false } }
    : { text: content.text };
}

function unreadable(problem: string): Failure {
  return {
    reason: "invalid_upstream_response",
    message: `the judge's reply is no verdict, a second time: ${problem}`,
    retryable: true,
  };
}
