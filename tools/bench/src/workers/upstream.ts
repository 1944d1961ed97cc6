import { answerAsks } from "../children/answer-asks.js";
import { createUpstream } from "../upstream/upstream.js";

const upstream = createUpstream();
const { play, rest, release } = upstream.held;
await answerAsks({ counts: upstream.counts, play, rest, release }, upstream.server);
