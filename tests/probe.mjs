import net from "node:net";
import { startDeployment, deployments } from "./dist/harness/deployment.js";
import { startUpstream, panel } from "./dist/harness/upstream.js";
const upstream = await startUpstream();
const synod = await startDeployment(deployments[0], { env: upstream.env, config: panel() });
const u = new URL(synod.url);
const raw = (bytes, wait=3000) => new Promise((resolve) => {
  const s = net.connect(Number(u.port), u.hostname, () => s.write(bytes));
  let t = ""; s.setEncoding("latin1"); s.on("data", d => t += d); s.on("error", e => resolve(t + "ERR " + e.code)); s.on("close", () => resolve(t + "<closed>"));
  setTimeout(() => { resolve(t + "<open>"); s.destroy(); }, wait).unref();
});
const body = JSON.stringify({model:"synod/default",messages:[{role:"user",content:"x"}]});
const H = `Host: x\r\nContent-Type: application/json\r\n`;
const P = "POST /v1/chat/completions HTTP/1.1\r\n";
const cases = {
  "cl+te": `${P}${H}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n`,
  "te+cl": `${P}${H}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
  "double cl": `${P}${H}Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}   `,
  "double same cl": `${P}${H}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`,
  "bare lf": `POST /v1/chat/completions HTTP/1.1\nHost: x\nContent-Type: application/json\nContent-Length: 2\n\n{}`,
  "bare lf in one header": `${P}Host: x\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`,
  "bare cr": `${P}Host: x\rX: y\r\nContent-Length: 2\r\n\r\n{}`,
  "obs-fold": `${P}${H}X-A: b\r\n c\r\nContent-Length: 2\r\n\r\n{}`,
  "space before colon": `${P}Host : x\r\nContent-Length: 2\r\n\r\n{}`,
  "te xchunked": `${P}${H}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
  "te chunked, identity": `${P}${H}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
  "cl +5": `${P}${H}Content-Length: +2\r\n\r\n{}`,
  "cl 0x2": `${P}${H}Content-Length: 0x2\r\n\r\n{}`,
  "chunk ext": `${P}${H}Transfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\n\r\n`,
  "chunk size ws": `${P}${H}Transfer-Encoding: chunked\r\n\r\n 2\r\n{}\r\n0\r\n\r\n`,
  "chunk bare lf": `${P}${H}Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n`,
  "chunk overflow": `${P}${H}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}`,
  "no host": `GET /healthz HTTP/1.1\r\n\r\n`,
  "two hosts": `GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n`,
  "http/1.0": `GET /healthz HTTP/1.0\r\n\r\n`,
  "http/2.0 line": `GET /healthz HTTP/2.0\r\nHost: x\r\n\r\n`,
  "absolute": `GET http://evil/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  "connect": `CONNECT evil:80 HTTP/1.1\r\nHost: x\r\n\r\n`,
  "upgrade": `GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n`,
  "expect": `GET /healthz HTTP/1.1\r\nHost: x\r\nExpect: a-pony\r\nConnection: close\r\n\r\n`,
  "nul header": `GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\nConnection: close\r\n\r\n`,
  "trace": `TRACE /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  "post healthz": `POST /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  "many headers": `GET /healthz HTTP/1.1\r\nHost: x\r\n${"a: b\r\n".repeat(2000)}Connection: close\r\n\r\n`,
  "lying cl short": `${P}${H}Content-Length: 2\r\nConnection: close\r\n\r\n{}GARBAGE`,
};
for (const [n, b] of Object.entries(cases)) {
  const t = await raw(b, 700);
  console.log("##", n, "=>", JSON.stringify(t.slice(0, 60)), /<\w+>$/.exec(t)?.[0], (t.match(/HTTP\/1.1 /g) ?? []).length, /json/.test(t));
}
console.log(upstream.calls().length);
await synod.stop(); await upstream[Symbol.asyncDispose]();
