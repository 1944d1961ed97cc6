import { describe, expect, it } from "vitest";
import { startGateway } from "../testing/gateway.js";
import { version } from "../version.js";

const evil = `"><script>alert(1)</script>'&`;

describe("GET /", () => {
  it("says which panels there are, who sits on them, and how to ask", async () => {
    await using house = await startGateway({
      presets: {
        mine: {
          members: [{ model: "groq/x", samples: 3 }, { model: "groq/y" }],
          aggregation: { strategy: "majority" },
        },
      },
    });
    const response = await house.get("/");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const html = await response.text();
    for (const said of [version, "synod/default", "synod/mine", "groq/x × 3", "groq/y", "majority"]) {
      expect(html).toContain(said);
    }
    expect(html).toContain("Panels that say “simulated”");
    expect(html).toContain(`curl ${house.url}/v1/chat/completions`);
    expect(html).not.toContain("authorization");
    for (const linked of [...html.matchAll(/href="([^"]+)"/g)].map(([, url]) => url ?? "")) {
      expect((await house.get(linked)).status, linked).not.toBe(405);
    }
    expect(house.ledger.paid).toBe(0);
  });

  it("says that it is a simulation", async () => {
    await using house = await startGateway();
    expect(await (await house.get("/")).text()).toContain("This is a simulation");
  });

  it("runs nothing and loads nothing, and its one style is the only one that may stand there", async () => {
    await using house = await startGateway();
    const response = await house.get("/");
    const html = await response.text();
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none';/);
    expect(policy).toContain("frame-ancestors 'none'");
    const style = /<style>([^]*)<\/style>/.exec(html)?.[1] ?? "";
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(style));
    expect(policy).toContain(Buffer.from(digest).toString("base64"));
    expect(html).not.toMatch(/<script|<img|<link|\son\w+=|style=|https?:\/\/(?!127\.0\.0\.1)/);
  });

  it("shows a key in the example where callers need one, and needs one itself", async () => {
    await using house = await startGateway({ apiKeys: ["one"] });
    expect((await house.get("/")).status).toBe(401);
    const html = await (await house.get("/", { headers: { authorization: "Bearer one" } })).text();
    expect(html).toContain("authorization: Bearer $SYNOD_API_KEY");
    expect(html).not.toContain("Bearer one");
  });

  it("takes nothing of a request for markup", async () => {
    await using house = await startGateway({
      presets: { default: { members: [{ model: `sim/${evil}` }], aggregation: { strategy: "majority" } } },
    });
    const html = await (await house.get("/", { headers: { "x-forwarded-proto": evil } })).text();
    expect(html).not.toContain("<script>");
    expect(html).toContain("&lt;script&gt;");
  });

  it("answers HEAD", async () => {
    await using house = await startGateway();
    const response = await house.get("/", { method: "HEAD" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
    expect(Number(response.headers.get("content-length"))).toBeGreaterThan(1_000);
  });
});
