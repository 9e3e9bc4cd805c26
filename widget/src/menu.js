import { icon, make } from './dom.js';
import { STRINGS } from './strings.js';

/**
 * What is rarely needed, behind one button. A plain disclosure: role=menu would promise arrow keys and hide the check box.
 *
 * @typedef {{copy: () => void, remember: (wanted: boolean) => void, clear: () => void}} MenuActions
 */
export class Menu {
  #remember;

  /** @param {MenuActions} actions */
  constructor(actions) {
    const change = () => actions.remember(this.#remember.checked);
    this.#remember = make('input', { type: 'checkbox', id: 'remember', 'aria-describedby': 'remember-hint', change });
    const attributes = { type: 'button', class: 'icon-button', 'aria-expanded': 'false', 'aria-controls': 'menu' };
    this.button = make('button', { ...attributes, 'aria-label': STRINGS.menu, click: () => this.toggle() }, icon('menu'));
    this.element = make('div', { class: 'menu', id: 'menu', hidden: true }, ...this.#items(actions));
  }

  /** @param {MenuActions} actions */
  #items({ copy, clear }) {
    const label = make('label', { class: 'remember' }, this.#remember, STRINGS.remember);
    const hint = make('p', { class: 'hint', id: 'remember-hint' }, STRINGS.rememberHint);
    return [this.#item(STRINGS.copy, copy), make('div', {}, label, hint), this.#item(STRINGS.clear, clear)];
  }

  /** @param {string} text @param {() => void} act */
  #item(text, act) {
    const click = () => {
      this.toggle(false);
      this.button.focus();
      act();
    };
    return make('button', { type: 'button', class: 'menu-item', click }, text);
  }

  get isOpen() {
    return !this.element.hidden;
  }

  toggle(isOpen = !this.isOpen) {
    this.element.hidden = !isOpen;
    // The numbers stand between the button and this list, and Tab would go through them first.
    if (isOpen) this.element.querySelector('button')?.focus();
    this.button.setAttribute('aria-expanded', String(isOpen));
  }

  /** @param {boolean} isRemembered */
  remembered(isRemembered) {
    this.#remember.checked = isRemembered;
  }
}
