import { BASE_STYLE } from './base-style.ts';

/** The style of a report's pages. */
export const REPORT_STYLE = `${BASE_STYLE}
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 0 2.5rem; }
.bar { width: 20%; min-width: 4rem; }
.bar i { display: block; height: .7rem; margin-top: .4rem; border-radius: .2rem; background: var(--accent); }
svg { display: block; width: 100%; height: 7rem; background: var(--panel); border-radius: .5rem; }
svg rect { fill: var(--accent); }
details { margin: .75rem 0; }
summary { cursor: pointer; }
@media (max-width: 44rem) { .bar { display: none; } }
`;
