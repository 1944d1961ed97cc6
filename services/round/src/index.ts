export { createRound, type RoundDeps } from "./create.js";
