import { STAFF } from './contract.js';
import { STRINGS } from './strings.js';
import { clock, sourceDate } from './times.js';

/**
 * The chat as plain text, for a note to a nurse or for one's own papers.
 *
 * @param {import('./turn.js').Turn[]} turns
 * @param {import('./contract.js').Settings} settings
 */
export function transcript(turns, settings) {
  const heading = `${STRINGS.title}, ${settings.clinic.name}`;
  return [heading, ...turns.flatMap(said)].join('\n\n') + '\n';
}

/** @param {import('./turn.js').Turn} turn */
function said({ text, at, state, replies }) {
  const unsent = state === 'sent' ? '' : ` ${STRINGS.transcriptUnsent}`;
  const words = text ? [`${STRINGS.transcriptYou}, ${clock(new Date(at))}${unsent}:\n${text}`] : [];
  return [...words, ...replies.map(answer)];
}

/** @param {import('./contract.js').Reply} reply */
function answer({ answerId, text, notice, sources }) {
  const lines = sources.map(({ title, url, readOn }) => {
    return `${STRINGS.transcriptSource}: ${title}, ${url}, ${STRINGS.readOn} ${sourceDate(readOn)}`;
  });
  const speaker = answerId === STAFF ? STRINGS.transcriptStaff : STRINGS.transcriptBot;
  return [`${speaker}:\n${text}`, notice, ...lines].filter(Boolean).join('\n');
}

/**
 * @param {string} text
 * @param {HTMLElement} place somewhere on the page; older browsers copy only what is selected there
 * @returns {Promise<boolean>} whether it is on the clipboard
 */
export async function copyText(text, place) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text, place);
  }
}

/** @param {string} text @param {HTMLElement} place */
function copySelected(text, place) {
  const root = /** @type {ShadowRoot} */ (place.getRootNode());
  const focused = /** @type {HTMLElement | null} */ (root.activeElement);
  const area = document.createElement('textarea');
  area.className = 'hidden';
  area.value = text;
  place.append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  focused?.focus();
  return isCopied;
}
