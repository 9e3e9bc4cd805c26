import { icon, make } from './dom.js';
import { STRINGS, charactersLeft } from './strings.js';

const COUNT_FROM = 400;
/** Where a screen reader hears how much room is left: at each key it would talk over the typing. */
const SPOKEN_AT = [100, 20, 0];

/** Where people type. */
export class Composer {
  #count = make('p', { class: 'count', id: 'count' });
  #spokenLeft = Infinity;

  /**
   * @param {number} most how many characters the server takes
   * @param {(text: string) => void} submit
   * @param {(text: string) => void} announce
   */
  constructor(most, submit, announce) {
    this.most = most;
    this.submit = submit;
    this.announce = announce;
    this.input = this.#textarea();
    const label = make('label', { class: 'hidden', for: 'input' }, STRINGS.inputLabel);
    const send = make('button', { type: 'submit', class: 'send' }, icon('send'), make('span', {}, STRINGS.send));
    const onSubmit = (/** @type {Event} */ event) => (event.preventDefault(), this.#send());
    const row = make('div', { class: 'composer-row' }, label, this.input, send);
    this.element = make('form', { class: 'composer', submit: onSubmit }, this.#count, row);
  }

  #textarea() {
    const attributes = { id: 'input', rows: 1, placeholder: STRINGS.placeholder, 'aria-describedby': 'count', dir: 'auto' };
    const keydown = (/** @type {KeyboardEvent} */ event) => this.#key(event);
    return make('textarea', { ...attributes, enterkeyhint: 'send', input: () => this.#typed(), keydown });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // While a word is being composed (Japanese, Chinese, some phones) Enter chooses it; Safari tells so only by code 229.
    const isComposing = event.isComposing || event.keyCode === 229;
    if (event.key !== 'Enter' || event.shiftKey || isComposing) return;
    event.preventDefault();
    this.#send();
  }

  /** As the server counts: one for each character, also for those that JavaScript counts as two. */
  #left() {
    return this.most - [...this.input.value].length;
  }

  #typed() {
    const left = this.#left();
    this.#count.textContent = left < COUNT_FROM ? charactersLeft(left) : '';
    this.#count.classList.toggle('too-long', left < 0);
    this.input.setAttribute('aria-invalid', String(left < 0));
    const isWorthSaying = SPOKEN_AT.some((mark) => left <= mark && this.#spokenLeft > mark) || (left < 0 && this.#spokenLeft >= 0);
    this.#spokenLeft = left;
    if (isWorthSaying) this.announce(charactersLeft(left));
    this.#grow();
  }

  /** As high as its words; the most is set in the styles. */
  #grow() {
    this.input.style.setProperty('height', 'auto');
    const border = this.input.offsetHeight - this.input.clientHeight;
    this.input.style.setProperty('height', `${this.input.scrollHeight + border}px`);
  }

  #send() {
    const text = this.input.value.trim();
    const isTooLong = this.#left() < 0;
    if (isTooLong) this.announce(charactersLeft(this.#left()));
    if (!text || isTooLong) return this.input.focus();
    this.set('');
    this.submit(text);
  }

  /** @param {string} text */
  set(text) {
    this.input.value = text;
    this.#typed();
  }

  /** @param {string} text words that could not be sent; they must not push away what is being typed */
  giveBack(text) {
    if (!this.input.value.trim()) this.set(text);
  }
}
