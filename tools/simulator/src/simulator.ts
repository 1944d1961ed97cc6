import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createBank } from "./bank/bank.js";
import { createControl } from "./control/control.js";
import type { SimulatorControl } from "./control/control.js";
import { answerControl } from "./control/routes.js";
import { createSchedule } from "./faults/schedule.js";
import { createLedger } from "./ledger/ledger.js";
import { createMind } from "./minds/mind.js";
import { createCatalogue } from "./models/catalogue.js";
import { toSettings } from "./options.js";
import type { SimulatorOptions } from "./options.js";
import type { SimulatorContext } from "./server/context.js";
import { findRoute } from "./server/route.js";
import { answerUpstream } from "./server/upstream.js";
import { createGroqLimits } from "./wire/groq/limits.js";

/** A running simulator of OpenRouter and Groq. Dispose it to close its port and every connection. */
export interface Simulator extends AsyncDisposable {
  /** Example: `http://127.0.0.1:9100`. */
  readonly url: string;
  /** OpenRouter's base URL: `{url}/openrouter/api/v1`. */
  readonly openrouterUrl: string;
  /** Groq's base URL: `{url}/groq/openai/v1`. */
  readonly groqUrl: string;
  readonly control: SimulatorControl;
}

const HOST = "127.0.0.1";

/** Starts a simulator on 127.0.0.1. Rejects when the port is taken, and with a ZodError when an option is out of range. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const settings = toSettings(options);
  const catalogue = createCatalogue(settings);
  const context: SimulatorContext = {
    settings,
    catalogue,
    mind: createMind({ seed: settings.seed, judge: settings.judge, bank: createBank(), catalogue }),
    schedule: createSchedule(),
    ledger: createLedger(settings.ledgerLimit),
    limits: createGroqLimits(),
  };
  const control = createControl(context);
  const server = createSimulatorServer(context, control);
  await listen(server, settings.port);
  const { port } = server.address() as AddressInfo;
  const url = `http://${HOST}:${port}`;
  return {
    url,
    openrouterUrl: `${url}/openrouter/api/v1`,
    groqUrl: `${url}/groq/openai/v1`,
    control: {
      ...control,
      refuseConnections: () => close(server),
      acceptConnections: () => listen(server, port),
    },
    [Symbol.asyncDispose]: () => close(server),
  };
}

function createSimulatorServer(context: SimulatorContext, control: ReturnType<typeof createControl>): Server {
  // Longer than any client keeps a connection, so that none is closed under a request.
  return createServer({ keepAliveTimeout: 600_000, requestTimeout: 0 }, (req, res) => {
    const route = findRoute(req.method ?? "GET", req.url ?? "/");
    const answered =
      route === undefined
        ? answerControl({ ...context, control }, req, res)
        : answerUpstream(context, route, req, res);
    answered.catch((cause: unknown) => {
      // A bug fails its own call, says so, and does not stop the simulator.
      const error = cause instanceof Error ? cause : new Error(String(cause));
      process.emitWarning(error);
      res.destroy(error);
    });
  });
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: HOST, port, backlog: 8_192 }, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // The only error is that it is closed already.
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
