import { describe, expect, test } from "vitest";
import { requireKeys } from "./listeners.js";

const at = (host: string, apiKeys: readonly string[] = []) => ({ http: { host, port: 0 }, apiKeys });
const inUse = async (): Promise<boolean> => true;
const notInUse = async (): Promise<boolean> => false;

describe("where other machines reach the chat gateway", () => {
  test.each(["0.0.0.0", "::", "192.168.1.7", "example.org", "127.0.0.1.example.org"])(
    "callers of %s need a key",
    async (host) => {
      await expect(requireKeys(at(host), notInUse)).rejects.toThrow(
        `SYNOD_HOST: ${host} is reachable from other machines, and without keys anyone there could spend your money. ` +
          "Make one with `npx synod keys create`, set SYNOD_API_KEYS, or use 127.0.0.1.",
      );
      await requireKeys(at(host, ["key"]), notInUse);
      await requireKeys(at(host), inUse);
    },
  );

  test.each(["127.0.0.1", "127.1.2.3", "localhost", "::1", "LOCALHOST"])("%s is open", async (host) => {
    await requireKeys(at(host), notInUse);
  });

  test("a database that cannot be asked opens nothing", async () => {
    const broken = (): Promise<boolean> => Promise.reject(new Error("broken"));
    await expect(requireKeys(at("0.0.0.0"), broken)).rejects.toThrow("broken");
  });
});
