import type { IncomingMessage } from "node:http";
import { type Preset, presetDefaults } from "@synod/settings";
import type { PanelBook } from "../panels.js";
import { panelPrefix } from "../question.js";
import { version } from "../version.js";
import type { Route } from "./deps.js";
import { pageHtml, type PagePanel, pagePolicy } from "./page-html.js";

/** `GET /`: what runs here, for people. */
export const getPage: Route = async ({ req, res, caller }, { panels }) => {
  const panelsOf = panelsIn(await panels.book(), panels.isSimulated);
  const needsKey = caller.owner !== "";
  const html = pageHtml({ version, origin: originOf(req), needsKey, panels: panelsOf });
  res.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "content-length": Buffer.byteLength(html),
    "content-security-policy": pagePolicy,
  });
  res.end(html);
};

function panelsIn({ presets }: PanelBook, isSimulated: (model: string) => boolean): PagePanel[] {
  return Object.entries(presets).map(([name, { members, aggregation }]) => ({
    model: `${panelPrefix}${name}`,
    strategy: aggregation?.strategy ?? presetDefaults.strategy,
    members: members.map(seat),
    simulated: members.some(({ model }) => isSimulated(model)),
  }));
}

const seat = ({ model, samples = 1 }: Preset["members"][number]): string =>
  samples === 1 ? model : `${model} × ${samples}`;

/** Where the caller reached Synod, as it says itself. */
function originOf({ headers, socket }: IncomingMessage): string {
  const scheme = headers["x-forwarded-proto"] === "https" ? "https" : "http";
  const { host = "" } = headers;
  const isHost = /^[\w.:[\]-]{1,255}$/.test(host);
  return `${scheme}://${isHost ? host : `127.0.0.1:${socket.localPort}`}`;
}
