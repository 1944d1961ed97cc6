import { outgoingOptions } from "@synod/rpc";
import { invalid } from "../failure.js";
import { isPanel, panelPrefix } from "../question.js";
import type { Route } from "./deps.js";
import { contextOf, sendJson } from "./exchange.js";

/** `GET /v1/models/{id}/endpoints`: who serves a model of OpenRouter, in OpenRouter's own words. */
export const listEndpoints =
  (model: string): Route =>
  async (exchange, { providers }) => {
    if (isPanel(model)) {
      const message = `model: nobody serves a panel (\`${panelPrefix}…\`). Name one model of OpenRouter.`;
      throw invalid("model", message);
    }
    const options = outgoingOptions(contextOf(exchange), { signal: exchange.signal });
    const { dataJson } = await providers.listEndpoints({ model }, options);
    sendJson(exchange, 200, `{"data":${dataJson}}`);
  };
