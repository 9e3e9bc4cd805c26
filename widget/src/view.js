import { Announcer } from './announcer.js';
import { Composer } from './composer.js';
import { Confirm } from './confirm.js';
import { hidden, icon, make } from './dom.js';
import { Fit } from './fit.js';
import { LogView } from './log_view.js';
import { Menu } from './menu.js';
import { numbersBar } from './numbers_view.js';
import { STRINGS, newMessages } from './strings.js';
import { linked } from './text_view.js';

/**
 * The launcher and the panel with all its parts. It shows and tells what the person did; it decides nothing.
 *
 * @typedef {import('./menu.js').MenuActions & {
 *   say: (text: string) => void, ask: (question: import('./contract.js').NextQuestion) => void,
 *   retry: () => void, leave: () => void, toggled: (isOpen: boolean) => void,
 * }} ViewActions
 */
export class View {
  #unread = 0;
  #status = make('div', { class: 'status', hidden: true });
  #notice = make('div', { class: 'status', hidden: true });
  #badge = make('span', { class: 'badge', hidden: true });

  /** @param {import('./contract.js').Settings} settings @param {ViewActions} actions */
  constructor(settings, actions) {
    this.settings = settings;
    this.actions = actions;
    this.announcer = new Announcer();
    this.log = new LogView({ settings, ask: actions.ask, retry: () => this.#retry() });
    this.composer = new Composer(settings.limits.characters, actions.say, (text) => this.announcer.say(text));
    this.menu = new Menu(actions);
    this.confirm = new Confirm(() => this.menu.button.focus());
    this.launcher = this.#launcher();
    this.panel = this.#panel();
    this.fit = new Fit(this.panel);
    // The words of the interface are English whatever the language of the page around it.
    this.element = make('div', { class: 'chat', lang: 'en' }, this.launcher, this.panel, ...this.announcer.elements);
  }

  #launcher() {
    const attributes = { type: 'button', class: 'launcher', 'aria-expanded': 'false', click: () => this.open() };
    return make('button', attributes, icon('chat'), make('span', {}, STRINGS.launcher), this.#badge);
  }

  #panel() {
    const keydown = (/** @type {KeyboardEvent} */ event) => this.#key(event);
    const attributes = { class: 'panel', 'aria-labelledby': 'title', hidden: true, keydown };
    const parts = [this.#header(), numbersBar(this.settings), this.menu.element, this.confirm.element];
    return make('div', attributes, ...parts, this.log.element, this.#notice, this.#status, this.composer.element);
  }

  #header() {
    const title = make('h2', { id: 'title' }, STRINGS.title);
    const name = make('p', { class: 'clinic', dir: 'auto' }, this.settings.clinic.name);
    const leaving = { type: 'button', class: 'leave', 'aria-label': STRINGS.leaveHint, click: this.actions.leave };
    const leave = make('button', leaving, make('span', {}, STRINGS.leave));
    const closing = { type: 'button', class: 'icon-button', 'aria-label': STRINGS.close, click: () => this.close() };
    const buttons = make('div', { class: 'header-buttons' }, leave, this.menu.button, make('button', closing, icon('close')));
    return make('div', { class: 'header' }, make('div', { class: 'titles' }, title, name), buttons);
  }

  get isOpen() {
    return !this.panel.hidden;
  }

  /** @param {boolean} [takesFocus] false where the person did not ask for it just now */
  open(takesFocus = true) {
    this.#show(true);
    this.#count(0);
    this.fit.measure();
    this.actions.toggled(true);
    this.log.scrollToNewest();
    if (takesFocus) this.composer.input.focus();
  }

  /** @param {boolean} [takesFocus] false where the person did not ask for it just now */
  close(takesFocus = true) {
    this.#show(false);
    if (takesFocus) this.launcher.focus();
    this.actions.toggled(false);
  }

  /** No word of the chat stays, neither in sight nor for a screen reader. */
  clear() {
    this.announcer.clear();
    this.composer.set('');
    this.log.greet();
    this.notice('');
    this.#count(0);
  }

  /** @param {boolean} isOpen */
  #show(isOpen) {
    this.panel.hidden = !isOpen;
    this.launcher.hidden = isOpen;
    this.menu.toggle(false);
    if (this.confirm.isOpen) this.confirm.element.hidden = true;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    this.fit.keepFocus(event);
    if (event.key !== 'Escape' || event.isComposing) return;
    event.stopPropagation();
    if (this.confirm.isOpen) return this.confirm.cancel();
    if (!this.menu.isOpen) return this.close();
    this.menu.toggle(false);
    this.menu.button.focus();
  }

  #retry() {
    // The button goes away, and the focus would go with it to the top of the page.
    this.log.element.focus();
    this.actions.retry();
  }

  /** A message came while the panel was closed. */
  countUnread() {
    if (!this.isOpen) this.#count(this.#unread + 1);
  }

  /** @param {number} count */
  #count(count) {
    this.#unread = count;
    this.#badge.hidden = count === 0;
    this.#badge.replaceChildren(String(count), hidden(` (${newMessages(count)})`));
  }

  /** @param {string} text how the connection is; '' where all is well */
  status(text) {
    if (text && this.#status.hidden) this.announcer.say(text);
    this.#fill(this.#status, text);
  }

  /** @param {string} text what happened just now, such as "The transcript was copied."; '' takes it away */
  notice(text) {
    if (text && text !== this.#notice.textContent) this.announcer.say(text);
    this.#fill(this.#notice, text);
  }

  /** @param {HTMLElement} line @param {string} text */
  #fill(line, text) {
    const isAtEnd = this.log.isAtEnd();
    line.hidden = !text;
    line.replaceChildren(make('p', { dir: 'auto' }, ...linked(text, this.settings.numbers)));
    // The line takes its room from the conversation, whose newest message must not slip out of sight.
    if (isAtEnd) this.log.scrollToNewest();
  }
}
