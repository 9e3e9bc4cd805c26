/**
 * One request, and how it ended in terms of what is to be done next.
 *
 * @typedef {{kind: 'ok', body: Record<string, any>}} Ok
 * @typedef {{kind: 'expired'}} Expired the token is no longer good: get a new session
 * @typedef {{kind: 'wait', seconds: number, error: string}} Wait too many requests: send again after `seconds`
 * @typedef {{kind: 'refused', error: string}} Refused it will never work: show why
 * @typedef {{kind: 'failed'}} Failed the answer is of no use: send again later, other requests may work meanwhile
 * @typedef {{kind: 'unreached'}} Unreached no answer came: try again
 * @typedef {Ok | Expired | Wait | Refused | Failed | Unreached} Outcome
 * @typedef {{token?: string | null, body?: object, abort?: AbortController}} Given with a body it is a POST; `abort` is for this
 *   request alone, and ends it without an answer
 */

const TIMEOUT_MS = 10_000;
const NEVER_WORKS = [400, 413, 415];
const LONGEST_WAIT_SECONDS = 120;

/**
 * @param {string} url
 * @param {Given} [given]
 * @returns {Promise<Outcome>}
 */
export async function request(url, given = {}) {
  const abort = given.abort ?? new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(url, { ...options(given), signal: abort.signal });
    return outcome(response, await json(response));
  } catch {
    return { kind: 'unreached' };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {Given} given
 * @returns {RequestInit}
 */
function options({ token, body }) {
  /** @type {Record<string, string>} */
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers['Content-Type'] = 'application/json';
  // No cookie travels and the page's address stays here: the token is all that the server needs to know.
  const common = /** @type {const} */ ({ headers, credentials: 'omit', cache: 'no-store', referrerPolicy: 'origin' });
  return body ? { ...common, method: 'POST', body: JSON.stringify(body) } : common;
}

/**
 * @param {Response} response
 * @returns {Promise<Record<string, any> | null>} null where a proxy or a hotel's network answered with a page of its own
 */
async function json(response) {
  const body = await response.text();
  try {
    const value = JSON.parse(body);
    return value && typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/**
 * @param {Response} response
 * @param {Record<string, any> | null} body
 * @returns {Outcome}
 */
function outcome(response, body) {
  const error = typeof body?.error === 'string' ? body.error : '';
  if (response.ok && body) return { kind: 'ok', body };
  if (response.status === 401) return { kind: 'expired' };
  if (response.status === 429) return { kind: 'wait', seconds: waitSeconds(response, body), error };
  if (NEVER_WORKS.includes(response.status)) return { kind: 'refused', error };
  return { kind: 'failed' };
}

/**
 * @param {Response} response
 * @param {Record<string, any> | null} body
 */
function waitSeconds(response, body) {
  const seconds = Number(body?.wait_seconds ?? response.headers.get('Retry-After')) || 5;
  return Math.min(Math.max(seconds, 1), LONGEST_WAIT_SECONDS);
}
