/** A promise that a test opens by hand. */
interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

/** Makes a closed gate. */
export function createGate(): Gate {
  const { promise, resolve } = withResolvers();
  return { opened: promise, open: resolve };
}

/** What a handler awaits that is deaf to its signal. */
export const never: Promise<never> = new Promise(() => undefined);

/** Waits until a signal has fired. */
export function fired(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = withResolvers();
  if (signal.aborted) resolve();
  else signal.addEventListener("abort", () => resolve());
  return promise;
}

function withResolvers() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
