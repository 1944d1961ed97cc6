import { expect, it } from "vitest";
import type { StorageProblem } from "../../storage-error.js";
import { toPostgresError } from "./postgres-error.js";

it.each<[code: string, message: string, StorageProblem]>([
  ["53100", "could not extend file", "full"],
  ["25006", "cannot execute INSERT in a read-only transaction", "read_only"],
  ["57P01", "terminating connection due to administrator command", "unreachable"],
  ["08006", "connection failure", "unreachable"],
  ["ECONNRESET", "read ECONNRESET", "unreachable"],
  ["", "Connection terminated unexpectedly", "unreachable"],
  ["", "timeout exceeded when trying to connect", "unreachable"],
  ["28P01", 'password authentication failed for user "synod"', "denied"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in certificate chain", "denied"],
  ["", "The server does not support SSL connections", "denied"],
  ["53300", "sorry, too many clients already", "busy"],
  ["40P01", "deadlock detected", "busy"],
  ["58030", "could not read block", "failing"],
  ["XX001", "invalid page in block", "broken"],
  ["42P01", 'relation "nowhere" does not exist', "defect"],
  ["ERR_INVALID_ARG_TYPE", "no text", "defect"],
])("%s %s is %s", (code, message, problem) => {
  const error = toPostgresError(Object.assign(new Error(message), { code }), "db:5432/synod");
  expect(error.problem).toBe(problem);
  expect(error.message).toContain("db:5432/synod: ");
  expect(error.message).toContain(message);
});
