export { createContextKey } from "@connectrpc/connect";
export type {
  Client,
  ConnectRouter,
  HandlerContext,
  Interceptor,
  ServiceImpl,
  Transport,
} from "@connectrpc/connect";
export { createServiceClient, type ServiceClientOptions } from "./client/service-client.js";
export {
  type CallContext,
  callContext,
  type OutgoingOptions,
  outgoingOptions,
  type TravellingContext,
} from "./context/call-context.js";
export { type CallWork, workOf } from "./context/call-work.js";
export { failureOf } from "./errors/failure-of.js";
export { askInsteadMetadata, askInsteadOf } from "./errors/ask-instead.js";
export { spentOf } from "./errors/spent-of.js";
export { SynodError, type SynodErrorInit, type SynodErrorOptions } from "./errors/synod-error.js";
export { toConnectError } from "./errors/to-connect-error.js";
export type { GrpcTuning } from "./grpc/channel-options.js";
export { createGrpcTransport, type GrpcTransportOptions } from "./grpc/grpc-transport.js";
export { createLocalTransport, type LocalTransportOptions } from "./local/local-transport.js";
export { createRequestValidator, type RequestValidator } from "./middleware/request-validator.js";
export { type ServiceInterceptorOptions, serviceInterceptors } from "./middleware/service-interceptors.js";
export type { StopRequest } from "./await-signal.js";
export { runUntilSignal, type RunUntilSignalOptions } from "./run-until-signal.js";
export type { Admission, ArrivedCall } from "./server/admission.js";
export type { Address } from "./server/address.js";
export { type BodyBudget, type BodyHold, createBodyBudget } from "./server/body-budget.js";
export { findJsonExcess } from "./server/json-excess.js";
export { innerLimits, type ServerLimits } from "./server/limits.js";
export { type RunningServer, serve, type ServeOptions } from "./server/serve.js";
export type { WebGate, WebHandler } from "./server/web-routes.js";
export type { ServiceModule } from "./service-module.js";
