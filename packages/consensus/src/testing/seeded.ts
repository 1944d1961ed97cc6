import fc from "fast-check";
import { vi } from "vitest";

// The same samples in every run: a test that fails does so for whoever looks at it.
fc.configureGlobal({ seed: 20_260_101 });

// Many samples take seconds on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 60_000 });

/** Any text of any UTF-16 units, lone surrogates included. */
const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
});

export { anyText, fc };
