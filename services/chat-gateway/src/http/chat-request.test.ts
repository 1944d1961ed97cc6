import { SynodError } from "@synod/rpc";
import { describe, expect, it } from "vitest";
import { readChatRequest } from "./chat-request.js";

const messages = [{ role: "user", content: "hi" }];
const options = { maxMessages: 3, deadlineMs: undefined };
const readJson = (json: unknown) => readChatRequest({ json, text: JSON.stringify(json) }, options);
const read = (fields: object) => readJson({ model: "groq/x", messages, ...fields });
const readText = (text: string) => readChatRequest({ json: JSON.parse(text), text }, options);

function mistakeOf(json: unknown): { param: string | undefined; message: string } {
  try {
    readJson(json);
  } catch (error) {
    if (!(error instanceof SynodError)) throw error;
    expect(error.failure.reason).toBe("invalid_value");
    return { param: error.fieldViolations[0]?.field, message: error.message };
  }
  throw new Error("it was accepted");
}

describe("F33: a body with a mistake", () => {
  const cases: readonly (readonly [string, object, string])[] = [
    ["no model", { model: undefined }, "model"],
    ["model of a wrong type", { model: 3 }, "model"],
    ["model with a line break", { model: "groq/a\nb" }, "model"],
    ["no messages", { messages: undefined }, "messages"],
    ["empty messages", { messages: [] }, "messages"],
    ["too many messages", { messages: Array(4).fill(messages[0]) }, "messages"],
    ["a message that is null", { messages: [null] }, "messages[0]"],
    ["a message without a role", { messages: [{ content: "x" }] }, "messages[0].role"],
    ["an unknown role", { messages: [{ role: "function", content: "x" }] }, "messages[0].role"],
    [
      "content of a wrong type",
      { messages: [messages[0], { role: "user", content: 3 }] },
      "messages[1].content",
    ],
    ["a user without content", { messages: [{ role: "user" }] }, "messages[0].content"],
    [
      "an assistant with nothing",
      { messages: [{ role: "assistant", content: null }] },
      "messages[0].content",
    ],
    ["a part without a type", { messages: [{ role: "user", content: [{}] }] }, "messages[0].content[0].type"],
    [
      "a text part without text",
      { messages: [{ role: "user", content: [{ type: "text" }] }] },
      "messages[0].content[0].text",
    ],
    ["an unknown field of a message", { messages: [{ ...messages[0], colour: 1 }] }, "messages[0].colour"],
    [
      "reasoning that is no text",
      { messages: [{ role: "assistant", content: "x", reasoning: {} }] },
      "messages[0].reasoning",
    ],
    [
      "reasoning that is given twice",
      { messages: [{ role: "assistant", content: "x", reasoning: "a", reasoning_content: "b" }] },
      "messages[0].reasoning",
    ],
    ...["reasoning_details", "annotations", "images"].map(
      (name) =>
        [
          `${name} that are no list`,
          { messages: [{ role: "assistant", content: "x", [name]: {} }] },
          `messages[0].${name}`,
        ] as const,
    ),
    ["a tool without its call", { messages: [{ role: "tool", content: "x" }] }, "messages[0].tool_call_id"],
    ["temperature 3", { temperature: 3 }, "temperature"],
    ["temperature -1", { temperature: -1 }, "temperature"],
    ["temperature infinite", { temperature: Infinity }, "temperature"],
    ["temperature NaN", { temperature: NaN }, "temperature"],
    ["temperature as text", { temperature: "1" }, "temperature"],
    ["top_p 1.1", { top_p: 1.1 }, "top_p"],
    ["max_tokens 0", { max_tokens: 0 }, "max_tokens"],
    ["max_tokens 1.5", { max_tokens: 1.5 }, "max_tokens"],
    ["max_tokens 1e12", { max_completion_tokens: 1e12 }, "max_completion_tokens"],
    ["two different limits", { max_tokens: 1, max_completion_tokens: 2 }, "max_tokens"],
    ["seed 2^60", { seed: 2 ** 60 }, "seed"],
    ["five stops", { stop: ["a", "b", "c", "d", "e"] }, "stop"],
    ["an empty stop", { stop: [""] }, "stop[0]"],
    ["n 2", { n: 2 }, "n"],
    ["n 1e9", { n: 1e9 }, "n"],
    ["stream as text", { stream: "yes" }, "stream"],
    ["unknown stream option", { stream_options: { foo: 1 } }, "stream_options.foo"],
    ["unknown response format", { response_format: { type: "grammar" } }, "response_format.type"],
    [
      "a schema without a name",
      { response_format: { type: "json_schema", json_schema: {} } },
      "response_format.json_schema.name",
    ],
    ["log probabilities", { logprobs: true }, "logprobs"],
    ["functions", { functions: [{}] }, "functions"],
    ["sound", { modalities: ["text", "audio"] }, "modalities"],
    ["a prompt", { prompt: "Once" }, "prompt"],
    ["consensus for one model", { consensus: {} }, "consensus"],
  ];
  it.each(cases)("%s: is refused, and says where", (_name, fields, param) => {
    const mistake = mistakeOf({ model: "groq/x", messages, ...fields });
    expect(mistake.param).toBe(param);
    expect(mistake.message).toContain(param);
  });

  it.each([null, [], "text", 3])("is not an object: %j", (json) => {
    expect(mistakeOf(json).message).toContain("must be a JSON object");
  });
});

const tool = { type: "function", function: { name: "get_weather" } };

describe("a panel", () => {
  const cases: readonly (readonly [string, object])[] = [
    ["tools[0].type", { tools: [{ type: "web_search" }] }],
    ["tools[1].function.name", { tools: [tool, { type: "function", function: { name: "a b" } }] }],
    [
      "tools[0].function.parameters",
      { tools: [{ type: "function", function: { name: "f", parameters: 3 } }] },
    ],
    ["tools", { tools: {} }],
    ["tools", { tools: Array(129).fill(tool) }],
    ["tool_choice", { tools: [tool], tool_choice: "sometimes" }],
    ["tool_choice", { tool_choice: "required" }],
    ["parallel_tool_calls", { tools: [tool], parallel_tool_calls: "no" }],
    ["logprobs", { logprobs: true }],
    ["logit_bias", { logit_bias: { 1: 2 } }],
    ["reasoning_effort", { reasoning_effort: "high" }],
    ["store", { store: true }],
    ["n", { n: 3 }],
    ["something_new", { something_new: 1 }],
    ["constructor", { constructor: 1 }],
    ["modalities", { modalities: ["text", "image"] }],
    ["messages[0].colour", { messages: [{ role: "assistant", content: "x", colour: 1 }] }],
  ];
  it.each(cases)("refuses %s instead of dropping it", (param, fields) => {
    expect(mistakeOf({ model: "synod/default", messages, ...fields }).param).toBe(param);
  });

  it("takes the shape of the answer as it was written", () => {
    const format =
      '{"type":"json_schema","json_schema":{"name":"a","schema":{"maximum":1.0, "x":[1]},"strict":true}}';
    const { question } = readText(
      `{"model":"synod/x","messages":[{"role":"user","content":"hi"}],"response_format":${format}}`,
    );
    expect(question.sampling.responseFormat).toEqual({
      type: "json_schema",
      name: "a",
      schemaJson: '{"maximum":1.0, "x":[1]}',
      strict: true,
    });
  });

  it("takes tools and what goes with them as they were written", () => {
    const tools = '[ {"type":"function","function":{"name":"f","parameters":{"maximum":1.0}}} ]';
    const { question } = readText(
      `{"model":"synod/x","tools":${tools},"tool_choice":"required","user":"ann","parallel_tool_calls":false,"messages":[{"role":"user","content":"hi"}]}`,
    );
    expect(question.toolsJson).toBe(
      `{"tools":${tools},"tool_choice":"required","parallel_tool_calls":false}`,
    );
    expect(question.extraJson).toBe("");
    expect(
      readJson({ model: "synod/x", messages, tools: [], tool_choice: "auto" }).question.toolsJson,
    ).toBeUndefined();
  });

  it("F36: refuses tools that are too large together", () => {
    const parameters = { enum: Array.from({ length: 10_001 }, (_, i) => i) };
    const large = { type: "function", function: { name: "f", parameters } };
    expect(mistakeOf({ model: "synod/x", messages, tools: [large] }).param).toBe("tools");
  });

  it("accepts what changes nothing", () => {
    const neutral = {
      model: "synod/default",
      n: 1,
      user: "ann",
      metadata: { a: "b" },
      store: false,
      tools: [],
      tool_choice: "none",
      logprobs: false,
      logit_bias: {},
      service_tier: "auto",
      modalities: ["text"],
      response_format: { type: "text" },
      stream_options: { include_usage: true },
      temperature: null,
      stop: null,
    };
    const { question } = read(neutral);
    expect(question).toMatchObject({ sampling: {}, extraJson: "", consensus: undefined });
  });
});

describe("one model", () => {
  it("gets other fields as they are", () => {
    const { question } = read({ top_k: 3, constructor: 1, user: "ann", nothing: null });
    expect(question.extraJson).toBe('{"top_k":3,"constructor":1,"user":"ann"}');
  });

  it("gets other fields as they were written, the last one of a name", () => {
    const extras = '"top_k":1,"tools":[ {"limit":12345678901234567890, "x":1.0} ],"\\u0074op_k" : 2.50';
    const { question } = readText(`{"model":"groq/x","messages":[{"role":"user","content":"hi"}],${extras}}`);
    expect(question.extraJson).toBe('{"top_k":2.50,"tools":[ {"limit":12345678901234567890, "x":1.0} ]}');
  });

  it("gets a schema as it was written", () => {
    const schema = '{ "maximum": 12345678901234567890, "1":{}, "0":{} }';
    const format = `{"type":"json_schema","json_schema":{"name":"n","schema":${schema},"strict":true}}`;
    const { question } = readText(
      `{"model":"groq/x","messages":[{"role":"user","content":"hi"}],"response_format":${format}}`,
    );
    expect(question.sampling.responseFormat).toEqual({
      type: "json_schema",
      name: "n",
      schemaJson: schema,
      strict: true,
    });
  });

  it("may be asked for images", () => {
    const { question } = read({ modalities: ["image", "text"] });
    expect(question.extraJson).toBe('{"modalities":["image","text"]}');
  });

  it("F36: does not take a prototype", () => {
    expect(mistakeOf(JSON.parse('{"model": "groq/x", "__proto__": {"x": 1}}')).param).toBe("__proto__");
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it("gets a part that is more than text whole", () => {
    const part = { type: "text", text: "x", cache_control: { type: "ephemeral" } };
    const { question } = read({ messages: [{ role: "user", content: [part] }] });
    expect(question.messages[0]?.parts).toEqual([{ type: "other", json: JSON.stringify(part) }]);
  });

  it("gets images, sound and files as they were written", () => {
    const parts = [
      '{ "image_url": {"url":"data:image/png;base64,AAAA","detail":"high"}, "type":"image_url" }',
      '{"type":"input_audio","input_audio":{"data":"UklGRg==","format":"wav","rate":1.0}}',
      '{"type":"file","file":{"filename":"\\u00e9.pdf","file_data":"data:application/pdf;base64,JVBERg=="}}',
    ];
    const content = `[${parts[0]}, {"type":"text","text":"what?"} ,${parts[1]},${parts[2]}]`;
    const written = `{"model":"groq/x","messages":[{"role":"system","content":"s"},{"role":"user","content":${content}}]}`;
    const [, asked] = readText(written).question.messages;
    expect(asked?.parts).toEqual([
      { type: "other", json: parts[0] },
      { type: "text", text: "what?" },
      { type: "other", json: parts[1] },
      { type: "other", json: parts[2] },
    ]);
  });
});

describe("a turn of the assistant", () => {
  const beside = {
    reasoning_details: [{ type: "reasoning.encrypted", data: "gAAA", index: 0 }],
    annotations: [{ type: "url_citation", url_citation: { url: "https://a.example" } }],
    images: [{ type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } }],
  };
  const turnOf = (model: string, turn: object) =>
    read({ model, messages: [{ role: "assistant", ...turn }, messages[0]] }).question.messages[0];
  const text = { role: "assistant", parts: [{ type: "text", text: "42" }] };

  it.each(["reasoning", "reasoning_content"])("goes back to one model with its %s", (name) => {
    expect(turnOf("groq/x", { content: "42", [name]: "6 x 7" })).toEqual({ ...text, reasoning: "6 x 7" });
  });

  it.each(Object.entries(beside))("goes back to one model with its %s", (name, value) => {
    const turn = turnOf("groq/x", { content: "42", [name]: value });
    expect(turn).toEqual({ ...text, extraJson: JSON.stringify({ [name]: value }) });
  });

  it("goes back to one model with what else it held, as it was written", () => {
    const turn =
      '{"role":"assistant","content":null,"images":[{"big":1e400}],"executed_tools":[ {"n":1.0} ]}';
    const { question } = readText(`{"model":"groq/x","messages":[${turn}]}`);
    expect(question.messages).toEqual([
      {
        role: "assistant",
        parts: [],
        extraJson: '{"images":[{"big":1e400}],"executed_tools":[ {"n":1.0} ]}',
      },
    ]);
  });

  it("goes to a panel without them", () => {
    const turn = { content: "42", reasoning: "6 x 7", reasoning_content: "6 x 7", ...beside };
    expect(turnOf("synod/default", turn)).toEqual(text);
  });

  it.each(["groq/x", "synod/default"])("may say that there is nothing beside it, to %s", (model) => {
    const nothing = {
      refusal: null,
      reasoning: null,
      reasoning_details: null,
      annotations: [],
      images: [],
      audio: null,
      function_call: null,
    };
    expect(turnOf(model, { content: "42", ...nothing })).toEqual(text);
  });

  it("says its refusal, where that is all that it says", () => {
    expect(turnOf("groq/x", { refusal: "No." })).toEqual({
      role: "assistant",
      parts: [{ type: "text", text: "No." }],
    });
  });

  it("goes back to one model with what it refused beside its text, and to a panel without", () => {
    const turn = { content: "42", refusal: "Not the proof." };
    expect(turnOf("groq/x", turn)).toEqual({ ...text, refusal: "Not the proof." });
    expect(turnOf("synod/default", turn)).toEqual(text);
  });
});
