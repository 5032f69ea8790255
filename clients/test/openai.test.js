// The `openai` package, unmodified.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import OpenAI from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import {
  BEHIND, DIRECT, failure, follow, invoice, KEY, NO_EMBEDDINGS, OPENAI_EMBEDDING_MODEL, OPENAI_MODEL as model, OPENAI_URL, PNG,
  requests, state, test, timed, until,
} from './world.js';

const client = new OpenAI({ baseURL: OPENAI_URL, apiKey: KEY, maxRetries: 0 });
const messages = [{ role: 'user', content: 'Hello?' }];
const tools = ['weather', 'clock'].map((name) => ({
  type: 'function',
  function: {
    name,
    description: `Tells the ${name}`,
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
  },
}));
const Verdict = z.object({ title: z.string(), grade: z.number(), tags: z.array(z.string()) });

after(() => follow());

test('a plain question is answered and its usage told as the vendor tells it', async () => {
  await follow({ answer: { text: 'Hello, 漢字 and 🙂.' }, bill: { cached: 0.5 } });
  const answer = await client.chat.completions.create({ model, messages });
  assert.equal(answer.object, 'chat.completion');
  assert.equal(answer.choices[0].message.content, 'Hello, 漢字 and 🙂.');
  assert.equal(answer.choices[0].finish_reason, 'stop');
  const [line] = await invoice();
  assert.equal(answer.usage.prompt_tokens, line.input_tokens + line.cache_read_tokens + line.cache_write_tokens);
  assert.equal(answer.usage.completion_tokens, line.output_tokens);
  assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens);
  assert.equal(answer.usage.prompt_tokens_details.cached_tokens, line.cache_read_tokens);
});

test('a system prompt, an image and a long history go through', async () => {
  await follow({ answer: { text: 'I see.' } });
  const answer = await client.chat.completions.create({
    model,
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Look.' },
      { role: 'assistant', content: 'At what?' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'At this:' },
          { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
        ],
      },
    ],
  });
  assert.equal(answer.choices[0].message.content, 'I see.');
  const sent = JSON.stringify((await requests()).at(-1).body);
  for (const part of ['Be brief.', 'Look.', 'At what?', 'At this:', PNG]) assert.ok(sent.includes(part), part);
});

test('a stream comes in pieces, and tells usage only to who asks', async () => {
  await follow({ answer: { tokens: 30 } });
  for (const asked of [false, true]) {
    const stream = await client.chat.completions.create({
      model, messages, stream: true, ...(asked ? { stream_options: { include_usage: true } } : {}),
    });
    let text = '';
    let pieces = 0;
    let finish = null;
    const usages = [];
    for await (const chunk of stream) {
      assert.equal(chunk.object, 'chat.completion.chunk');
      if (chunk.usage) usages.push(chunk.usage);
      if (!asked) assert.ok(chunk.choices.length > 0, 'a chunk without a choice was not asked for');
      const delta = chunk.choices[0]?.delta?.content;
      if (delta) pieces++;
      text += delta ?? '';
      finish = chunk.choices[0]?.finish_reason ?? finish;
    }
    assert.equal(text.length, 120);
    assert.ok(pieces > 5, `${pieces} pieces`);
    assert.equal(finish, 'stop');
    assert.equal(usages.length, asked ? 1 : 0);
    if (asked) assert.ok(usages[0].completion_tokens >= 30);
  }
});

test('the cap of the client is kept, and told', async () => {
  await follow({ answer: { tokens: 300 } });
  const answer = await client.chat.completions.create({ model, messages, max_completion_tokens: 20 });
  assert.equal(answer.choices[0].finish_reason, 'length');
  assert.equal(answer.usage.completion_tokens, 20);
});

test('a tool is called, its result brought, and the answer given', async () => {
  await follow({ answer: { calls: 'first', text: 'It rains.' } });
  const first = await client.chat.completions.create({ model, messages, tools });
  assert.equal(first.choices[0].finish_reason, 'tool_calls');
  const said = first.choices[0].message;
  const [call] = said.tool_calls;
  assert.equal(call.function.name, 'weather');
  assert.ok('city' in JSON.parse(call.function.arguments));
  const second = await client.chat.completions.create({
    model, tools, messages: [...messages, said, { role: 'tool', tool_call_id: call.id, content: 'rain' }],
  });
  assert.equal(second.choices[0].message.content, 'It rains.');
});

test('parallel tool calls are told apart in a stream', async () => {
  await follow({ answer: { calls: 'all', text: 'Both done.' } });
  const stream = client.chat.completions.stream({ model, messages, tools, parallel_tool_calls: true });
  const said = (await stream.finalChatCompletion()).choices[0].message;
  assert.deepEqual(said.tool_calls.map((c) => c.function.name), ['weather', 'clock']);
  assert.notEqual(said.tool_calls[0].id, said.tool_calls[1].id);
  for (const call of said.tool_calls) assert.ok('city' in JSON.parse(call.function.arguments));
  const results = said.tool_calls.map((c) => ({ role: 'tool', tool_call_id: c.id, content: 'done' }));
  const plain = { role: 'assistant', content: said.content, tool_calls: said.tool_calls.map(({ id, type, function: { name, arguments: args } }) => ({ id, type, function: { name, arguments: args } })) };
  const second = await client.chat.completions.create({ model, tools, messages: [...messages, plain, ...results] });
  assert.equal(second.choices[0].message.content, 'Both done.');
});

test('a tool may be forced', async () => {
  await follow();
  const answer = await client.chat.completions.create({
    model, messages, tools, tool_choice: { type: 'function', function: { name: 'clock' } },
  });
  assert.equal(answer.choices[0].message.tool_calls[0].function.name, 'clock');
});

test('a structured answer fits its schema', async () => {
  await follow();
  const answer = await client.chat.completions.parse({
    model, messages, response_format: zodResponseFormat(Verdict, 'verdict'),
  });
  const { title, grade, tags } = answer.choices[0].message.parsed;
  assert.equal(typeof title, 'string');
  assert.equal(typeof grade, 'number');
  assert.ok(Array.isArray(tags));
});

test('a wrong key is an AuthenticationError', async () => {
  await follow();
  const error = await failure(
    new OpenAI({ baseURL: OPENAI_URL, apiKey: 'sk-wrong', maxRetries: 0 }).chat.completions.create({ model, messages }));
  assert.ok(error instanceof OpenAI.AuthenticationError, String(error));
  assert.equal(error.code, 'invalid_api_key');
});

test('a request that makes no sense is a BadRequestError', async () => {
  await follow();
  const error = await failure(client.chat.completions.create({ model, messages: [] }));
  assert.ok(error instanceof OpenAI.BadRequestError, String(error));
  assert.equal(error.type, 'invalid_request_error');
});

test('a model that is not there is a NotFoundError', async () => {
  await follow();
  const error = await failure(client.chat.completions.create({ model: 'no-such-model', messages }));
  assert.ok(error instanceof OpenAI.NotFoundError, String(error));
  assert.equal(error.code, 'model_not_found');
});

test('a rate limit is waited for as long as the server says', async () => {
  await follow({ faults: [{ kind: 'status', status: 429, on: [1], retry_after: '1500ms' }] });
  const patient = client.withOptions({ maxRetries: 2 });
  const { result, millis } = await timed(() => patient.chat.completions.create({ model, messages }));
  assert.equal(result.choices[0].message.content, 'hello');
  assert.ok(millis >= 950, `${millis} ms`); // a whole second, where only retry-after is told
});

test('what must not be tried again is not', async () => {
  await follow({ faults: [{ kind: 'status', status: 429, should_retry: false }] });
  const error = await failure(client.withOptions({ maxRetries: 3 }).chat.completions.create({ model, messages }));
  assert.ok(error instanceof OpenAI.RateLimitError, String(error));
  if (DIRECT) assert.equal((await state()).asked, 1);
});

test('a failure of the server is tried again', async () => {
  await follow({ faults: [{ kind: 'status', status: 500, on: [1] }] });
  const answer = await client.withOptions({ maxRetries: 2 }).chat.completions.create({ model, messages });
  assert.equal(answer.choices[0].message.content, 'hello');
  assert.ok((await state()).asked >= 2);
});

test('a client that waits no longer gets a time-out', async () => {
  await follow({ latency: '3s' });
  const { result, millis } = await timed(() =>
    failure(client.chat.completions.create({ model, messages }, { timeout: 300 })));
  assert.ok(result instanceof OpenAI.APIConnectionTimeoutError, String(result));
  assert.ok(millis < 2500, `${millis} ms`);
});

test('a client that hangs up in mid-stream is noticed by the provider', async () => {
  await follow({ answer: { tokens: 2000 }, tokens_per_second: 50 });
  const before = (await state()).hang_ups;
  const stream = await client.chat.completions.create({ model, messages, stream: true });
  let pieces = 0;
  for await (const chunk of stream) if (chunk.choices[0]?.delta?.content && ++pieces === 3) break;
  await until(async () => (await state()).hang_ups > before, 'the fake saw no hang-up');
});

test('a stream that breaks is no answer', async () => {
  await follow({ answer: { tokens: 50 }, faults: [{ kind: 'cut', after_events: 8 }] });
  const error = await failure((async () => {
    const stream = await client.chat.completions.create({ model, messages, stream: true });
    for await (const chunk of stream) assert.ok(chunk);
  })());
  assert.ok(error instanceof Error);
});

test('embeddings come as floats, where the vendor makes them', async () => {
  await follow();
  if (BEHIND === 'anthropic') {
    const error = await failure(client.embeddings.create({ model: OPENAI_EMBEDDING_MODEL, input: 'one' }));
    assert.ok(error instanceof OpenAI.BadRequestError, String(error));
    assert.match(error.message, NO_EMBEDDINGS);
    return;
  }
  const two = await client.embeddings.create({ model: OPENAI_EMBEDDING_MODEL, input: ['one', 'two'], dimensions: 8 });
  assert.equal(two.data.length, 2);
  assert.equal(two.data[0].embedding.length, 8);
  const length = Math.hypot(...two.data[0].embedding);
  assert.ok(Math.abs(length - 1) < 1e-3, `${length}`);
  const plain = await client.embeddings.create({
    model: OPENAI_EMBEDDING_MODEL, input: 'one', dimensions: 8, encoding_format: 'float',
  });
  plain.data[0].embedding.forEach((x, i) => assert.ok(Math.abs(x - two.data[0].embedding[i]) < 1e-6));
  assert.ok(plain.usage.prompt_tokens > 0);
});

test('the models are listed', async () => {
  await follow();
  const ids = [];
  for await (const each of client.models.list()) ids.push(each.id);
  assert.ok(ids.includes(model), ids.join(', '));
});

// ---- Responses

const responseTools = tools.map(({ function: f }) => ({ type: 'function', strict: true, ...f }));

test('a response is given, and its usage told', async () => {
  await follow({ answer: { text: 'Hello there.' } });
  const response = await client.responses.create({ model, instructions: 'Be brief.', input: 'Hello?' });
  assert.equal(response.object, 'response');
  assert.equal(response.status, 'completed');
  assert.equal(response.output_text, 'Hello there.');
  const [line] = await invoice();
  assert.equal(response.usage.input_tokens, line.input_tokens + line.cache_read_tokens + line.cache_write_tokens);
  assert.equal(response.usage.output_tokens, line.output_tokens);
});

test('the events of a response are numbered, and whole', async () => {
  await follow({ answer: { tokens: 20 } });
  const stream = await client.responses.create({ model, input: 'Hello?', stream: true });
  const events = [];
  for await (const event of stream) events.push(event);
  assert.deepEqual(events.map((e) => e.sequence_number), events.map((_, i) => i));
  const types = [...new Set(events.map((e) => e.type))];
  assert.deepEqual(types, [
    'response.created', 'response.in_progress', 'response.output_item.added', 'response.content_part.added',
    'response.output_text.delta', 'response.output_text.done', 'response.content_part.done',
    'response.output_item.done', 'response.completed',
  ]);
  const text = events.filter((e) => e.type === 'response.output_text.delta').map((e) => e.delta).join('');
  assert.equal(text.length, 80);
  assert.equal(events.at(-1).response.output[0].content[0].text, text);
});

test('a response calls tools, in a stream, and takes their results', async () => {
  await follow({ answer: { calls: 'all', text: 'Both done.' } });
  const input = [{ role: 'user', content: 'Hello?' }];
  const stream = client.responses.stream({ model, input, tools: responseTools });
  const first = await stream.finalResponse();
  const calls = first.output.filter((item) => item.type === 'function_call');
  assert.deepEqual(calls.map((c) => c.name), ['weather', 'clock']);
  const plain = calls.map(({ type, call_id, name, arguments: args }) => ({ type, call_id, name, arguments: args }));
  const results = calls.map((c) => ({ type: 'function_call_output', call_id: c.call_id, output: 'done' }));
  const second = await client.responses.create({ model, tools: responseTools, input: [...input, ...plain, ...results] });
  assert.equal(second.output_text, 'Both done.');
});

test('a response fits its schema', async () => {
  await follow();
  const response = await client.responses.parse({ model, input: 'Hello?', text: { format: zodTextFormat(Verdict, 'verdict') } });
  assert.equal(typeof response.output_parsed.title, 'string');
});

test('a response that is cut short says so', async () => {
  await follow({ answer: { tokens: 300 } });
  const response = await client.responses.create({ model, input: 'Hello?', max_output_tokens: 20 });
  assert.equal(response.status, 'incomplete');
  assert.equal(response.incomplete_details.reason, 'max_output_tokens');
});

test('what a model thought is told in a response', async () => {
  await follow({ answer: { reasoning: 'Hm, hello.', text: 'Hello.' }, bill: { reasoning: 5 } });
  const response = await client.responses.create({
    model, input: 'Hello?', reasoning: { effort: 'low', summary: 'auto' }, include: ['reasoning.encrypted_content'], store: false,
  });
  assert.equal(response.output_text, 'Hello.');
  const thought = response.output.find((item) => item.type === 'reasoning');
  assert.equal(thought.summary[0].text, 'Hm, hello.');
  assert.ok(thought.encrypted_content);
});
