import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, isJsonObject, isWellFormed, isWithinDepth, type Json } from '../../src/core/json';

/** A value as it comes out of a parser: no −0, no undefined. */
const parsedJson = fc.jsonValue({ stringUnit: 'binary' }).map((value): Json => JSON.parse(JSON.stringify(value)));

function nested(depth: number): Json {
  return depth === 0 ? 'leaf' : depth % 2 === 0 ? [nested(depth - 1)] : { inner: nested(depth - 1) };
}

describe('canonicalJson', () => {
  it.each<[Json, string]>([
    [null, 'null'],
    [true, 'true'],
    [-0, '0'],
    [1e21, '1e+21'],
    [1e-7, '1e-7'],
    [333333333.3333333, '333333333.3333333'],
    ['\u20ac$\u000f\nA\'B"\\\\"/', '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'],
    [[3, 1, 2], '[3,1,2]'],
    [{ b: 1, a: { d: [], c: {} } }, '{"a":{"c":{},"d":[]},"b":1}'],
    [{ 10: 'a', 9: 'b', 1: 'c' }, '{"1":"c","10":"a","9":"b"}'],
  ])('writes %j as %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('sorts keys as the example of RFC 8785 §3.2.3 does', () => {
    const value = { '€': 1, '\r': 2, '\ufb33': 3, '1': 4, '😀': 5, '\u0080': 6, ö: 7 };
    expect(canonicalJson(value)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
  });

  it('reads back as the same value, and writes it the same again', () => {
    fc.assert(
      fc.property(parsedJson, (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it('keeps a key that JavaScript treats in a way of its own', () => {
    expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"a":2}}'))).toBe('{"__proto__":{"a":2},"b":1}');
  });
});

describe('isJsonObject', () => {
  it.each([
    [{}, true],
    [{ a: 1 }, true],
    [[], false],
    [null, false],
    ['{}', false],
    [0, false],
    [undefined, false],
  ])('says of %j: %s', (value, expected) => {
    expect(isJsonObject(value)).toBe(expected);
  });
});

describe('isWithinDepth', () => {
  it.each([
    ['text has no depth', 'text', 0, true],
    ['an empty list has one level', [], 0, false],
    ['and fits in one', [], 1, true],
    ['lists and objects count alike', nested(5), 5, true],
    ['one level too many', nested(6), 5, false],
    ['64 levels are the default', nested(64), undefined, true],
    ['65 are too many', nested(65), undefined, false],
    ['the deepest member decides', { shallow: 1, deep: nested(3) }, 3, false],
  ])('%s', (_, value, limit, expected) => {
    expect(isWithinDepth(value, limit)).toBe(expected);
  });

  it('stops at the limit, however deep the value goes', () => {
    let deep: Json = [];
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(isWithinDepth(deep)).toBe(false);
  });
});

describe('isWellFormed', () => {
  it.each([
    ['plain text', 'abc', true],
    ['a pair of surrogates', '😀', true],
    ['a lone high surrogate', 'a\ud83d', false],
    ['a lone low surrogate', '\ude00a', false],
    ['one in a member', { a: [{ b: '\ud83d' }] }, false],
    ['one in a key', { a: { '\ud83d': 1 } }, false],
    ['numbers and null', [1, null, true], true],
    ['the largest number', Number.MAX_VALUE, true],
    ['a number that no double holds', JSON.parse('{"a":[1e999]}'), false],
  ])('%s', (_, value, expected) => {
    expect(isWellFormed(value)).toBe(expected);
  });
});
