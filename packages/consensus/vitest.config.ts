import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    testTimeout: 60_000,
    coverage: {
      enabled: true,
      provider: "v8",
      include: ["src/**/*.ts"],
      exclude: ["src/testing/**", "src/**/*.test.ts", "src/index.ts"],
      reporter: ["text"],
      thresholds: { lines: 95, branches: 95 },
    },
  },
});
