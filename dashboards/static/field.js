/* The phone pages: forms become entries of the queue, steps show how far the day is, the line at the top tells whether
   anything waits. Pages come from the server; this script adds what only the phone knows. */
(() => {
  const main = document.getElementById('main');
  const owner = main?.dataset.owner;
  if (!owner) return;
  const language = document.documentElement.lang.startsWith('zh') ? 'zh' : 'en';
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  /* Words of the page's language stand in the page: <template id="words"><span data-word="offline">…</span></template> */
  const words = Object.fromEntries($$('[data-word]', $('#words').content).map(one => [one.dataset.word, one.textContent]));
  const say = (name, values = {}) => Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), words[name] ?? name);
  /* All times are Beijing's, whatever the phone is set to. */
  const clock = moment => new Date(moment).toLocaleTimeString('zh-CN', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hour12: false });
  const typed = text => new Date(`${text}+08:00`);
  const typeable = moment => new Date(moment + 8 * 3_600_000).toISOString().slice(0, 19);
  const set = (element, text) => { if (element && element.textContent !== text) element.textContent = text; };

  /* The number of a label (ISO 7064 MOD 37,36 over city, chance and nothing else), as on the server. */
  const CHECKED = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  function readLabel(text) {
    const bare = text.split('/').at(-1).replace(/[\s-]/g, '').toUpperCase();
    const plain = bare.slice(0, -1).replace(/[IL]/g, '1').replace(/O/g, '0') + bare.slice(-1);
    if (!/^[0-9]{4}[0-9A-HJKMNP-TV-Z]{12}[0-9A-Z]$/.test(plain)) return null;
    let check = 36;
    for (const character of plain.slice(0, -1)) check = (((check + CHECKED.indexOf(character)) % 36 || 36) * 2) % 37;
    return CHECKED[(37 - check) % 36] === plain.at(-1) ? plain.match(/.{1,4}/g).join('-') : null;
  }

  /* Where the phone is; null when it cannot tell within ten seconds. */
  const position = () => new Promise(ok => {
    if (!navigator.geolocation) return ok(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => ok({ longitude: coords.longitude.toFixed(6), latitude: coords.latitude.toFixed(6), accuracyM: Math.ceil(coords.accuracy) }),
      () => ok(null), { enableHighAccuracy: true, timeout: 10_000, maximumAge: 5_000 });
  });

  /* A photo as a JPEG of at most 2,000 pixels, with its hash. */
  async function photoOf(file) {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, 2000 / Math.max(picture.width, picture.height));
    const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
    const photo = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
    return { photo, photoSha256: await Field.uploads.sha256(photo) };
  }

  /* ---- the line at the top ---- */
  let ended = 'done';
  async function showLine() {
    const mine = await Field.entriesOf(owner);
    const waiting = mine.filter(one => one.state === 'waiting').length, refused = mine.length - waiting;
    const last = await Field.read(`last ${owner}`);
    const offline = !navigator.onLine || ended === 'offline';
    document.body.classList.toggle('offline', offline);
    set($('#net'), say(offline ? 'offline' : { 'signed-out': 'signed-out', 'other-account': 'other-account' }[ended] ?? 'online'));
    set($('#waiting'), say('waiting', { n: waiting }));
    set($('#refused'), refused ? say('refused', { n: refused }) : '');
    set($('#last'), last ? say('last', { at: clock(last) }) : say('never'));
    set($('#clock'), clockWarning(await Field.read('clock')));
    const way = $('#sign-in');
    way.hidden = !['signed-out', 'other-account'].includes(ended);
  }

  /* Entries keep the phone's time as it is; whoever enters should know when it is wrong. `ahead` in milliseconds. */
  function clockWarning(ahead) {
    const minutes = Math.round(Math.abs(ahead ?? 0) / 60_000);
    if (minutes <= 2) return '';
    const much = minutes < 120 ? say('minutes', { n: minutes }) : say('hours', { n: Math.round(minutes / 60) });
    return say(ahead > 0 ? 'clock-ahead' : 'clock-behind', { n: much });
  }

  async function send() {
    ended = await Field.send(owner);
    await showLine();
    if (main.dataset.page === 'uploads') await Field.uploads.send(owner);
  }

  /* ---- who enters ---- */
  const person = $('#person');
  async function choosePerson() {
    if (!person) return;
    const known = await Field.read(`person ${owner}`);
    if (known && $$('option', person).some(one => one.value === known)) person.value = known;
    person.addEventListener('change', async () => { await Field.write(`person ${owner}`, person.value); showMine(); });
    showMine();
  }
  function showMine() {
    $$('[data-samplers]').forEach(one => { one.classList.toggle('mine', !!person?.value && one.dataset.samplers.split(' ').includes(person.value)); });
  }

  /* ---- steps ---- */
  async function showSteps() {
    const waiting = await Field.entriesOf(owner), sent = await Field.sentOf(owner);
    for (const list of $$('[data-steps]')) {
      const steps = $$(':scope > [data-step]', list);
      for (const step of steps) {
        const here = one => one.step === step.dataset.step;
        const kept = waiting.find(here), gone = sent.findLast(here);
        const mark = kept ? (kept.state === 'refused' ? 'refused' : 'kept') : gone ? 'gone' : null;
        if (mark) {
          step.dataset.done = mark;
          set($('[data-told]', step), say(`step-${mark}`, { at: clock((kept ?? gone).row.happenedAt) }));
        }
        step.classList.toggle('done', !!step.dataset.done && step.dataset.done !== 'refused');
      }
      const refusal = steps.find(step => [...waiting, ...sent].some(one => one.step === step.dataset.step && one.row.kind === 'REFUSED'));
      if (refusal) list.dataset.over = '1';
      const now = 'over' in list.dataset ? null : steps.find(step => !step.classList.contains('done'));
      steps.forEach(step => {
        const was = step.classList.contains('now');
        step.classList.toggle('now', step === now);
        const fold = $('details', step);
        if (fold && step === now && !was) fold.open = true;
        if (fold && step.classList.contains('done') && was) fold.open = false;
      });
    }
    for (const form of $$('form[data-lasting]')) await showLasting(form);
    await fillLabels([...sent, ...waiting]);
  }

  /* A label that was put on a sample is filled in from then on. */
  async function fillLabels(entries) {
    for (const field of $$('input[data-label-of]')) {
      if (field.value) continue;
      const known = entries.findLast(one => one.row.sampleRef === field.dataset.labelOf && one.row.labelId);
      if (known) field.value = known.row.labelId;
    }
  }

  /* What lasts is begun and ended with two touches; the beginning is kept at once. */
  const running = form => `running ${owner} ${form.closest('[data-step]').dataset.step}`;
  async function showLasting(form) {
    const begun = await Field.read(running(form));
    $('[data-begin]', form).hidden = !!begun;
    $('[data-end]', form).hidden = !begun;
    set($('[data-begun]', form), begun ? say('begun', { at: clock(begun.happenedAt) }) : '');
  }

  /* ---- a form becomes an entry ---- */
  function rowOf(form, button, now) {
    const row = { sourceRef: crypto.randomUUID() };
    for (const [name, value] of new FormData(form, button)) {
      if (typeof value !== 'string' || value === '') continue;
      row[name] = value === 'true' ? true : value === 'false' ? false : value;
    }
    if (form.elements.sampledAt) row.sampledAt = row.sampledAt ? typed(row.sampledAt).toISOString() : now;
    if (row.labelId) row.labelId = readLabel(row.labelId) ?? row.labelId;
    if (form.dataset.kind === 'labelEvents') row.personRef = person.value;
    else row.personRefs = [person.value];
    return row;
  }

  const tell = (form, text) => set($('[data-say]', form), text);

  function sound(form, button) {
    checkSeal(form, button?.value === 'REFUSED');
    const label = $('input[name=labelId]', form);
    label?.setCustomValidity(readLabel(label.value) ? '' : say('label-wrong'));
    person.setCustomValidity(person.value ? '' : say('person-missing'));
    return person.reportValidity() && form.reportValidity();
  }

  async function enter(event) {
    event.preventDefault();
    const form = event.target, button = event.submitter;
    if (form.dataset.busy || !sound(form, button)) return;
    form.dataset.busy = '1';
    try {
      await enterNow(form, button, new Date().toISOString());
    } catch {   /* the browser's room is full: what was typed stays in the form */
      tell(form, say('entry-no-room'));
      $('#live').textContent = say('entry-no-room');
    } finally {
      delete form.dataset.busy;
    }
  }

  async function enterNow(form, button, now) {
    const row = { ...rowOf(form, button, now), happenedAt: now, deviceId: await Field.device() };
    if (row.kind === 'RECEIVED' && ['BADLY_BROKEN', 'MISSING'].includes(row.sealState)) return tell(form, say('not-receivable'));
    if (form.dataset.position !== undefined) {
      tell(form, say('locating'));
      const place = await position();
      Object.assign(row, place);
      tell(form, place ? say('located', { n: place.accuracyM }) : say('not-located'));
    }
    if (button?.dataset.begin !== undefined) {
      await Field.write(running(form), row);
      return showSteps();
    }
    if (button?.dataset.end !== undefined) {
      const begun = await Field.read(running(form));
      Object.assign(row, begun, { endedAt: now });
    }
    const entry = { owner, kind: form.dataset.kind, row, step: form.closest('[data-step]').dataset.step, title: form.closest('[data-title]').dataset.title, about: form.dataset.about ?? '' };
    const file = $('input[type=file]', form)?.files[0];
    if (file) {
      const { photo, photoSha256 } = await photoOf(file);
      entry.photo = photo;
      row.photoSha256 = photoSha256;
    }
    await Field.add(entry);
    if (button?.dataset.end !== undefined) await Field.write(running(form), null);
    $('#live').textContent = say('entered', { what: entry.title });
    $('.step.now summary')?.focus({ preventScroll: true });
    send();
  }

  /* A badly broken or missing seal leaves refusal only; damage and every refusal need a reason. */
  function checkSeal(form, refusing = false) {
    const seal = $('input[name=sealState]:checked', form)?.value;
    const bad = ['BADLY_BROKEN', 'MISSING'].includes(seal);
    const receive = $('button[value=RECEIVED]', form);
    if (receive) receive.hidden = receive.disabled = bad;
    const advice = $('[data-bad-seal]', form);
    if (advice) advice.hidden = !bad;
    const reason = $('textarea[name=reason]', form);
    if (reason) reason.required = bad || refusing || seal === 'DAMAGED';
  }

  /* ---- reading a label with the camera ---- */
  async function scan(button) {
    const field = $(`#${button.dataset.scan}`), stage = $('#scanner'), film = $('video', stage);
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } }).catch(() => null);
    if (!stream) return set($('#live'), say('no-camera'));
    const finder = new BarcodeDetector({ formats: ['qr_code', 'code_128', 'data_matrix'] });
    film.srcObject = stream;
    stage.showModal();
    await film.play();
    while (stage.open) {
      const found = (await finder.detect(film).catch(() => [])).map(one => readLabel(one.rawValue)).find(Boolean);
      if (found) { field.value = found; field.setCustomValidity(''); stage.close(); }
      await new Promise(ok => setTimeout(ok, 150));
    }
    stream.getTracks().forEach(track => track.stop());
    field.focus();
  }

  /* ---- what waits ---- */
  async function showQueue() {
    const list = $('#queue');
    if (!list) return;
    const mine = await Field.entriesOf(owner);
    const others = (await Field.all('entries')).length - mine.length;
    list.replaceChildren(...mine.map(queueLine));
    $('#queue-empty').hidden = mine.length > 0;
    set($('#others'), others ? say('others', { n: others }) : '');
    const sent = (await Field.sentOf(owner)).slice(-20).reverse();
    $('#sent').replaceChildren(...sent.map(sentLine));
  }

  function copy(id) { return $(id).content.firstElementChild.cloneNode(true); }

  function queueLine(entry) {
    const line = copy('#queue-line');
    line.dataset.id = entry.id;
    set($('[data-what]', line), [entry.title, entry.about].filter(Boolean).join(' · '));
    set($('[data-when]', line), clock(entry.row.happenedAt));
    set($('[data-state]', line), say(entry.state === 'refused' ? 'state-refused' : 'state-waiting'));
    line.classList.toggle('refused', entry.state === 'refused');
    const form = $('form', line);
    form.hidden = entry.state !== 'refused';
    for (const problem of entry.problems) {
      const told = document.createElement('li');
      told.textContent = problem[language];
      $('[data-problems]', line).append(told);
      const name = problem.path?.at(-1);
      if (typeof entry.row[name] !== 'string') continue;
      const field = copy('#queue-field');
      set($('span', field), $(`[data-word="${name}"]`, $('#queue-names').content)?.textContent ?? name);
      Object.assign($('input', field), { name, value: entry.row[name] });
      $('[data-fields]', line).append(field);
    }
    form.addEventListener('submit', async event => {
      event.preventDefault();
      if (event.submitter.value === 'give-up') return Field.giveUp(entry.id);
      await Field.again(entry.id, Object.fromEntries(new FormData(form)));
      send();
    });
    return line;
  }

  function sentLine(entry) {
    const line = copy('#sent-line');
    set($('[data-what]', line), [entry.title, entry.about].filter(Boolean).join(' · '));
    set($('[data-when]', line), clock(entry.row.happenedAt));
    set($('[data-state]', line), say('state-sent', { at: clock(entry.sentAt) }));
    $('a', line).href = `/my/receipts/${entry.receipt.id}`;
    for (const problem of entry.warnings) {
      const told = document.createElement('li');
      told.textContent = problem[language];
      $('[data-problems]', line).append(told);
    }
    return line;
  }

  /* ---- recordings ---- */
  async function showUploads() {
    const list = $('#uploads');
    if (!list) return;
    const mine = await Field.uploads.of(owner);
    $('#uploads-empty').hidden = mine.length > 0;
    for (const upload of mine) {
      let line = $(`[data-id="${upload.id}"]`, list);
      if (!line) {
        line = copy('#upload-line');
        line.dataset.id = upload.id;
        list.append(line);
        $('[value=go-on]', line).addEventListener('click', send);
        $('[value=remove]', line).addEventListener('click', async () => { await Field.drop('uploads', upload.id); line.remove(); showUploads(); });
      }
      set($('[data-what]', line), `${upload.about.recordingNo} · ${upload.name}`);
      Object.assign($('progress', line), { max: upload.size, value: upload.sent });
      set($('[data-state]', line), upload.problem?.[language] ?? say(upload.state === 'sent' ? 'upload-sent' : 'upload-part', { n: Math.floor(100 * upload.sent / upload.size) }));
      $('[value=go-on]', line).hidden = upload.state !== 'waiting';
      line.dataset.state = upload.state;
    }
  }

  async function addUpload(event) {
    event.preventDefault();
    const form = event.target, given = new FormData(form), file = given.get('file');
    const started = typed(given.get('startedAt')), finished = typed(given.get('endedAt'));
    if (!(started < finished)) return tell(form, say('times-wrong'));
    const labels = (given.get('labelIds') ?? '').split(/[\s,，、]+/).filter(Boolean);
    if (labels.some(label => !readLabel(label))) return tell(form, say('label-wrong'));
    const device = await Field.device();
    const about = {
      recordingNo: `V-${device.slice(6, 14)}-${Date.now().toString(36).toUpperCase()}`, deviceId: device,
      stage: given.get('stage'), node: given.get('node'), startedAt: started.toISOString(), endedAt: finished.toISOString(),
      completedAt: finished.toISOString(), tags: given.getAll('tags'), labelIds: labels.map(readLabel), note: given.get('note'),
      ...(given.get('taskRef') && { taskRef: given.get('taskRef') }), ...(given.get('purpose') && { purpose: given.get('purpose') }),
      ...(person?.value && { personRefs: [person.value] }),
    };
    try {
      await Field.uploads.add(owner, file, about);
    } catch {
      return tell(form, say('no-room'));
    }
    form.reset();
    send();
  }

  /* The end of a recording is when its file was last written, unless the person says otherwise. */
  function fillTimes(form) {
    const file = $('input[type=file]', form).files[0];
    if (file && !form.elements.endedAt.value) form.elements.endedAt.value = typeable(file.lastModified);
  }

  /* ---- keeping the pages for the day ---- */
  async function keepPages() {
    if (!('serviceWorker' in navigator)) return;
    const before = await Field.read('page owner');
    await navigator.serviceWorker.register('/field/worker.js', { scope: '/field' });
    const ready = await navigator.serviceWorker.ready;
    if (!navigator.onLine) return;
    const keep = ['/static/vendor/sha2.js', '/static/vendor/_md.js', '/static/vendor/_u64.js', '/static/vendor/utils.js',
      ...$$('link[rel=stylesheet],link[rel=icon]').map(one => one.href), ...$$('script[src]').map(one => one.src),
      ...$$('use').map(one => one.getAttribute('href').split('#')[0])];
    const pages = (main.dataset.keep ?? '').split(' ').filter(Boolean);
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { document.body.dataset.kept = '1'; };
    ready.active.postMessage({ keep: [...new Set(keep)], pages, only: pages.length > 0, forget: !!before && before !== owner }, [channel.port2]);
    await Field.write('page owner', owner);
    navigator.storage?.persist?.();
  }

  async function start() {
    $$('form[data-kind]').forEach(form => {
      form.addEventListener('submit', enter);
      form.addEventListener('change', () => checkSeal(form));
      checkSeal(form);
    });
    $$('input[name=labelId]').forEach(field => field.addEventListener('input', () => field.setCustomValidity('')));
    if ('BarcodeDetector' in window) $$('[data-scan]').forEach(button => { button.hidden = false; button.addEventListener('click', () => scan(button)); });
    $('#scanner button')?.addEventListener('click', () => $('#scanner').close());
    const upload = $('#upload-form');
    upload?.addEventListener('submit', addUpload);
    upload?.addEventListener('change', () => fillTimes(upload));
    await choosePerson();
    const show = () => Promise.all([showLine(), showSteps(), showQueue(), showUploads()]);
    let waits = null;
    document.addEventListener('field:changed', () => { waits ??= setTimeout(() => { waits = null; show(); }, 30); });
    addEventListener('online', send);
    addEventListener('offline', showLine);
    document.addEventListener('visibilitychange', () => { if (!document.hidden) send(); });
    setInterval(async () => {   /* nothing is asked for nothing: asking would keep a forgotten session alive */
      const kept = [...await Field.entriesOf(owner), ...(main.dataset.page === 'uploads' ? await Field.uploads.of(owner) : [])];
      if (kept.some(one => one.state === 'waiting')) send();
    }, 15_000);
    await show();
    document.body.dataset.ready = '1';
    await keepPages().catch(error => console.info(error));
    await send();
    document.body.dataset.settled = '1';
  }

  Field.readLabel = readLabel;
  start();
})();
