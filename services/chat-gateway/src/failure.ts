import { SynodError } from "@synod/rpc";

/** Makes an error for a part of the request that is wrong. `param` is a path such as `messages[0].role`, empty for the whole. */
export function invalid(param: string, message: string): SynodError {
  return new SynodError(
    { reason: "invalid_value", message },
    { fieldViolations: param === "" ? [] : [{ field: param, description: message }] },
  );
}

/** Makes an error for a model that is not there. */
export function unknownModel(message: string): SynodError {
  return new SynodError(
    { reason: "model_not_found", message },
    { fieldViolations: [{ field: "model", description: message }] },
  );
}

/** The part of the request that an error is about. */
export function paramOf(error: unknown): string | null {
  return error instanceof SynodError ? (error.fieldViolations[0]?.field ?? null) : null;
}
