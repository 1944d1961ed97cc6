import { createContextKey, type HandlerContext } from "@connectrpc/connect";

/** What goes on for a call, though the call may be over. */
export interface CallWork {
  /** Counts this until it is settled. */
  add(work: Promise<unknown>): void;
  /** Calls back once nothing goes on; at once when that is so already. */
  whenIdle(then: () => void): void;
}

const workKey = createContextKey<CallWork | undefined>(undefined, { description: "synod work of a call" });

/** What goes on for a call: what the call holds is held for it too. */
export function workOf({ values }: Pick<HandlerContext, "values">): CallWork {
  const known = values.get(workKey);
  if (known !== undefined) return known;
  const work = createCallWork();
  values.set(workKey, work);
  return work;
}

function createCallWork(): CallWork {
  const going = new Set<Promise<unknown>>();
  const whenIdle = (then: () => void): void => {
    if (going.size === 0) then();
    else void Promise.allSettled(going).then(() => whenIdle(then));
  };
  return {
    add(work) {
      const forget = (): void => void going.delete(work);
      going.add(work);
      work.then(forget, forget);
    },
    whenIdle,
  };
}
