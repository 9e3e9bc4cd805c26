/**
 * What the server sends, and a reader for each: a field that is missing or of another kind becomes an empty one, so that
 * an older or a newer server never breaks the page.
 *
 * @typedef {'none' | 'information' | 'advisory' | 'emergency'} Level
 * @typedef {{kind: string, text: string, href: string}} PhoneNumber
 * @typedef {{title: string, payload: string}} NextQuestion
 * @typedef {{title: string, url: string, readOn: string}} Source
 * @typedef {{text: string, level: Level, answerId: string, buttons: NextQuestion[], sources: Source[], notice: string}} Reply
 * @typedef {{
 *   clinic: {name: string, hours: string}, numbers: PhoneNumber[], greeting: Reply, privacy: string, emergency: Reply,
 *   limits: {characters: number},
 * }} Settings
 * @typedef {{n: number, from: 'person' | 'bot' | 'staff', id: string, text: string, at: string, reply: Reply}} PastMessage
 * @typedef {Record<string, any>} Raw
 */

/** In place of an answer's id: what the clinic's staff wrote themselves. */
export const STAFF = 'staff';
const LEVELS = ['none', 'information', 'advisory', 'emergency'];
const LONGEST_MESSAGE = 4000;

/** @param {unknown} value */
const words = (value) => (typeof value === 'string' ? value : '');

/** @param {unknown} value @returns {Raw[]} */
const records = (value) => (Array.isArray(value) ? value.filter((item) => item && typeof item === 'object') : []);

/** @param {unknown} value @returns {Raw} */
const record = (value) => (value && typeof value === 'object' ? value : {});

/**
 * @param {unknown} value
 * @returns {Reply}
 */
export function readReply(value) {
  const raw = record(value);
  return {
    text: words(raw.text),
    level: LEVELS.includes(raw.level) ? raw.level : 'none',
    answerId: words(raw.answer_id),
    buttons: records(raw.buttons).map((button) => ({ title: words(button.title), payload: words(button.payload) })),
    sources: records(raw.sources).map(readSource),
    notice: words(raw.notice),
  };
}

/** @param {Raw} raw @returns {Source} */
function readSource(raw) {
  return { title: words(raw.title), url: words(raw.url), readOn: words(raw.read_on) };
}

/** @param {unknown} value @returns {Reply[]} */
export function readReplies(value) {
  return records(value)
    .map(readReply)
    .filter((reply) => reply.text);
}

/** @param {unknown} value @returns {PastMessage[]} */
export function readHistory(value) {
  return records(value).map((raw) => ({
    n: Number(raw.n),
    from: raw.from === 'bot' || raw.from === 'staff' ? raw.from : 'person',
    id: words(raw.id),
    text: words(raw.text),
    at: words(raw.at),
    reply: readReply(raw),
  }));
}

/** @param {Raw} raw @returns {PhoneNumber} */
function readNumber(raw) {
  return { kind: words(raw.kind), text: words(raw.text), href: words(raw.href) };
}

/**
 * The settings, or null where the chat could not help in an emergency with them: then the page's own lines stay.
 *
 * @param {unknown} value
 * @returns {Settings | null}
 */
export function readSettings(value) {
  const raw = record(value);
  const numbers = records(raw.numbers).map(readNumber);
  const emergency = readReply(raw.emergency);
  const greeting = readReply(raw.greeting);
  if (!emergency.text || !greeting.text) return null;
  return {
    clinic: { name: words(record(raw.clinic).name), hours: words(record(raw.clinic).hours) },
    numbers: numbers.filter((number) => number.text && number.href.startsWith('tel:')),
    greeting,
    privacy: words(raw.privacy),
    emergency: { ...emergency, level: 'emergency' },
    limits: { characters: Number(record(raw.limits).characters) || LONGEST_MESSAGE },
  };
}

/** @param {Settings} settings @param {string} kind */
export const numbersOf = (settings, kind) => settings.numbers.filter((number) => number.kind === kind);
