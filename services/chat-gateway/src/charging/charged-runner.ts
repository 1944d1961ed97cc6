import { outgoingOptions } from "@synod/rpc";
import type { FinishedRun } from "../runner/run-so-far.js";
import type { Runner } from "../runner/runner.js";
import { type Accounts, nothingUsed, type Used } from "./accounts.js";
import { planOfRun } from "./run-plan.js";

/** A runner whose runs are counted for their callers, however they end. Disposing it disposes the runner. */
export function chargedRunner(runner: Runner, accounts: Accounts): Runner {
  return {
    async run(request, observer) {
      const { spec, messages, caller, requestId, trace, signal } = request;
      const options = outgoingOptions({ requestId, ...trace }, { signal });
      const account = await accounts.open(caller, () => planOfRun(spec, messages), options);
      observer?.admitted?.(account.rooms);
      let used = nothingUsed;
      try {
        const run = await runner.run(request, {
          ...observer,
          event(logged, runId) {
            if (logged.event.type === "round_started") used = unknown;
            observer?.event?.(logged, runId);
          },
        });
        used = usedBy(run);
        return run;
      } finally {
        await account.settle(used);
      }
    },
    [Symbol.asyncDispose]: () => runner[Symbol.asyncDispose](),
  };
}

/** A run that broke off, of which nobody can say what it came to. */
const unknown: Used = {
  tokens: undefined,
  knownUsdNanos: 0,
  callsOfUnknownCost: Number.MAX_SAFE_INTEGER,
};

function usedBy({ spending }: FinishedRun): Used {
  const { usage, knownUsdNanos, callsOfUnknownCost } = spending;
  return { tokens: usage.inputTokens + usage.outputTokens, knownUsdNanos, callsOfUnknownCost };
}
