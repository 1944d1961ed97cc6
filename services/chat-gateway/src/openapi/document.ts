import { overrideJsonSchema } from "@synod/settings";
import { version } from "../version.js";
import { askingPaths } from "./paths/asking.js";
import { modelPaths } from "./paths/models.js";
import { runPaths } from "./paths/runs.js";
import { systemPaths } from "./paths/system.js";
import { answerSchemas } from "./schemas/answers.js";
import { chatRequestSchemas } from "./schemas/chat-request.js";
import { completionRequestSchemas } from "./schemas/completion-request.js";
import { consensusSchemas } from "./schemas/consensus.js";
import { errorSchemas } from "./schemas/errors.js";
import { modelSchemas } from "./schemas/models.js";
import { runSchemas } from "./schemas/runs.js";
import { systemSchemas } from "./schemas/system.js";
import { usageSchemas } from "./schemas/usage.js";
import { text, whole } from "./schema.js";

const parameters = {
  RequestId: {
    name: "X-Request-Id",
    in: "header",
    required: false,
    description: "Names the request in answers and logs. One is made when it is left out.",
    schema: text(undefined, { pattern: "^[\\x21-\\x7e]{1,128}$" }),
  },
  DeadlineMs: {
    name: "X-Synod-Deadline-Ms",
    in: "header",
    required: false,
    description: "How long the caller waits, in milliseconds. It only shortens the preset's deadline.",
    schema: whole(undefined, { minimum: 1, maximum: 3_600_000 }),
  },
  IdempotencyKey: {
    name: "Idempotency-Key",
    in: "header",
    required: false,
    description: "The caller's name for this request: sent again, it is not paid again. Kept for 24 hours.",
    schema: text(undefined, { pattern: "^[\\x20-\\x7e]{1,255}$" }),
  },
} as const;

const headers = {
  RequestId: { description: "The name of the request.", schema: text() },
  ShouldRetry: {
    description: "Whether the same request can succeed later, and nothing was paid for it yet.",
    schema: { type: "string", enum: ["true", "false"] },
  },
  RetryAfter: { description: "Seconds to wait.", schema: whole(undefined, { minimum: 1 }) },
} as const;

/** The description of everything that Synod answers over HTTP/1.1: OpenAPI 3.1. */
export function openApiDocument(): Readonly<Record<string, unknown>> {
  return {
    openapi: "3.1.0",
    info: {
      title: "Synod",
      version,
      description: "One answer from many models. Paths that begin with `/v1/` also begin with `/openai/v1/`.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    // Where the operator has set no keys, none is needed.
    security: [{ key: [] }, {}],
    tags: ["Asking", "Models", "Runs", "System", "RPC"].map((name) => ({ name })),
    paths: { ...askingPaths, ...modelPaths, ...runPaths, ...systemPaths },
    components: {
      securitySchemes: { key: { type: "http", scheme: "bearer" } },
      parameters,
      headers,
      schemas: {
        ...chatRequestSchemas,
        ...completionRequestSchemas,
        ConsensusOverride: overrideJsonSchema(),
        ...answerSchemas,
        ...consensusSchemas,
        ...usageSchemas,
        ...modelSchemas,
        ...runSchemas,
        ...systemSchemas,
        ...errorSchemas,
      },
    },
  };
}
