import { answerAsks } from "../children/answer-asks.js";
import { createLoad } from "../load/create-load.js";
import { createHolder } from "../streams/holder.js";
import { createOpenOverHttp } from "../streams/open-over-http.js";

await answerAsks({ load: createLoad(), ...createHolder(createOpenOverHttp()) });
