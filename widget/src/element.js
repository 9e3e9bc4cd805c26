import { Connection } from './connection.js';
import { numbersOf } from './contract.js';
import { Conversation } from './conversation.js';
import { awaitSettings, fetchSettings, forgetSettings, keptSettings } from './settings.js';
import { tabStore } from './storage.js';
import { STRINGS, offline } from './strings.js';
import { applyStyle } from './style.js';
import { copyText, transcript } from './transcript.js';
import { View } from './view.js';

const NEUTRAL_PAGE = 'https://en.wikipedia.org/wiki/Main_Page';

/**
 * `<baclofen-chat server="https://chat.example.org">…lines for an emergency…</baclofen-chat>`
 *
 * `server`: where the chat's server is; empty for the page's own. `leave-to`: the page that "Leave quickly" goes to.
 * `theme`: light or dark, else as the device says. `side="start"`: the other corner. Colours: see style.js.
 * What stands inside the element is shown until the chat has started, and so wherever it cannot start.
 */
export class BaclofenChat extends HTMLElement {
  /** @type {AbortController | null} while it is on a page */
  #onPage = null;
  /** @type {Connection | null} null until the settings are there, as are the two below */
  #connection = null;
  /** @type {View | null} */
  #view = null;
  /** @type {Conversation | null} */
  #conversation = null;
  #server = '';
  #openKey = '';

  connectedCallback() {
    this.#onPage = new AbortController();
    this.#server = (this.getAttribute('server') || window.location.origin).replace(/\/+$/, '');
    this.#openKey = `baclofen-chat:${this.#server}:open`;
    if (this.#view) this.#start(this.#onPage.signal);
    else void this.#prepare(this.#onPage.signal);
  }

  disconnectedCallback() {
    this.#onPage?.abort();
    this.#connection?.stop();
  }

  /** @param {AbortSignal} signal */
  async #prepare(signal) {
    if (!this.shadowRoot) this.attachShadow({ mode: 'open' }).append(document.createElement('slot'));
    const kept = keptSettings(this.#server);
    // What was kept starts the chat at once; the next page has the newer one.
    if (kept) void fetchSettings(this.#server);
    const settings = kept ?? (await awaitSettings(this.#server, signal));
    if (!settings || signal.aborted || !applyStyle(this.#root)) return;
    this.#build(settings);
    this.#start(signal);
  }

  get #root() {
    return /** @type {ShadowRoot} */ (this.shadowRoot);
  }

  /** @param {import('./contract.js').Settings} settings */
  #build(settings) {
    const view = new View(settings, this.#actions());
    const conversation = new Conversation(settings, view, (id, text) => connection.send(id, text));
    const connection = new Connection(this.#server, this.#listener(conversation, view));
    [this.#view, this.#conversation, this.#connection] = [view, conversation, connection];
    view.menu.remembered(connection.session.remembered);
    this.#root.querySelector('slot')?.setAttribute('hidden', '');
    this.#root.append(view.element);
  }

  /** @param {AbortSignal} signal */
  #start(signal) {
    const [view, connection] = [this.#view, this.#connection];
    if (!view || !connection) return;
    view.fit.start(signal);
    connection.start();
    this.#showOnline(connection.isOnline);
    if (tabStore.get(this.#openKey) === 'yes' && !view.isOpen) view.open(false);
  }

  /**
   * @param {Conversation} conversation
   * @param {View} view
   * @returns {import('./connection.js').ConnectionListener}
   */
  #listener(conversation, view) {
    return {
      state: (id, state, reason) => conversation.state(id, state, reason),
      answer: (id, body) => conversation.answer(id, body),
      newChat: () => this.#newChat(),
      otherChat: () => conversation.begin(),
      cleared: () => this.#cleared(),
      deleted: () => conversation.deleted(),
      gone: () => this.#gone(),
      online: (isOnline) => this.#showOnline(isOnline),
      past: (messages) => conversation.past(messages),
      loading: (isLoading) => this.#showLoading(isLoading),
      remembered: (isRemembered) => view.menu.remembered(isRemembered),
    };
  }

  /** @returns {import('./view.js').ViewActions} */
  #actions() {
    return {
      say: (text) => this.#say(text),
      ask: ({ payload, title }) => this.#say(payload, title),
      retry: () => this.#connection?.retry(),
      copy: () => void this.#copy(),
      remember: (wanted) => this.#connection?.remember(wanted),
      clear: () => this.#view?.confirm.ask(() => this.#clear()),
      leave: () => this.#leave(),
      toggled: (isOpen) => this.#toggled(isOpen),
    };
  }

  /** @param {string} text @param {string} [title] */
  #say(text, title) {
    this.#view?.notice('');
    this.#conversation?.say(text, title);
  }

  /** @param {boolean} isOpen */
  #toggled(isOpen) {
    if (isOpen) tabStore.set(this.#openKey, 'yes');
    else tabStore.remove(this.#openKey);
    if (isOpen) this.#connection?.follow();
  }

  #newChat() {
    this.#conversation?.begin();
    this.#view?.notice(STRINGS.newChat);
  }

  /** @param {boolean} isLoading */
  #showLoading(isLoading) {
    this.#view?.log.loading(isLoading);
    if (!isLoading && !this.#conversation?.turns.length) this.#view?.log.greet();
  }

  /** @param {boolean} isOnline */
  #showOnline(isOnline) {
    const view = this.#view;
    if (!view) return;
    const number = numbersOf(view.settings, 'emergency')[0]?.text ?? '';
    this.#conversation?.online(isOnline);
    view.status(isOnline ? '' : offline(navigator.onLine, number));
  }

  async #copy() {
    const [view, conversation] = [this.#view, this.#conversation];
    if (!view || !conversation) return;
    const isCopied = await copyText(transcript(conversation.turns, view.settings), view.element);
    view.notice(isCopied ? STRINGS.copied : STRINGS.notCopied);
  }

  #clear() {
    this.#connection?.clear();
    this.#cleared();
    this.#view?.composer.input.focus();
  }

  #cleared() {
    this.#empty();
    this.#view?.notice(STRINGS.cleared);
  }

  /** Without a word: who sees the page now may be somebody else. */
  #gone() {
    this.#empty();
    if (this.#view?.isOpen && tabStore.get(this.#openKey) !== 'yes') this.#view.close(false);
  }

  /** Nothing of the chat is on screen any more. */
  #empty() {
    this.#conversation?.clear();
    this.#view?.clear();
  }

  /** No question and no trace: somebody may be coming into the room. The page does not stay behind the back button. */
  #leave() {
    this.#view?.element.remove();
    this.#connection?.clear();
    this.#connection?.remember(false);
    this.#connection?.stop();
    this.#conversation?.clear();
    tabStore.remove(this.#openKey);
    forgetSettings(this.#server);
    window.location.replace(this.#neutralPage());
  }

  #neutralPage() {
    const wanted = this.getAttribute('leave-to') ?? '';
    return /^(https?:)?\//.test(wanted) ? wanted : NEUTRAL_PAGE;
  }
}

// The script may stand on a page more than once.
if (!window.customElements.get('baclofen-chat')) window.customElements.define('baclofen-chat', BaclofenChat);
