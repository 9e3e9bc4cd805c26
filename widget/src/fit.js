/**
 * How the panel fits the window, as far as styles alone cannot say it.
 */

/** Below this height the panel scrolls as a whole: header, numbers and input would leave no room for the conversation. */
const LOW_PX = 430;

/** The same width is in the styles. */
const narrow = window.matchMedia('(max-width: 479.98px)');

export class Fit {
  /** @param {HTMLElement} panel */
  constructor(panel) {
    this.panel = panel;
    this.resized = new ResizeObserver(() => this.measure());
  }

  /** Called on opening too: what scrolls must be known before something is scrolled to. */
  measure() {
    this.panel.toggleAttribute('data-low', this.panel.offsetHeight < LOW_PX);
  }

  /** Starts to follow the window until the signal ends it. @param {AbortSignal} signal */
  start(signal) {
    const adapt = () => this.#adapt();
    this.resized.observe(this.panel);
    narrow.addEventListener('change', adapt, { signal });
    window.visualViewport?.addEventListener('resize', adapt, { signal });
    window.visualViewport?.addEventListener('scroll', adapt, { signal });
    signal.addEventListener('abort', () => this.resized.disconnect());
    adapt();
  }

  #adapt() {
    this.#role(narrow.matches);
    this.#keepAboveKeyboard(narrow.matches);
  }

  /**
   * Beside the page the panel is a labelled region: a screen reader finds it among the landmarks and reads it with its
   * usual keys, and the page stays in reach. Where it covers the page it is a modal dialog, or a finger would swipe into
   * what lies unseen behind it.
   *
   * @param {boolean} coversPage
   */
  #role(coversPage) {
    this.panel.setAttribute('role', coversPage ? 'dialog' : 'region');
    if (coversPage) this.panel.setAttribute('aria-modal', 'true');
    else this.panel.removeAttribute('aria-modal');
  }

  /**
   * The keyboard of a phone covers the page without making it smaller: the numbers would be pushed out of sight.
   *
   * @param {boolean} coversPage
   */
  #keepAboveKeyboard(coversPage) {
    const viewport = window.visualViewport;
    const isFollowed = coversPage && viewport && viewport.scale < 1.05;
    const { style } = this.panel;
    style.setProperty('--seen-height', isFollowed ? `${viewport.height}px` : null);
    style.setProperty('--seen-top', isFollowed ? `${viewport.offsetTop}px` : null);
  }

  /**
   * Where the panel covers the page, Tab goes round in it: the focus would be on something that is not in sight.
   *
   * @param {KeyboardEvent} event
   */
  keepFocus(event) {
    if (event.key !== 'Tab' || !narrow.matches) return;
    const all = this.#focusable();
    const [end, start] = event.shiftKey ? [all[0], all[all.length - 1]] : [all[all.length - 1], all[0]];
    const root = /** @type {ShadowRoot} */ (this.panel.getRootNode());
    if (root.activeElement !== end) return;
    event.preventDefault();
    start.focus();
  }

  #focusable() {
    const kinds = 'a[href], button, input, textarea, summary, [tabindex="0"]';
    const all = /** @type {NodeListOf<HTMLElement>} */ (this.panel.querySelectorAll(kinds));
    return [...all].filter((element) => element.getClientRects().length);
  }
}
