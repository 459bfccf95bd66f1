import { expect, it } from 'vitest';
import { documents } from '../../scripts/documents';

const files: Readonly<Record<string, string>> = import.meta.glob(['../../docs/*.md', '../../src/client/*.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
});

it.each(Object.entries(documents()))('%s is as `npm run docs` would write it', (path, text) => {
  expect(files[`../../${path}`]).toBe(text);
});
