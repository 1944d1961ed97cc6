export { type JudgeConfig, toJudgeConfig } from "./config.js";
export { createJudge, type JudgeDeps } from "./create.js";
