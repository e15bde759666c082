/* The only script of our own. Everything works without it; it draws charts in view, moves the focus and adds keys. */

const load = src => new Promise((ok, no) => {
  const s = document.createElement('script');
  s.src = src; s.onload = ok; s.onerror = no;
  document.head.append(s);
});

/* Charts wake up when they come into view; until then the server's SVG of the same specification is shown.
   `ast: true` evaluates without eval, so the content security policy stays strict. */
const base = document.currentScript?.dataset.vendor ?? '/static/vendor/';
let libraries;
const vega = () => libraries ??= load(base + 'vega.min.js').then(() => load(base + 'vega-lite.min.js')).then(() => load(base + 'vega-embed.min.js'));

async function draw(figure) {
  const plot = figure.querySelector('.plot');
  const spec = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
  await vega();
  await document.fonts.ready;
  const box = document.createElement('div');
  box.className = 'plot';
  box.setAttribute('aria-hidden', 'true');   /* the figure is described, and its rows stand in the table */
  box.style.visibility = 'hidden';
  box.style.position = 'absolute';
  box.style.width = plot.offsetWidth + 'px';
  figure.prepend(box);
  try {
    await vegaEmbed(box, spec, { renderer: 'svg', actions: false, ast: true, defaultStyle: false, tooltip: { disableDefaultStyle: true } });
    box.style.visibility = box.style.position = box.style.width = '';
    plot.remove();
    figure.dataset.drawn = '1';
  } catch (error) {
    box.remove();   /* the server's drawing stays */
    console.warn(error);
  }
}

const seen = new IntersectionObserver(entries => entries.forEach(entry => {
  if (!entry.isIntersecting) return;
  seen.unobserve(entry.target);
  draw(entry.target).catch(() => {});
}), { rootMargin: '200px' });
const watch = root => root.querySelectorAll('figure.chart[data-vega]:not([data-drawn])').forEach(f => seen.observe(f));
watch(document);

/* What a desk has room for starts folded on a phone. */
const fold = root => { if (innerWidth <= 640) root.querySelectorAll('details[data-wide]').forEach(one => { one.open = false; }); };
fold(document);

/* Keys: "/" searches, J and K go to the next and the previous case, Escape closes an open menu. */
document.addEventListener('keydown', event => {
  if (event.key === 'Escape') {
    const menu = document.activeElement?.closest('details.menu[open]');
    if (menu) { menu.open = false; menu.querySelector('summary').focus(); }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || /INPUT|TEXTAREA|SELECT/.test(document.activeElement?.tagName ?? '')) return;
  if (event.key === '/') {
    const search = document.querySelector('.find input');
    if (search?.offsetParent) { event.preventDefault(); search.focus(); }
  }
  const way = { j: 'next', k: 'prev' }[event.key.toLowerCase()];
  if (way) document.querySelector(`a[rel="${way}"]`)?.click();
});
document.addEventListener('click', event => {
  document.querySelectorAll('details.menu[open]').forEach(menu => { if (!menu.contains(event.target)) menu.open = false; });
  if (event.target.closest('[data-print]')) window.print();
});

/* One box chooses every finding of the page; without the script each is chosen by itself. */
const chooseAll = root => root.querySelectorAll('[data-choose-all]').forEach(label => { label.hidden = false; });
chooseAll(document);
document.addEventListener('change', event => {
  const all = event.target.closest('[data-choose-all]');
  const form = all?.closest('form');
  if (form) for (const one of form.elements) if (one.type === 'checkbox' && one.name === 'no') one.checked = event.target.checked;
});

/* After a partial update the reader's place is its heading, and screen readers hear the new count. */
document.addEventListener('htmx:before:request', () => document.getElementById('results')?.setAttribute('aria-busy', 'true'));
const settled = () => {
  const results = document.getElementById('results');
  if (!results) return;
  results.removeAttribute('aria-busy');
  watch(results);
  fold(results);
  chooseAll(results);
  if (document.activeElement === document.body) results.focus({ preventScroll: true });
  const live = document.getElementById('live');
  const count = results.querySelector('[data-count]');
  if (live && count) live.textContent = count.textContent;
};
document.addEventListener('htmx:after:swap', settled);
const failed = () => {
  const results = document.getElementById('results');
  results?.removeAttribute('aria-busy');
  const notice = document.getElementById('failed');
  if (notice) { notice.hidden = false; notice.focus(); }
};
document.addEventListener('htmx:response:error', failed);
document.addEventListener('htmx:error', failed);

/* An error summary takes the focus when the page opens. */
document.getElementById('problems')?.focus();
