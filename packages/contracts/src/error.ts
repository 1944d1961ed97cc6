export * from "./gen/synod/error/v1/error_reason_pb.js";
export * from "./gen/synod/error/v1/failure_pb.js";
