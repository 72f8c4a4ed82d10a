/** The page's style: light and dark as the reader's system has it, nothing from elsewhere. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#1c2024, #e6e8ea);
  --quiet: light-dark(#5b6470, #9aa4b0);
  --paper: light-dark(#ffffff, #14171a);
  --panel: light-dark(#f5f6f8, #1d2125);
  --line: light-dark(#dde1e6, #31373d);
  --good: light-dark(#1a7f4b, #4cc38a);
  --bad: light-dark(#c62f3b, #ff7b81);
  --pass: light-dark(#a86a00, #e2b04a);
  --accent: light-dark(#2f6fd6, #7aa9ff);
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 72rem;
  background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif;
}
h1 { font-size: 1.5rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: .95rem; margin: 1.5rem 0 .5rem; }
p { margin: .25rem 0; }
a { color: var(--accent); }
.quiet { color: var(--quiet); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin-top: 1.5rem; }
.tile { background: var(--panel); border-radius: .5rem; padding: .75rem 1rem; }
.tile b { display: block; font-size: 1.5rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
.good { color: var(--good); } .bad { color: var(--bad); } .pass { color: var(--pass); }
.stack { display: flex; height: .9rem; border-radius: .45rem; overflow: hidden; background: var(--line); margin-top: 1rem; }
.stack i { display: block; }
i.good { background: var(--good); } i.bad { background: var(--bad); } i.pass { background: var(--pass); }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 0 2.5rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; color: var(--quiet); white-space: nowrap; }
.n { text-align: right; white-space: nowrap; }
.url { overflow-wrap: anywhere; min-width: 14rem; }
.bar { width: 30%; min-width: 6rem; }
.bar i { display: block; height: .7rem; margin-top: .4rem; border-radius: .2rem; background: var(--accent); }
svg { display: block; width: 100%; height: 7rem; background: var(--panel); border-radius: .5rem; }
svg rect { fill: var(--accent); }
.images { display: grid; grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr)); gap: .75rem; }
.images a { display: block; background: var(--panel); border-radius: .5rem; padding: .4rem; font-size: .8rem; text-decoration: none; }
.images img { display: block; width: 100%; height: 7rem; object-fit: contain; }
`;
