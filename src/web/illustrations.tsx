import type { Child } from 'hono/jsx';

/** What the model is good at, drawn for the page: it says itself that the model made none of them. */
export const illustrations: readonly { readonly caption: string; readonly drawing: Child }[] = [
  { caption: 'Type that is spelled right', drawing: <TypePoster /> },
  { caption: 'Colours by their hex code', drawing: <ColourPoster /> },
  { caption: 'Steps and guidance to turn', drawing: <DialPoster /> },
  { caption: 'Up to ten references in one', drawing: <ReferencePoster /> },
  { caption: 'Prompts as JSON', drawing: <JsonPoster /> },
];

function Sheet({ fill, children }: { readonly fill: string; readonly children?: Child }) {
  return (
    <svg viewBox="0 0 300 400" role="presentation" focusable="false">
      <rect width="300" height="400" fill={fill} />
      {children}
    </svg>
  );
}

function TypePoster() {
  return (
    <Sheet fill="#e8402a">
      <g class="poster-type" fill="#fff6e6">
        <text x="22" y="118" font-size="112">
          Ink
        </text>
        <text x="22" y="218" font-size="112">
          &amp;
        </text>
        <text x="22" y="318" font-size="112">
          air
        </text>
      </g>
      <path d="M24 352h252" stroke="#fff6e6" stroke-width="2" />
      <circle cx="232" cy="190" r="44" fill="#16150f" />
    </Sheet>
  );
}

function ColourPoster() {
  const rows = ['#0b3954', '#087e8b', '#bfd7ea', '#ff5a5f', '#c81d25'];
  return (
    <Sheet fill="#f4f1ea">
      {rows.map((colour, index) => (
        <>
          <rect x="24" y={24 + index * 70} width="252" height="60" fill={colour} />
          <text class="poster-code" x="36" y={60 + index * 70} font-size="17" fill={index === 2 ? '#16150f' : '#fff'}>
            {colour}
          </text>
        </>
      ))}
    </Sheet>
  );
}

function DialPoster() {
  const ticks = Array.from({ length: 51 }, (_, index) => (-135 + index * 5.4) * (Math.PI / 180));
  return (
    <Sheet fill="#1b2430">
      {ticks.map((angle, index) => {
        const [sine, cosine] = [Math.sin(angle), -Math.cos(angle)];
        const inner = index % 10 === 0 ? 86 : 98;
        const point = (radius: number) => `${(150 + sine * radius).toFixed(1)} ${(190 + cosine * radius).toFixed(1)}`;
        return (
          <path
            d={`M${point(inner)}L${point(112)}`}
            stroke={index <= 30 ? '#ffb84d' : '#5b6b80'}
            stroke-width={index % 10 === 0 ? 4 : 2}
          />
        );
      })}
      <circle cx="150" cy="190" r="66" fill="#f4f1ea" />
      <path d="M150 190L176 138" stroke="#1b2430" stroke-width="6" stroke-linecap="round" />
      <text class="poster-code" x="150" y="352" font-size="20" fill="#f4f1ea" text-anchor="middle">
        steps 30 of 50
      </text>
    </Sheet>
  );
}

function ReferencePoster() {
  return (
    <Sheet fill="#d9e4d2">
      <g fill="none" stroke="#16150f" stroke-width="3">
        <rect x="28" y="30" width="104" height="104" fill="#f2b134" />
        <rect x="168" y="30" width="104" height="104" fill="#457b9d" />
        <path d="M80 146v36q0 20 20 20h100q20 0 20-20v-36M150 202v28" />
        <rect x="54" y="234" width="192" height="136" fill="#f4f1ea" />
      </g>
      <circle cx="80" cy="82" r="30" fill="#d1495b" />
      <path d="M182 124l38-62 38 62z" fill="#edf6f9" />
      <circle cx="118" cy="302" r="40" fill="#d1495b" />
      <path d="M138 356l44-72 44 72z" fill="#457b9d" />
    </Sheet>
  );
}

function JsonPoster() {
  const lines = [
    '{',
    '  "subjects": [',
    '    "a lamp",',
    '    "a moth"',
    '  ],',
    '  "mood": "still",',
    '  "palette":',
    '    ["#ffe08a"]',
    '}',
  ];
  return (
    <Sheet fill="#2b2440">
      <circle cx="226" cy="92" r="52" fill="#ffe08a" />
      <path d="M214 196q12-26 24 0q-12 14-24 0" fill="#cbb8ff" />
      {lines.map((line, index) => (
        <text class="poster-code" x="24" y={168 + index * 25} font-size="16" fill="#efe9ff" xml:space="preserve">
          {line}
        </text>
      ))}
    </Sheet>
  );
}
