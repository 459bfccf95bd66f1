import type { ServerResponse } from 'node:http';

/** Has HTML changed before it is sent, where a server has no better place for that. All else goes as it comes. */
export function changeHtml(response: ServerResponse, change: (html: string) => Promise<string>): void {
  const { writeHead, write, end } = response;
  const parts: Buffer[] = [];
  const isHtml = () => !response.headersSent && /^text\/html\b/i.test(String(response.getHeader('content-type')));
  const asItWas = () => Object.assign(response, { writeHead, write, end });
  const held = {
    // Its length is another than is said here, and what is sent cannot be taken back.
    writeHead: (status: number, ...rest: unknown[]) => {
      const [headers = {}] = rest;
      const isRecord = rest.length < 2 && typeof headers === 'object' && !Array.isArray(headers);
      if (!isRecord) return Reflect.apply(writeHead, asItWas(), [status, ...rest]);
      for (const [name, value] of Object.entries(Object(headers))) response.setHeader(name, value as string);
      response.statusCode = status;
      return isHtml() ? response : asItWas().writeHead(status);
    },
    write: (...given: unknown[]) => {
      if (!isHtml()) return Reflect.apply(write, asItWas(), given);
      parts.push(bytesOf(given[0]));
      return true;
    },
    end: (...given: unknown[]) => {
      if (!isHtml()) return Reflect.apply(end, asItWas(), given);
      parts.push(bytesOf(given[0]));
      change(Buffer.concat(parts).toString()).then(
        (html) => {
          response.removeHeader('content-length');
          asItWas().end(html);
        },
        (thrown) => response.destroy(thrown),
      );
      return response;
    },
  };
  Object.assign(response, held);
}

/** Of what may be written at once: text, bytes, or nothing but a callback. */
function bytesOf(chunk: unknown): Buffer {
  return typeof chunk === 'string' || chunk instanceof Uint8Array ? Buffer.from(chunk as string) : Buffer.alloc(0);
}
