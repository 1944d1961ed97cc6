export { type RoundConfig, toRoundConfig } from "./config.js";
export { createRound, type RoundDeps } from "./create.js";
