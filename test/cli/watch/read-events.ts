import type { WatchState } from '../../../cli/watch/watch-state.ts';

/** What a stream of events says: a state, or that there will be no more. */
export type WatchEvent =
  | { readonly kind: 'state'; readonly state: WatchState }
  | { readonly kind: 'end' };

/** The events of a live page, as a browser takes them apart; ends with its connection. */
export async function* readEvents(url: string, signal?: AbortSignal): AsyncGenerator<WatchEvent> {
  const { body, status } = await fetch(new URL('/events', url), { signal });
  if (body === null || status !== 200) throw new Error(`no events: HTTP ${status}`);
  let text = '';
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      if (lines.includes('event: end')) yield { kind: 'end' };
      const data = lines.find((line) => line.startsWith('data: {'));
      if (data !== undefined) yield { kind: 'state', state: JSON.parse(data.slice(6)) };
    }
  }
}

/** The first state that is so; throws when there are no more. */
export async function untilState(
  events: AsyncGenerator<WatchEvent>,
  isSo: (state: WatchState) => boolean,
): Promise<WatchState> {
  for (;;) {
    // Not by `for await`: the generator goes on after the state that is looked for.
    const next = await events.next();
    if (next.done === true || next.value.kind === 'end') throw new Error('no more states');
    if (isSo(next.value.state)) return next.value.state;
  }
}
