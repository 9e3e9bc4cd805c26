/**
 * The pause before the next attempt: it doubles with each failure, so that a server in trouble is not stormed.
 *
 * @param {number} failures how many there were in a row, 1 or more
 * @param {number} longest in milliseconds
 * @returns {number} milliseconds
 */
export function pause(failures, longest = 15_000) {
  return Math.min(1000 * 2 ** (failures - 1), longest);
}
