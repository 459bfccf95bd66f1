import { describe, expect, it } from 'vitest';
import { csvOf } from '../../src/http/csv';

describe('CSV', () => {
  it('has a header, ends every line as RFC 4180 has it, and leaves null empty', () => {
    const rows = [
      { day: '2026-11-20', spent: 1 },
      { day: null, spent: -5 },
    ];
    expect(csvOf(['day', 'spent'], rows)).toBe('day,spent\r\n2026-11-20,1\r\n,-5\r\n');
    expect(csvOf(['day'], [])).toBe('day\r\n');
  });

  it.each([
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
    ['plain', 'plain'],
  ])('writes %j as %s', (text, expected) => {
    expect(csvOf(['x'], [{ x: text }])).toBe(`x\r\n${expected}\r\n`);
  });
});
