/** The file format of `.dev.vars` and of wrangler's `--env-file`, read and written as wrangler's dotenv does it. */
import { Halt } from './halt.mjs';

/** The grammar of https://github.com/motdotla/dotenv, which wrangler carries inside. */
const LINE =
  /^\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?\s*(?:#.*)?$/gm;

/**
 * @param {string} text
 * @returns {Record<string, string>}
 */
export function parseDotenv(text) {
  const lines = text.replace(/\r\n?/g, '\n').matchAll(LINE);
  return Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, unquote(value.trim())]));
}

/** @param {string} value */
function unquote(value) {
  const bare = value.replace(/^(['"`])([\s\S]*)\1$/gm, '$2');
  return value.startsWith('"') ? bare.replace(/\\n/g, '\n').replace(/\\r/g, '\r') : bare;
}

/**
 * Writes values so that wrangler reads them back unchanged from an `--env-file`, where it also expands `$NAME`.
 *
 * @param {Record<string, string>} values
 * @throws {Halt} when a value holds every kind of quote
 */
export function formatDotenv(values) {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${quote(name, value)}\n`)
    .join('');
}

/**
 * @param {string} name
 * @param {string} value
 */
function quote(name, value) {
  const marks = value.includes('\\') ? ["'", '`'] : ['"', "'", '`']; // Between " and " a backslash may mean something.
  const mark = marks.find((candidate) => !value.includes(candidate));
  if (!mark)
    throw new Halt(`${name} holds both ' and \` with " or a backslash, which cannot be passed on: change its value.`);
  return mark + value.replaceAll('$', '\\$') + mark;
}
