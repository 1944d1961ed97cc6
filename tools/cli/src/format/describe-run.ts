import type { Consensus, MemberRecord, Message, Run } from "@synod/client";
import { costUsd } from "@synod/mapping";
import { seatName } from "../panel/event-line.js";
import { forTerminal, indented } from "./escape.js";
import { count, dollars, duration, instant } from "./figures.js";
import { figuresOf, notesOn } from "./summary.js";
import { cut, table } from "./table.js";

/** Everything that a person wants to know of a run, as text fit for a terminal. */
export function describeRun(run: Run, question: readonly Message[]): string {
  const { consensus, answer, failure } = run;
  return [
    `${headOf(run)}\n`,
    section("question", question.map(turnText).join("\n")),
    ...(consensus === null || consensus.members.length === 0 ? [] : [membersTable(consensus.members)]),
    ...(answer === null ? [] : [section("answer", answerText(answer.message))]),
    ...(failure === null ? [] : [section("failure", `${failure.reason}: ${failure.message}`)]),
    ...(consensus === null ? [] : [lines([closingFigures(consensus), ...notesOn(consensus)])]),
  ].join("\n");
}

function headOf(run: Run): string {
  const { runId, status, incomplete, preset, consensus, createTime, finishTime, idempotencyKey } = run;
  const took = finishTime === null ? "" : `, took ${duration(finishTime.getTime() - createTime.getTime())}`;
  const rounds = consensus === null ? "" : `, ${consensus.strategy}, ${count(consensus.rounds, "round")}`;
  return lines([
    `run      ${runId}`,
    `status   ${status}${incomplete ? ", incomplete: its log ends before it did" : ""}`,
    `panel    synod/${preset}${rounds}`,
    `started  ${instant(createTime)}${took}`,
    ...(idempotencyKey === null ? [] : [`key      ${idempotencyKey}`]),
  ]).trimEnd();
}

function turnText(message: Message): string {
  const text = answerText(message);
  return message.role === "user" ? text : `${message.role}: ${text}`;
}

function answerText({ parts, toolCalls = [], refusal }: Message): string {
  return [
    ...parts.map((part) => (part.type === "text" ? part.text : "[attachment]")),
    ...toolCalls.map(({ name, argumentsJson }) => `${name}(${argumentsJson})`),
    ...(refusal === undefined ? [] : [refusal]),
  ].join("\n");
}

function membersTable(members: readonly MemberRecord[]): string {
  const head = ["MEMBER", "ROUND", "STATUS", "ANSWER", "TIME", "TOKENS", "COST"];
  return table(head, members.map(memberRow), 70);
}

function memberRow(member: MemberRecord): readonly string[] {
  const { round, status, answerKey, abstention, failure, latencyMs, usage } = member;
  return [
    seatName(member),
    String(round),
    status,
    failure?.message ?? abstention?.message ?? cut(answerKey, 40),
    duration(latencyMs),
    usage === null ? "" : String(usage.inputTokens + usage.outputTokens),
    usage === null ? "" : dollars(costUsd(usage.costUsdNanos)),
  ];
}

function closingFigures(consensus: Consensus): string {
  const { stopped } = consensus;
  return [...figuresOf(consensus), ...(stopped === null ? [] : [`stopped: ${stopped}`])].join(" · ");
}

function section(title: string, text: string): string {
  return `${title}\n${indented(text.trim())}\n`;
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${forTerminal(line).trimEnd()}\n`).join("");
}
