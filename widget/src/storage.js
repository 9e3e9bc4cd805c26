/**
 * The browser's two stores, neither of which may be there: a private window, a blocked cookie setting or a full disk makes
 * them throw, even when they are only looked at. The chat then goes on from memory.
 */

/**
 * @param {'sessionStorage' | 'localStorage'} area
 */
function store(area) {
  return {
    /** @param {string} key @returns {string | null} */
    get: (key) => attempt(() => window[area].getItem(key)),
    /** @param {string} key @param {string} value */
    set: (key, value) => attempt(() => window[area].setItem(key, value)),
    /** @param {string} key */
    remove: (key) => attempt(() => window[area].removeItem(key)),
  };
}

/**
 * @template T
 * @param {() => T} use
 * @returns {T | null}
 */
function attempt(use) {
  try {
    return use();
  } catch {
    return null;
  }
}

/** Ends with the tab. */
export const tabStore = store('sessionStorage');

/** Stays on the device, and is seen by all tabs. */
export const deviceStore = store('localStorage');

/**
 * @param {string | null} text
 * @returns {any} null where it is no JSON
 */
export const parsed = (text) => (text ? attempt(() => JSON.parse(text)) : null);
