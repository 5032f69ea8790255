// The `ai` package with its OpenAI-compatible and Anthropic providers, unmodified.
import assert from 'node:assert/strict';
import { after } from 'node:test';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, embedMany, generateText, isStepCount, Output, streamText, tool } from 'ai';
import { z } from 'zod';
import {
  ANTHROPIC_MODEL, ANTHROPIC_URL, BEHIND, failure, follow, KEY, NO_EMBEDDINGS, OPENAI_EMBEDDING_MODEL, OPENAI_MODEL, OPENAI_URL, state,
  test, timed, until,
} from './world.js';

const compatible = (apiKey = KEY) =>
  createOpenAICompatible({ name: 'remit', baseURL: OPENAI_URL, apiKey, includeUsage: true, supportsStructuredOutputs: true });
const anthropic = (apiKey = KEY) => createAnthropic({ baseURL: `${ANTHROPIC_URL}/v1`, apiKey });
const wires = [
  { wire: 'openai-compatible', of: (key) => compatible(key), name: OPENAI_MODEL },
  { wire: 'anthropic', of: (key) => anthropic(key), name: ANTHROPIC_MODEL },
];
const prompt = 'Hello?';
const city = z.object({ city: z.string() });
const tools = {
  weather: tool({ description: 'Tells the weather', inputSchema: city, execute: async () => 'rain' }),
  clock: tool({ description: 'Tells the time', inputSchema: city, execute: async () => 'noon' }),
};

after(() => follow());

for (const { wire, of, name } of wires) {
  const model = of()(name);

  test(`${wire}: a plain question is answered`, async () => {
    await follow({ answer: { text: 'Hello there.' } });
    const { text, finishReason, usage } = await generateText({ model, prompt, instructions: 'Be brief.', maxRetries: 0 });
    assert.equal(text, 'Hello there.');
    assert.equal(finishReason, 'stop');
    assert.ok(usage.inputTokens > 0 && usage.outputTokens > 0);
  });

  test(`${wire}: a stream comes in pieces, with its usage`, async () => {
    await follow({ answer: { tokens: 30 } });
    const result = streamText({ model, prompt, maxRetries: 0 });
    const pieces = [];
    for await (const piece of result.textStream) pieces.push(piece);
    assert.equal(pieces.join('').length, 120);
    assert.ok(pieces.length > 5);
    assert.ok((await result.usage).outputTokens >= 30);
  });

  test(`${wire}: tools are called in parallel and their results brought, step by step`, async () => {
    await follow({ answer: { calls: 'all', text: 'Rain at noon.' } });
    const { text, steps } = await generateText({ model, prompt, tools, stopWhen: isStepCount(3), maxRetries: 0 });
    assert.equal(steps.length, 2);
    assert.deepEqual(steps[0].toolResults.map((r) => [r.toolName, r.output]), [['weather', 'rain'], ['clock', 'noon']]);
    assert.equal(text, 'Rain at noon.');
  });

  test(`${wire}: tools are called in a stream`, async () => {
    await follow({ answer: { calls: 'all', text: 'Rain at noon.' } });
    const result = streamText({ model, prompt, tools, stopWhen: isStepCount(3), maxRetries: 0 });
    await result.consumeStream();
    assert.equal(await result.text, 'Rain at noon.');
    assert.equal((await result.steps).length, 2);
  });

  test(`${wire}: a structured answer fits its schema`, async () => {
    await follow();
    const { output } = await generateText({
      model, prompt, output: Output.object({ schema: z.object({ title: z.string(), grade: z.number() }) }), maxRetries: 0,
    });
    assert.equal(typeof output.title, 'string');
    assert.equal(typeof output.grade, 'number');
  });

  test(`${wire}: errors are told as what they are`, async () => {
    await follow();
    const wrong = await failure(generateText({ model: of('sk-wrong')(name), prompt, maxRetries: 0 }));
    assert.ok(APICallError.isInstance(wrong), String(wrong));
    assert.equal(wrong.statusCode, 401);
    const missing = await failure(generateText({ model: of()('no-such-model'), prompt, maxRetries: 0 }));
    assert.equal(missing.statusCode, 404);
  });

  test(`${wire}: a rate limit is waited for`, async () => {
    await follow({ faults: [{ kind: 'status', status: 429, on: [1], retry_after: '1500ms' }] });
    const { result, millis } = await timed(() => generateText({ model, prompt, maxRetries: 2 }));
    assert.equal(result.text, 'hello');
    assert.ok(millis >= 950, `${millis} ms`);
  });

  test(`${wire}: a client that hangs up in mid-stream is noticed by the provider`, async () => {
    await follow({ answer: { tokens: 900 }, tokens_per_second: 50 });
    const before = (await state()).hang_ups;
    const abort = new AbortController();
    const result = streamText({ model, prompt, abortSignal: abort.signal, maxRetries: 0 });
    let pieces = 0;
    for await (const piece of result.textStream) if (piece && ++pieces === 3) abort.abort();
    await until(async () => (await state()).hang_ups > before, 'the fake saw no hang-up');
  });
}

test('openai-compatible: embeddings are given, where the vendor makes them', async () => {
  await follow();
  const model = compatible().embeddingModel(OPENAI_EMBEDDING_MODEL);
  const asked = embedMany({ model, values: ['one', 'two'], maxRetries: 0 });
  if (BEHIND === 'anthropic') {
    assert.match((await failure(asked)).message, NO_EMBEDDINGS);
    return;
  }
  const { embeddings } = await asked;
  assert.equal(embeddings.length, 2);
  assert.equal(embeddings[0].length, 1536);
});
