/* Keeps the phone pages and what they load, so that they open without a network. Data is never kept here: entries lie
   in the browser's database (field-queue.js), and answers to them are never stored. */
const KEPT = 'hengjian-field';
const NEVER = ['/field/me', '/field/push/', '/field/photos/', '/field/worker.js'];

self.addEventListener('install', event => event.waitUntil(self.skipWaiting()));
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));

self.addEventListener('message', event => {
  const { keep = [], pages = [], only = false, forget = false } = event.data ?? {};
  event.waitUntil((async () => {
    if (forget) await dropPages(() => false);
    if (only) await dropPages(path => pages.includes(path));
    const kept = await caches.open(KEPT);
    await Promise.allSettled(keep.map(async address => await kept.match(address) ?? store(kept, address)));
    await Promise.allSettled(pages.map(address => store(kept, address)));
    event.ports[0]?.postMessage('kept');
  })());
});

self.addEventListener('fetch', event => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== 'GET' || address.origin !== location.origin) return;
  if (NEVER.some(start => address.pathname.startsWith(start))) return;
  if (address.pathname.startsWith('/static/')) event.respondWith(asset(request));
  else if (request.mode === 'navigate' && isPage(address.pathname)) event.respondWith(page(request, address));
});

const isPage = path => path === '/field' || path.startsWith('/field/');

async function dropPages(stays) {
  const kept = await caches.open(KEPT);
  for (const request of await kept.keys()) {
    const path = new URL(request.url).pathname;
    if (isPage(path) && !stays(path)) await kept.delete(request);
  }
}

/* Only a page itself is kept, never the sign-in page that an ended session leads to. */
async function store(kept, address) {
  const answer = await fetch(address, { credentials: 'same-origin' });
  if (answer.ok && !answer.redirected) await kept.put(address, answer);
}

/* What bears a fingerprint in its address never changes. */
async function asset(request) {
  const kept = await caches.open(KEPT);
  const found = await kept.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await kept.put(request, answer.clone());
  return answer;
}

/* The newest page while there is a network; the kept one when there is none. */
async function page(request, address) {
  const kept = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    if (answer.ok && answer.type === 'basic' && !answer.redirected) await kept.put(address.pathname, answer.clone());
    return answer;
  } catch (error) {
    return await kept.match(address.pathname, { ignoreVary: true }) ?? await kept.match('/field', { ignoreVary: true }) ?? Promise.reject(error);
  }
}
