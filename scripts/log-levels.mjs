/** What `FLUXGATE_LOG_LEVEL` may be. Each shows what those before it show. */
export const LOG_LEVELS = ['none', 'error', 'warn', 'info', 'log', 'debug'];
