export { type AskingConfig, type ProviderGatewayConfig, toProviderGatewayConfig } from "./config.js";
export { createProviderGateway, type ProviderGatewayDeps } from "./create.js";
