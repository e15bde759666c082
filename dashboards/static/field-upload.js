/* Recordings on their way from this phone, part by part (tus 1.0.0); after a cut or a reload they go on where the server
   says that they are. The file itself lies in the browser's database until all of it has arrived. */
Field.uploads = (() => {
  const PART = 1 << 19, READ = 4 << 20, VERSION = '1.0.0';
  const own = { 'tus-resumable': VERSION };
  const encoded = text => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

  /* SHA-256 piece by piece: a recording does not fit into a phone's memory. */
  async function sha256(file, told) {
    const { sha256: maker } = await import('/static/vendor/sha2.js');
    const hash = maker.create();
    for (let at = 0; at < file.size; at += READ) {
      hash.update(new Uint8Array(await file.slice(at, at + READ).arrayBuffer()));
      told?.(Math.min(file.size, at + READ));
    }
    return [...hash.digest()].map(octet => octet.toString(16).padStart(2, '0')).join('');
  }

  async function add(owner, file, about) {
    const id = await Field.put('uploads', { owner, file, name: file.name, size: file.size, about, sha256: null, place: null, sent: 0, state: 'waiting', problem: null });
    Field.changed();
    return id;
  }

  const of = async owner => (await Field.all('uploads')).filter(one => one.owner === owner);

  async function keep(upload, changes) {
    Object.assign(upload, changes);
    await Field.put('uploads', upload);
    Field.changed();
  }

  /* Sends all that wait, one file after the other; how it ended, as for entries. */
  const send = owner => navigator.locks.request('hengjian-field-uploads', async () => {
    let ended = 'done';
    for (const upload of await of(owner)) {
      if (upload.state !== 'waiting' || ended !== 'done') continue;
      const signed = await Field.session();
      if (typeof signed === 'string') return signed;
      if (signed.owner !== owner) return 'other-account';
      const headers = { ...own, 'x-csrf-token': signed.csrf };
      ended = await sendOne(upload, headers).catch(() => 'offline');
    }
    return ended;
  });

  async function sendOne(upload, headers) {
    if (!upload.sha256) await keep(upload, { sha256: await sha256(upload.file) });
    const begun = upload.place
      ? await Field.request(upload.place, { method: 'HEAD', headers })
      : await Field.request('/my/uploads', { method: 'POST', headers: { ...headers, 'upload-length': String(upload.size), 'upload-metadata': `sha256 ${encoded(upload.sha256)},about ${encoded(JSON.stringify(upload.about))}` } });
    if (!begun.ok) return failed(upload, begun);
    await keep(upload, { place: upload.place ?? begun.headers.get('location'), sent: Number(begun.headers.get('upload-offset')) });
    while (upload.sent < upload.size) {
      const part = upload.file.slice(upload.sent, upload.sent + PART);
      const answer = await Field.request(upload.place, { method: 'PATCH', body: part, headers: { ...headers, 'upload-offset': String(upload.sent), 'content-type': 'application/offset+octet-stream' } });
      if (!answer.ok && answer.status !== 409) return failed(upload, answer);
      await keep(upload, { sent: Number(answer.headers.get('upload-offset')) });
    }
    await keep(upload, { state: 'sent', file: null });
    return 'done';
  }

  async function failed(upload, answer) {
    if (answer.status === 401) return 'signed-out';
    if (answer.status >= 500 || answer.status === 429) return 'later';
    if (answer.status === 404 && upload.place) {
      await keep(upload, { place: null, sent: 0 });
      return 'later';
    }
    const told = await answer.json().catch(() => null);
    if (told?.code === 'FOREIGN_REQUEST') return 'later';
    await keep(upload, { state: 'refused', problem: { zh: told?.messageZh ?? `HTTP ${answer.status}`, en: told?.messageEn ?? `HTTP ${answer.status}` } });
    return 'done';
  }

  return { add, of, send, sha256 };
})();
