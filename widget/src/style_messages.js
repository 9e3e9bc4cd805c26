/** The conversation. */
export const MESSAGE_STYLE = `
.log { flex: 1; min-block-size: 0; overflow-y: auto; overscroll-behavior: contain; padding: 1em; overflow-wrap: anywhere; }
.log:focus-visible { outline-offset: -3px; }
.intro { font-size: .875em; color: var(--soft); margin-block-end: 1em; }
.intro p { display: flex; gap: .5em; }
.intro .icon { inline-size: 1.25em; block-size: 1.25em; margin-block-start: .1em; }
.intro .hours { margin-block-start: .375em; padding-inline-start: 1.75em; }
.line { padding-block: .5em; font-size: .875em; color: var(--soft); text-align: center; }
.turn { margin-block-end: 1.125em; }
.said { display: flex; flex-direction: column; align-items: flex-end; margin-block-end: .75em; }
.message { border: 1px solid transparent; border-radius: var(--radius); padding: .625em .875em; }
.message p { white-space: pre-line; }
.message :is(p, ul) + :is(p, ul) { margin-block-start: .625em; }
.message ul { padding-inline-start: 1.25em; }
.person { max-inline-size: 88%; background: var(--accent); color: var(--on-accent); border-end-end-radius: 4px; }
.bot { background: var(--raised); border-end-start-radius: 4px; margin-block-end: .5em; inline-size: fit-content; max-inline-size: 96%; }
.staff { background: var(--surface); border-color: var(--link); }
.bot a { font-weight: 600; }
.bot h3 { display: flex; align-items: center; gap: .5em; margin-block-end: .375em; font-weight: 700; }
.level-emergency, .level-advisory { inline-size: auto; max-inline-size: none; border-end-start-radius: var(--radius); }
.level-emergency { background: var(--alarm-surface); border: 3px solid var(--alarm); }
.level-emergency h3 { font-size: 1.125em; color: var(--alarm); }
.level-advisory { background: var(--warn-surface); border: 2px solid var(--warn); }
.level-advisory h3 { color: var(--warn); }
.calls { display: grid; gap: .5em; margin-block: .625em .75em; }
.bot .call {
  display: flex; align-items: center; justify-content: center; gap: .5em; min-block-size: 3.25em; padding: .5em 1em;
  border: 1px solid transparent; border-radius: calc(var(--radius) * .7); background: var(--alarm-fill); color: var(--on-alarm);
  font-size: 1.125em; font-weight: 700; text-decoration: none;
}
.message .notice { margin-block-start: .75em; padding-block-start: .5em; border-block-start: 1px solid var(--line); font-size: .875em; color: var(--soft); }
.sources { margin-block-start: .5em; font-size: .875em; }
.sources summary { display: list-item; inline-size: fit-content; min-block-size: 28px; padding-block: .2em; color: var(--link); font-weight: 600; }
.sources li + li { margin-block-start: .5em; }
.sources li { line-height: 1.45; }
.read-on { color: var(--soft); white-space: nowrap; }
.questions { display: flex; flex-wrap: wrap; gap: .5em; margin-block-start: .75em; }
.questions button {
  min-block-size: 44px; padding: .375em .875em; border: 1px solid var(--edge); border-radius: 1.5em; text-align: start; line-height: 1.3;
  background: var(--surface); color: var(--link); font-weight: 600; font-size: .9375em;
}
.questions button:hover { border-color: var(--link); text-decoration: underline; }
.questions button[aria-disabled="true"] { color: var(--soft); border-style: dashed; font-weight: 400; cursor: default; text-decoration: none; }
.meta { display: flex; flex-wrap: wrap; align-items: center; gap: 0 .5em; margin-block-start: .25em; font-size: .8125em; color: var(--soft); }
.state-refused, .state-waiting { color: var(--text); max-inline-size: 100%; }
.retry { min-block-size: 32px; padding: .125em .625em; border: 1px solid var(--alarm); border-radius: 1em; color: var(--alarm); font-weight: 600; }
.typing { display: inline-flex; gap: .3em; padding: .875em 1em; border-radius: var(--radius); background: var(--raised); }
.typing i { inline-size: .5em; block-size: .5em; border-radius: 50%; background: var(--soft); }
@media (prefers-reduced-motion: no-preference) {
  .typing i { animation: wait 1.2s infinite ease-in-out; }
  .typing i:nth-of-type(2) { animation-delay: .15s; }
  .typing i:nth-of-type(3) { animation-delay: .3s; }
}
@keyframes wait { 0%, 60%, 100% { opacity: .35; } 30% { opacity: 1; } }
@media (forced-colors: active) {
  .message { border: 1px solid; }
  .level-emergency { border-width: 4px; }
  .level-advisory { border-width: 2px; }
  .bot .call { border: 3px solid; }
  .typing i { background: CanvasText; }
}
`;
