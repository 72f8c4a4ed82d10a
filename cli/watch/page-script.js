// Runs in the browser. All texts come from strangers: they become text nodes and nothing else, and
// an address becomes a link only where it is http or https.
const byId = (id) => document.getElementById(id);
const first = JSON.parse(byId('first').textContent);
const perPage = 24;
const tiles = new Map();
let page = 0;
let shown = first;

/** An element with a class and children; strings are text. */
function make(name, className, ...children) {
  const element = document.createElement(name);
  if (className !== '') element.className = className;
  element.append(...children);
  return element;
}

function link(text, address) {
  if (!/^https?:\/\//i.test(address)) return text;
  const element = make('a', '', text);
  element.href = address;
  element.rel = 'noreferrer noopener';
  element.target = '_blank';
  return element;
}

/** Rows of a table; each cell knows its column's name for narrow screens. */
function fill(id, rows) {
  const section = byId(id);
  section.hidden = rows.length === 0;
  const heads = [...section.querySelectorAll('th')];
  const lines = rows.map((cells) => {
    const line = make('tr', '');
    for (const [at, cell] of cells.entries()) {
      const field = make('td', heads[at].className, cell);
      field.dataset.title = heads[at].textContent;
      line.append(field);
    }
    return line;
  });
  section.querySelector('tbody').replaceChildren(...lines);
}

function showTiles(figures) {
  const made = figures.map(({ name, figure, tone }) =>
    make('div', 'tile', make('b', tone, figure), name),
  );
  byId('tiles').replaceChildren(...made);
}

function showShares(shares) {
  const tones = { succeeded: 'good', failed: 'bad', skipped: 'pass' };
  const parts = Object.entries(tones).map(([status, tone]) => {
    const part = make('i', tone);
    part.style.width = `${100 * shares[status]}%`;
    return part;
  });
  const told = Object.entries(shares).map(
    ([status, share]) => `${status} ${Math.round(100 * share)} %`,
  );
  byId('shares').setAttribute('aria-label', told.join(', '));
  byId('shares').replaceChildren(...parts);
}

function tileOf(picture) {
  const known = tiles.get(picture.id);
  if (known !== undefined) return known;
  const figure = make('figure', '');
  if (picture.isShown) {
    const image = make('img', '');
    image.src = `/picture/${picture.id}`;
    image.alt = '';
    image.loading = 'lazy';
    image.decoding = 'async';
    image.addEventListener('error', () =>
      image.replaceWith(make('p', 'quiet none', 'not to be shown')),
    );
    figure.append(image);
  } else {
    figure.append(make('p', 'quiet none', 'not to be shown'));
  }
  const caption = make(
    'figcaption',
    '',
    link(picture.caption, picture.url),
    make('span', 'quiet', picture.facts),
  );
  if (picture.page !== undefined) caption.append(link(picture.page.text, picture.page.url));
  figure.append(caption);
  tiles.set(picture.id, figure);
  return figure;
}

function showPictures(pictures, count) {
  byId('pictures').hidden = count === 0;
  const figures = pictures.map(tileOf);
  byId('pictures')
    .querySelector('.images')
    .replaceChildren(...figures);
  const wanted = new Set(pictures.map(({ id }) => id));
  for (const id of tiles.keys()) if (!wanted.has(id)) tiles.delete(id);
  const from = page * perPage;
  byId('place').textContent = `${from + 1} to ${from + pictures.length} of the ${count} newest`;
  byId('newer').disabled = page === 0;
  byId('older').disabled = from + pictures.length >= count;
}

function show(state) {
  shown = state;
  byId('state').textContent = state.state;
  byId('sources').textContent = `from ${state.sources}`;
  showTiles(state.tiles);
  showShares(state.shares);
  byId('errors-note').textContent = state.errorsNote;
  byId('hosts-note').textContent = state.hostsNote;
  fill(
    'errors',
    state.errors.map((one) => [one.message, one.where, one.source, one.count, one.lastAt]),
  );
  fill(
    'reasons',
    state.reasons.map((one) => [
      one.reason,
      make('span', one.status === 'failed' ? 'bad' : 'pass', one.status),
      one.count,
      one.about,
    ]),
  );
  fill(
    'hosts',
    state.hosts.map((one) => [
      one.host,
      make('span', `mark ${one.tone}`, one.state),
      one.succeeded,
      one.failed,
      one.skipped,
    ]),
  );
  if (page === 0) showPictures(state.pictures, state.pictureCount);
}

async function turnTo(number) {
  const answer = await fetch(`/pictures?page=${number}`);
  const pictures = await answer.json();
  if (pictures.length === 0) return;
  page = number;
  showPictures(pictures, Math.max(shown.pictureCount, page * perPage + pictures.length));
}

byId('newer').addEventListener('click', () => turnTo(Math.max(0, page - 1)));
byId('older').addEventListener('click', () => turnTo(page + 1));
show(first);

const events = new EventSource('/events');
events.addEventListener('open', () => {
  byId('note').textContent = '';
});
events.addEventListener('message', ({ data }) => show(JSON.parse(data)));
events.addEventListener('error', () => {
  byId('note').textContent = 'no connection to the command, trying again';
});
events.addEventListener('end', () => {
  events.close();
  byId('note').textContent = 'the command has ended: these figures are the last ones';
});
