'use strict';
(() => {
  const report = JSON.parse(document.getElementById('data').textContent);
  const statuses = ['failed', 'malformed', 'known', 'passed', 'not_supported', 'not_attempted'];
  const page = 200; // cases that are put into the document at once
  const byId = id => document.getElementById(id);
  const words = text => text.replaceAll('_', ' ');
  const number = x => (typeof x === 'string' ? x : x === 0 ? '0' : Math.abs(x) >= 1e5 || Math.abs(x) < 1e-3 ? x.toExponential(3) : String(+x.toPrecision(4)));
  const family = name => (name.includes('/') ? name.slice(0, name.indexOf('/')) : name);

  /** An element with attributes and children; text is never read as markup. */
  function make(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children.filter(child => child !== null));
    return node;
  }

  // --- what there is ---------------------------------------------------------------------------
  const entries = report.subjects.flatMap((subject, s) =>
    subject.cases.map(one => ({
      s, one, family: family(one.name),
      words: [one.name, one.tcId, one.mechanism, one.status, one.comment, one.reason, one.stage?.stage ?? '', one.stage?.what ?? '', ...one.flags, ...one.tensors.flatMap(t => t.guesses ?? [])].join(' ').toLowerCase(),
    })));
  // What is wrong comes first; otherwise the order of the suite.
  entries.sort((a, b) => statuses.indexOf(a.one.status) - statuses.indexOf(b.one.status));
  const families = [...new Set(entries.map(entry => entry.family))].sort();

  // --- the head --------------------------------------------------------------------------------
  byId('suite').textContent = report.suite;
  const outcome = report.malformed ? ['malformed', 'Something handed in could not be judged.']
    : report.failed ? ['failed', 'Something is wrong.']
    : report.nothingRun ? ['malformed', 'Nothing was judged, or something required is absent.']
    : ['passed', 'Everything that was judged is right.'];
  byId('outcome').className = outcome[0];
  byId('outcome').textContent = outcome[1];
  for (const sentence of [...report.absent, ...report.notes]) byId('notes').append(make('li', {}, sentence));

  byId('theme').setAttribute('aria-pressed', matchMedia('(prefers-color-scheme: dark)').matches);
  byId('theme').addEventListener('click', () => {
    const dark = byId('theme').getAttribute('aria-pressed') !== 'true';
    byId('theme').setAttribute('aria-pressed', dark);
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  });

  // --- implementations -------------------------------------------------------------------------
  function card(subject) {
    const total = subject.cases.length || 1;
    const share = make('div', { class: 'share', 'aria-hidden': 'true' });
    const list = make('dl');
    for (const status of statuses) {
      const count = subject.counts[status];
      const part = make('i');
      part.style.width = `${(100 * count) / total}%`;
      part.style.background = `var(--${status})`;
      share.append(part);
      list.append(make('dt', {}, words(status)), make('dd', { class: count ? status : '' }, String(count)));
    }
    list.append(make('dt', {}, 'elements'), make('dd', {}, `${subject.counts.elements} in ${subject.counts.tensors} tensors`),
      make('dt', {}, 'error/bound'), make('dd', {}, `at most ${number(subject.tightness)}`));
    const loud = subject.gates.filter(gate => gate.outcome === 'fail' || gate.outcome === 'warning');
    const quiet = subject.gates.filter(gate => !loud.includes(gate));
    list.append(...loud.flatMap(gateLine));
    const rest = make('details', {}, make('summary', {}, `${quiet.length} lines of the gates G2 and G3 that do not fail`), make('dl', {}, ...quiet.flatMap(gateLine)));
    return make('article', { class: 'card' }, make('h3', {}, `${subject.subject} (${subject.class})`), make('div', {}, subject.description), share, list, ...(quiet.length ? [rest] : []));
  }
  const gateLine = gate => [make('dt', {}, `${gate.gate} ${gate.tensor}`), make('dd', { class: gate.outcome === 'fail' ? 'failed' : '' }, gate.text)];
  report.subjects.forEach((subject, s) => {
    byId('subjects').append(card(subject));
    byId('subject').append(make('option', { value: s }, `${subject.subject} (${subject.class})`));
  });

  // --- families --------------------------------------------------------------------------------
  const judged = entry => entry.one.status === 'passed' || entry.one.status === 'failed' || entry.one.status === 'malformed';
  const seen = families.filter(name => entries.some(entry => entry.family === name && judged(entry)));
  const unseen = families.filter(name => !seen.includes(name));

  const cells = new Map();
  for (const entry of entries.filter(judged)) {
    const key = `${entry.s} ${entry.family}`;
    const cell = cells.get(key) ?? { judged: 0, passed: 0 };
    cell.judged += 1;
    cell.passed += entry.one.status === 'passed' ? 1 : 0;
    cells.set(key, cell);
  }

  function matrix(names) {
    const head = make('tr', {}, make('th', { scope: 'col' }, 'family'), ...report.subjects.map(it => make('th', { scope: 'col' }, it.subject)));
    const body = names.map(name => {
      const row = make('tr', {}, make('th', { scope: 'row' }, name));
      report.subjects.forEach((subject, s) => {
        const of = cells.get(`${s} ${name}`) ?? { judged: 0, passed: 0 };
        const text = of.judged ? `${of.passed} of ${of.judged}` : '\u00b7';
        const button = make('button', { type: 'button', class: of.passed < of.judged ? 'failed' : of.judged ? 'passed' : 'not_attempted', 'aria-label': `${name}, ${subject.subject}: ${of.judged ? `${text} passed` : 'nothing judged'}` }, text);
        button.addEventListener('click', () => {
          byId('family').value = name;
          byId('subject').value = s;
          show();
          byId('cases').focus();
          byId('cases').scrollIntoView();
        });
        row.append(make('td', {}, button));
      });
      return row;
    });
    return make('table', {}, make('thead', {}, head), make('tbody', {}, ...body));
  }
  for (let from = 0; from < seen.length; from += 16) byId('matrix').append(matrix(seen.slice(from, from + 16)));
  if (unseen.length) byId('unseen').textContent = `Nothing was judged of ${unseen.join(', ')}.`;
  for (const name of families) byId('family').append(make('option', { value: name }, name));

  // --- histograms ------------------------------------------------------------------------------
  const svg = (tag, attributes, text) => {
    const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const boundLabel = c => (c === 0 ? '<-7' : c === 17 ? '>8' : String(c - 8));
  const ulpLabel = c => (c === 0 ? '0' : c === 1 ? '<0' : c === 19 ? '>16' : String(c - 2));

  /** Bars whose height goes by the logarithm of the count, so that one bad element among thousands is seen. */
  function bars(title, counts, label, over) {
    const width = 14, height = 54, top = Math.log1p(Math.max(1, ...counts));
    const told = counts.map((count, c) => (count ? `${label(c)}: ${count}` : '')).filter(Boolean).join(', ');
    const picture = svg('svg', { viewBox: `0 0 ${width * counts.length} ${height + 24}`, role: 'img', 'aria-label': `${title}, by powers of 2: ${told || 'none'}` });
    picture.append(svg('text', { x: 0, y: 9 }, title));
    counts.forEach((count, c) => {
      const tall = count ? Math.max(2, ((height - 12) * Math.log1p(count)) / top) : 0;
      const bar = svg('rect', { x: c * width + 1, y: height + 10 - tall, width: width - 2, height: tall, class: c >= over ? 'over' : '' });
      bar.append(svg('title', {}, `2^${label(c)}: ${count}`));
      picture.append(bar);
      if ((c % 3 === 0 && c < counts.length - 2) || c === counts.length - 1) picture.append(svg('text', { x: c * width + width / 2, y: height + 20, 'text-anchor': 'middle' }, label(c)));
    });
    return picture;
  }
  const histogram = of => [bars('error / bound', of.bound, boundLabel, 8), bars('ulps', of.ulps, ulpLabel, 99)];
  /** Drawn when it is opened: those of many implementations are a hundred thousand bars. */
  for (const subject of report.subjects.filter(it => Object.keys(it.histograms).length)) {
    const tensors = Object.entries(subject.histograms);
    const grid = make('div', { class: 'grid' });
    const fold = make('details', {}, make('summary', {}, `${subject.subject} (${subject.class}): ${tensors.length} kinds of tensors`), grid);
    fold.addEventListener('toggle', () => {
      if (fold.open && !grid.firstChild) {
        grid.append(...tensors.map(([tensor, of]) => make('article', { class: 'card' }, make('h3', {}, tensor), ...histogram(of))));
      }
    });
    byId('errors').append(fold);
    fold.open = report.subjects.length === 1;
  }

  // --- one case --------------------------------------------------------------------------------
  function heat(of) {
    const names = Object.keys(of.rows);
    if (!names.length) return null;
    const table = make('table', { class: 'heat' }, make('caption', {}, `Failing elements by head and ${of.token} block of ${of.block}`));
    table.append(make('tr', {}, make('th', { scope: 'col' }, 'head'), ...of.elements.map((_, c) => make('th', { scope: 'col' }, String(c)))));
    for (const name of names) {
      const row = make('tr', {}, make('th', { scope: 'row' }, name));
      of.rows[name].forEach((count, c) => {
        const cell = make('td', { title: `${count} of ${of.elements[c]}` }, count ? String(count) : '');
        if (count) cell.style.background = `color-mix(in srgb, var(--failed) ${Math.round(25 + (60 * count) / of.elements[c])}%, transparent)`;
        row.append(cell);
      });
      table.append(row);
    }
    if (of.clean) table.append(make('tr', {}, make('th', { scope: 'row' }, `${of.clean} heads clean`)));
    return make('div', { class: 'wide' }, table);
  }

  function elements(tensor) {
    const rows = tensor.worst.map(it => make('tr', {}, make('td', {}, Object.entries(it.index).map(pair => pair.join(' ')).join(', ')),
      ...[it.value, it.golden, it.bound, it.ratio, it.ulps].map(x => make('td', {}, number(x)))));
    const head = make('tr', {}, ...['worst at', 'result', 'golden', 'bound', 'error/bound', 'ulps'].map(name => make('th', { scope: 'col' }, name)));
    return make('div', { class: 'wide' }, make('table', {}, head, ...rows));
  }

  function inside(one) {
    const box = make('div', { class: 'inside' });
    box.append(make('div', {}, `case ${one.tcId}, ${one.mechanism} `, ...one.flags.map(flag => make('span', { class: 'flag' }, flag))));
    if (one.reason) box.append(make('p', {}, one.reason));
    if (one.stage) box.append(make('p', { class: 'guess' }, one.stage.stage === 'none' ? 'Stage: no single one explains it'
      : `Stage: ${words(one.stage.stage)}: ${one.stage.what}`), make('p', {}, one.stage.where));
    for (const [tensor, why] of Object.entries(one.unsupported)) box.append(make('p', { class: 'not_supported' }, `${tensor}: ${why}`));
    if (one.tensors.length) {
      const rows = one.tensors.map(t => make('tr', {}, make('td', {}, t.name), make('td', {}, String(t.elements)), make('td', { class: t.failing ? 'failed' : '' }, String(t.failing)), make('td', {}, number(t.tightness)), make('td', {}, number(t.rms))));
      const head = make('tr', {}, ...['tensor', 'elements', 'failing', 'error/bound', 'rms'].map(name => make('th', { scope: 'col' }, name)));
      box.append(make('div', { class: 'wide' }, make('table', {}, head, ...rows)));
    }
    for (const tensor of one.tensors.filter(t => t.failing)) {
      box.append(make('h3', {}, tensor.name), ...tensor.guesses.map(guess => make('p', { class: 'guess' }, `Looks like: ${guess}`)),
        elements(tensor), ...[heat(tensor.heat)].filter(Boolean), make('div', { class: 'card' }, ...histogram(tensor.histogram)));
    }
    box.append(make('pre', {}, one.replay));
    return box;
  }

  function line(entry) {
    const { one } = entry;
    const wrong = one.tensors.filter(t => t.failing).map(t => t.name).join(', ');
    const about = [report.subjects.length > 1 ? report.subjects[entry.s].subject : '', wrong && `wrong: ${wrong}`, one.comment].filter(Boolean).join('. ');
    const details = make('details', { class: 'case' }, make('summary', {}, make('span', { class: one.status }, words(one.status)), make('span', { class: 'name' }, one.name), make('span', { class: 'about' }, about)));
    details.addEventListener('toggle', () => {
      if (details.open && details.childElementCount === 1) details.append(inside(one));
    });
    return details;
  }

  // --- search and filter -----------------------------------------------------------------------
  for (const status of statuses) {
    const count = entries.filter(entry => entry.one.status === status).length;
    const box = make('input', { type: 'checkbox', value: status });
    box.checked = true;
    byId('statuses').append(make('label', {}, box, make('span', { class: status }, `${words(status)} ${count}`)));
  }
  let found = [], shown = 0;

  function more() {
    const until = Math.min(found.length, shown + page);
    byId('cases').append(...found.slice(shown, until).map(line));
    shown = until;
    byId('more').hidden = shown === found.length;
    byId('count').textContent = found.length === 0 ? 'No case fits.' : `${found.length} of ${entries.length} cases, ${shown} shown`;
  }

  function show() {
    const asked = byId('text').value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Set([...byId('statuses').querySelectorAll('input:checked')].map(box => box.value));
    const { value: subject } = byId('subject');
    const { value: kind } = byId('family');
    found = entries.filter(entry => wanted.has(entry.one.status) && (subject === '' || entry.s === Number(subject)) && (kind === '' || entry.family === kind) && asked.every(word => entry.words.includes(word)));
    shown = 0;
    byId('cases').replaceChildren();
    more();
  }
  byId('filter').addEventListener('input', show);
  byId('filter').addEventListener('submit', event => event.preventDefault());
  byId('more').addEventListener('click', more);
  show();
})();
