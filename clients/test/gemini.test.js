// The `@google/genai` package, unmodified.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { ApiError, FunctionCallingConfigMode, GoogleGenAI } from '@google/genai';
import {
  BEHIND, failure, follow, GEMINI_EMBEDDING_MODEL, GEMINI_MODEL as model, GEMINI_URL, invoice, KEY, PNG, requests, state,
  NO_EMBEDDINGS, test, timed, until,
} from './world.js';

const client = new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl: GEMINI_URL } });
const contents = 'Hello?';
const tools = [
  {
    functionDeclarations: ['weather', 'clock'].map((name) => ({
      name,
      description: `Tells the ${name}`,
      parameters: { type: 'OBJECT', properties: { city: { type: 'STRING' } }, required: ['city'] },
    })),
  },
];

after(() => follow());

test('a plain question is answered, and its usage told as the vendor tells it', async () => {
  await follow({ answer: { text: 'Hello, 漢字 and 🙂.' }, bill: { cached: 0.5, reasoning: 9 } });
  const answer = await client.models.generateContent({ model, contents, config: { systemInstruction: 'Be brief.' } });
  assert.equal(answer.text, 'Hello, 漢字 and 🙂.');
  assert.equal(answer.candidates[0].finishReason, 'STOP');
  const [line] = await invoice();
  const usage = answer.usageMetadata;
  assert.equal(usage.promptTokenCount, line.input_tokens + line.cache_read_tokens + line.cache_write_tokens);
  assert.equal(usage.cachedContentTokenCount, line.cache_read_tokens);
  assert.equal(usage.candidatesTokenCount + (usage.thoughtsTokenCount ?? 0), line.output_tokens);
  assert.equal(usage.totalTokenCount, usage.promptTokenCount + line.output_tokens);
});

test('thoughts are counted apart, where the vendor counts them', async () => {
  await follow({ bill: { reasoning: 9 } });
  const { usageMetadata } = await client.models.generateContent({ model, contents });
  // Anthropic counts them among the rest of the output, and does not say how many they are
  assert.equal(usageMetadata.thoughtsTokenCount, BEHIND === 'anthropic' ? undefined : 9);
  const [line] = await invoice();
  assert.equal(usageMetadata.candidatesTokenCount + (usageMetadata.thoughtsTokenCount ?? 0), line.output_tokens);
});

test('an image and a history go through', async () => {
  await follow({ answer: { text: 'I see.' } });
  const answer = await client.models.generateContent({
    model,
    contents: [
      { role: 'user', parts: [{ text: 'Look.' }] },
      { role: 'model', parts: [{ text: 'At what?' }] },
      { role: 'user', parts: [{ text: 'At this.' }, { inlineData: { mimeType: 'image/png', data: PNG } }] },
    ],
  });
  assert.equal(answer.text, 'I see.');
  const sent = JSON.stringify((await requests()).at(-1).body);
  for (const part of ['Look.', 'At what?', 'At this.', PNG]) assert.ok(sent.includes(part), part);
});

test('a stream comes in pieces', async () => {
  await follow({ answer: { tokens: 30 } });
  let text = '';
  let pieces = 0;
  let last;
  for await (const chunk of await client.models.generateContentStream({ model, contents })) {
    text += chunk.text ?? '';
    pieces++;
    last = chunk;
  }
  assert.equal(text.length, 120);
  assert.ok(pieces > 5);
  assert.equal(last.candidates[0].finishReason, 'STOP');
  assert.ok(last.usageMetadata.candidatesTokenCount >= 30);
});

test('the cap is kept, and told', async () => {
  await follow({ answer: { tokens: 300 } });
  const answer = await client.models.generateContent({ model, contents, config: { maxOutputTokens: 20 } });
  assert.equal(answer.candidates[0].finishReason, 'MAX_TOKENS');
});

test('tools are called in parallel, and their results taken', async () => {
  await follow({ answer: { calls: 'all', text: 'Both done.' } });
  const first = await client.models.generateContent({ model, contents, config: { tools } });
  assert.deepEqual(first.functionCalls.map((c) => c.name), ['weather', 'clock']);
  assert.ok(first.functionCalls.every((c) => 'city' in c.args));
  const second = await client.models.generateContent({
    model,
    config: { tools },
    contents: [
      { role: 'user', parts: [{ text: contents }] },
      first.candidates[0].content,
      {
        role: 'user',
        parts: first.functionCalls.map(({ id, name }) => ({ functionResponse: { ...(id ? { id } : {}), name, response: { output: 'done' } } })),
      },
    ],
  });
  assert.equal(second.text, 'Both done.');
});

test('tools are called in a stream', async () => {
  await follow({ answer: { calls: 'all' } });
  const names = [];
  for await (const chunk of await client.models.generateContentStream({ model, contents, config: { tools } })) {
    for (const call of chunk.functionCalls ?? []) names.push(call.name);
  }
  assert.deepEqual(names, ['weather', 'clock']);
});

test('a tool may be forced', async () => {
  await follow();
  const toolConfig = { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY, allowedFunctionNames: ['clock'] } };
  const answer = await client.models.generateContent({ model, contents, config: { tools, toolConfig } });
  assert.equal(answer.functionCalls[0].name, 'clock');
});

test('a structured answer fits its schema, whichever way it is written', async () => {
  await follow();
  const ways = [
    { responseSchema: { type: 'OBJECT', properties: { title: { type: 'STRING' } }, required: ['title'] } },
    { responseJsonSchema: { type: 'object', properties: { title: { type: 'string' } }, required: ['title'], additionalProperties: false } },
  ];
  for (const way of ways) {
    const answer = await client.models.generateContent({
      model, contents, config: { responseMimeType: 'application/json', ...way },
    });
    assert.equal(typeof JSON.parse(answer.text).title, 'string');
  }
});

const asking = { thinkingConfig: { includeThoughts: true } };

test('what a model thought is told to who asks', async () => {
  await follow({ answer: { reasoning: 'Hm, hello.', text: 'Hello.' } });
  const answer = await client.models.generateContent({ model, contents, config: asking });
  const parts = answer.candidates[0].content.parts;
  assert.deepEqual(parts.map((p) => [p.text, p.thought === true]), [['Hm, hello.', true], ['Hello.', false]]);
  // Gemini signs the words after a thought; of others, the thought carries what it takes to hand it back
  const signed = parts.map((p) => p.thoughtSignature !== undefined);
  assert.deepEqual(signed, ['openai', 'anthropic'].includes(BEHIND) ? [true, false] : [false, true]);
  if (BEHIND === 'anthropic') assert.equal((await requests()).at(-1).body.thinking.type, 'enabled');
});

test('a stream tells thoughts before words', async () => {
  await follow({ answer: { reasoning: 'Hm, hello.', text: 'Hello.' } });
  const told = [];
  let signatures = 0;
  for await (const chunk of await client.models.generateContentStream({ model, contents, config: asking })) {
    for (const part of chunk.candidates?.[0]?.content?.parts ?? []) {
      if (part.text) told.push([part.thought === true, part.text]);
      if (part.thoughtSignature) signatures++;
    }
  }
  assert.equal(told.filter(([thought]) => thought).map(([, text]) => text).join(''), 'Hm, hello.');
  assert.equal(told.filter(([thought]) => !thought).map(([, text]) => text).join(''), 'Hello.');
  assert.ok(told.findLastIndex(([thought]) => thought) < told.findIndex(([thought]) => !thought));
  assert.equal(signatures, 1);
});

test('a thought that is handed back reaches the vendor that signed it', async () => {
  await follow({ answer: { reasoning: 'Hm, hello.', text: 'Hello.' } });
  const first = await client.models.generateContent({ model, contents: 'Say hello.', config: asking });
  const history = [
    { role: 'user', parts: [{ text: 'Say hello.' }] },
    first.candidates[0].content,
    { role: 'user', parts: [{ text: 'Again.' }] },
  ];
  const second = await client.models.generateContent({ model, contents: history, config: asking });
  assert.equal(second.text, 'Hello.');
  const { body } = (await requests()).at(-1);
  if (BEHIND === 'anthropic') {
    const [thought] = body.messages[1].content;
    assert.equal(thought.type, 'thinking');
    assert.equal(thought.thinking, 'Hm, hello.');
    assert.ok(thought.signature && !thought.signature.startsWith('cmVtaXQx'), thought.signature);
  }
  if (BEHIND === 'openai') assert.equal(body.messages[1].reasoning_content, 'Hm, hello.');
  assert.ok(!JSON.stringify(body).includes('cmVtaXQx'), 'a seal of ours went out');
});

test('a wrong key is refused', async () => {
  await follow();
  const wrong = new GoogleGenAI({ apiKey: 'wrong', httpOptions: { baseUrl: GEMINI_URL } });
  const error = await failure(wrong.models.generateContent({ model, contents }));
  assert.ok(error instanceof ApiError, String(error));
  assert.ok([400, 401, 403].includes(error.status), `${error.status}`);
  assert.match(error.message, /key/i);
});

test('a request that makes no sense is refused', async () => {
  await follow();
  const error = await failure(client.models.generateContent({ model, contents: [{ role: 'robot', parts: [{ text: 'x' }] }] }));
  assert.ok(error instanceof ApiError, String(error));
  assert.equal(error.status, 400);
  assert.match(error.message, /INVALID_ARGUMENT/);
});

test('a model that is not there is not found', async () => {
  await follow();
  const error = await failure(client.models.generateContent({ model: 'no-such-model', contents }));
  assert.ok(error instanceof ApiError, String(error));
  assert.equal(error.status, 404);
  assert.match(error.message, /NOT_FOUND/);
});

test('a rate limit is told as one', async () => {
  await follow({ faults: [{ kind: 'status', status: 429, should_retry: false }] });
  const error = await failure(client.models.generateContent({ model, contents }));
  assert.equal(error.status, 429);
  assert.match(error.message, /RESOURCE_EXHAUSTED/);
});

test('a client that waits no longer gets a time-out', async () => {
  await follow({ latency: '3s' });
  const { result, millis } = await timed(() =>
    failure(client.models.generateContent({ model, contents, config: { httpOptions: { timeout: 300 } } })));
  assert.ok(result instanceof Error);
  assert.ok(millis < 2500, `${millis} ms`);
});

test('a client that hangs up in mid-stream is noticed by the provider', async () => {
  await follow({ answer: { tokens: 2000 }, tokens_per_second: 50 });
  const before = (await state()).hang_ups;
  const abort = new AbortController();
  const stream = await client.models.generateContentStream({ model, contents, config: { abortSignal: abort.signal } });
  await failure((async () => {
    let pieces = 0;
    for await (const chunk of stream) if (chunk.text && ++pieces === 3) abort.abort();
  })());
  await until(async () => (await state()).hang_ups > before, 'the fake saw no hang-up');
});

test('embeddings are given, where the vendor makes them', async () => {
  await follow();
  const asked = { model: GEMINI_EMBEDDING_MODEL, contents: ['one', 'two'], config: { outputDimensionality: 8 } };
  if (BEHIND === 'anthropic') {
    const error = await failure(client.models.embedContent(asked));
    assert.ok(error instanceof ApiError, String(error));
    assert.equal(error.status, 400);
    assert.match(error.message, NO_EMBEDDINGS);
    return;
  }
  const answer = await client.models.embedContent(asked);
  assert.deepEqual(answer.embeddings.map((e) => e.values.length), [8, 8]);
  assert.notDeepEqual(answer.embeddings[0].values, answer.embeddings[1].values);
  const one = await client.models.embedContent({ ...asked, contents: 'two' });
  one.embeddings[0].values.forEach((x, i) => assert.ok(Math.abs(x - answer.embeddings[1].values[i]) < 1e-6));
});

test('what vectors are for is told to a vendor that knows it', async () => {
  if (BEHIND === 'anthropic') return;
  await follow();
  const answer = await client.models.embedContent({
    model: GEMINI_EMBEDDING_MODEL, contents: ['one'], config: { outputDimensionality: 8, taskType: 'RETRIEVAL_QUERY' },
  });
  assert.equal(answer.embeddings[0].values.length, 8);
  const sent = JSON.stringify((await requests()).at(-1).body);
  assert.equal(sent.includes('RETRIEVAL_QUERY'), BEHIND !== 'openai');
});

test('tokens are counted', async () => {
  await follow();
  const counted = await client.models.countTokens({ model, contents });
  assert.ok(counted.totalTokens > 5);
});
