import { startDeployment, deployments } from "./dist/harness/deployment.js";
import { startUpstream, panel } from "./dist/harness/upstream.js";
import { grpcClient } from "./dist/harness/ask-grpc.js";
import http from "node:http";
const upstream = await startUpstream();
const preload = "data:text/javascript," + encodeURIComponent(`
import { monitorEventLoopDelay } from "node:perf_hooks";
const h = monitorEventLoopDelay({ resolution: 5 }); h.enable();
setInterval(() => { const m = h.max/1e6; if (m > 100) process.stdout.write("BLOCK " + m.toFixed(0) + "\\n"); h.reset(); }, 300).unref();`);
const synod = await startDeployment(deployments[0], { env: {...upstream.env, NODE_OPTIONS: `--import=${preload}`, SYNOD_LOG_LEVEL: "warn" }, config: panel() });
const send = (body) => new Promise((res, rej) => { const r = http.request(synod.url + "/v1/chat/completions", {method:"POST", headers: {"content-type":"application/json", "content-length": Buffer.byteLength(body)}}, (x) => { let t=""; x.on("data", d=>t+=d); x.on("end",()=>res(x.statusCode+" "+t.slice(0,150))); }); r.on("error", rej); r.end(body); });
const msg = (c) => ({ role: "user", content: c });
const cases = {
  "4 MB text": JSON.stringify({ model: "synod/default", messages: [msg("x".repeat(4_100_000))] }),
  "4 MB text one model": JSON.stringify({ model: "openrouter/a/b", messages: [msg("x".repeat(4_100_000))] }),
  "4 MB of escapes": `{"model":"synod/default","messages":[{"role":"user","content":"${"\\u0001".repeat(680_000)}"}]}`,
  "4 MB quotes": `{"model":"synod/default","messages":[{"role":"user","content":"${'\\"'.repeat(2_000_000)}"}]}`,
  "1000 msgs x 30 parts": JSON.stringify({ model: "synod/default", messages: Array.from({length:1000},()=>({role:"user",content:Array.from({length:19},()=>({type:"text",text:"x"}))})) }),
  "1000 msgs x 30 parts model": JSON.stringify({ model: "openrouter/a/b", messages: Array.from({length:1000},()=>({role:"user",content:Array.from({length:19},()=>({type:"text",text:"x"}))})) }),
  "other parts": JSON.stringify({ model: "openrouter/a/b", messages: Array.from({length:1000},()=>({role:"user",content:Array.from({length:19},()=>({type:"x",u:"x"}))})) }),
  "1000 parts x 20": JSON.stringify({ model: "synod/default", messages: Array.from({length:20},()=>({role:"user",content:Array.from({length:999},()=>({type:"text",text:"x"}))})) }),
  "100k list extra": JSON.stringify({ model: "openrouter/a/b", messages: [msg("x")], extra: Array(99_000).fill(1) }),
  "99k messages": JSON.stringify({ model: "synod/default", messages: Array(49_000).fill({}) }),
  "bad messages": JSON.stringify({ model: "synod/default", messages: Array(24_000).fill({role:"user",content:1}) }),
  "schema 3MB": JSON.stringify({ model: "openrouter/a/b", messages: [msg("x")], response_format: {type:"json_schema",json_schema:{name:"a",schema:{enum:Array.from({length:90_000},(_, i)=>"v".repeat(30)+i)}}} }),
  "assistant calls": JSON.stringify({ model: "synod/default", messages: Array.from({length:150},()=>({role:"assistant",content:"x",tool_calls:Array.from({length:100},(_, i)=>({id:"c"+i,type:"function",function:{name:"f",arguments:"{}"}}))})) }),
  "number 4MB": `{"model":"synod/default","messages":[{"role":"user","content":"x"}],"seed":${"9".repeat(4_000_000)}}`,
  "ids regex": JSON.stringify({ model: "x".repeat(4_000_000), messages: [msg("x")] }),
  "answer regex": JSON.stringify({ model: "synod/default", messages: [msg("(".repeat(2_000_000))] }),
  "consensus many": JSON.stringify({ model: "synod/default", messages: [msg("x")], consensus: { members: Array(40_000).fill({model:1}) } }),
  "consensus prompts": JSON.stringify({ model: "synod/default", messages: [msg("x")], consensus: { improvement_prompt: "x".repeat(4_000_000) } }),
  "unknown consensus keys": JSON.stringify({ model: "synod/default", messages: [msg("x")], consensus: Object.fromEntries(Array.from({length: 90_000}, (_, i) => ["k"+i, 1])) }),
  "unknown body keys": JSON.stringify({ model: "synod/default", messages: [msg("x")], ...Object.fromEntries(Array.from({length: 90_000}, (_, i) => ["k"+i, 1])) }),
  "unknown message keys": JSON.stringify({ model: "synod/default", messages: [{...msg("x"), ...Object.fromEntries(Array.from({length: 90_000}, (_, i) => ["k"+i, 1]))}]}),
  "tools": JSON.stringify({ model: "synod/default", messages: [msg("x")], tools: Array(128).fill({type:"function",function:{name:"f",parameters:{enum: Array(700).fill(1)}}}), consensus:{aggregation:{strategy:"tool_calls"}} }),
};
upstream.script([{model:"*",calls:"all",fault:{kind:"say",text:"7"}}]);
for (const [name, body] of Object.entries(cases)) {
  const before = synod.output().length;
  const t = performance.now();
  const a = await send(body).catch(e => e.message);
  await new Promise(r => setTimeout(r, 700));
  const blocks = [...synod.output().slice(before).matchAll(/BLOCK (\d+)/g)].map(m => m[1]);
  console.log("##", name, (body.length/1e6).toFixed(1)+"MB", "block:", blocks.join(","), a.slice(0,120).replace(/\s+/g," "));
}
await synod.stop(); await upstream[Symbol.asyncDispose]();
process.exit();
