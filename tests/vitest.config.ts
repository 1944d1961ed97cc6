import { defineConfig } from "vitest/config";

/** Suites that measure time, load the machine, or build: nothing else runs beside them. */
const alone = [
  "src/upstream-faults/**/*.test.ts",
  "src/soak/**/*.test.ts",
  "src/edge-faults/**/*.test.ts",
  "src/trickle.test.ts",
  "src/start.test.ts",
  "src/shutdown.test.ts",
];

export default defineConfig({
  test: {
    testTimeout: 15_000,
    maxConcurrency: 32,
    projects: [
      {
        extends: true,
        test: {
          name: "together",
          include: ["src/**/*.test.ts", "external/*.test.ts"],
          exclude: alone,
          // Each file boots processes of its own, and mostly waits for them.
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: "alone", include: alone, fileParallelism: false, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
