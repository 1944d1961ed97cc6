export {
  type AskingConfig,
  defaultTimers,
  type ProviderGatewayConfig,
  toProviderGatewayConfig,
  type UpstreamTimers,
} from "./config.js";
export { createProviderGateway, type ProviderGatewayDeps } from "./create.js";
