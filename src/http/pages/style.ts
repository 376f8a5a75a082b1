/** The style of all pages, light or dark as the reader has it. */
export const style = `
:root { color-scheme: light dark; --ink: #1c2330; --dim: #5b6575; --line: #dde2ea; --ground: #f6f7f9; --card: #fff; --link: #1f5fd6; --warn: #9a5b00; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e8ef; --dim: #9aa4b5; --line: #2d3543; --ground: #11151c; --card: #191f29; --link: #7fb0ff; --warn: #e3b05c; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
header { display: flex; flex-wrap: wrap; gap: .75rem 1.5rem; align-items: center; padding: .75rem max(1rem, calc(50% - 30rem)); background: var(--card); border-bottom: 1px solid var(--line); }
.home { font-weight: 700; color: var(--ink); }
form { display: flex; flex: 1 1 16rem; gap: .5rem; }
input { flex: 1; min-width: 0; }
input, button { font: inherit; padding: .35rem .7rem; color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: .5rem; }
button { background: var(--link); border-color: var(--link); color: var(--card); cursor: pointer; }
nav a { margin-right: .75rem; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { margin: 0 0 .6rem; font-size: 1.7rem; line-height: 1.2; }
h2 { margin: 2rem 0 .6rem; font-size: 1.1rem; }
p { margin: .4rem 0; }
code { font: .9em ui-monospace, monospace; }
.dim { color: var(--dim); }
.counts { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 1rem 0; padding: 0; list-style: none; }
.counts b { font-size: 1.3rem; }
.cards { margin: 0; padding: 0; list-style: none; display: grid; gap: .75rem; }
.card { padding: .9rem 1.1rem; background: var(--card); border: 1px solid var(--line); border-radius: .7rem; }
.card h3 { margin: 0; font-size: 1.05rem; }
.card p { margin: .15rem 0 0; }
.badge { display: inline-block; padding: 0 .5rem; border: 1px solid var(--line); border-radius: 1rem; font-size: .8rem; color: var(--dim); }
.badge.deprecated, .badge.deleted { color: var(--warn); border-color: var(--warn); }
table { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line); }
th, td { padding: .4rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--dim); font-size: .85rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: .4rem 0 0; }
dt { grid-column: 1; color: var(--dim); }
dd { grid-column: 2; margin: 0; }
`;
