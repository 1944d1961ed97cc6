import { afterAll } from "vitest";

import { brokenAnswers } from "./broken-answers.js";
import { breakers } from "./breakers.js";
import { connectionFaults, startConnectionServers } from "./connection.js";
import { contents } from "./contents.js";
import { failures } from "./failures.js";
import { forms } from "./forms.js";
import { headers } from "./headers.js";
import { keys } from "./keys.js";
import { leaving } from "./leaving.js";
import { limits } from "./limits.js";
import { queue } from "./queue.js";
import { refusals } from "./refusals.js";
import { sizes } from "./sizes.js";
import { testFaultGroups } from "./test-groups.js";
import { time } from "./time.js";
import { usage } from "./usage.js";

const servers = await startConnectionServers();
afterAll(() => servers[Symbol.asyncDispose]());

testFaultGroups([
  limits,
  failures,
  refusals,
  brokenAnswers,
  forms,
  contents,
  time,
  sizes,
  connectionFaults(servers),
  usage,
  breakers,
  keys,
  headers,
  queue,
  leaving,
]);
