import { defineConfig } from 'vitest/config';
import browser, { sites } from './vitest.browser.config.ts';

/** The other half of what is tested in a real Chromium, with a service of its own. */
export default defineConfig({ ...browser, test: { ...browser.test, include: sites, exclude: [] } });
