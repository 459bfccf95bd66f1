import { describe, expect, it } from 'vitest';
import { readPrompt } from '../../../src/providers/sandbox/prompt-brief';

describe('reading a prompt', () => {
  it.each([
    ['a sign that says "OPEN"', ['OPEN']],
    ["a sign that says 'Come in'", ['Come in']],
    ['“Slow”, „Bitte leise“, «Белые ночи», 「你好」', ['Slow', 'Bitte leise', 'Белые ночи', '你好']],
    ["the dog's bowl and the cats' tails, rock 'n' roll", []],
    ["a mug with 'Don't panic' on it", ["Don't panic"]],
    ['a 24" by 36" print', []],
    ['写着"你好"的招牌', ['你好']],
    ['the colour "#ff0000"', []],
    ['an open " mark', []],
    ['"Twice" and "Twice"', ['Twice']],
  ])('finds the lettering of %s', (prompt, lettering) => {
    expect(readPrompt(prompt).lettering).toEqual(lettering);
  });

  it('finds colours, short and long, once each', () => {
    expect(readPrompt('#F00, #00ff7f and #ff0000, not #12345 or #1234567').colours).toEqual(['#ff0000', '#00ff7f']);
  });

  const poster = {
    scene: 'a jazz club with a sign "LIVE"',
    text: { headline: 'Midnight', subtitle: 'The Lester Quartet' },
    color_palette: ['#0B1D51', '#F6C90E'],
  };

  it.each([
    ['an object', poster],
    ['a text', JSON.stringify(poster)],
  ])('gathers lettering and colours of a JSON prompt sent as %s', (_, prompt) => {
    const brief = readPrompt(prompt);
    expect(brief.lettering).toEqual(['LIVE', 'Midnight', 'The Lester Quartet']);
    expect(brief.colours).toEqual(['#0b1d51', '#f6c90e']);
  });

  it('takes a text that only starts as JSON for a text', () => {
    expect(readPrompt('{broken "Quote"').lettering).toEqual(['Quote']);
  });
});
