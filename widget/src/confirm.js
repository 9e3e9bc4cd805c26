import { make } from './dom.js';
import { STRINGS } from './strings.js';

/** The question before a chat is cleared. Not the browser's own box: that one stops the page and cannot be read in peace. */
export class Confirm {
  #keep;
  #yes = () => {};

  /** @param {() => void} kept called where the chat is kept */
  constructor(kept) {
    this.kept = kept;
    this.#keep = make('button', { type: 'button', click: () => this.cancel() }, STRINGS.clearNo);
    const yes = make('button', { type: 'button', class: 'danger', click: () => this.#answer() }, STRINGS.clearYes);
    const title = make('h3', { id: 'confirm-title' }, STRINGS.clearTitle);
    const text = make('p', { id: 'confirm-text' }, STRINGS.clearText);
    const attributes = { class: 'confirm', role: 'alertdialog', 'aria-labelledby': 'confirm-title', 'aria-describedby': 'confirm-text' };
    this.element = make('div', { ...attributes, hidden: true }, title, text, make('div', { class: 'confirm-buttons' }, this.#keep, yes));
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /** @param {() => void} yes called where the person wants it */
  ask(yes) {
    this.#yes = yes;
    this.element.hidden = false;
    this.#keep.focus();
  }

  cancel() {
    this.element.hidden = true;
    this.kept();
  }

  #answer() {
    this.element.hidden = true;
    this.#yes();
  }
}
