import { afterAll, inject } from 'vitest';
import { leaveSent } from './sent-by-tests.ts';

/** When the tests of a file are through, whoever has the service learns what they sent. */
afterAll(() => leaveSent(inject('sentFolder')));
