import { describe, expect, it } from 'vitest';
import { codeText } from '../../src/web/samples/code-text';
import type { JsonObject, RequestRecipe } from '../../src/web/site-facts';

const recipe: RequestRecipe = {
  ...{ dialect: 'openai', title: 'OpenAI images', documentation: '', path: '/v1/images/generations' },
  ...{ key: { header: 'Authorization', scheme: 'Bearer ' }, headers: {}, fixed: {}, fields: [] },
  ...{ size: { kind: 'text', path: ['size'] }, references: null, isConversation: false },
  answer: { kind: 'at once', picture: ['data', 0, 'url'] },
};

const sample = (body: JsonObject) => codeText('JavaScript', { origin: 'https://pictures.example.com', recipe, body });

describe('a sample in JavaScript', () => {
  it('writes a key that would be the prototype as a computed one, however deep it stands', () => {
    const prompt: JsonObject = JSON.parse(
      '{"__proto__":{"__proto__":1,"scene":"a harbour"},"list":[{"__proto__":"x"}]}',
    );
    const text = sample({ prompt });
    expect(text.match(/\["__proto__"\]: /g)).toHaveLength(3);
    expect(text).not.toMatch(/[^[]"__proto__"/);
    expect(text).toContain('"scene": "a harbour"');
  });

  it('leaves every other key, and what only reads like one, as JSON has it', () => {
    const prompt = { proto: '__proto__', '"__proto__': '\n  "__proto__": 1', line: '\u2028"__proto__": 1' };
    const text = sample({ prompt });
    expect(text).not.toContain('["');
    expect(text).toContain('"proto": "__proto__"');
  });
});
