export type { Clock } from "./clock.js";
export { type ChatGatewayConfig, toChatGatewayConfig } from "./config.js";
export { type ChatGateway, type ChatGatewayDeps, createChatGateway } from "./create.js";
export type { HttpGate } from "./http/gate.js";
export type { HttpHandler } from "./http/handler.js";
export { chatServing, type ServingDeps } from "./serving.js";
