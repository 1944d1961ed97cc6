import { SynodClientError } from "../error.js";

/** What a call has failed with. */
export function failed(call: Promise<unknown>): Promise<SynodClientError> {
  return call.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: unknown) => {
      if (error instanceof SynodClientError) return error;
      throw error;
    },
  );
}
