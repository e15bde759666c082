/* What was entered on this phone: kept in the browser's database until the server has answered, sent in order, once.

   An entry belongs to the account that entered it and is sent under no other. It bears its own key and, from its first
   sending on, its place in the stream of this device; after a cut it is sent again as it was, and the server answers
   again what it answered before. A refused entry stays, with the reason, until somebody deals with it. */
window.Field = (() => {
  const NAME = 'hengjian-field', PATIENCE = 60_000, REMEMBERED = 300;
  let opened;

  const database = () => opened ??= new Promise((ok, no) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore('entries', { keyPath: 'id', autoIncrement: true });
      asked.result.createObjectStore('uploads', { keyPath: 'id', autoIncrement: true });
      asked.result.createObjectStore('sent', { keyPath: 'id' });
      asked.result.createObjectStore('state');
    };
    asked.onsuccess = () => ok(asked.result);
    asked.onerror = () => no(asked.error);
  });

  const result = request => new Promise((ok, no) => {
    request.onsuccess = () => ok(request.result);
    request.onerror = () => no(request.error);
  });

  /* Runs `work` over the named stores in one transaction; what it gave, once the transaction is on disk. */
  async function within(names, mode, work) {
    const transaction = (await database()).transaction(names, mode, { durability: 'strict' });
    const done = new Promise((ok, no) => {
      transaction.oncomplete = ok;
      transaction.onabort = transaction.onerror = () => no(transaction.error);
    });
    done.catch(() => null);   /* told by the line below, or by what went wrong before it */
    const given = await work(...names.map(name => transaction.objectStore(name)));
    await done;
    return given;
  }

  const read = name => within(['state'], 'readonly', state => result(state.get(name)));
  const write = (name, value) => within(['state'], 'readwrite', state => result(value === null ? state.delete(name) : state.put(value, name)));
  const all = name => within([name], 'readonly', store => result(store.getAll()));
  const put = (name, one) => within([name], 'readwrite', store => result(store.put(one)));
  const drop = (name, id) => within([name], 'readwrite', store => result(store.delete(id)));

  /* The device's own name, made once. */
  async function device() {
    const made = `phone-${crypto.randomUUID()}`;
    return within(['state'], 'readwrite', async state => {
      const known = await result(state.get('device'));
      if (!known) await result(state.put(made, 'device'));
      return known ?? made;
    });
  }

  const changed = () => document.dispatchEvent(new CustomEvent('field:changed'));
  const entriesOf = async owner => (await all('entries')).filter(entry => entry.owner === owner);
  const sentOf = async owner => (await all('sent')).filter(entry => entry.owner === owner);

  /* One entry to send: `kind` the register, `row` one row of it as the API takes it. */
  async function add(entry) {
    const id = await put('entries', { ...entry, key: crypto.randomUUID(), sequence: null, state: 'waiting', problems: [], enteredAt: new Date().toISOString() });
    changed();
    return id;
  }

  /* A refused entry is sent again, corrected; the refused attempt left its place in the stream free. */
  async function again(id, corrected = {}) {
    const entry = (await all('entries')).find(one => one.id === id);
    if (!entry || entry.state !== 'refused') return;
    await put('entries', { ...entry, row: { ...entry.row, ...corrected }, key: crypto.randomUUID(), sequence: null, state: 'waiting', problems: [] });
    changed();
  }

  /* A refused entry that somebody gives up. */
  async function giveUp(id) {
    await drop('entries', id);
    changed();
  }

  /* Whose session it is: {owner, csrf}, or why there is none: 'offline', 'signed-out', 'later'. */
  async function session() {
    try {
      const asked = Date.now();
      const answer = await request('/field/me');
      if (answer.ok) {
        const me = await answer.json();
        await write('clock', Math.round((asked + Date.now()) / 2 - Date.parse(me.now))).catch(() => null);
        return me;
      }
      return answer.status === 401 ? 'signed-out' : 'later';
    } catch {
      return 'offline';
    }
  }

  const request = (address, options = {}) => fetch(address, {
    credentials: 'same-origin', cache: 'no-store', signal: AbortSignal.timeout(PATIENCE), ...options,
    headers: { accept: 'application/json', ...options.headers },
  });

  /* Sends what waits, one entry after the other; one window of this browser at a time. How it ended: 'done', 'offline',
     'signed-out', 'other-account' or 'later'. */
  const send = owner => navigator.locks.request('hengjian-field-queue', async () => {
    const signed = await session();
    if (typeof signed === 'string') return signed;
    if (signed.owner !== owner) return 'other-account';
    let ended = 'done';
    for (let entry = await next(owner); entry && ended === 'done'; entry = await next(owner)) {
      ended = await sendOne(entry, signed).catch(error => (error instanceof TypeError || error.name === 'TimeoutError') ? 'offline' : 'later');
      changed();
    }
    return ended;
  });

  const next = async owner => (await entriesOf(owner)).find(entry => entry.state === 'waiting');
  const counter = entry => `sequence ${entry.owner} ${entry.kind}`;

  async function sendOne(entry, signed) {
    const headers = { 'x-csrf-token': signed.csrf, 'x-field-owner': entry.owner };
    if (entry.photo) {
      const kept = await request(`/field/photos/${entry.row.photoSha256}`, { method: 'PUT', body: entry.photo, headers: { ...headers, 'content-type': 'image/jpeg' } });
      if (!kept.ok) return failed(entry, kept);
    }
    if (entry.sequence === null) {
      entry.sequence = await read(counter(entry)) ?? 1;
      await put('entries', entry).catch(() => null);   /* no room: it is the same number next time */
    }
    const push = { idempotencyKey: entry.key, stream: entry.row.deviceId, sequence: entry.sequence, rows: [entry.row] };
    const answer = await request(`/field/push/${entry.kind}`, { method: 'POST', body: JSON.stringify(push), headers: { ...headers, 'content-type': 'application/json' } });
    if (!answer.ok) return failed(entry, answer);
    const told = await answer.json();
    if (!told.receipt) return misfit(entry, told.userErrors[0]);
    const problems = told.rows.flatMap(row => row.problems);
    return told.receipt.state === 'REFUSED' ? refuse(entry, problems.filter(one => !one.warning)) : accept(entry, told.receipt, problems);
  }

  async function failed(entry, answer) {
    if (answer.status === 401) return 'signed-out';
    if (answer.status >= 500 || answer.status === 429) return 'later';
    const told = await answer.json().catch(() => ({ code: `HTTP ${answer.status}`, zh: `HTTP ${answer.status}`, en: `HTTP ${answer.status}` }));
    if (told.code === 'OTHER_ACCOUNT') return 'other-account';
    return told.code === 'FOREIGN_FORM' ? 'later' : refuse(entry, [told]);
  }

  async function misfit(entry, error) {
    if (error.retryable) return 'later';
    if (error.code !== 'SEQUENCE_REUSED' || !Number(error.expected)) return refuse(entry, [error]);
    await write(counter(entry), Number(error.expected));
    await put('entries', { ...entry, sequence: null });
    return 'done';
  }

  async function refuse(entry, problems) {
    await put('entries', { ...entry, sequence: null, state: 'refused', problems });
    return 'done';
  }

  async function accept(entry, receipt, warnings) {
    const { photo, ...kept } = entry;
    const take = remembered => within(['entries', 'sent', 'state'], 'readwrite', async (entries, sent, state) => {
      entries.delete(entry.id);
      if (remembered) sent.put({ ...kept, receipt, warnings, sentAt: new Date().toISOString() });
      state.put(entry.sequence + 1, counter(entry));
      state.put(new Date().toISOString(), `last ${entry.owner}`);
      const ids = await result(sent.getAllKeys());
      ids.slice(0, Math.max(0, ids.length - REMEMBERED)).forEach(id => sent.delete(id));
    });
    await take(true).catch(() => take(false));   /* no room to remember it: what was taken still leaves */
    return 'done';
  }

  return { add, again, giveUp, send, session, request, device, read, write, all, put, drop, entriesOf, sentOf, changed };
})();
