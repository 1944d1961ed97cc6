import { defineConfig } from "vitest/config";

// Each file boots processes of its own: one file at a time leaves them the processor.
export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "external/*.test.ts"],
    fileParallelism: false,
    testTimeout: 15_000,
    maxConcurrency: 32,
  },
});
