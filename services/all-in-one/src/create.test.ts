import { create } from "@bufbuild/protobuf";
import { ChatRequestSchema, ChatService } from "@synod/contracts/chat";
import { Role } from "@synod/contracts/model";
import { createLocalTransport, createServiceClient } from "@synod/rpc";
import { toSettings } from "@synod/settings";
import { startSimulator } from "@synod/simulator";
import { createLogger, createMetrics } from "@synod/telemetry";
import { expect, test } from "vitest";
import { createAllInOne } from "./create.js";

// Strict: a service that changes a message it was given, or hands over a wrong type, is found here.
test("a question goes through all five services and comes back as one answer", async () => {
  await using simulator = await startSimulator({ latency: "off" });
  const variables = { SYNOD_SIMULATOR_URL: simulator.url };
  await using synod = createAllInOne({
    settings: toSettings({ variables, mistakes: [] }, "all-in-one"),
    logger: createLogger({ level: "silent", service: "test" }),
    metrics: createMetrics({ service: "test" }),
    strict: true,
  });
  await using transport = createLocalTransport(synod.chat.routes, { strict: true });
  const client = createServiceClient(ChatService, transport);
  const consensus = { judge: { mode: "annotate", models: ["sim/judge"] } };
  const asked = create(ChatRequestSchema, {
    model: "synod/default",
    messages: [{ role: Role.USER, parts: [{ content: { case: "text", value: "What is 17 * 23?" } }] }],
    consensusJson: JSON.stringify(consensus),
  });

  const answer = await client.chat(asked);

  expect(answer.message?.parts[0]?.content.value).toContain("391");
  expect(answer.consensus).toMatchObject({ simulated: true, callsMade: 7, validated: true });
  expect(simulator.control.ledger({ endpoint: "chat" })).toHaveLength(7);
});
