import { startDeployment, deployments } from "./dist/harness/deployment.js";
import { startUpstream, panel } from "./dist/harness/upstream.js";
import http from "node:http";
const upstream = await startUpstream();
// CPU time of the main thread between two turns of the loop
const preload = "data:text/javascript," + encodeURIComponent(`
let last = process.cpuUsage(), worst = 0;
const turn = () => { const now = process.cpuUsage(); const d = (now.user - last.user + now.system - last.system) / 1000; last = now; if (d > worst) worst = d; setImmediate(turn); };
globalThis.__turn = turn;
process.on("SIGUSR2", () => { process.stdout.write("WORST " + worst.toFixed(0) + "\\n"); worst = 0; });
setTimeout(turn, 3000);`);
const synod = await startDeployment(deployments[0], { env: {...upstream.env, NODE_OPTIONS: `--import=${preload}`, SYNOD_LOG_LEVEL: "warn" }, config: panel() });
const send = (body) => new Promise((res, rej) => { const r = http.request(synod.url + "/v1/chat/completions", {method:"POST", headers: {"content-type":"application/json", "content-length": Buffer.byteLength(body)}}, (x) => { let t=""; x.on("data", d=>t+=d); x.on("end",()=>res(x.statusCode+" "+t.slice(0,150))); }); r.on("error", rej); r.end(body); });
const msg = (c) => ({ role: "user", content: c });
const parts = (m, p, part = {type:"text",text:"x"}) => Array.from({length:m},()=>({role:"user",content:Array.from({length:p},()=>part)}));
const many = { members: Array.from({length:16},()=>({model:"openrouter/a/b",samples:10})) };
const cases = {
  "warm": JSON.stringify({ model: "synod/default", messages: [msg("x")] }),
  "160 small": JSON.stringify({ model: "synod/default", messages: [msg("x")], consensus: many }),
  "160 x 400kB": JSON.stringify({ model: "synod/default", messages: [msg("x".repeat(400_000))], consensus: many }),
  "160 x 4MB": JSON.stringify({ model: "synod/default", messages: [msg("x".repeat(4_100_000))], consensus: many }),
  "160 panel 1000x19": JSON.stringify({ model: "synod/default", messages: parts(1000,19), consensus: many }),
  "160 x 150kB": JSON.stringify({ model: "synod/default", messages: [msg("x".repeat(150_000))], consensus: many }),
};
upstream.script([{model:"*",calls:"all",fault:{kind:"say",text:"7"}}]);
await new Promise(r => setTimeout(r, 3500));
for (let i = 0; i < 30; i++) await send(cases.warm);
for (let round = 0; round < 2; round++)
for (const [name, body] of Object.entries(cases)) {
  synod.process.kill("SIGUSR2"); await new Promise(r => setTimeout(r, 200));
  const before = synod.output().length;
  const a = await send(body).catch(e => e.message);
  await new Promise(r => setTimeout(r, 400));
  synod.process.kill("SIGUSR2"); await new Promise(r => setTimeout(r, 200));
  const blocks = [...synod.output().slice(before).matchAll(/WORST (\d+)/g)].map(m => m[1]);
  console.log("##", name, (body.length/1e6).toFixed(1)+"MB", "CPU of the longest turn:", blocks.join(","), a.slice(0,70).replace(/\s+/g," "));
}
await synod.stop(); await upstream[Symbol.asyncDispose]();
process.exit();
