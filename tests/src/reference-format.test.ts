import { expect, it } from "vitest";

import { post } from "./harness/api.js";
import { deployments, startDeployment } from "./harness/deployment.js";
import { members, messagesOf, says, startUpstream } from "./harness/upstream.js";

const config = {
  models: [
    { id: members.gemini, max_tokens: 100, temperature: 0.5 },
    { id: members.mistral, max_tokens: 200, temperature: 0.7 },
  ],
  aggregator: [
    {
      model: { id: members.judge, max_tokens: 300, temperature: 0.1 },
      aggregator_context: [{ role: "system", content: "You read answers." }],
      aggregator_prompt: [{ role: "user", content: "Write one." }],
    },
  ],
  aggregated_prompt_type: "user",
  improvement_prompt: "Improve it.",
  iterations: 1,
};

it.each(deployments)(
  "the reference system's configuration is read unchanged and does what it did there, $name",
  { timeout: 60_000 },
  async (kind) => {
    await using upstream = await startUpstream();
    await using synod = await startDeployment(kind, { env: upstream.env, config });
    upstream.script([says(members.gemini, "one"), says(members.mistral, "two"), says(members.judge, "both")]);
    const body = { system_message: "Be short.", user_message: "Which number is it?" };
    const answer = await post(`${synod.url}/api/routes/chat/`, body);
    expect(answer.json()).toEqual({ response: "both" });

    const calls = upstream.calls();
    const of = (model: string) => calls.filter((call) => call.model === model);
    expect(calls).toHaveLength(2 * 2 + 2);
    expect(of(members.gemini).map((call) => call.body)).toMatchObject(
      Array(2).fill({ max_tokens: 100, temperature: 0.5 }),
    );
    const initial = [
      { role: "system", content: "Be short." },
      { role: "user", content: "Which number is it?" },
    ];
    expect(of(members.mistral).map(messagesOf)).toEqual([
      initial,
      [...initial, { role: "user", content: "Consensus: both" }, { role: "user", content: "Improve it." }],
    ]);
    const [context, answers, prompt, ...rest] = messagesOf(of(members.judge)[0]);
    expect([context, prompt, rest]).toEqual([
      { role: "system", content: "You read answers." },
      { role: "user", content: "Write one." },
      [],
    ]);
    expect(answers?.role).toBe("system");
    expect(answers?.content).toMatch(/^Aggregated responses:/);
    for (const text of ["one", "two"]) expect(answers?.content).toContain(text);
  },
);
