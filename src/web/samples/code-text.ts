import type { JsonObject, RequestRecipe } from '../site-facts';
import { jsonText } from './json-text';

export const languages = ['curl', 'JavaScript', 'Python'] as const;
export type Language = (typeof languages)[number];

/** Where samples take the key from: it stands in none of them. */
export const keyVariable = 'FLUXGATE_KEY';

/** A request as a program that runs as it stands and prints where the picture is. */
export function codeText(
  language: Language,
  request: { readonly origin: string; readonly recipe: RequestRecipe; readonly body: JsonObject },
): string {
  return { curl: curlText, JavaScript: javaScriptText, Python: pythonText }[language](request);
}

interface Request {
  readonly origin: string;
  readonly recipe: RequestRecipe;
  readonly body: JsonObject;
}

/** The body stands in a here-document, so that no quote needs care and no length is too long for a command line. */
function curlText({ origin, recipe, body }: Request): string {
  const { answer, key, headers } = recipe;
  const lines = [
    `curl -s '${origin}${recipe.path}'`,
    `-H "${key.header}: ${key.scheme}$${keyVariable}"`,
    ...Object.entries({ 'Content-Type': 'application/json', ...headers }).map(
      ([name, value]) => `-H '${name}: ${value}'`,
    ),
    `-d @- <<'JSON'`,
  ];
  // A conversation's answer is long, with the bytes in it: its text names the URL.
  const end = recipe.isConversation ? " | grep -o '(http[^)]*)'" : '';
  const call = `${lines.join(' \\\n  ')}${end}\n${jsonText(body)}\nJSON`;
  if (answer.kind === 'at once') return call;
  return [
    `poll=$(${call}\n)`,
    `poll=$(printf '%s' "$poll" | sed -n 's/.*"${answer.next}":"\\([^"]*\\)".*/\\1/p')`,
    'while answer=$(curl -s "$poll"); printf \'%s\' "$answer" | grep -q \'"status":"Pending"\'; do sleep 1; done',
    'printf \'%s\\n\' "$answer"',
  ].join('\n');
}

function javaScriptText({ origin, recipe, body }: Request): string {
  const { answer, key, headers } = recipe;
  const all = { 'Content-Type': 'application/json', ...headers };
  const lines = [
    `const response = await fetch('${origin}${recipe.path}', {`,
    "  method: 'POST',",
    '  headers: {',
    `    '${key.header}': \`${key.scheme}\${process.env.${keyVariable}}\`,`,
    ...Object.entries(all).map(([name, value]) => `    '${name}': '${value}',`),
    '  },',
    `  body: JSON.stringify(${indented(objectLiteral(body), '  ')}),`,
    '});',
    'if (!response.ok) throw new Error(await response.text());',
  ];
  if (answer.kind === 'at once') {
    return [
      ...lines,
      'const answer = await response.json();',
      `console.log(answer${propertyPath(answer.picture, true)});`,
    ].join('\n');
  }
  return [
    ...lines,
    `const { ${answer.next} } = await response.json();`,
    'let answer;',
    'do {',
    '  await new Promise((resolve) => setTimeout(resolve, 500));',
    `  answer = await (await fetch(${answer.next})).json();`,
    "} while (answer.status === 'Pending');",
    `console.log(answer${propertyPath(answer.picture, true)});`,
  ].join('\n');
}

function pythonText({ origin, recipe, body }: Request): string {
  const { answer, key, headers } = recipe;
  const lines = [
    'import json, os, time, urllib.request',
    '',
    `body = json.loads(r"""${pythonJson(body)}""")`,
    `request = urllib.request.Request("${origin}${recipe.path}", json.dumps(body).encode(), {`,
    `    "${key.header}": "${key.scheme}" + os.environ["${keyVariable}"],`,
    ...Object.entries({ 'Content-Type': 'application/json', ...headers }).map(
      ([name, value]) => `    "${name}": "${value}",`,
    ),
    '})',
    'answer = json.load(urllib.request.urlopen(request))',
  ];
  if (answer.kind === 'at once') return [...lines, `print(answer${propertyPath(answer.picture, false)})`].join('\n');
  return [
    ...lines.map((line) => line.replace(/^answer = /, 'task = ')),
    'answer = {"status": "Pending"}',
    'while answer["status"] == "Pending":',
    '    time.sleep(0.5)',
    `    answer = json.load(urllib.request.urlopen(task["${answer.next}"]))`,
    `print(answer${propertyPath(answer.picture, false)})`,
  ].join('\n');
}

/** JSON as JavaScript reads it: there, a key that is written as in JSON would set the prototype. */
const objectLiteral = (body: JsonObject) => jsonText(body).replace(/^( *)("__proto__"): /gm, '$1[$2]: ');

/** JSON in a raw string: three quotes in a row would end it, and JSON may spell one of them otherwise. */
const pythonJson = (body: JsonObject) => jsonText(body).replace(/\\./g, (pair) => (pair === '\\"' ? '\\u0022' : pair));

function propertyPath(path: readonly (string | number)[], isDotted: boolean): string {
  return path.map((part) => (typeof part === 'number' ? `[${part}]` : isDotted ? `.${part}` : `["${part}"]`)).join('');
}

const indented = (text: string, indent: string) => text.replaceAll('\n', `\n${indent}`);
