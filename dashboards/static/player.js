/* The player of the review page. Without this file every mark is a link that opens the page at its second. */

const film = document.querySelector('video[data-player]');
const marks = [...document.querySelectorAll('a[data-mark]')];
const clips = [...document.querySelectorAll('a[data-clip]')];

/* Without script the source carries #t=; browsers honour it, but a page that comes back from history may not. */
const start = Number(film?.dataset.start ?? 0);
film?.addEventListener('loadedmetadata', () => { if (start && Math.abs(film.currentTime - start) > 0.5) film.currentTime = start; });

const tell = text => { const live = document.getElementById('live'); if (live) live.textContent = text; };

function jump(link) {
  film.currentTime = Number(link.dataset.at) / 1000;
  marks.forEach(one => one.removeAttribute('aria-current'));
  link.setAttribute('aria-current', 'true');
  tell(link.textContent.trim());
}

document.addEventListener('click', event => {
  const link = event.target.closest('a[data-at]');
  if (!link || !film || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  jump(link);
});

/* The next or the previous mark of this clip, else that of the neighbouring clip, which opens it. */
function step(way) {
  const now = film ? Math.round(film.currentTime * 1000) : 0;
  const current = marks.findIndex(one => one.getAttribute('aria-current'));
  const own = marks.map((one, n) => [one, n]).filter(([one]) => one.dataset.at !== undefined);
  const stays = current >= 0 && Math.abs(Number(marks[current].dataset.at) - now) < 100;
  let n;
  if (stays) n = current + way;
  else if (way > 0) n = own.find(([one]) => Number(one.dataset.at) > now)?.[1] ?? (own.at(-1)?.[1] ?? marks.length) + 1;
  else n = own.findLast(([one]) => Number(one.dataset.at) < now)?.[1] ?? (own[0]?.[1] ?? 0) - 1;
  marks[n]?.click();
}

document.addEventListener('keydown', event => {
  const at = document.activeElement;
  if (event.ctrlKey || event.metaKey || event.altKey || /INPUT|TEXTAREA|SELECT/.test(at?.tagName ?? '')) return;
  const key = event.key.toLowerCase();
  if (/^[1-9]$/.test(key)) { clips[Number(key) - 1]?.click(); return; }
  if (key === 'j') { step(1); return; }
  if (key === 'k') { step(-1); return; }
  if (!film) return;
  if (key === ' ' && !/BUTTON|SUMMARY/.test(at?.tagName ?? '')) {
    event.preventDefault();
    if (film.paused) film.play().catch(() => {}); else film.pause();
  }
  if ((key === 'arrowleft' || key === 'arrowright') && !at?.closest('.tw')) {
    event.preventDefault();
    film.currentTime = Math.max(0, film.currentTime + (key === 'arrowleft' ? -5 : 5));
  }
});
