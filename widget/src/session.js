import { newId } from './ids.js';
import { deviceStore, parsed, tabStore } from './storage.js';

/** Written for a moment when a chat is cleared, so that other tabs clear it too; a token that only expires says nothing. */
const CLEARED = 'cleared';

/**
 * The token of this chat and where it is kept: in this tab, or on the device where the person asked for that.
 * No word of the conversation is ever stored, only the token that lets the server tell it again.
 *
 * @typedef {{token: string, expires: number, chat: string}} Kept `chat` tells two conversations apart, tokens change all the time
 */
export class Session {
  remembered = false;
  /** @type {Kept | null} */
  #kept = null;
  #tokenKey;
  #rememberKey;

  /** @param {string} server */
  constructor(server) {
    this.#tokenKey = `baclofen-chat:${server}:token`;
    this.#rememberKey = `baclofen-chat:${server}:remember`;
    this.#read();
  }

  #read() {
    this.remembered = deviceStore.get(this.#rememberKey) === 'yes';
    this.#kept = (this.remembered && usable(deviceStore.get(this.#tokenKey))) || usable(tabStore.get(this.#tokenKey));
    if (!this.#kept) this.#unstore();
  }

  /**
   * For a page that comes back as it was left: what was done meanwhile stands in the stores.
   *
   * @returns {boolean} whether the chat it shows can still be gone on with
   */
  reread() {
    const shown = this.chat;
    this.#read();
    return this.token !== null && this.chat === shown;
  }

  /** @returns {string | null} null where there is none, or where it has expired */
  get token() {
    return this.#kept && this.#kept.expires > Date.now() ? this.#kept.token : null;
  }

  /** Which conversation this is; it outlives an expired token. '' where there was none. */
  get chat() {
    return this.#kept?.chat ?? '';
  }

  /** @param {Record<string, any>} answer */
  begin(answer) {
    this.#keep(answer, newId());
    this.#save();
  }

  /**
   * @param {Record<string, any>} answer
   * @param {string} chat the one that was asked in; another that was begun meanwhile keeps its own token
   */
  renew(answer, chat) {
    if (chat !== this.chat || typeof answer.token !== 'string') return;
    this.#keep(answer, chat);
    this.#save();
  }

  /**
   * A token is no longer good. One that took its place meanwhile, here or in another tab, stays.
   *
   * @param {string | null} token
   * @returns {boolean} whether it was still in use
   */
  expire(token) {
    if (token !== this.token) return false;
    if (this.#kept) this.#kept.expires = 0;
    this.#unstore();
    return true;
  }

  /** The person clears the chat: here, and in the other tabs that show it. */
  clear() {
    this.#kept = null;
    tabStore.remove(this.#tokenKey);
    if (!this.remembered) return;
    deviceStore.set(this.#tokenKey, CLEARED);
    deviceStore.remove(this.#tokenKey);
  }

  /** @param {boolean} wanted keep the token on the device, not only in this tab */
  remember(wanted) {
    this.remembered = wanted;
    if (wanted) {
      tabStore.remove(this.#tokenKey);
      deviceStore.set(this.#rememberKey, 'yes');
    } else {
      deviceStore.remove(this.#rememberKey);
      deviceStore.remove(this.#tokenKey);
    }
    this.#save();
  }

  /**
   * What another tab did with the token on this device.
   *
   * @param {StorageEvent} event
   * @returns {'nothing' | 'renewed' | 'other chat' | 'cleared'}
   */
  hear({ key, newValue }) {
    const hasOwnChat = this.token !== null && !this.remembered;
    if (hasOwnChat) return 'nothing';
    if (key === this.#rememberKey) this.#rememberAsElsewhere(newValue === 'yes');
    if (key !== this.#tokenKey || !this.remembered) return 'nothing';
    return newValue === CLEARED ? this.#clearedElsewhere() : this.#adopt(usable(newValue));
  }

  /** @param {boolean} wanted */
  #rememberAsElsewhere(wanted) {
    this.remembered = wanted;
    if (!wanted) this.#save();
  }

  /** @returns {'cleared'} */
  #clearedElsewhere() {
    this.#kept = null;
    return 'cleared';
  }

  /**
   * @param {Kept | null} kept
   * @returns {'nothing' | 'renewed' | 'other chat'}
   */
  #adopt(kept) {
    if (!kept) return 'nothing';
    const isSame = kept.chat === this.chat;
    this.#kept = kept;
    return isSame ? 'renewed' : 'other chat';
  }

  /** @param {Record<string, any>} answer @param {string} chat */
  #keep(answer, chat) {
    const seconds = Number(answer.expires_in) || 0;
    this.#kept = { token: String(answer.token), expires: Date.now() + seconds * 1000, chat };
  }

  #unstore() {
    tabStore.remove(this.#tokenKey);
    if (this.remembered) deviceStore.remove(this.#tokenKey);
  }

  #save() {
    const store = this.remembered ? deviceStore : tabStore;
    if (this.token) store.set(this.#tokenKey, JSON.stringify(this.#kept));
  }
}

/**
 * @param {string | null} text
 * @returns {Kept | null} null where it is expired or nothing that this version wrote
 */
function usable(text) {
  const kept = parsed(text);
  return kept && typeof kept.token === 'string' && kept.expires > Date.now() ? kept : null;
}
