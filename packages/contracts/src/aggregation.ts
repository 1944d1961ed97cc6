export * from "./gen/synod/aggregation/v1/aggregation_service_pb.js";
export * from "./gen/synod/aggregation/v1/answer_pb.js";
