export { type AggregationDeps, createAggregation } from "./create.js";
