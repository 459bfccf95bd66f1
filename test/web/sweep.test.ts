import { describe, expect, it } from 'vitest';
import { limits } from '../../src/core/image-request';
import { eachAtMost } from '../../src/web/browser/each-at-most';
import { createPurse } from '../../src/web/browser/purse';
import { type AxisName, readAxis } from '../../src/web/browser/sweep-axis';

describe('the values of a sweep', () => {
  it.each<[AxisName, string, readonly number[]]>([
    ['steps', '10, 25, 50', [10, 25, 50]],
    ['steps', '10-50 by 20', [10, 30, 50]],
    ['steps', '50..10/20', [50, 30, 10]],
    ['steps', '5; 10–30', [5, 10, 20, 30]],
    ['guidance', '2.5 to 3 by 0.1', [2.5, 2.6, 2.7, 2.8, 2.9, 3]],
    ['seed', '7, 7, 8', [7, 8]],
    ['steps', '1-50 by 0', [1, 11, 21, 31, 41]],
    ['upsampling', 'On, off', [1, 0]],
  ])('reads %s of %s', (name, text, values) => {
    expect(readAxis({ name, text }, limits)).toEqual({ kind: 'values', values });
  });

  it.each<[AxisName, string, string]>([
    ['steps', '', 'No value yet'],
    ['steps', '10, many', '“many” is not understood'],
    ['steps', '0', '0 is not accepted: whole numbers from 1 to 50'],
    ['steps', '2.5', '2.5 is not accepted'],
    ['guidance', '1', '1 is not accepted: numbers from 1.5 to 10'],
    ['seed', '1-9', '9 values are more than the 8'],
    ['seed', '0-4294967295 by 1', 'more than the 8'],
    ['upsampling', 'maybe', 'on, off, or both'],
  ])('says of %s what is wrong with "%s"', (name, text, message) => {
    const read = readAxis({ name, text }, limits);
    expect(read).toMatchObject({ kind: 'wrong', message: expect.stringContaining(message) });
  });
});

describe('what is suggested of an axis', () => {
  it.each<AxisName>(['steps', 'guidance', 'seed'])('is accepted for %s', (name) => {
    const read = readAxis({ name, text: '' }, limits);
    const [, first = '', second = ''] = /: try (.+) or (.+)\.$/.exec(read.kind === 'wrong' ? read.message : '') ?? [];
    expect(first).not.toBe('');
    for (const text of [first, second]) expect(readAxis({ name, text }, limits).kind).toBe('values');
  });
});

describe('a purse', () => {
  it('holds nothing that it could not pay together with what is held and spent', () => {
    const purse = createPurse(100);
    expect([purse.hold(60), purse.hold(60), purse.hold(40), purse.hold(1)]).toEqual([true, false, true, false]);
  });

  it('gives back what a picture did not cost', () => {
    const purse = createPurse(100);
    purse.hold(100);
    purse.settle(100, 30);
    expect(purse.spentMicros()).toBe(30);
    expect([purse.hold(71), purse.hold(70)]).toEqual([false, true]);
  });
});

it('works on no more than so many at once, and on all of them', async () => {
  const done: number[] = [];
  let underWay = 0;
  let most = 0;
  await eachAtMost([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await scheduler.wait(5);
    underWay -= 1;
    done.push(item);
  });
  expect(most).toBe(3);
  expect(done.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7]);
});
