import { defineConfig } from "vitest/config";

// Most tests talk to a server of their own; on a busy machine that takes its time.
export default defineConfig({ test: { testTimeout: 30_000 } });
