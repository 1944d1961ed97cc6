import type { Usage } from "@synod/contracts/model";
import type {
  Completion,
  CompletionRequest,
  ProviderService,
  StreamCompletionResponse,
} from "@synod/contracts/provider";
import { type Client, spentOf } from "@synod/rpc";
import type { Room } from "@synod/run-store";
import type { Caller } from "../caller.js";
import {
  type Account,
  type Accounts,
  type CallOptions,
  isCounted,
  nothingUsed,
  type Used,
} from "./accounts.js";
import { planOfModel } from "./model-plan.js";

/** Who asks a model. */
export interface ModelAsker {
  readonly caller: Caller;
  /** Called before it is asked, with what is left of the caller's limits per minute. */
  readonly admitted?: (rooms: readonly Room[]) => void;
}

/** Asks single models. What is asked is counted for its caller, however it ends. */
export interface ChargedModels {
  /** Asks a model and resolves with its whole answer. Rejects as the provider gateway and `Accounts.open` do. */
  complete(asker: ModelAsker, completion: CompletionRequest, options: CallOptions): Promise<Completion>;
  /** Asks a model and gives its answer as it is written. Throws as `complete` rejects. Leaving it cancels the call. */
  stream(
    asker: ModelAsker,
    completion: CompletionRequest,
    options: CallOptions,
  ): AsyncIterable<StreamCompletionResponse>;
}

/** A call of which nothing more was heard. */
const unheard: Used = { tokens: undefined, knownUsdNanos: 0, callsOfUnknownCost: 1 };

/** Makes what asks single models. */
export function createChargedModels(
  providers: Pick<Client<typeof ProviderService>, "complete" | "streamCompletion">,
  accounts: Accounts,
): ChargedModels {
  async function open(
    { caller, admitted }: ModelAsker,
    completion: CompletionRequest,
    options: CallOptions,
  ): Promise<Account> {
    const account = await accounts.open(caller, () => planOfModel(completion), options);
    admitted?.(account.rooms);
    return account;
  }

  async function* counted(
    asker: ModelAsker,
    completion: CompletionRequest,
    options: CallOptions,
  ): AsyncGenerator<StreamCompletionResponse> {
    const account = await open(asker, completion, options);
    let used = unheard;
    try {
      for await (const response of providers.streamCompletion({ completion }, options)) {
        const { event } = response;
        if (event.case === "finished") used = usedBy(event.value.completion?.usage, 1);
        yield response;
      }
    } catch (error) {
      if (used === unheard) used = usedInVain(error);
      throw error;
    } finally {
      await account.settle(used);
    }
  }

  return {
    async complete(asker, completion, options) {
      const account = await open(asker, completion, options);
      let used = unheard;
      try {
        const response = await providers.complete({ completion }, options);
        used = usedBy(response.completion?.usage, 1);
        if (response.completion === undefined) throw new Error("the provider gateway gave no completion");
        return response.completion;
      } catch (error) {
        if (used === unheard) used = usedInVain(error);
        throw error;
      } finally {
        await account.settle(used);
      }
    },
    stream: (asker, completion, options) =>
      isCounted(asker.caller)
        ? counted(asker, completion, options)
        : providers.streamCompletion({ completion }, options),
  };
}

function usedInVain(error: unknown): Used {
  const { usage, attempts } = spentOf(error);
  return usage === undefined ? nothingUsed : usedBy(usage, Math.max(1, attempts));
}

function usedBy(usage: Usage | undefined, calls: number): Used {
  if (usage === undefined) return unheard;
  const cost = usage.costUsdNanos;
  return {
    tokens: Number(usage.inputTokens + usage.outputTokens),
    knownUsdNanos: Number(cost ?? 0n),
    callsOfUnknownCost: cost === undefined ? calls : 0,
  };
}
