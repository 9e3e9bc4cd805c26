import { History } from './history.js';
import { Queue } from './queue.js';
import { Session } from './session.js';

/**
 * Everything between this page and the server: the token, the queue of messages, the history, and what the browser tells
 * about the network and about other tabs. It knows nothing of what is on screen.
 *
 * @typedef {{
 *   state: import('./queue.js').QueueListener['state'],
 *   answer: import('./queue.js').QueueListener['answer'],
 *   newChat: () => void,
 *   otherChat: () => void,
 *   cleared: () => void,
 *   deleted: import('./history.js').HistoryListener['deleted'],
 *   gone: () => void,
 *   online: (isOnline: boolean) => void,
 *   past: import('./history.js').HistoryListener['messages'],
 *   loading: (isLoading: boolean) => void,
 *   remembered: (isRemembered: boolean) => void,
 * }} ConnectionListener `cleared`: by the person in another tab; `deleted`: at the server; `gone`: this page came back by the
 *   back button, and the chat it showed has ended meanwhile
 */
export class Connection {
  #isReached = true;
  #isFollowing = false;
  /** @type {AbortController | null} takes all listeners off at once */
  #listening = null;

  /** @param {string} server @param {ConnectionListener} listener */
  constructor(server, listener) {
    this.listener = listener;
    this.session = new Session(server);
    const { past, deleted, loading } = listener;
    this.history = new History(server, this.session, { messages: past, deleted, loading });
    this.queue = new Queue(server, this.session, {
      state: listener.state,
      answer: (id, body) => this.#answered(id, body),
      reached: (isReached) => this.#reached(isReached),
      newChat: () => this.#newChat(),
      length: (length) => this.#guardLeaving(length > 0),
    });
  }

  get isOnline() {
    return navigator.onLine && this.#isReached;
  }

  start() {
    this.#listening?.abort();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    window.addEventListener('online', () => this.#back(), { signal });
    window.addEventListener('offline', () => this.listener.online(false), { signal });
    window.addEventListener('storage', (event) => this.#otherTab(event), { signal });
    window.addEventListener('pageshow', (event) => this.#shown(event), { signal });
    document.addEventListener('visibilitychange', () => this.#seen(), { signal });
    this.#guardLeaving(this.queue.length > 0);
    this.queue.wake();
    if (this.#isFollowing) void this.history.load();
  }

  stop() {
    this.#listening?.abort();
    this.queue.stop();
    this.history.stop();
    this.#guardLeaving(false);
  }

  /** The chat is on screen now: show what was said before, and follow what other tabs say. */
  follow() {
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    void this.history.load();
  }

  /** @param {string} id @param {string} text */
  send(id, text) {
    this.queue.add(id, text);
  }

  retry() {
    this.queue.wake();
  }

  /** @param {boolean} wanted */
  remember(wanted) {
    this.session.remember(wanted);
  }

  /** Forget the token and every message that was not sent. */
  clear() {
    this.queue.clear();
    this.session.clear();
    this.history.reset();
    this.#reached(true);
  }

  /** @param {boolean} isReached */
  #reached(isReached) {
    this.#isReached = isReached;
    this.listener.online(this.isOnline);
  }

  /** @param {string} id @param {Record<string, any>} body */
  #answered(id, body) {
    this.listener.answer(id, body);
    // The clinic's staff may write here from now on: the history tells when they do.
    if (body.is_handed_off === true && this.#isFollowing) void this.history.load();
  }

  #back() {
    this.listener.online(this.isOnline);
    this.queue.wake();
    if (this.#isFollowing) void this.history.load();
  }

  #seen() {
    if (document.visibilityState !== 'visible') return;
    if (this.#isFollowing) void this.history.load();
    if (!this.#isReached) this.queue.wake();
  }

  /**
   * The back button may bring a page back as it was left, with all words on it, though "Leave quickly" was pressed since.
   *
   * @param {PageTransitionEvent} event
   */
  #shown({ persisted }) {
    if (!persisted) return;
    const goesOn = this.session.reread();
    this.listener.remembered(this.session.remembered);
    if (!goesOn) this.#gone();
    if (this.#isFollowing) void this.history.load();
  }

  #gone() {
    this.queue.clear();
    this.history.reset();
    this.listener.gone();
  }

  #newChat() {
    this.history.reset();
    this.listener.newChat();
  }

  /** @param {StorageEvent} event */
  #otherTab(event) {
    const news = this.session.hear(event);
    this.listener.remembered(this.session.remembered);
    if (news === 'nothing') return;
    if (news !== 'renewed') this.history.reset();
    if (news === 'cleared') this.queue.clear();
    if (news === 'cleared') return this.listener.cleared();
    if (news === 'other chat') this.listener.otherChat();
    if (this.#isFollowing) void this.history.load();
  }

  /**
   * Words that were not sent would be lost with the page, so the browser asks first; only then, it is a nuisance otherwise.
   *
   * @param {boolean} isUnsent
   */
  #guardLeaving(isUnsent) {
    if (isUnsent) window.addEventListener('beforeunload', askFirst);
    else window.removeEventListener('beforeunload', askFirst);
  }
}

/** @param {BeforeUnloadEvent} event */
function askFirst(event) {
  event.preventDefault();
  event.returnValue = true;
}
