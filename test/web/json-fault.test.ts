import { describe, expect, it } from 'vitest';
import { jsonFault } from '../../src/web/browser/json-fault';

describe('what keeps a prompt from being JSON', () => {
  it.each([
    ['hello world', 1, 1, '“hello” is no JSON'],
    ['<img src="a">', 1, 1, '“<” is no JSON'],
    ['{"n": tru }', 1, 7, '“tru” is no JSON'],
    ['{"a": undefined}', 1, 7, '“undefined” is no JSON'],
    ["{'a': 1}", 1, 2, "“'” is no JSON"],
    ['{\n  "a": 1,\n}', 3, 1, '“}” where a name in double quotes is due'],
    ['{"a" 1}', 1, 6, '“1” where “:” is due'],
    ['{"a": 1 "b": 2}', 1, 9, '“"b"” where “,” or “}” is due'],
    ['{"a": [1, ]}', 1, 11, '“]” where a value is due'],
    ['{"a": 01}', 1, 7, '“01” is no JSON'],
    ['{"a": 1', 1, 8, 'it ends too early, where “,” or “}” is due'],
    ['{"a":\n', 1, 6, 'it ends too early, where a value is due'],
    ['{"a": "b', 1, 7, 'never ends'],
    ['{"a": "b\nc"}', 1, 7, 'line break'],
    ['{"a": "b\\x"}', 1, 7, '“\\x”, which is no escape'],
    ['{"a": 1} {', 1, 10, '“{” where the end is due'],
  ])('says of %j where and what', (text, line, column, message) => {
    expect(jsonFault(text)).toEqual({ line, column, message: expect.stringContaining(message) });
  });

  it('finds a fault exactly where the platform does not read a text', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"a"',
      '"\\u00e9"',
      '1',
      '-0.5e3',
      '01',
      'true',
      'nul',
      ' ',
      '\n',
      '"',
    ];
    let seed = 7;
    const draw = (most: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * most);
    };
    const read = { yes: 0, no: 0 };
    const random = Array.from({ length: 20_000 }, () =>
      Array.from({ length: 1 + draw(7) }, () => pieces[draw(pieces.length)]).join(''),
    );
    for (const text of [
      ...random,
      '{"a": {"b": [1, {"c": null}]}}',
      '['.repeat(50_000),
      '"\\ud800"',
      '"\ud800"',
      '"\u007f\u0085"',
      '\u00a0{}',
      `"${'a'.repeat(40_000)}"`,
    ]) {
      const isRead = canParse(text);
      read[isRead ? 'yes' : 'no'] += 1;
      expect(jsonFault(text) === null, text.slice(0, 80)).toBe(isRead);
    }
    expect(read.yes).toBeGreaterThan(100);
    expect(read.no).toBeGreaterThan(100);
  });
});

function canParse(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
