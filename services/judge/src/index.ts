export { createJudge, type JudgeDeps } from "./create.js";
