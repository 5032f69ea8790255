// Where the clients call, and the fake provider behind it all.
import assert from 'node:assert/strict';
import { test as nodeTest } from 'node:test';

function needed(name) {
  const value = process.env[name];
  assert.ok(value, `${name} must be set`);
  return value;
}

/** The fake provider that is called in the end, straight or through what is tested. */
export const FAKE_URL = needed('FAKE_URL');
/** The key that the fake accepts. */
export const FAKE_KEY = needed('FAKE_KEY');
/** The key that the clients send. */
export const KEY = needed('CLIENT_KEY');
export const OPENAI_URL = needed('OPENAI_URL');
export const ANTHROPIC_URL = needed('ANTHROPIC_URL');
export const GEMINI_URL = needed('GEMINI_URL');
/** What stands behind: the vendor whose wire the fake is called in; `same` if it is each client's own. */
export const BEHIND = process.env.BEHIND ?? 'same';
/** Whether nothing stands between the clients and the fake. */
export const DIRECT = process.env.DIRECT === 'yes';

export const OPENAI_MODEL = process.env.OPENAI_MODEL ?? 'gpt-4.1';
export const OPENAI_EMBEDDING_MODEL = process.env.OPENAI_EMBEDDING_MODEL ?? 'text-embedding-3-small';
export const ANTHROPIC_MODEL = process.env.ANTHROPIC_MODEL ?? 'claude-sonnet-4-5';
export const GEMINI_MODEL = process.env.GEMINI_MODEL ?? 'gemini-2.5-flash';
export const GEMINI_EMBEDDING_MODEL = process.env.GEMINI_EMBEDDING_MODEL ?? 'gemini-embedding-001';

const MODELS = [OPENAI_MODEL, OPENAI_EMBEDDING_MODEL, ANTHROPIC_MODEL, GEMINI_MODEL, GEMINI_EMBEDDING_MODEL];

async function control(method, what, body) {
  const response = await fetch(`${FAKE_URL}/_fake/${what}`, { method, body });
  const told = await response.json();
  assert.ok(response.ok, `the fake refused: ${JSON.stringify(told)}`);
  return told;
}

/** Gives the fake another script, and lets it forget what it counted. */
export async function follow(script = {}) {
  const models = DIRECT ? { models: MODELS } : {};
  if (!DIRECT) {
    await control('POST', 'script', JSON.stringify({ key: FAKE_KEY }));
    await rested();
  }
  await control('POST', 'script', JSON.stringify({ key: FAKE_KEY, ...models, ...script }));
  await control('POST', 'reset');
}

/** A gateway gives a provider that failed a rest; waits until it calls it again. */
async function rested() {
  const ask = { model: OPENAI_MODEL, max_tokens: 20, messages: [{ role: 'user', content: 'Are you there?' }] };
  for (const model of [OPENAI_MODEL, ANTHROPIC_MODEL, GEMINI_MODEL]) {
    for (const end = Date.now() + 20_000; ; ) {
      const answer = await fetch(`${OPENAI_URL}/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
        body: JSON.stringify({ ...ask, model }),
      });
      const text = await answer.text();
      if (answer.ok) break;
      assert.ok(Date.now() < end && [429, 503].includes(answer.status), `it does not rest, it fails: ${answer.status} ${text}`);
      await new Promise((resolve) => setTimeout(resolve, Number(answer.headers.get('retry-after-ms') ?? 500)));
    }
  }
}

export const state = () => control('GET', 'state');
export const requests = () => control('GET', 'requests');
export const invoice = async () => (await control('GET', 'invoice')).lines;

/** A promise's failure; it is a fault if there is none. */
export async function failure(promise) {
  try {
    await promise;
  } catch (e) {
    return e;
  }
  assert.fail('it was expected to fail');
}

/** Waits until something holds, 5 seconds at most. */
export async function until(holds, what) {
  for (const end = Date.now() + 5000; Date.now() < end; ) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`in vain: ${what}`);
}

export async function timed(work) {
  const begun = performance.now();
  const result = await work();
  return { result, millis: performance.now() - begun };
}

/** A test that may not take for ever. */
export const test = (name, work) => nodeTest(name, { timeout: 40_000 }, work);

/** What Remit says where the vendor behind makes no vectors. */
export const NO_EMBEDDINGS = /makes no embeddings.*name a model that does/;

/** 1 x 1 pixel. */
export const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
