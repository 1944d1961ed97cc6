export * from "./gen/synod/provider/v1/completion_pb.js";
export * from "./gen/synod/provider/v1/provider_pb.js";
export * from "./gen/synod/provider/v1/provider_service_pb.js";
export * from "./gen/synod/provider/v1/spent_usage_pb.js";
