import type { Run } from '../../core/model/run.ts';
import { formatBytes, formatCount, formatDollars, formatMs } from '../options/quantities.ts';
import { type Html, html } from './html.ts';

/** Settings whose names or values are not for people. */
const UNITS: Readonly<Record<string, readonly [string, (value: number) => string]>> = {
  timeoutMs: ['timeout', formatMs],
  delayMs: ['delay', formatMs],
  maxCrawlDelayMs: ['maxCrawlDelay', formatMs],
  maxAgeMs: ['maxAge', formatMs],
  maxBytes: ['maxBytes', formatBytes],
  maxTotalBytes: ['maxTotalBytes', orNoLimit(formatBytes)],
  maxCost: ['maxCost', orNoLimit(formatDollars)],
  maxUrls: ['maxUrls', orNoLimit(formatCount)],
  maxPixels: ['maxPixels', formatCount],
  minWidth: ['minWidth', orNoLimit(formatCount)],
  minHeight: ['minHeight', orNoLimit(formatCount)],
  minBytes: ['minBytes', orNoLimit(formatBytes)],
  maxPages: ['maxPages', formatCount],
};

/** How the run visited its URLs. */
export function settingsSection({ settings }: Run): Html {
  const { imagesFolder: _, headers = [], pages = {}, imageWork = {}, ...told } = settings;
  // Their values may be secrets.
  const names = headers.map(({ host, name }) => (host === undefined ? name : `${host} ${name}`));
  const shown = names.length === 0 ? {} : { headers: names };
  const rows = Object.entries({ ...told, ...shown, ...imageWork, ...pages }).map((setting) => {
    const [title, text] = shownSetting(setting);
    return html`<tr><th scope="row">${title}</th><td>${text}</td></tr>`;
  });
  return html`<section><h2>Settings</h2><table class="settings"><tbody>${rows}</tbody></table></section>`;
}

function shownSetting([name, value]: [string, unknown]): readonly [title: string, text: string] {
  const [title, format] = UNITS[name] ?? [name, undefined];
  return [title, typeof value === 'number' && format !== undefined ? format(value) : textOf(value)];
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ') || 'none';
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return members.map((member) => shownSetting(member).join(' ')).join(', ');
}

function orNoLimit(format: (value: number) => string): (value: number) => string {
  return (value) => (value === 0 ? 'no limit' : format(value));
}
