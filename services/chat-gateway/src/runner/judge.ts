import { create } from "@bufbuild/protobuf";
import type { RunCommand } from "@synod/consensus";
import { ValidateRequestSchema } from "@synod/contracts/judge";
import { fromProtoSpent, fromProtoVerdict, toProtoMessages } from "@synod/mapping";
import { spentOf } from "@synod/rpc";
import { judgesOf } from "./judges.js";
import type { Task } from "./task.js";

type Judge = Extract<RunCommand, { readonly type: "judge" }>;

/** Has an answer judged. */
export async function judge(command: Judge, task: Task): Promise<void> {
  const { attempt, answer, isText } = command;
  const { spec, events } = task;
  // Nothing that the judge says keeps the answer back.
  if (spec.judge.mode === "annotate" && isText) await task.wholeText(answer);
  const request = create(ValidateRequestSchema, {
    messages: toProtoMessages(task.messages),
    answer,
    models: judgesOf(spec, events),
    votesNeeded: spec.judge.votesNeeded,
  });
  try {
    const { verdict } = await task.clients.judges.validate(request, task.callOptions());
    if (verdict === undefined) throw new Error("the judge service gave no verdict");
    await task.emit({ type: "judged", attempt, verdict: fromProtoVerdict(verdict) });
  } catch (error) {
    const failure = await task.failureOf(error);
    if (failure === null) return;
    const lost = fromProtoSpent(spentOf(error));
    const spent = lost && { ...lost, attempts: request.models.length };
    await task.emit({ type: "judge_failed", attempt, failure, ...(spent && { spent }) });
  }
}
