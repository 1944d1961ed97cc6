import { Agent, request } from "node:http";
import { expect, it } from "vitest";

import { question } from "../harness/api.js";
import { openFiles, processesOf } from "../harness/processes.js";
import { until } from "../harness/until.js";
import { type EdgeHouse, expectHealthy, paidIn } from "./edge-house.js";
import { openIdle } from "./raw.js";

/** How many descriptors each process of the house that these tests need may hold. */
export const maxFiles = 400;

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** F62: no descriptors left. The house has `maxFiles`. */
export function testDescriptors(house: () => EdgeHouse): void {
  it("F62: without descriptors it goes on with who is connected, or says that there is no room", async () => {
    const { synod } = house();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = (model: string): Promise<Answer> => askOver(agent, synod.url, question("?", model));
    expect((await ask("openrouter/acme/healthy")).status).toBe(200);
    const usual = openFiles(processesOf(synod));
    const before = paidIn(house());
    const answers: Answer[] = [];
    {
      using idle = await openIdle(synod.url, 3 * maxFiles);
      // Whoever comes then is turned away at once.
      await until("there are none left", () => idle.open() < maxFiles);
      // Models of two providers, of which one has not been connected to yet.
      for (const model of ["openrouter/acme/healthy", "groq/healthy", "openrouter/acme/healthy"]) {
        answers.push(await ask(model));
      }
    }
    for (const { status, text } of answers) {
      expect([200, 503], text).toContain(status);
      if (status === 503) expect(JSON.parse(text)).toMatchObject({ error: { code: "overloaded" } });
    }
    expect(paidIn(house()) - before).toBe(answers.filter(({ status }) => status === 200).length);
    await until("all are given back", () => openFiles(processesOf(synod)) < usual + 20);
    await expectHealthy(house());
    expect(synod.process.exitCode).toBeNull();
    agent.destroy();
  });
}

function askOver(agent: Agent, url: string, body: object): Promise<Answer> {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
    const sending = request(`${url}/v1/chat/completions`, { method: "POST", agent, headers }, (response) => {
      let answered = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (answered += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text: answered }));
    });
    sending.on("error", reject);
    sending.end(text);
  });
}
