import { afterAll, expect } from 'vitest';
import { takeLeaks } from './support/read-log';

/** Fails a file while which a line was logged that holds what no log may. */
afterAll(() => {
  expect(takeLeaks()).toEqual([]);
});
