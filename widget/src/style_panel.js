/** The launcher and the frame of the panel. The width of 479.98px stands in fit.js too. */
export const PANEL_STYLE = `
.launcher, .panel { position: fixed; inset-block-end: var(--block-offset); inset-inline-end: var(--inline-offset); z-index: var(--layer); }
:host([side="start"]) :is(.launcher, .panel) { inset-inline-end: auto; inset-inline-start: var(--inline-offset); }
.launcher {
  display: flex; align-items: center; gap: .625em; min-block-size: 3.25em; padding: .5em 1.25em .5em 1em;
  max-inline-size: calc(100vw - 2 * var(--inline-offset)); border-radius: 2em; text-align: start;
  background: var(--accent); color: var(--on-accent); font-weight: 600; box-shadow: var(--shadow);
}
.launcher:hover, .send:hover, .call:hover, .danger:hover { filter: brightness(1.12); }
.launcher:focus-visible { outline-offset: 3px; box-shadow: 0 0 0 3px var(--surface); }
.badge {
  min-inline-size: 1.6em; padding-inline: .4em; border-radius: 1em; background: var(--on-accent); color: var(--accent);
  text-align: center; font-size: .875em;
}
.panel {
  display: flex; flex-direction: column; overflow: hidden;
  inline-size: min(var(--baclofen-chat-width, 410px), 100vw - 2 * var(--inline-offset));
  block-size: min(var(--baclofen-chat-height, 700px), 100vh - 2 * var(--block-offset));
  block-size: min(var(--baclofen-chat-height, 700px), 100dvh - 2 * var(--block-offset));
  background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); box-shadow: var(--shadow);
}
.header { display: flex; align-items: center; gap: .5em; padding: .625em .5em .625em 1em; background: var(--accent); color: var(--on-accent); }
.titles { flex: 1; min-inline-size: 0; }
.titles h2 { font-weight: 650; line-height: 1.25; }
.leave span { max-inline-size: 4.2em; }
.clinic {
  font-size: .8125em; line-height: 1.3; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden;
}
.header-buttons { display: flex; align-items: center; gap: .125em; flex: none; }
.header :focus-visible { outline-color: var(--on-accent); outline-offset: -1px; }
.icon-button, .leave { display: grid; place-items: center; min-inline-size: 44px; min-block-size: 44px; padding: 0; border-radius: calc(var(--radius) * .7); }
.icon-button:hover, .leave:hover { background: rgb(255 255 255 / .14); }
.leave { padding-inline: .625em; border-color: currentColor; font-size: .8125em; font-weight: 600; line-height: 1.15; text-align: start; }
.numbers { flex: none; padding: .5em .75em; background: var(--surface); border-block-end: 1px solid var(--line); }
.numbers-big { display: flex; flex-wrap: wrap; gap: .5em; }
.number {
  flex: 1 1 auto; display: flex; align-items: center; justify-content: center; gap: .5em; min-block-size: 44px; padding: .25em .75em;
  border: 1.5px solid var(--edge); border-radius: calc(var(--radius) * .7); color: var(--text); text-decoration: none; line-height: 1.2;
}
.number b { font-size: 1.125em; }
.number-emergency { background: var(--alarm-fill); border-color: var(--alarm-fill); color: var(--on-alarm); }
.number:hover { text-decoration: underline; }
.numbers-small { display: flex; flex-wrap: wrap; justify-content: center; gap: 0 1.25em; font-size: .8125em; margin-block-start: .25em; }
.numbers-small a { display: inline-block; padding-block: .2em; min-block-size: 24px; color: var(--text); text-decoration: none; white-space: nowrap; }
.numbers-small b { color: var(--link); text-decoration: underline; font-weight: 600; }
.menu { padding: .375em; background: var(--surface); border-block-end: 1px solid var(--line); }
.menu-item, .remember { display: flex; align-items: center; gap: .625em; inline-size: 100%; min-block-size: 44px; padding: .375em .75em; border-radius: calc(var(--radius) * .7); text-align: start; }
.menu-item:hover, .remember:hover { background: var(--raised); }
.remember input { inline-size: 1.25em; block-size: 1.25em; margin: 0; accent-color: var(--accent); flex: none; }
.hint { padding: 0 .75em .5em 2.625em; font-size: .875em; color: var(--soft); }
.confirm { padding: 1em; background: var(--raised); border-block-end: 1px solid var(--line); overflow: auto; flex: 0 1 auto; min-block-size: 6em; }
.confirm h3 { font-weight: 650; margin-block-end: .25em; }
.confirm-buttons { display: flex; flex-wrap: wrap; gap: .5em; margin-block-start: .75em; }
.confirm-buttons button { min-block-size: 44px; padding: .375em 1em; border: 1px solid var(--edge); border-radius: calc(var(--radius) * .7); background: var(--surface); }
.confirm-buttons .danger { background: var(--alarm-fill); border-color: var(--alarm-fill); color: var(--on-alarm); }
.status { flex: none; padding: .5em 1em; font-size: .9375em; background: var(--warn-surface); color: var(--text); border-block-start: 2px solid var(--warn); }
.status a { font-weight: 600; }
.composer { flex: none; padding: .625em .75em .75em; border-block-start: 1px solid var(--line); background: var(--surface); }
.composer-row { display: flex; align-items: flex-end; gap: .5em; }
.composer textarea {
  flex: 1; min-inline-size: 0; min-block-size: 46px; max-block-size: 8.5em; resize: none; padding: .625em .75em; line-height: 1.4;
  background: var(--surface); border: 1px solid var(--edge); border-radius: calc(var(--radius) * .7);
}
.composer textarea::placeholder { color: var(--soft); opacity: 1; }
.composer textarea:focus-visible { outline-offset: 0; }
.send { display: flex; align-items: center; gap: .375em; min-block-size: 46px; padding: .375em .875em; border-radius: calc(var(--radius) * .7); background: var(--accent); color: var(--on-accent); font-weight: 600; }
.count { font-size: .875em; color: var(--soft); text-align: end; }
.count:not(:empty) { margin-block-end: .375em; }
.too-long { color: var(--alarm); font-weight: 600; text-align: start; }
@media (max-width: 479.98px) {
  .panel, :host([side="start"]) .panel {
    inset-inline: 0; inset-block: var(--seen-top, 0px) auto; inline-size: 100%; block-size: 100vh; block-size: var(--seen-height, 100dvh);
    border: 0; border-radius: 0;
  }
  .header { padding-inline-start: .75em; }
}
@media (max-width: 359.98px) {
  .titles h2 { font-size: .9375em; }
  .clinic { font-size: .75em; }
  .number { padding-inline: .25em; }
  .number .icon { display: none; }
  .numbers-small { justify-content: space-between; text-align: center; line-height: 1.35; gap: 0 .5em; }
  .numbers-small b { display: block; }
  .send .icon { display: none; }
}
.panel[data-low] { overflow: auto; scroll-padding-block-start: 5em; }
.panel[data-low] .numbers { display: contents; }
.panel[data-low] .numbers-big { position: sticky; inset-block-start: 0; z-index: 1; padding: .375em .75em; background: var(--surface); border-block-end: 1px solid var(--line); }
.panel[data-low] .numbers-small { padding: .25em .75em; }
.panel[data-low] .log { flex: 1 0 auto; overflow: visible; }
@media print { .launcher { display: none; } }
@media (forced-colors: active) {
  .panel, .message, .launcher, .send, .call, .number, .badge { border: 1px solid; }
  .number-emergency, .call { border-width: 3px; }
  .status { border: 1px solid; }
  [aria-disabled="true"] { color: GrayText; }
}
`;
