/** Loaded before a sample that prints nothing: tells what each of its calls of `fetch` was answered. */
const send = globalThis.fetch;

/** @type {typeof fetch} */
globalThis.fetch = async (...request) => {
  const response = await send(...request);
  console.log(JSON.stringify({ status: response.status, body: await response.clone().text() }));
  return response;
};
