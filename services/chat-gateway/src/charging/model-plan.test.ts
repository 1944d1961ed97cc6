import { create } from "@bufbuild/protobuf";
import { MessageSchema, Role } from "@synod/contracts/model";
import { CompletionRequestSchema } from "@synod/contracts/provider";
import { expect, it } from "vitest";
import { planOfModel } from "./model-plan.js";

const messages = [
  create(MessageSchema, { role: Role.USER, parts: [{ content: { case: "text", value: "hi" } }] }),
];
const candidatesOf = (fields: object) =>
  planOfModel(create(CompletionRequestSchema, { model: "openrouter/a/b", messages, ...fields })).steps[0]
    ?.calls;

it("is one call of what was sent", () => {
  const sampling = { maxOutputTokens: 10 };
  const candidates = [{ model: "openrouter/a/b", maxOutputTokens: 10 }];
  expect(candidatesOf({ sampling })).toEqual([{ candidates, inputBytes: 18, times: 1 }]);
  const extraJson = '{"tools":[]}';
  expect(candidatesOf({ extraJson })?.[0]?.inputBytes).toBe(18 + extraJson.length);
  expect(candidatesOf({ messages: [], prompt: "Once" })?.[0]?.inputBytes).toBe(4);
});

it("counts the models that OpenRouter may ask instead", () => {
  const extraJson = '{"models":["c/d",7,""]}';
  const ids = (model: string) => candidatesOf({ model, extraJson })?.[0]?.candidates.map((one) => one.model);
  expect(ids("openrouter/a/b")).toEqual(["openrouter/a/b", "openrouter/c/d"]);
  expect(ids("a/b")).toEqual(["a/b", "c/d"]);
  const other = '{"x":{"models":["c/d"]},"models":3}';
  expect(candidatesOf({ extraJson: other })?.[0]?.candidates).toHaveLength(1);
});
