import { afterAll } from "vitest";

import { bodies } from "./bodies.js";
import { breakers } from "./breakers.js";
import { connectionFaults, startConnectionServers } from "./connection.js";
import { keys } from "./keys.js";
import { leaving } from "./leaving.js";
import { queue } from "./queue.js";
import { sizes } from "./sizes.js";
import { statuses } from "./statuses.js";
import { testFaultGroups } from "./test-groups.js";
import { time } from "./time.js";
import { usage } from "./usage.js";

const servers = await startConnectionServers();
afterAll(() => servers[Symbol.asyncDispose]());

testFaultGroups([
  statuses,
  bodies,
  time,
  sizes,
  connectionFaults(servers),
  usage,
  breakers,
  keys,
  queue,
  leaving,
]);
