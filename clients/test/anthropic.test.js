// The `@anthropic-ai/sdk` package, unmodified.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import {
  ANTHROPIC_MODEL as model, ANTHROPIC_URL, DIRECT, failure, follow, invoice, KEY, PNG, requests, state, test, timed, until,
} from './world.js';

const client = new Anthropic({ baseURL: ANTHROPIC_URL, apiKey: KEY, maxRetries: 0 });
const messages = [{ role: 'user', content: 'Hello?' }];
const max_tokens = 1000;
const schema = {
  type: 'object',
  properties: { title: { type: 'string' }, grade: { type: 'number' } },
  required: ['title', 'grade'],
  additionalProperties: false,
};
const tools = ['weather', 'clock'].map((name) => ({
  name,
  description: `Tells the ${name}`,
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}));

after(() => follow());

test('a plain question is answered, and its buckets of tokens are disjoint', async () => {
  await follow({ answer: { text: 'Hello, 漢字 and 🙂.' }, bill: { cached: 0.5 } });
  const message = await client.messages.create({ model, max_tokens, system: 'Be brief.', messages });
  assert.equal(message.type, 'message');
  assert.deepEqual(message.content.map((b) => [b.type, b.text]), [['text', 'Hello, 漢字 and 🙂.']]);
  assert.equal(message.stop_reason, 'end_turn');
  const [line] = await invoice();
  assert.equal(message.usage.input_tokens, line.input_tokens);
  assert.equal(message.usage.cache_read_input_tokens, line.cache_read_tokens);
  assert.equal(message.usage.output_tokens, line.output_tokens);
});

test('an image and a history go through', async () => {
  await follow({ answer: { text: 'I see.' } });
  const message = await client.messages.create({
    model,
    max_tokens,
    system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
    messages: [
      { role: 'user', content: 'Look.' },
      { role: 'assistant', content: 'At what?' },
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
          { type: 'text', text: 'At this.' },
        ],
      },
    ],
  });
  assert.equal(message.content[0].text, 'I see.');
  const sent = JSON.stringify((await requests()).at(-1).body);
  for (const part of ['Be brief.', 'Look.', 'At what?', 'At this.', PNG]) assert.ok(sent.includes(part), part);
});

test('a stream has the events that the vendor documents', async () => {
  await follow({ answer: { tokens: 30 } });
  const stream = await client.messages.create({ model, max_tokens, messages, stream: true });
  const events = [];
  for await (const event of stream) events.push(event);
  const types = events.map((e) => e.type);
  assert.equal(types[0], 'message_start');
  assert.equal(types.at(-1), 'message_stop');
  assert.equal(types.at(-2), 'message_delta');
  assert.equal(types.filter((t) => t === 'content_block_start').length, 1);
  assert.equal(types.filter((t) => t === 'content_block_stop').length, 1);
  const text = events.filter((e) => e.type === 'content_block_delta').map((e) => e.delta.text).join('');
  assert.equal(text.length, 120);
  const end = events.at(-2);
  assert.equal(end.delta.stop_reason, 'end_turn');
  assert.ok(end.usage.output_tokens >= 30);
});

test('a stream is put together by the client', async () => {
  await follow({ answer: { tokens: 30 } });
  const texts = [];
  const stream = client.messages.stream({ model, max_tokens, messages }).on('text', (t) => texts.push(t));
  const message = await stream.finalMessage();
  assert.equal(message.content[0].text, texts.join(''));
  assert.ok(texts.length > 5);
});

test('the cap is kept, and told; and so is a text that ends the answer', async () => {
  await follow({ answer: { tokens: 300 } });
  const capped = await client.messages.create({ model, max_tokens: 20, messages });
  assert.equal(capped.stop_reason, 'max_tokens');
  assert.equal(capped.usage.output_tokens, 20);
  await follow({ answer: { text: 'one two three' } });
  const stopped = await client.messages.create({ model, max_tokens, messages, stop_sequences: ['two'] });
  assert.equal(stopped.content[0].text, 'one ');
});

test('tools are called in parallel, and their results taken', async () => {
  await follow({ answer: { calls: 'all', text: 'Both done.' } });
  for (const streaming of [false, true]) {
    const ask = { model, max_tokens, messages, tools };
    const first = streaming ? await client.messages.stream(ask).finalMessage() : await client.messages.create(ask);
    assert.equal(first.stop_reason, 'tool_use');
    const calls = first.content.filter((b) => b.type === 'tool_use');
    assert.deepEqual(calls.map((c) => c.name), ['weather', 'clock']);
    assert.ok(calls.every((c) => 'city' in c.input));
    const results = calls.map((c) => ({ type: 'tool_result', tool_use_id: c.id, content: 'done' }));
    const second = await client.messages.create({
      ...ask,
      messages: [...messages, { role: 'assistant', content: first.content }, { role: 'user', content: results }],
    });
    assert.equal(second.content[0].text, 'Both done.');
  }
});

test('a tool may be forced', async () => {
  await follow();
  const message = await client.messages.create({
    model, max_tokens, messages, tools, tool_choice: { type: 'tool', name: 'clock' },
  });
  assert.equal(message.content[0].name, 'clock');
});

test('a structured answer fits its schema', async () => {
  await follow();
  const message = await client.messages.create({
    model, max_tokens, messages, output_config: { format: { type: 'json_schema', schema } },
  });
  const answer = JSON.parse(message.content[0].text);
  assert.equal(typeof answer.title, 'string');
  assert.equal(typeof answer.grade, 'number');
});

test('what a model thought is told with a signature, and goes back with it', async () => {
  await follow({ answer: { reasoning: 'Hm, hello.', calls: 'first', text: 'Hello.' } });
  const ask = { model, max_tokens: 4000, messages, tools, thinking: { type: 'enabled', budget_tokens: 1024 } };
  const first = await client.messages.stream(ask).finalMessage();
  assert.equal(first.content[0].type, 'thinking');
  assert.equal(first.content[0].thinking, 'Hm, hello.');
  assert.ok(first.content[0].signature);
  const call = first.content.find((b) => b.type === 'tool_use');
  const second = await client.messages.create({
    ...ask,
    messages: [
      ...messages,
      { role: 'assistant', content: first.content },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'done' }] },
    ],
  });
  assert.equal(second.content.find((b) => b.type === 'text').text, 'Hello.');
});

test('a wrong key is an AuthenticationError', async () => {
  await follow();
  const error = await failure(
    new Anthropic({ baseURL: ANTHROPIC_URL, apiKey: 'sk-wrong', maxRetries: 0 }).messages.create({ model, max_tokens, messages }));
  assert.ok(error instanceof Anthropic.AuthenticationError, String(error));
  assert.equal(error.error.error.type, 'authentication_error');
});

test('a request that makes no sense is a BadRequestError', async () => {
  await follow();
  const error = await failure(client.messages.create({ model, max_tokens, messages: [] }));
  assert.ok(error instanceof Anthropic.BadRequestError, String(error));
  assert.equal(error.error.error.type, 'invalid_request_error');
});

test('a model that is not there is a NotFoundError', async () => {
  await follow();
  const error = await failure(client.messages.create({ model: 'no-such-model', max_tokens, messages }));
  assert.ok(error instanceof Anthropic.NotFoundError, String(error));
  assert.equal(error.error.error.type, 'not_found_error');
});

test('a rate limit is waited for as long as the server says', async () => {
  await follow({ faults: [{ kind: 'status', status: 429, on: [1], retry_after: '1500ms' }] });
  const patient = client.withOptions({ maxRetries: 2 });
  const { result, millis } = await timed(() => patient.messages.create({ model, max_tokens, messages }));
  assert.equal(result.content[0].text, 'hello');
  assert.ok(millis >= 950, `${millis} ms`);
});

test('what must not be tried again is not', async () => {
  await follow({ faults: [{ kind: 'status', status: 429, should_retry: false }] });
  const error = await failure(client.withOptions({ maxRetries: 3 }).messages.create({ model, max_tokens, messages }));
  assert.ok(error instanceof Anthropic.RateLimitError, String(error));
  assert.equal(error.error.error.type, 'rate_limit_error');
  if (DIRECT) assert.equal((await state()).asked, 1);
});

test('an overloaded server is tried again', async () => {
  await follow({ faults: [{ kind: 'status', status: 529, on: [1] }] });
  const message = await client.withOptions({ maxRetries: 2 }).messages.create({ model, max_tokens, messages });
  assert.equal(message.content[0].text, 'hello');
  assert.ok((await state()).asked >= 2);
});

test('a client that waits no longer gets a time-out', async () => {
  await follow({ latency: '3s' });
  const { result, millis } = await timed(() =>
    failure(client.messages.create({ model, max_tokens, messages }, { timeout: 300 })));
  assert.ok(result instanceof Anthropic.APIConnectionTimeoutError, String(result));
  assert.ok(millis < 2500, `${millis} ms`);
});

test('a client that hangs up in mid-stream is noticed by the provider', async () => {
  await follow({ answer: { tokens: 900 }, tokens_per_second: 50 });
  const before = (await state()).hang_ups;
  const stream = await client.messages.create({ model, max_tokens, messages, stream: true });
  let pieces = 0;
  for await (const event of stream) if (event.type === 'content_block_delta' && ++pieces === 3) break;
  await until(async () => (await state()).hang_ups > before, 'the fake saw no hang-up');
});

test('an error in mid-stream is an error of the client', async () => {
  await follow({ answer: { tokens: 50 }, faults: [{ kind: 'error', after_events: 8, type: 'overloaded_error' }] });
  const error = await failure(client.messages.stream({ model, max_tokens, messages }).finalMessage());
  assert.ok(error instanceof Anthropic.APIError, String(error));
});

test('a stream that breaks is no answer', async () => {
  await follow({ answer: { tokens: 50 }, faults: [{ kind: 'cut', after_events: 8 }] });
  const error = await failure(client.messages.stream({ model, max_tokens, messages }).finalMessage());
  assert.ok(error instanceof Error);
});

test('tokens are counted', async () => {
  await follow();
  const counted = await client.messages.countTokens({ model, messages, tools });
  assert.ok(counted.input_tokens > 10);
});

test('the models are listed', async () => {
  await follow();
  const ids = [];
  for await (const each of client.models.list()) ids.push(each.id);
  assert.ok(ids.includes(model), ids.join(', '));
});
