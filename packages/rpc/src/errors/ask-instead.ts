import { ConnectError } from "@connectrpc/connect";
import { errorMetadata } from "./failure-of.js";
import { SynodError } from "./synod-error.js";

const key = "ask_instead";

/** The metadata of an error whose caller may ask other models instead: their ids, in their order. None when empty. */
export function askInsteadMetadata(models: readonly string[]): Readonly<Record<string, string>> {
  return models.length === 0 ? {} : { [key]: JSON.stringify(models) };
}

/** The ids of the models that an error says may be asked instead, in their order. */
export function askInsteadOf(error: unknown): readonly string[] {
  const text = metadataOf(error)[key];
  if (text === undefined) return [];
  const models: unknown = JSON.parse(text);
  return Array.isArray(models) ? models.map(String) : [];
}

function metadataOf(error: unknown): Readonly<Record<string, string>> {
  if (error instanceof SynodError) return error.metadata;
  return error instanceof ConnectError ? errorMetadata(error) : {};
}
