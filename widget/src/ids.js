/**
 * A random id (UUID version 4). Pages without https have no `randomUUID`.
 *
 * @returns {string}
 */
export function newId() {
  return crypto.randomUUID ? crypto.randomUUID() : idFrom(crypto.getRandomValues(new Uint8Array(16)));
}

/**
 * @param {Uint8Array} bytes sixteen of them
 * @returns {string}
 */
export function idFrom(bytes) {
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
