import { defineConfig } from 'vitest/config';
import browser, { sites } from './vitest.browser.config.ts';

/** How pages look, and sites with pictures on them, in a real Chromium, with a service of its own. */
export default defineConfig({ ...browser, test: { ...browser.test, include: sites, exclude: [] } });
