// A process of its own that works on a database until it is killed: `node busy-process.mjs <options as JSON>`.
// It uses what is built. Each line that it writes is something that must be there afterwards.
import { createLogger, createMetrics } from "@synod/telemetry";
import { openStores } from "@synod/run-store";

const { name, started, deadline, finished, keyId, ...place } = JSON.parse(process.argv[2] ?? "{}");
const stores = await openStores({
  ...place,
  history: { enabled: true, retentionDays: 30 },
  logger: createLogger({ level: "silent", service: "test" }),
  metrics: createMetrics({ service: "test" }),
});
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const key = { keyId, limits: { usdNanosPerDay: 1_000_000_000 } };

for (let i = 0; ; i++) {
  const runId = `${name}-${i}`;
  const log = stores.runs.begin({ runId, durable: true });
  await log.append(started);
  say({ runId, seq: 1 });
  await stores.budgets.reserve(key, 1);
  await stores.idempotency.claim({ owner: "", key: runId, requestHash: "h", runId });
  for (let seq = 2; seq < 12; seq++) {
    await log.append(deadline);
    say({ runId, seq });
  }
  if (i % 2 === 0) await log.append(finished);
}
