import { defineConfig } from "vitest/config";

// Generous, since machines that test are busy; what must be quick has a bound of its own.
export default defineConfig({ test: { testTimeout: 30_000 } });
