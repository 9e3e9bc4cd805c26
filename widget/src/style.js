import { MESSAGE_STYLE } from './style_messages.js';
import { PANEL_STYLE } from './style_panel.js';

/*
 * What a page may set, on `baclofen-chat` or on anything around it:
 *   --baclofen-chat-accent          launcher, header, send button, the person's messages (#0b4f5c)
 *   --baclofen-chat-on-accent       text on the accent colour (#fff)
 *   --baclofen-chat-link            links and question buttons (the accent; a lighter one in the dark)
 *   --baclofen-chat-font            font family (the system's)
 *   --baclofen-chat-radius          rounding of panel and buttons (14px)
 *   --baclofen-chat-inline-offset   distance from the end of the line, or from its start with side="start" (20px)
 *   --baclofen-chat-block-offset    distance from the bottom (20px)
 *   --baclofen-chat-width, --baclofen-chat-height   the open panel at most (410px, 700px)
 *   --baclofen-chat-layer           z-index (2147483000)
 * Keep 4.5 to 1 between the accent and the text on it. The red of an emergency cannot be changed.
 */

const LIGHT = `
  --surface: #fff; --raised: #f1f5f6; --text: #14252b; --soft: #47595f; --line: #c3d0d4; --edge: #6b7f86;
  --link: var(--baclofen-chat-link, var(--accent)); --alarm: #a8071a; --alarm-fill: #a8071a; --on-alarm: #fff; --alarm-surface: #fff3f2;
  --warn: #7a4b00; --warn-surface: #fff8e8; --shadow: 0 12px 40px rgb(10 35 42 / .26); --focus: #0b66c3;
`;
const DARK = `
  --surface: #131c20; --raised: #202c31; --text: #e8eff1; --soft: #b3c1c6; --line: #3a4a50; --edge: #86989f;
  --link: var(--baclofen-chat-link, #8cd3df); --alarm: #ff9c94; --alarm-fill: #d0203a; --on-alarm: #fff; --alarm-surface: #33181a;
  --warn: #f3c574; --warn-surface: #2e2615; --shadow: 0 12px 40px rgb(0 0 0 / .6); --focus: #9ecbff;
`;

// `all: initial` keeps the page's styles out, and its font size too: "medium" is the size that the person chose.
const BASE = `
:host { --accent: var(--baclofen-chat-accent, #0b4f5c); --on-accent: var(--baclofen-chat-on-accent, #fff); ${LIGHT} }
@media (prefers-color-scheme: dark) { :host(:not([theme="light"])) { ${DARK} } }
:host([theme="dark"]) { ${DARK} }
.chat {
  all: initial; display: block; color: var(--text); color-scheme: light dark;
  font: medium/1.5 var(--baclofen-chat-font, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif);
  --radius: var(--baclofen-chat-radius, 14px); --layer: var(--baclofen-chat-layer, 2147483000);
  --inline-offset: var(--baclofen-chat-inline-offset, 20px); --block-offset: var(--baclofen-chat-block-offset, 20px);
}
:host([theme="light"]) .chat { color-scheme: light; }
:host([theme="dark"]) .chat { color-scheme: dark; }
.chat *, .chat *::before { box-sizing: border-box; }
[hidden] { display: none !important; }
.hidden {
  position: absolute; inline-size: 1px; block-size: 1px; margin: -1px; padding: 0; border: 0;
  overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
button, textarea, input { font: inherit; color: inherit; }
button, summary, label, input[type="checkbox"] { cursor: pointer; }
button { background: none; border: 1px solid transparent; }
h2, h3, p, ul { margin: 0; font: inherit; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.icon {
  inline-size: 1.375em; block-size: 1.375em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.8;
  stroke-linecap: round; stroke-linejoin: round;
}
`;

const STYLE = BASE + PANEL_STYLE + MESSAGE_STYLE;

/**
 * A constructed sheet is no inline style, so the strictest content policy of a page lets it pass. A browser without it
 * gets a style element, which such a policy may refuse.
 *
 * @param {ShadowRoot} root
 * @returns {boolean} false where the styles are refused: bare, the chat would be worse than the page's own lines
 */
export function applyStyle(root) {
  if ('adoptedStyleSheets' in root) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    return true;
  }
  const element = document.createElement('style');
  element.textContent = STYLE;
  /** @type {ShadowRoot} */ (root).append(element);
  return Boolean(element.sheet?.cssRules.length);
}
