/** What `npm start` says last when everything is up: above it stands the key, on purpose. */
export const lastLine = 'Stop it with Ctrl-C.';

const patterns: Readonly<Record<string, RegExp>> = {
  'an API key': /\bfg_\w{3,}/,
  'an Authorization value': /\b(?:Bearer|Token|Key) [\w.~+/-]{8,}/,
  'the query of a signed URL': /[?&](?:signature|s|expires)=/,
  'the bytes of a picture': /iVBORw0KGgo|\/9j\/4AAQ|UklGR[\w+/]{10}/,
  'a prompt': /"prompt"/,
};

/** What a service printed while it served that it may not: by its kind. `settings` are what it was started with. */
export function printedSecrets(printed: string, settings: Readonly<Record<string, string>>): readonly string[] {
  const said = printed.slice(printed.indexOf(lastLine) + lastLine.length);
  const secrets = Object.entries(settings).filter(
    ([name, value]) => /_(?:KEY|TOKEN|SECRET)$/.test(name) && value.length >= 8,
  );
  return [
    ...Object.entries(patterns).flatMap(([kind, pattern]) => (pattern.test(said) ? [kind] : [])),
    ...secrets.flatMap(([name, value]) => (said.includes(value) ? [name] : [])),
  ];
}
