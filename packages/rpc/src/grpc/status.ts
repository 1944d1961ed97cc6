import { Code, ConnectError } from "@connectrpc/connect";
import type { StatusObject } from "@grpc/grpc-js";
import { findTrailerError } from "../connect-internals.js";

/** What a call fails with, from the status that ended it. */
export function statusError(status: StatusObject, header: Headers, trailer: Headers): ConnectError {
  const error = findTrailerError(trailer) ?? new ConnectError(status.details, toCode(status.code), trailer);
  header.forEach((value, key) => error.metadata.append(key, value));
  return error;
}

/** The code of a status. */
export function toCode(status: number): Code {
  return status in Code ? status : Code.Unknown;
}
