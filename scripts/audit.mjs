/**
 * `npm run audit`: whether a package that we depend on has a known hole. Fails on one; says so in a sentence, and does
 * not fail, where the registry has no advisories to ask.
 */
import { spawn } from 'node:child_process';
import { root } from './root.mjs';

/** @typedef {{ severity: string, via: ReadonlyArray<string | { title: string, url: string }>, range: string }} Hole */
/** @typedef {{ vulnerabilities?: Record<string, Hole>, metadata?: { dependencies?: { total?: number } }, message?: string, error?: { summary?: string } }} Report what `npm audit --json` writes */

const { code, output } = await audit();
const report = parsed(output);
if (report?.vulnerabilities === undefined) {
  const reason = report?.error?.summary || report?.message || `npm ended with exit code ${code}`;
  console.log(`No advisories could be asked for (${oneLine(reason)}), so nothing is known of holes in the packages.`);
} else {
  const holes = Object.entries(report.vulnerabilities);
  for (const [name, hole] of holes) console.log(`${hole.severity}: ${name} ${hole.range}${reasonsOf(hole)}`);
  const total = report.metadata?.dependencies?.total ?? 0;
  console.log(`${total} packages, ${holes.length} with a known hole.`);
  process.exitCode = holes.length === 0 ? 0 : 1;
}

/** @param {Hole} hole */
function reasonsOf({ via }) {
  return via
    .map((reason) => (typeof reason === 'string' ? `\n  by ${reason}` : `\n  ${reason.title} ${reason.url}`))
    .join('');
}

/** @returns {Promise<{ code: number, output: string }>} */
async function audit() {
  const npm = spawn('npm', ['audit', '--json'], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] });
  const timer = setTimeout(() => npm.kill(), 60_000);
  let output = '';
  npm.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  return await new Promise((resolve) => {
    npm.once('error', (error) => resolve({ code: 1, output: JSON.stringify({ message: error.message }) }));
    npm.once('close', (code) => resolve({ code: code ?? 1, output }));
  }).finally(() => clearTimeout(timer));
}

/**
 * @param {string} text
 * @returns {Report | null}
 */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Without addresses: a registry's own may be nobody's business. @param {string} text */
function oneLine(text) {
  return text
    .replace(/\s+/g, ' ')
    .replace(/https?:\/\/\S+/g, 'the registry')
    .slice(0, 160);
}
