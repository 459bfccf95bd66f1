import type { Child } from 'hono/jsx';
import { DataBlock, Document } from './document';
import type { ToolData } from './tool-data';

export interface ToolPageProps {
  /** Also the name of its script and of its data. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly origin: string;
  readonly data: ToolData<object>;
  /** What stands there without JavaScript. */
  readonly children?: Child;
}

/** A page that its script furnishes. Without it, the page says what it needs, and how to do the same by hand. */
export function ToolPage({ name, title, description, origin, data, children }: ToolPageProps) {
  return (
    <Document
      title={title}
      description={description}
      path={`/${name}`}
      origin={origin}
      scripts={[`/assets/${name}.js`]}
    >
      <main id="main" class="bench">
        <h1 class="unseen">{title}</h1>
        <div id="tool" class="bench-frame" />
        <noscript>
          <div class="note">{children}</div>
        </noscript>
      </main>
      <DataBlock type="application/json" id="tool-data" data={data} />
    </Document>
  );
}
