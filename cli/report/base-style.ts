/**
 * What all pages of a run look like: light and dark as the reader's system has it, nothing from
 * elsewhere. On a narrow screen each row of a table is a block, so that nothing scrolls sideways.
 */
export const BASE_STYLE = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#1c2024, #e6e8ea);
  --quiet: light-dark(#5b6470, #9aa4b0);
  --paper: light-dark(#ffffff, #14171a);
  --panel: light-dark(#f5f6f8, #1d2125);
  --line: light-dark(#dde1e6, #31373d);
  --good: light-dark(#1a7f4b, #4cc38a);
  --bad: light-dark(#c62f3b, #ff7b81);
  --pass: light-dark(#8f5a00, #e2b04a);
  --accent: light-dark(#2f6fd6, #7aa9ff);
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body {
  margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 72rem;
  background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif;
}
h1 { font-size: 1.5rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: .95rem; margin: 1.5rem 0 .5rem; }
p { margin: .25rem 0; overflow-wrap: anywhere; }
a { color: var(--accent); }
.quiet { color: var(--quiet); }
.tiles { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem; }
.tile { flex: 1 1 6.5rem; background: var(--panel); border-radius: .5rem; padding: .6rem; font-size: .9rem; overflow-wrap: anywhere; }
.tile b { display: block; font-size: 1.2rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
.good { color: var(--good); } .bad { color: var(--bad); } .pass { color: var(--pass); }
.stack { display: flex; height: .9rem; border-radius: .45rem; overflow: hidden; background: var(--line); margin-top: 1rem; }
.stack i { display: block; }
i.good { background: var(--good); } i.bad { background: var(--bad); } i.pass { background: var(--pass); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
th { font-weight: 600; color: var(--quiet); white-space: nowrap; }
.n { text-align: right; white-space: nowrap; }
.images { display: grid; grid-template-columns: repeat(auto-fill, minmax(7.9rem, 1fr)); gap: .75rem; }
figure { margin: 0; background: var(--panel); border-radius: .5rem; padding: .4rem; font-size: .8rem; min-width: 0; }
figure img, figure .none { display: block; width: 100%; height: 8rem; object-fit: contain; text-align: center; }
figcaption { overflow-wrap: anywhere; margin-top: .3rem; }
figcaption > a, figcaption > span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
nav { display: flex; flex-wrap: wrap; gap: .4rem .75rem; align-items: center; margin: .9rem 0; }
@media (max-width: 44rem) {
  body { padding: 1rem .9rem 3rem; }
  .tile { flex-basis: 7.5rem; padding: .5rem .75rem; }
  .images { grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .4rem; }
  figure { padding: .25rem; }
  figure img, figure .none { height: 5.5rem; }
  figcaption > a, figcaption > span { -webkit-line-clamp: 2; }
  table, tbody, tr, td { display: block; width: auto; }
  thead { display: none; }
  tr { border-bottom: 1px solid var(--line); padding: .5rem 0; }
  td, td.n { border: 0; padding: .05rem 0; text-align: left; white-space: normal; }
  td:empty { display: none; }
  td[data-title]:not([data-title=""])::before { content: attr(data-title) ": "; color: var(--quiet); }
}
`;
