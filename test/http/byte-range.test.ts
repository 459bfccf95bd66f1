import { describe, expect, it } from 'vitest';
import { readByteRange } from '../../src/http/byte-range';

const part = (offset: number, length: number) => ({ kind: 'part', offset, length });
const whole = { kind: 'whole' };
const unsatisfiable = { kind: 'unsatisfiable' };

describe('a range of 1000 bytes', () => {
  it.each([
    ['bytes=0-9', part(0, 10)],
    ['bytes=0-0', part(0, 1)],
    ['bytes=999-999', part(999, 1)],
    ['bytes=990-', part(990, 10)],
    ['bytes=990-5000', part(990, 10)],
    ['bytes=-10', part(990, 10)],
    ['bytes=-1000', part(0, 1000)],
    ['bytes=-5000', part(0, 1000)],
    [' bytes=0-9 ', part(0, 10)],
    ['bytes=1000-', unsatisfiable],
    ['bytes=1000-1001', unsatisfiable],
    ['bytes=99999999999999999999999-', unsatisfiable],
    ['bytes=-0', unsatisfiable],
    [undefined, whole],
    ['', whole],
    ['bytes=', whole],
    ['bytes=-', whole],
    ['bytes=9-0', whole],
    ['bytes=0-9,20-29', whole],
    ['bytes=a-b', whole],
    ['bytes=-1-2', whole],
    ['bytes 0-9', whole],
    ['items=0-9', whole],
    ['bytes=0x0-0x9', whole],
    ['bytes=1.5-2', whole],
  ])('%s', (header, expected) => {
    expect(readByteRange(header, 1000)).toEqual(expected);
  });

  it('of nothing is never satisfiable', () => {
    expect(readByteRange('bytes=0-', 0)).toEqual(unsatisfiable);
    expect(readByteRange('bytes=-1', 0)).toEqual(unsatisfiable);
  });
});
