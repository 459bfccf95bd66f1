/** Flux2FlexInputs of BFL's OpenAPI document, as BFL and who resells it take them. Unknown fields are ignored. */
export interface FluxInputs {
  readonly width: number;
  readonly height: number;
  readonly seed: number;
  /** Megapixels with two decimals, as BFL reports them. */
  readonly outputMegapixels: number;
  readonly inputMegapixels: number;
  readonly hasWebhook: boolean;
}

/** One of FastAPI's issues. */
export interface InputIssue {
  readonly type: string;
  readonly loc: readonly string[];
  readonly msg: string;
}

/** Reads a body, or says what is wrong with it in FastAPI's words. */
export function readFluxInputs(json: unknown): FluxInputs | readonly InputIssue[] {
  if (typeof json !== 'object' || json === null) return [issue([], 'Input should be a valid dictionary', 'dict_type')];
  const body: Readonly<Record<string, unknown>> = { ...json };
  const images = imageFields.map((name) => body[name]).filter((value) => value !== undefined && value !== null);
  const sizes = images.map(sizeOfImage);
  const issues = [...issuesOf(body), ...(sizes.includes(null) ? [issue(['input_image'], 'Invalid image')] : [])];
  if (issues.length > 0) return issues;
  const [first] = sizes;
  const width = multipleBelow(numberIn(body, 'width') ?? first?.width ?? 1024);
  const height = multipleBelow(numberIn(body, 'height') ?? first?.height ?? 1024);
  if (width * height > 2048 * 2048) return [issue(['width'], 'Output is larger than 4MP')];
  const inputPixels = sizes.reduce((sum, size) => sum + (size === null ? 0 : size.width * size.height), 0);
  return {
    ...{ width, height, hasWebhook: typeof body.webhook_url === 'string' },
    seed: numberIn(body, 'seed') ?? Math.floor(Math.random() * 2 ** 32),
    outputMegapixels: Math.round((width * height) / 1e4) / 100,
    inputMegapixels: Math.round(inputPixels / 1e4) / 100,
  };
}

/** So much for the first output megapixel and each further one, and for each of input. In micro-dollars. */
export function fluxPrice({ outputMegapixels, inputMegapixels }: FluxInputs, megapixelMicros: number): number {
  const megapixels = Math.max(1, outputMegapixels) + inputMegapixels;
  return Math.round(megapixels * megapixelMicros);
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const imageFields = ['input_image', ...[2, 3, 4, 5, 6, 7, 8].map((index) => `input_image_${index}`)];

const ranges: readonly { name: string; min: number; max: number; isWhole: boolean }[] = [
  { name: 'width', min: 64, max: 4096, isWhole: true },
  { name: 'height', min: 64, max: 4096, isWhole: true },
  { name: 'steps', min: 1, max: 50, isWhole: true },
  { name: 'guidance', min: 1.5, max: 10, isWhole: false },
  { name: 'safety_tolerance', min: 0, max: 5, isWhole: true },
  { name: 'seed', min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER, isWhole: true },
];

function issuesOf(body: Readonly<Record<string, unknown>>): InputIssue[] {
  const { prompt, prompt_upsampling, output_format } = body;
  return [
    ...(prompt === undefined ? [issue(['prompt'], 'Field required', 'missing')] : []),
    ...(prompt === undefined || typeof prompt === 'string'
      ? []
      : [issue(['prompt'], 'Input should be a valid string')]),
    ...(isAbsent(prompt_upsampling) || typeof prompt_upsampling === 'boolean'
      ? []
      : [issue(['prompt_upsampling'], 'Input should be a valid boolean', 'bool_parsing')]),
    ...(isAbsent(output_format) || ['jpeg', 'png', 'webp'].includes(String(output_format))
      ? []
      : [issue(['output_format'], "Input should be 'jpeg', 'png' or 'webp'", 'enum')]),
    ...ranges.flatMap((range) => rangeIssue(body[range.name], range)),
  ];
}

function rangeIssue(value: unknown, { name, min, max, isWhole }: (typeof ranges)[number]): InputIssue[] {
  if (isAbsent(value)) return [];
  if (typeof value !== 'number') return [issue([name], 'Input should be a valid number', 'float_parsing')];
  if (isWhole && !Number.isInteger(value)) return [issue([name], 'Input should be a valid integer', 'int_from_float')];
  if (value < min) return [issue([name], `Input should be greater than or equal to ${min}`, 'greater_than_equal')];
  return value > max ? [issue([name], `Input should be less than or equal to ${max}`, 'less_than_equal')] : [];
}

function issue(field: readonly string[], msg: string, type = 'value_error'): InputIssue {
  return { type, loc: ['body', ...field], msg };
}

/** A picture by URL counts as one megapixel; null where the text is neither a URL nor a picture in base64. */
function sizeOfImage(value: unknown): Size | null {
  if (typeof value !== 'string') return null;
  if (/^https?:/.test(value)) return { width: 1000, height: 1000 };
  const bytes = decoded(value.slice(value.startsWith('data:') ? value.indexOf(',') + 1 : 0));
  if (bytes === null || bytes.length < 24) return null;
  const view = new DataView(bytes.buffer);
  if (view.getUint32(0) === 0x89504e47) return { width: view.getUint32(16), height: view.getUint32(20) };
  if (view.getUint32(8) === 0x57454250 && bytes.length >= 30) return sizeOfWebp(view);
  const isOther = view.getUint16(0) === 0xffd8 || [0x52494646, 0x47494638].includes(view.getUint32(0));
  return isOther ? { width: 1000, height: 1000 } : null;
}

/** By its first chunk: https://developers.google.com/speed/webp/docs/riff_container */
function sizeOfWebp(view: DataView): Size | null {
  const edge = (place: number) => view.getUint16(place, true) + view.getUint8(place + 2) * 0x10000 + 1;
  switch (view.getUint32(12)) {
    case 0x56503858: // VP8X
      return { width: edge(24), height: edge(27) };
    case 0x5650384c: // VP8L
      return {
        width: (view.getUint32(21, true) & 0x3fff) + 1,
        height: ((view.getUint32(21, true) >> 14) & 0x3fff) + 1,
      };
    case 0x56503820: // VP8
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    default:
      return null;
  }
}

function decoded(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

function numberIn(body: Readonly<Record<string, unknown>>, name: string): number | null {
  const value = body[name];
  return typeof value === 'number' ? value : null;
}

const isAbsent = (value: unknown) => value === undefined || value === null;
/** What a vendor that renders multiples of 16 makes of another size: no adapter of ours may ask for one. */
const multipleBelow = (pixels: number) => Math.floor(pixels / 16) * 16;
