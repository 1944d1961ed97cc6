import { create } from "@bufbuild/protobuf";
import { AggregateResponseSchema, AggregationService } from "@synod/contracts/aggregation";
import { JudgeService, VerdictKind } from "@synod/contracts/judge";
import { ProviderService, StreamCompletionResponseSchema } from "@synod/contracts/provider";
import { RoundService, RoundStop, RunRoundResponseSchema } from "@synod/contracts/round";
import { toProtoFailure } from "@synod/mapping";
import type { ConnectRouter } from "@synod/rpc";
import { asksModel, completionOf, Ledger, play, playWhole, says, type Script, usage } from "./script.js";

/** What each call may use and cost at most: twice of what it does. */
const mostUsed = { inputTokens: 20n, outputTokens: 10n, costUsdNanos: 2n * usage.costUsdNanos };

/** The four services behind the gateway, doing what a script says, and the ledger of what they were asked. */
export interface ScriptedServices {
  readonly routes: (router: ConnectRouter) => void;
  readonly ledger: Ledger;
}

/** Makes services of a script. What it does not say answers `42`, takes the first answer, and judges it right. */
export function scriptedServices(script: Script): ScriptedServices {
  const ledger = new Ledger();
  return {
    ledger,
    routes(router) {
      routeRound(router, script, ledger);
      routeAggregation(router, script, ledger);
      routeJudge(router, script, ledger);
      routeProvider(router, script, ledger);
    },
  };
}

/** Asks every member, and waits for all of them. */
function routeRound(router: ConnectRouter, script: Script, ledger: Ledger): void {
  router.service(RoundService, {
    async *runRound(request, context) {
      ledger.rounds.push(request);
      const asked = request.members.flatMap(({ model, samples }, member) =>
        Array.from({ length: Math.max(1, samples) }, (_, index) => {
          ledger.members += 1;
          const voter = { member, sample: index + 1 };
          const reply = script.member?.(model, request) ?? says("42");
          return { voter, model, reply, text: playWhole(reply, context, ledger) };
        }),
      );
      // Those who hang fail only when nobody listens any more.
      for (const { text } of asked) text.catch(() => undefined);
      let usable = 0;
      for (const { voter, model, reply, text } of asked) {
        if (reply.failure !== undefined) {
          const failure = toProtoFailure(reply.failure);
          yield create(RunRoundResponseSchema, { event: { case: "failed", value: { voter, failure } } });
          continue;
        }
        const completion = completionOf(model, await text, reply);
        for (const piece of request.streamText ? (reply.pieces ?? []) : []) {
          const delta = { voter, model, text: piece };
          yield create(RunRoundResponseSchema, { event: { case: "delta", value: delta } });
        }
        if (completion.message?.parts.length || completion.message?.toolCalls.length) usable += 1;
        yield create(RunRoundResponseSchema, { event: { case: "answered", value: { voter, completion } } });
      }
      const { quorum } = request;
      const stop = usable < quorum ? RoundStop.QUORUM_LOST : RoundStop.COMPLETE;
      yield create(RunRoundResponseSchema, { event: { case: "ended", value: { stop, usable, quorum } } });
    },
  });
}

function routeAggregation(router: ConnectRouter, script: Script, ledger: Ledger): void {
  router.service(AggregationService, {
    async *aggregate(request, context) {
      const before = ledger.aggregations.push(request) - 1;
      const reply = script.aggregate?.(request, before) ?? says(request.answers[0]?.text ?? "");
      let text = "";
      for await (const piece of play(reply, context, ledger)) {
        text += piece;
        if (!request.streamText || !asksModel(request)) continue;
        yield create(AggregateResponseSchema, { event: { case: "delta", value: { text: piece } } });
      }
      if (asksModel(request)) {
        const called = { model: request.aggregator?.model ?? "", usage, latencyMs: 3n };
        yield create(AggregateResponseSchema, { event: { case: "called", value: called } });
      }
      const votes = request.answers.map((answer) => ({
        ...(answer.voter !== undefined && { voter: answer.voter }),
        answerKey: answer.text,
        counted: true,
        weight: 1,
      }));
      const agreeing = votes.filter(({ answerKey }) => answerKey === text).length;
      const outcome = asksModel(request)
        ? { text, votes }
        : { text, answerKey: text, agreementRatio: agreeing / votes.length, votes, ...reply.outcome };
      yield create(AggregateResponseSchema, { event: { case: "aggregated", value: { outcome } } });
    },
  });
}

const kinds = { right: VerdictKind.RIGHT, wrong: VerdictKind.WRONG, unsure: VerdictKind.UNSURE };

function routeJudge(router: ConnectRouter, script: Script, ledger: Ledger): void {
  router.service(JudgeService, {
    async validate(request, context) {
      const before = ledger.judgements.push(request) - 1;
      const reply = script.judge?.(request, before) ?? {};
      await playWhole(reply, context, ledger);
      const kind = kinds[reply.verdict ?? "right"];
      const finding = { quote: "", problem: "too short", severity: "major" };
      const findings = kind === VerdictKind.WRONG ? [finding] : [];
      const votes = request.models.map((model) => ({ model, verdict: kind, findings, calls: [{ usage }] }));
      return { verdict: { kind, findings, votes, promptVersion: "validate/1" } };
    },
  });
}

function routeProvider(router: ConnectRouter, script: Script, ledger: Ledger): void {
  router.service(ProviderService, {
    listProviders: () => ({
      providers: [...(script.providers?.() ?? [{ id: "sim", available: true, simulated: true }])],
    }),
    listModels: async () => ({
      models: [...((await script.models?.()) ?? [])],
      failedProviderIds: [...(script.failedProviders ?? [])],
    }),
    estimateUsage: ({ calls }) => ({ usages: calls.map((call) => script.estimate?.(call) ?? mostUsed) }),
    listEndpoints: ({ model }) => ({ dataJson: script.endpoints?.(model) ?? "{}" }),
    getCredits: () => {
      const balance = script.balance?.();
      return balance === undefined ? {} : { balance };
    },
    async complete({ completion }, context) {
      if (completion === undefined) throw new Error("no question");
      ledger.completions.push(completion);
      const reply = script.model?.(completion) ?? says("42");
      const text = await playWhole(reply, context, ledger);
      return { completion: completionOf(completion.model, text, reply) };
    },
    async *streamCompletion({ completion }, context) {
      if (completion === undefined) throw new Error("no question");
      ledger.completions.push(completion);
      const reply = script.model?.(completion) ?? says("42");
      let text = "";
      for await (const piece of play(reply, context, ledger)) {
        if (text === "" && reply.head !== undefined) {
          const begun = { headers: { ...reply.head } };
          yield create(StreamCompletionResponseSchema, { event: { case: "begun", value: begun } });
        }
        text += piece;
        yield create(StreamCompletionResponseSchema, { event: { case: "delta", value: { text: piece } } });
      }
      for (const value of reply.deltas ?? []) {
        yield create(StreamCompletionResponseSchema, { event: { case: "delta", value } });
      }
      const finished = { completion: completionOf(completion.model, text, reply) };
      yield create(StreamCompletionResponseSchema, { event: { case: "finished", value: finished } });
    },
  });
}
