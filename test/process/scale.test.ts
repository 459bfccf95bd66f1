import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { allowances } from '../../bench/operations.ts';
import { rowBytes } from '../../bench/row-bytes.ts';
import { hit, hitDollars, miss, missDollars, report } from '../../bench/scale.ts';
import { root } from '../../scripts/root.mjs';

test('docs/scale.md has the tables that the simulation comes to', () => {
  const page = readFileSync(join(root, 'docs/scale.md'), 'utf8');
  for (const table of report().split('\n\n')) expect(page).toContain(table);
});

test('the simulation takes for a hit and a miss what is counted in the service', () => {
  expect(allowances['hit, picture']).toEqual({ r2Reads: hit.r2Reads });
  expect(allowances['hit, order, before the answer']).toEqual({ r2Reads: hit.r2Reads });
  const { r2Reads, r2Writes, d1Queries, d1RowsWritten, imageTransformations } = allowances.miss;
  expect([r2Reads, r2Writes, d1Queries]).toEqual([miss.r2Reads, miss.r2Writes, miss.d1Queries]);
  expect([d1RowsWritten, imageTransformations]).toEqual([miss.d1Rows, miss.transformations]);
  expect(miss.objectRows).toBeGreaterThanOrEqual(allowances.miss.objectRowsWritten);
});

test('a hit costs under a dollar for a million, and a miss little beside what it buys', () => {
  expect(hitDollars()).toBeLessThan(1);
  expect(missDollars() / 1e6).toBeLessThan(0.05 / 50);
});

test('a purchase and a picture are as large in the database as docs/scale.md has it', () => {
  const { purchase, render } = rowBytes();
  const page = readFileSync(join(root, 'docs/scale.md'), 'utf8');
  expect(page).toContain(`${Math.round(purchase)} bytes for a purchase and ${Math.round(render)} for a picture`);
});
