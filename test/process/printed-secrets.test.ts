import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshState, killLeftovers } from './local-service.ts';
import { lastLine, printedSecrets } from './printed-secrets.ts';
import { fluxgate } from './support/run-command.ts';
import { runShell } from './support/run-program.ts';
import { learnSent, leaveSent, sentFolder } from './support/sent-by-tests.ts';

const state = freshState();
const key = 'a-key-that-looks-like-no-key';
const settings = { BFL_API_KEY: 'a-vendors-token', PROVIDERS: 'sandbox-and-others' };
const picture = Buffer.from('no picture, but as long as one'.repeat(9)).toString('base64');
const inState = 'stored: a thought of whoever ordered it';

/** Somebody who takes whatever is sent. */
const listener = createServer((request, response) => {
  request.resume();
  request.on('end', () => response.end('{}'));
});

beforeAll(async () => {
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const body = { input: { prompt: 'sent: "quoted" thought' }, webhook_secret: 'a webhook secret', image: picture };
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  await fetch(`${url}/?prompt=sent+in+a+query`, { method: 'POST', headers, body: JSON.stringify(body) });
  const form = new FormData();
  form.set('prompt', 'sent in a form');
  await fetch(url, { method: 'POST', body: form });
  await runShell(`curl -s $URL -d '{"prompt":"curl: a thought"}'`, { URL: url });
  await fluxgate(['quote', 'a thought of the command'], { FLUXGATE_URL: url, FLUXGATE_KEY: 'x' });
  const blobs = join(state, 'v3/r2/pictures/blobs');
  mkdirSync(blobs, { recursive: true });
  writeFileSync(join(blobs, 'recipe'), JSON.stringify({ request: { prompt: inState }, facts: {} }));
});
afterAll(async () => {
  listener.close();
  await killLeftovers();
});

const kindsIn = (line: string) => {
  const text = `a prompt of long ago: ${inState}\n${lastLine}\n${line}\n`;
  return printedSecrets({ text, settings, state }).map((leak) => leak.slice(0, leak.indexOf(':')));
};

describe('what a service printed', () => {
  test.each([
    ['a prompt in the body of a request', 'x sent: "quoted" thought x', 'a prompt'],
    ['the same in JSON', JSON.stringify({ cause: 'sent: "quoted" thought' }), 'a prompt'],
    ['the same in JSON in JSON', JSON.stringify(JSON.stringify({ x: 'sent: "quoted" thought' })), 'a prompt'],
    ['the same in a URL', `GET /?q=${encodeURIComponent('sent: "quoted" thought')}`, 'a prompt'],
    ['a prompt in a query', 'GET /?prompt=sent+in+a+query', 'a prompt'],
    ['a prompt in a form', 'sent in a form', 'a prompt'],
    ['a prompt in a command line', 'curl: a thought', 'a prompt'],
    ['a prompt that the command was given', 'a thought of the command', 'a prompt'],
    ['a prompt that is stored', `"${inState.slice(0, 30)}…"`, 'a prompt'],
    ['a picture in a body', picture.slice(20, 120), 'the bytes of a picture'],
    ['a webhook secret', 'a webhook secret', 'a secret that was sent or set'],
    ['a key that was sent', `{"x":"${key}"}`, 'a secret that was sent or set'],
    ['a vendor’s token', 'GET https://x/?t=a-vendors-token', 'a secret that was sent or set'],
    ['a key of ours', 'fg_live_abc', 'an API key'],
  ])('is found to hold %s', (_, line, kind) => {
    expect(kindsIn(line)).toContain(kind);
  });

  test('is nothing to complain of where it is a line of the log, or was printed before it served', () => {
    expect(kindsIn('{"event":"request","route":"/v1/images/generations","status":200}')).toEqual([]);
    expect(kindsIn('sandbox-and-others')).toEqual([]);
  });

  test('is known to the process that has the service, whichever process sent it', () => {
    const folder = sentFolder();
    leaveSent(folder);
    expect(learnSent(folder)).toBe(1);
  });
});
