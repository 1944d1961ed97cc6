import { shippedPresets } from "@synod/settings";
import { expect, test } from "vitest";
import { groqPrice } from "./groq-prices.js";

// Groq tells no prices: without one in the table, the cost of a whole run is unknown.
const models = [...JSON.stringify(shippedPresets).matchAll(/"groq\/([^"]+)"/g)].map(([, id = ""]) => id);

test("the presets name models of Groq", () => {
  expect(models.length).toBeGreaterThan(4);
});

test.each([...new Set(models)])("%s has a price", (model) => {
  expect(groqPrice(model)).not.toBeNull();
});
