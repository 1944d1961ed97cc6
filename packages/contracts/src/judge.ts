export * from "./gen/synod/judge/v1/judge_service_pb.js";
export * from "./gen/synod/judge/v1/verdict_pb.js";
