/** What only the live page has. */
export const WATCH_STYLE = `
.mark::before { content: ""; display: inline-block; width: .6rem; height: .6rem; border-radius: 50%; margin-right: .4rem; background: var(--pass); }
.mark.ok::before { background: var(--good); }
.mark.dead::before, .mark.failing::before { background: var(--bad); }
button { font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--line); border-radius: .4rem; padding: .35rem .9rem; }
button:disabled { opacity: .5; }
#note:empty { display: none; }
`;
