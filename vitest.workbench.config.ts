import { defineConfig } from 'vitest/config';
import browser, { workbench } from './vitest.browser.config.ts';

/** The workbench in a real Chromium, with a service of its own. */
export default defineConfig({ ...browser, test: { ...browser.test, include: workbench, exclude: [] } });
