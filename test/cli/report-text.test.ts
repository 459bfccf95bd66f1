import { describe, expect, it } from 'vitest';
import { bar, spark } from '../../src/cli/chart';
import { painted, plain } from '../../src/cli/paint';
import { facts, table } from '../../src/cli/table';
import { paintFor } from '../../src/cli/terminal';
import { bytes, dollars, plural } from '../../src/cli/wording';

describe('money', () => {
  it.each([
    [0, '$0.00'],
    [50_000, '$0.05'],
    [52_500, '$0.0525'],
    [1, '$0.000001'],
    [1_234_567_000_000, '$1,234,567.00'],
    [-3_500_000, '−$3.50'],
    [null, '—'],
  ])('of %s micro-dollars reads %s', (micros, text) => {
    expect(dollars(micros)).toBe(text);
  });
});

describe('counts', () => {
  it('are worded', () => {
    expect([plural(1, 'hit'), plural(0, 'hit'), plural(1200, 'hit')]).toEqual(['1 hit', '0 hits', '1,200 hits']);
    expect([bytes(1023), bytes(40_000), bytes(2_500_000)]).toEqual(['1023 B', '39 KB', '2.4 MB']);
  });
});

describe('a chart', () => {
  it('has bars to an eighth of a column, and shows what is not nothing', () => {
    expect([bar(0, 8, 4), bar(8, 8, 4), bar(4, 8, 4), bar(1, 8, 4), bar(1, 10_000, 4), bar(1, 0, 4)]).toEqual([
      ...['', '████', '██', '▌', '▏', ''],
    ]);
  });

  it('has a line of blocks, and dots for days of nothing', () => {
    expect(spark([0, 1, 4, 8])).toBe('·▁▄█');
    expect(spark([0, 0])).toBe('··');
  });
});

describe('a table', () => {
  const columns = [
    { title: 'name', value: ({ name }: { name: string }) => painted('green', name) },
    { title: 'sum', value: ({ sum }: { sum: string }) => sum, align: 'right' as const },
  ];

  it('is as wide as what it holds, whatever its colours', () => {
    const text = table(
      [
        { name: 'fox', sum: '7' },
        { name: 'brass owl', sum: '1,000' },
      ],
      columns,
      plain,
    );
    expect(text.replaceAll(/\p{Cc}\[\d+m/gu, '')).toBe('name         sum\nfox            7\nbrass owl  1,000');
  });

  it('lists facts below one another', () => {
    expect(
      facts(
        [
          ['URL', 'x'],
          ['Source', 'hit'],
        ],
        plain,
      ),
    ).toBe('URL     x\nSource  hit');
  });
});

describe('colour', () => {
  it.each([
    [{ isTTY: true }, {}, true],
    [{ isTTY: true }, { NO_COLOR: '1' }, false],
    [{ isTTY: true }, { NO_COLOR: '' }, true],
    [{ isTTY: true }, { TERM: 'dumb' }, false],
    [{}, {}, false],
  ])('in %j with %j: %s', (stream, variables, isColoured) => {
    expect(paintFor(stream, variables)('red', 'x') !== 'x').toBe(isColoured);
  });
});
