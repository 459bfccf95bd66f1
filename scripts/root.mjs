import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder, wherever the command was given. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * @param {string} name a tool of the locked packages
 * @returns {string} its absolute path
 */
export const tool = (name) => join(root, 'node_modules', '.bin', name);
