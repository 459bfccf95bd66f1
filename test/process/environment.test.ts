import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { serviceVariables } from '../../scripts/environment.mjs';

/** The settings of the service: the names that its schema of them has. */
const settings = Array.from(
  readFileSync(new URL('../../src/env/config.ts', import.meta.url), 'utf8').matchAll(/^ {2}([A-Z][A-Z_]+)[:,]/gm),
  ([, name = '']) => name,
);

test.each(settings)('npm start takes %s from its environment', (name) => {
  expect(serviceVariables({ [name]: 'a value' })).toEqual({ [name]: 'a value' });
});

test('knows the settings at all, and takes nothing else', () => {
  expect(settings).toEqual(expect.arrayContaining(['SIGNING_SECRET', 'HIT_PRICE_MICROS', 'PICTURE_RETENTION_DAYS']));
  expect(serviceVariables({ HOME: '/home', PATH: '/bin', XROUTE: 'x' })).toEqual({});
});
