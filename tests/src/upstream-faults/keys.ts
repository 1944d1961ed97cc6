import { expect, it } from "vitest";

import { askModel, type ModelAnswer } from "../harness/ask-model.js";
import { fails } from "../harness/upstream.js";
import { callsOf, type FaultGroup } from "./fault-house.js";

const questions = 12;

/** F1 and F5 where a provider has several keys. The upstream tells keys apart by their last four characters. */
export const keys: FaultGroup = {
  name: "several keys",
  cases: [],
  providers: ({ openrouterUrl, groqUrl }) => ({
    even: { kind: "groq", base_url: groqUrl },
    revoked: { kind: "openrouter", base_url: openrouterUrl },
    limited: { kind: "openrouter", base_url: openrouterUrl },
    barred: { kind: "groq", base_url: groqUrl },
  }),
  env: Object.fromEntries(
    ["EVEN", "REVOKED", "LIMITED", "BARRED"].map((id) => [
      `${id}_API_KEY`,
      "key-of-house-0001,key-of-house-0002,key-of-house-0003",
    ]),
  ),
  rules: [
    { ...fails("acme/revoked", { kind: "status", status: 401 }), key: "0001" },
    { ...fails("acme/limited", { kind: "rate_limit", hint: { seconds: 60 } }), key: "0002" },
    fails("acme/barred", { kind: "status", status: 401 }),
  ],
  more(house) {
    const ask = (id: string): Promise<ModelAnswer> => askModel(house().synod.url, `${id}/acme/${id}`);
    const askAll = async (id: string): Promise<readonly number[]> => {
      const statuses: number[] = [];
      for (let count = 1; count <= questions; count += 1) statuses.push((await ask(id)).status);
      return statuses;
    };
    const callsByKey = (id: string): Record<string, number> => {
      const counts: Record<string, number> = { "0001": 0, "0002": 0, "0003": 0 };
      for (const { key } of callsOf(house(), `acme/${id}`)) {
        counts[key?.last4 ?? ""] = (counts[key?.last4 ?? ""] ?? 0) + 1;
      }
      return counts;
    };

    it("share the calls", async () => {
      const answers = await Promise.all(Array.from({ length: questions }, () => ask("even")));
      expect(answers.map(({ status }) => status)).toEqual(Array(questions).fill(200));
      expect(callsByKey("even")).toEqual({ "0001": 4, "0002": 4, "0003": 4 });
    });

    it("F5: one that is revoked is tried once, and stops nobody", async () => {
      expect(await askAll("revoked")).toEqual(Array(questions).fill(200));
      const { "0001": revoked, "0002": second = 0, "0003": third = 0 } = callsByKey("revoked");
      expect([revoked, second + third]).toEqual([1, questions]);
    });

    it("F1: one whose limit is used up is tried once, and stops nobody", async () => {
      expect(await askAll("limited")).toEqual(Array(questions).fill(200));
      const { "0001": first = 0, "0002": limited, "0003": third = 0 } = callsByKey("limited");
      expect([limited, first + third]).toEqual([1, questions]);
    });

    it("F5: when all are revoked, each is tried once", async () => {
      expect(await ask("barred")).toMatchObject({ status: 502, code: "provider_auth", shouldRetry: false });
      expect(await ask("barred")).toMatchObject({ status: 502, code: "provider_auth" });
      expect(callsByKey("barred")).toEqual({ "0001": 1, "0002": 1, "0003": 1 });
    });
  },
};
