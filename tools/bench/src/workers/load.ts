import { answerAsks } from "../children/answer-asks.js";
import { createLoad } from "../load/create-load.js";

await answerAsks({ load: createLoad() });
