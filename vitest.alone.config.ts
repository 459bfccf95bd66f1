import { defineConfig } from 'vitest/config';
import together, { alone } from './vitest.config.ts';

/** Tests inside workerd that look at all that a service holds: each file has one of its own. */
export default defineConfig({
  ...together,
  test: { ...together.test, include: alone, exclude: ['node_modules/**'], isolate: true },
});
