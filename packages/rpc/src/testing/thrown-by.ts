import { ConnectError } from "@connectrpc/connect";

/** The error that a call fails with. Fails when it does not. */
export async function thrownBy(call: Promise<unknown>): Promise<ConnectError> {
  const outcome = await call.then(
    () => "nothing was thrown",
    (error: unknown) => error,
  );
  if (outcome instanceof ConnectError) return outcome;
  throw new Error("no ConnectError was thrown", { cause: outcome });
}
