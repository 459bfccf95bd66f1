/** A poster by plain fetch: order it, then ask how it stands until it is there. */
const service = document.querySelector('meta[name=fluxgate]');
const headers = { authorization: `Bearer ${service.dataset.key}`, 'x-key': service.dataset.key };
const form = document.querySelector('#press');
const news = document.querySelector('#news');

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { words, ink, paper, seed } = Object.fromEntries(new FormData(form));
  const prompt = `A screen-printed poster that says "${words.toUpperCase()}" in ${ink} on ${paper}, bold flat shapes`;
  const order = { prompt, seed: Number(seed), width: 768, height: 1024, output_format: 'webp' };
  form.setAttribute('aria-busy', 'true');
  try {
    await showSheet(await printed(order), words);
    news.textContent = 'Printed. The same words, colours and seed are this very sheet again.';
    showLive(order, words);
  } catch (error) {
    news.textContent = error.message;
  }
  form.removeAttribute('aria-busy');
});

/** The picture's URL, once there is one. */
async function printed(order) {
  const response = await fetch(`${service.content}/v1/flux-2-flex`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(order),
  });
  const answer = await response.json();
  if (!response.ok)
    throw new Error(answer.detail?.[0]?.msg ?? answer.detail ?? `The press answered ${response.status}.`);
  // One that was printed before is there at once.
  const stored = response.headers.get('x-fluxgate-picture');
  if (stored) return stored;
  for (;;) {
    const task = await (await fetch(`${service.content}/v1/tasks/${answer.id}`, { headers })).json();
    if (task.picture) return task.picture.url;
    if (task.error) throw new Error(task.error.message);
    news.textContent = `Printing: ${Math.round(task.progress * 100)} %`;
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
}

async function showSheet(url, words) {
  const sheet = Object.assign(new Image(768, 1024), { src: url, alt: `A poster that says ${words}` });
  await sheet.decode();
  document.querySelector('#sheet').replaceChildren(sheet);
}

/** The component orders it by itself: it is stored by now, and costs nothing. */
function showLive({ prompt, seed, width, height }, words) {
  const picture = document.createElement('flux-image');
  const attributes = { prompt, seed, width, height, alt: `The same poster: ${words}`, key: service.dataset.key };
  for (const [name, value] of Object.entries(attributes)) picture.setAttribute(name, value);
  document.querySelector('#live').replaceChildren(picture);
}
