export { type AggregationConfig, toAggregationConfig } from "./config.js";
export { type AggregationDeps, createAggregation } from "./create.js";
