import { startSimulator } from "@synod/simulator";
import { expect, it } from "vitest";
import { call } from "../testing/call.js";

it("runs the simulator until it is ended, and that is no failure", async () => {
  const leaving = new AbortController();
  const models: unknown[] = [];
  const onOut = async (text: string): Promise<void> => {
    const [, url] = /^OPENROUTER_BASE_URL=(.*)$/m.exec(text) ?? [];
    models.push(await (await fetch(`${url}/models`)).json());
    leaving.abort();
  };
  const args = ["simulate", "--port", "0", "--no-latency", "--seed", "7"];
  const { code, out, err } = await call(args, { signal: leaving.signal, onOut: (text) => void onOut(text) });
  expect([code, err]).toEqual([0, ""]);
  expect(out).toMatch(
    /^OPENROUTER_BASE_URL=http:\/\/127\.0\.0\.1:\d+\/\S+\nGROQ_BASE_URL=http:\/\/127\.0\.0\.1:\d+\/\S+\n$/,
  );
  expect(models).toMatchObject([
    { data: expect.arrayContaining([expect.objectContaining({ id: "ada-large" })]) },
  ]);
});

it("names where it is as JSON", async () => {
  const leaving = new AbortController();
  const { out } = await call(["simulate", "--port", "0", "--json"], {
    signal: leaving.signal,
    onOut: () => leaving.abort(),
  });
  expect(JSON.parse(out)).toEqual({
    openrouter_base_url: expect.stringMatching(/^http:/),
    groq_base_url: expect.stringMatching(/^http:/),
  });
});

it("says so when its port is taken", async () => {
  await using other = await startSimulator();
  const { port } = new URL(other.url);
  expect(await call(["simulate", "--port", port])).toEqual({
    code: 1,
    out: "",
    err: `synod: 127.0.0.1:${port} is in use. Choose another with --port.\n`,
  });
});
