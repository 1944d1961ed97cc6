import { answerAsks } from "../children/answer-asks.js";
import { createUpstream } from "../upstream/upstream.js";

const upstream = createUpstream();
await answerAsks({ counts: upstream.counts }, upstream.server);
