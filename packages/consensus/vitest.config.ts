import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Generous, since machines that test are busy; what must be quick has a bound of its own.
    testTimeout: 60_000,
    coverage: {
      enabled: true,
      provider: "v8",
      include: ["src/**/*.ts"],
      exclude: ["src/**/*.test.ts", "src/testing/**", "src/index.ts"],
      reporter: ["text-summary"],
      reportsDirectory: "test-results/coverage",
      // More than this share of the algorithm is tested, in percent.
      thresholds: { lines: 95, branches: 95 },
    },
  },
});
