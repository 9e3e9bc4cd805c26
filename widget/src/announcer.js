import { make } from './dom.js';

/** Long enough for a slow screen reader to have fetched the words; afterwards they would be read twice when browsing. */
const KEEP_MS = 10_000;

/**
 * What a screen reader says by itself: each new message once and without its sources, an emergency before anything else.
 */
export class Announcer {
  #polite = make('div', { class: 'hidden', 'aria-live': 'polite' });
  #urgent = make('div', { class: 'hidden', role: 'alert' });

  get elements() {
    return [this.#polite, this.#urgent];
  }

  /** What was said lately must not be read any more. */
  clear() {
    for (const region of this.elements) region.replaceChildren();
  }

  /** @param {string} text */
  say(text) {
    speak(this.#polite, text);
  }

  /** @param {string} text */
  sayNow(text) {
    speak(this.#urgent, text);
  }
}

/** @param {HTMLElement} region @param {string} text */
function speak(region, text) {
  const words = make('p', {}, text);
  region.append(words);
  setTimeout(() => words.remove(), KEEP_MS);
}
