import { answerAsks } from "../children/answer-asks.js";
import { createUpstream } from "../upstream/upstream.js";

const upstream = createUpstream();
const { play, rest, release } = upstream.held;
const { counts, voterEnds } = upstream;
await answerAsks({ counts, voterEnds, play, rest, release }, upstream.server);
