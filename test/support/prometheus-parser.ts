export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|NaN|[+-]Inf)$/;
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(,|$)/y;

/** Reads Prometheus' text format, strictly: each family has HELP, then TYPE, then its samples, and comes once. */
export function parsePrometheus(text: string): readonly ParsedSample[] {
  if (!text.endsWith('\n')) throw new Error('The last line has no end.');
  const [lines, samples, families, series] = [
    text.slice(0, -1).split('\n'),
    [] as ParsedSample[],
    new Set(),
    new Set(),
  ];
  let family = { name: '', type: '' };
  for (const line of lines) {
    const [, comment, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (comment === 'HELP') {
      if (families.has(name)) throw new Error(`${name} comes twice.`);
      families.add(name);
      family = { name, type: '' };
    } else if (comment === 'TYPE') {
      if (name !== family.name || !['counter', 'gauge'].includes(rest)) throw new Error(`Not a type: ${line}`);
      if (rest === 'counter' && !name.endsWith('_total')) throw new Error(`A counter ends in _total: ${name}`);
      family = { name, type: rest };
    } else {
      const sample = sampleOf(line);
      if (sample.name !== family.name || family.type === '') throw new Error(`Not where it belongs: ${line}`);
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).toSorted()]);
      if (series.has(key)) throw new Error(`Told twice: ${line}`);
      series.add(key);
      samples.push(sample);
    }
  }
  return samples;
}

function sampleOf(line: string): ParsedSample {
  const [, name, labels = '', value] = sampleLine.exec(line) ?? [];
  if (name === undefined) throw new Error(`Not a sample: ${line}`);
  return { name, labels: labelsOf(labels), value: Number(value) };
}

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  label.lastIndex = 0;
  while (label.lastIndex < text.length) {
    const [, name, value] = label.exec(text) ?? [];
    if (name === undefined || value === undefined || name in labels) throw new Error(`Not labels: ${text}`);
    labels[name] = value.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
  }
  return labels;
}
