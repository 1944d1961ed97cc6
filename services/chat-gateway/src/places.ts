import { callContext, type HandlerContext, SynodError, workOf } from "@synod/rpc";

/** How long who finds no place is told to wait, in milliseconds. */
const retryAfterMs = 1_000;

/** Room for so many questions at once, whatever they ask and by whichever protocol. */
export interface Places {
  /**
   * Takes a place, before anything is read or asked.
   *
   * @returns what gives it back; more than once is no harm.
   * @throws SynodError `overloaded` when none is free: nobody waits in a queue that only grows.
   */
  enter(): () => void;
}

/** Makes places. `count` is 1 or more. */
export function createPlaces(count: number): Places {
  let taken = 0;
  return {
    enter() {
      if (taken >= count) {
        const message = `${count} questions are being answered, and no more at once. Ask again soon.`;
        throw new SynodError({ reason: "overloaded", message, retryAfterMs });
      }
      taken += 1;
      let isOwn = true;
      return () => {
        if (isOwn) taken -= 1;
        isOwn = false;
      };
    },
  };
}

/** An RPC that takes a place until its call is over and nothing goes on for it any more. */
export function withPlace<Request, Result>(
  places: Places,
  handle: (request: Request, context: HandlerContext) => Result,
): (request: Request, context: HandlerContext) => Result {
  return (request, context) => {
    const leave = places.enter();
    const { signal } = callContext(context);
    const leaveWhenIdle = (): void => workOf(context).whenIdle(leave);
    if (signal.aborted) leaveWhenIdle();
    else signal.addEventListener("abort", leaveWhenIdle, { once: true });
    return handle(request, context);
  };
}
